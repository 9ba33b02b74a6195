//! A field that is unset, null or a value.

use serde::{Serialize, Serializer};

/// An optional field of a request: unset, null or a value.
///
/// For Stream, a JSON `null` clears the setting and an empty list removes all entries, so neither
/// may be sent by accident.
///
/// ```
/// use stream_models::Optional;
///
/// let mut url = Optional::from("https://example.com/hook".to_owned());
/// assert_eq!(url.as_deref(), Some("https://example.com/hook"));
/// url = Optional::Null; // sent as null: clears the setting
/// url = Optional::Unset; // not sent: leaves the setting unchanged
/// assert!(url.is_unset());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Optional<T> {
    /// Left out of the request.
    #[default]
    Unset,
    /// Sent as `null`, which clears the setting on the server.
    Null,
    /// Sent as a value.
    Value(T),
}

impl<T> Optional<T> {
    /// Returns whether the field is left out.
    #[must_use]
    pub const fn is_unset(&self) -> bool {
        matches!(self, Self::Unset)
    }

    /// Returns whether the field is sent as `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the value, if one was set.
    #[must_use]
    pub const fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Unset | Self::Null => None,
        }
    }

    /// Returns a mutable reference to the value, if one was set.
    #[must_use]
    pub const fn as_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Unset | Self::Null => None,
        }
    }

    /// Returns what the value dereferences to, if one was set.
    #[must_use]
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: std::ops::Deref,
    {
        self.as_ref().map(std::ops::Deref::deref)
    }

    /// Returns the value itself, if one was set.
    #[must_use]
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Unset | Self::Null => None,
        }
    }

    /// Returns a mutable reference to the value, and sets the default first if there is no value.
    pub fn get_or_default(&mut self) -> &mut T
    where
        T: Default,
    {
        loop {
            match self {
                Self::Value(value) => return value,
                Self::Unset | Self::Null => *self = Self::Value(T::default()),
            }
        }
    }
}

impl<T> From<T> for Optional<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// Converts `None` to [`Optional::Unset`].
impl<T> From<Option<T>> for Optional<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unset, Self::Value)
    }
}

impl<T: Serialize> Serialize for Optional<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Unset | Self::Null => serializer.serialize_unit(),
        }
    }
}
