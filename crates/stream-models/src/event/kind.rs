//! Finds the `type` of an event without decoding the rest.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// Returns the `type` of an event. The server sends it first, and nothing after it is read here;
/// the decoder detects invalid JSON later.
pub(super) fn event_type(json: &[u8]) -> Result<String, serde_json::Error> {
    // Anything else is not an event, and the error says what it is.
    if !json.trim_ascii_start().starts_with(b"{") {
        let not_an_object = super::map(json).err();
        return Err(not_an_object.unwrap_or_else(|| serde_json::Error::missing_field("type")));
    }
    let mut found = None;
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let read = deserializer.deserialize_map(Finder(&mut found));
    match found {
        Some(Value::String(event_type)) => Ok(event_type),
        Some(_) => Err(serde_json::Error::missing_field("type")),
        None => {
            read.and_then(|()| deserializer.end())?;
            Err(serde_json::Error::missing_field("type"))
        }
    }
}

/// Stores the value that it finds. The parser reports an error for an object that is not read
/// completely, which is ignored.
struct Finder<'a>(&'a mut Option<Value>);

impl<'de> Visitor<'de> for Finder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event, a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(IsType(is_type)) = map.next_key()? {
            if is_type {
                *self.0 = Some(map.next_value()?);
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Matches the name `type` without copying it.
struct IsType(bool);

impl<'de> Deserialize<'de> for IsType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = IsType;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<IsType, E> {
                Ok(IsType(name == "type"))
            }
        }

        deserializer.deserialize_str(Name)
    }
}
