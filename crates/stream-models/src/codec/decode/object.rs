//! Decoding of structs.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Budget, Decode, Slot};

/// A struct that is decoded member by member.
pub trait DecodeObject {
    /// Returns the field of the member `name`; `None` skips it.
    fn member(&mut self, name: &str) -> Option<&mut dyn Decode>;
}

/// Implements [`Decode`] and `Deserialize` through [`DecodeObject`].
#[doc(hidden)]
#[macro_export]
macro_rules! __deserialize_objects {
    ($($name:ident),* $(,)?) => {
        $(
            impl $crate::codec::decode::Decode for $name {
                #[inline]
                fn place(&mut self) -> $crate::codec::decode::Place<'_> {
                    $crate::codec::decode::Place::Object(self)
                }
            }
        )*
        $crate::codec::decode::deserialize!($($name),*);
    };
}
pub use __deserialize_objects as deserialize_objects;

pub(super) struct ObjectVisitor<'a> {
    pub(super) target: &'a mut dyn DecodeObject,
    pub(super) budget: &'a mut Budget,
}

impl<'de> Visitor<'de> for ObjectVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.budget.read(1);
        while let Some(Name(name)) = map.next_key()? {
            self.budget.read(name.len() + MEMBER);
            if let Some(member) = self.target.member(&name) {
                map.next_value_seed(Slot::new(member, self.budget))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The bytes of a member besides its name and its value: two quotes, a colon, a comma or brace.
pub(super) const MEMBER: usize = 4;

/// A member's name, borrowed from the input if it has no escapes.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }

            fn visit_string<E>(self, name: String) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name)))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}
