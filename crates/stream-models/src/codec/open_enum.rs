//! Enums to which the server may add values.

/// Defines an enum of strings to which the server may add values: an unknown string is preserved.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A value that this version does not know, as sent on the wire.
            Unknown(String),
        }

        impl $name {
            /// Returns the value as sent on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }

            /// Creates a value from its string on the wire, whether or not this version knows it,
            /// for values that the service has added since.
            #[must_use]
            pub fn other(text: impl Into<String>) -> Self {
                let text = text.into();
                Self::known(&text).unwrap_or(Self::Unknown(text))
            }

            fn known(text: &str) -> Option<Self> {
                Some(match text {
                    $($text => Self::$variant,)*
                    _ => return None,
                })
            }
        }

        impl $crate::codec::decode::FromText for $name {
            fn from_text(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Unknown(text.to_owned()))
            }
        }

        /// The value of a field that a response omits: [`Self::Unknown`] with an empty string.
        impl Default for $name {
            fn default() -> Self {
                Self::Unknown(String::new())
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::codec::decode::Decode<'de> for $name {
            fn decode<D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
                budget: &mut $crate::codec::decode::Budget,
            ) -> Result<(), D::Error> {
                *self = $crate::codec::decode::text(deserializer, budget)?;
                Ok(())
            }
        }

        $crate::codec::decode::deserialize!($name);
    };
}
pub use __open_enum as open_enum;
