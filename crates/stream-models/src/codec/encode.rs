//! Encoding of exactly what was set: unset fields are left out, and `null` is written only for
//! cleared ones.

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use crate::value::{Cid, InvalidCid, Optional};

/// A struct that is encoded member by member.
pub trait EncodeObject {
    fn members<S: SerializeMap>(&self, object: &mut Object<S>) -> Result<(), S::Error>;
}

/// An object that is being encoded.
pub struct Object<S> {
    pub(super) map: S,
    /// The name of a member that is already written.
    pub(super) written: Option<&'static str>,
}

impl<S: SerializeMap> Object<S> {
    /// Writes a member.
    pub fn required<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        if self.written == Some(name) {
            return Ok(());
        }
        self.map.serialize_entry(name, value)
    }

    /// Writes a member unless it is unset.
    pub fn optional<T: Serialize + MaybeUnset>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        if value.is_unset() || self.written == Some(name) {
            return Ok(());
        }
        self.map.serialize_entry(name, value)
    }
}

impl<S: SerializeMap> Object<S> {
    /// Refuses a member with a channel ID that is not of the form `type:id`.
    pub fn check<T: NamesChannels>(&self, name: &'static str, value: &T) -> Result<(), S::Error> {
        value.check().map_err(|error| S::Error::custom(format_args!("{name}: {error}")))
    }
}

/// A field of a request that contains channel IDs.
pub trait NamesChannels {
    fn check(&self) -> Result<(), InvalidCid>;
}

impl NamesChannels for Cid {
    fn check(&self) -> Result<(), InvalidCid> {
        Self::check(self)
    }
}

impl<T: NamesChannels> NamesChannels for Vec<T> {
    fn check(&self) -> Result<(), InvalidCid> {
        self.iter().try_for_each(T::check)
    }
}

impl<T: NamesChannels> NamesChannels for Optional<T> {
    fn check(&self) -> Result<(), InvalidCid> {
        self.as_ref().map_or(Ok(()), T::check)
    }
}

pub trait MaybeUnset {
    fn is_unset(&self) -> bool;
}

impl<T> MaybeUnset for Option<T> {
    fn is_unset(&self) -> bool {
        self.is_none()
    }
}

impl<T> MaybeUnset for Optional<T> {
    fn is_unset(&self) -> bool {
        Optional::is_unset(self)
    }
}

pub fn object<T: EncodeObject, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let map = serializer.serialize_map(None)?;
    members(value, Object { map, written: None })
}

pub(super) fn members<T: EncodeObject, S: SerializeMap>(
    value: &T,
    mut object: Object<S>,
) -> Result<S::Ok, S::Error> {
    value.members(&mut object)?;
    object.map.end()
}

/// Implements `Serialize` through [`EncodeObject`].
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize {
    ($($name:ident),* $(,)?) => {$(
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::codec::encode::object(self, serializer)
            }
        }
    )*};
}
pub use __serialize as serialize;
