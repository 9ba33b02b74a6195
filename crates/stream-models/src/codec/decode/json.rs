//! Decoding of untyped data: any JSON, within the budget of its document.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::object::MEMBER;
use super::{Budget, Decode, deserialize};
use crate::value::Custom;

/// The only member of the object that represents a number in `serde_json` if any crate of the build
/// turns on its feature `arbitrary_precision`.
pub(super) const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Decode<'de> for Value {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        *self = JsonSeed(budget).deserialize(deserializer)?;
        Ok(())
    }

    fn decode_null(&mut self) -> bool {
        *self = Self::Null;
        true
    }
}

impl<'de> Decode<'de> for Map<String, Value> {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        *self = deserializer.deserialize_map(JsonObject(budget))?;
        Ok(())
    }
}

impl<'de> Decode<'de> for Custom {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        *self = deserializer.deserialize_map(JsonObject(budget))?.into();
        Ok(())
    }
}

deserialize!(Custom);

/// Decodes any JSON value.
struct JsonSeed<'a>(&'a mut Budget);

impl JsonSeed<'_> {
    /// Records the digits of a number beyond its first.
    fn read_digits(&mut self, number: u64) {
        self.0.read(number.checked_ilog10().unwrap_or_default() as usize);
    }
}

impl<'de> DeserializeSeed<'de> for JsonSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.read(1);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonSeed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(mut self, value: i64) -> Result<Value, E> {
        self.read_digits(value.unsigned_abs());
        Ok(value.into())
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<Value, E> {
        self.read_digits(value);
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        // The shortest floats are `1.5` and `1e9`.
        self.0.read(2);
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.0.read(value.len() + 1);
        Ok(value.into())
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element_seed(JsonSeed(self.0))? {
            self.0.read(1);
            self.0.push(&mut elements, element)?;
        }
        Ok(elements.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        match map.next_key::<String>()? {
            None => Ok(Map::new().into()),
            Some(key) if key == NUMBER => number(map, key, self.0),
            Some(key) => members(map, key, self.0).map(Value::Object),
        }
    }
}

/// Decodes a number, or an ordinary object that happens to have a member of this name.
fn number<'de, A: MapAccess<'de>>(
    mut map: A,
    key: String,
    budget: &mut Budget,
) -> Result<Value, A::Error> {
    budget.read(key.len() + MEMBER);
    let value = map.next_value_seed(JsonSeed(budget))?;
    if let Some(number) = value.as_str().and_then(|text| text.parse::<Number>().ok()) {
        return Ok(Value::Number(number));
    }
    let mut object = match map.next_key()? {
        Some(next) => members(map, next, budget)?,
        None => Map::new(),
    };
    object.entry(key).or_insert(value);
    Ok(Value::Object(object))
}

/// Decodes an object of any JSON values.
struct JsonObject<'a>(&'a mut Budget);

impl<'de> Visitor<'de> for JsonObject<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        match map.next_key()? {
            Some(key) => members(map, key, self.0),
            None => Ok(Map::new()),
        }
    }
}

/// Decodes the members of an object whose first key is already decoded.
fn members<'de, A: MapAccess<'de>>(
    mut map: A,
    first: String,
    budget: &mut Budget,
) -> Result<Map<String, Value>, A::Error> {
    let mut members = Map::new();
    let mut next = Some(first);
    while let Some(key) = next {
        budget.read(key.len() + MEMBER);
        let value = map.next_value_seed(JsonSeed(budget))?;
        budget.take_entry::<Value, _>(members.len())?;
        members.insert(key, value);
        next = map.next_key()?;
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error as ValueError, MapDeserializer};
    use serde_json::json;

    use super::super::value;
    use super::*;

    #[test]
    fn any_json_is_read_as_serde_json_reads_it() {
        let text =
            r#"{"a":[null,true,-1,18446744073709551615,1.5,"é",{}],"b":{"":{"c":[]}},"a2":""}"#;
        let ours: Value = {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            value(&mut deserializer).unwrap()
        };
        assert_eq!(ours, serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(serde_json::from_str::<Custom>(r#"{"a":1}"#).unwrap()["a"], json!(1));
        assert!(serde_json::from_str::<Custom>("[]").is_err());
    }

    #[test]
    fn numbers_of_arbitrary_precision_are_numbers() {
        let number = MapDeserializer::<_, ValueError>::new([(NUMBER, "12.5")].into_iter());
        let read = JsonSeed(&mut Budget::new()).visit_map(number).unwrap();
        assert_eq!(read, json!(12.5));
    }

    #[test]
    fn an_object_that_looks_like_a_number_is_an_object() {
        for text in [
            format!(r#"{{"a":{{"{NUMBER}":"x"}}}}"#),
            format!(r#"{{"a":{{"{NUMBER}":[1],"b":{{}}}}}}"#),
        ] {
            let read: Custom = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }
}
