//! Encoding of exactly what was set: unset fields are left out, and `null` is written only for
//! cleared ones.

use std::collections::BTreeMap;

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use crate::value::{Cid, InvalidCid, Optional};

/// A struct that is encoded member by member.
pub trait EncodeObject {
    fn members<O: Object>(&self, object: &mut O);
}

/// An object that is being encoded.
///
/// Its methods return nothing: a `?` after each member would take most of the time in which the
/// tables of members compile. After an error nothing more is written.
pub trait Object {
    /// Writes a member.
    fn required<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T);

    /// Writes a member unless it is unset.
    fn optional<T: Serialize + MaybeUnset>(&mut self, name: &'static str, value: &T);

    /// Writes the members that the schema does not list.
    fn rest<T: Serialize>(&mut self, members: &BTreeMap<String, T>);

    /// Refuses a member with a channel ID that is not of the form `type:id`.
    fn check<T: NamesChannels>(&mut self, name: &'static str, value: &T);
}

struct Encoder<S: SerializeMap> {
    map: S,
    /// The name of a member that is already written.
    written: Option<&'static str>,
    result: Result<(), S::Error>,
}

impl<S: SerializeMap> Object for Encoder<S> {
    fn required<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        if self.result.is_ok() && self.written != Some(name) {
            self.result = self.map.serialize_entry(name, value);
        }
    }

    fn optional<T: Serialize + MaybeUnset>(&mut self, name: &'static str, value: &T) {
        if !value.is_unset() {
            self.required(name, value);
        }
    }

    fn rest<T: Serialize>(&mut self, members: &BTreeMap<String, T>) {
        for (name, value) in members {
            if self.result.is_ok() && self.written != Some(name) {
                self.result = self.map.serialize_entry(name, value);
            }
        }
    }

    fn check<T: NamesChannels>(&mut self, name: &'static str, value: &T) {
        if self.result.is_ok() {
            self.result =
                value.check().map_err(|error| S::Error::custom(format_args!("{name}: {error}")));
        }
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
    members(value, serializer.serialize_map(None)?, None)
}

/// Encodes the members of an object, except one that is already `written`.
pub(super) fn members<T: EncodeObject, S: SerializeMap>(
    value: &T,
    map: S,
    written: Option<&'static str>,
) -> Result<S::Ok, S::Error> {
    let mut object = Encoder { map, written, result: Ok(()) };
    value.members(&mut object);
    object.result?;
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

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    /// A value that cannot be encoded, with the text of its error.
    struct Fails(&'static str);

    impl Serialize for Fails {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom(self.0))
        }
    }

    struct Table;

    impl EncodeObject for Table {
        fn members<O: Object>(&self, object: &mut O) {
            object.required("id", "general");
            object.check("cid", &Cid::from("messaging:general"));
            object.required("first", &Fails("of the first"));
            object.required("second", &Fails("of the second"));
            object.check("cids", &Cid::from("general"));
            object.optional("limit", &Some(1));
        }
    }
    serialize!(Table);

    #[test]
    fn nothing_is_written_after_the_first_error() {
        let mut written = Vec::new();
        let error = serde_json::to_writer(&mut written, &Table).unwrap_err();
        assert_eq!(error.to_string(), "of the first");
        assert_eq!(String::from_utf8(written).unwrap(), r#"{"id":"general","first":"#);
    }

    #[test]
    fn a_member_that_is_written_already_is_left_out() {
        struct Event;

        impl EncodeObject for Event {
            fn members<O: Object>(&self, object: &mut O) {
                object.required("type", "message.read");
                object.optional("cid", &Some("messaging:general"));
            }
        }
        let mut written = Vec::new();
        let mut serializer = serde_json::Serializer::new(&mut written);
        let map = serializer.serialize_map(None).unwrap();
        members(&Event, map, Some("type")).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), r#"{"cid":"messaging:general"}"#);
    }
}
