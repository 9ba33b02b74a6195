//! Decoding of strings, numbers and timestamps.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::json::NUMBER;
use super::{Budget, Decode, deserialize};
use crate::value::{Cid, Secret, Timestamp};

/// Implements [`Decode`] through a type's own `Deserialize`.
macro_rules! decode_as_is {
    ($($name:ty),* $(,)?) => {$(
        impl<'de> Decode<'de> for $name {
            fn decode<D: Deserializer<'de>>(
                &mut self,
                deserializer: D,
                _: &mut Budget,
            ) -> Result<(), D::Error> {
                *self = Deserialize::deserialize(deserializer)?;
                Ok(())
            }
        }
    )*};
}
decode_as_is!(bool, f64);

impl<'de> Decode<'de> for String {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        *self = Self::deserialize(deserializer)?;
        budget.read(self.len() + 1);
        Ok(())
    }
}

impl<'de> Decode<'de> for Secret {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        self.text_mut().decode(deserializer, budget)
    }
}

/// Decodes any string: one that is not a valid CID is kept unchanged.
impl<'de> Decode<'de> for Cid {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        self.text_mut().decode(deserializer, budget)
    }
}

deserialize!(Cid, Secret, Timestamp);

/// Decodes an integer, also one that is written with a zero fraction.
impl<'de> Decode<'de> for i64 {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        _: &mut Budget,
    ) -> Result<(), D::Error> {
        *self = deserializer.deserialize_any(NumberVisitor::new("a whole number"))?;
        Ok(())
    }
}

/// Decodes Unix nanoseconds or RFC 3339.
impl<'de> Decode<'de> for Timestamp {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        _: &mut Budget,
    ) -> Result<(), D::Error> {
        let visitor = NumberVisitor::new("an RFC 3339 time or Unix nanoseconds");
        *self = deserializer.deserialize_any(visitor)?;
        Ok(())
    }
}

/// A type that a [`NumberVisitor`] creates.
trait FromNumber: Sized {
    fn from_number<E: Error>(number: i128) -> Result<Self, E>;

    fn from_text<E: Error>(text: &str, expected: &'static str) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Str(text), &expected))
    }
}

impl FromNumber for i64 {
    fn from_number<E: Error>(number: i128) -> Result<Self, E> {
        Self::try_from(number)
            .map_err(|_| E::custom(format_args!("{number} does not fit into 64 bits")))
    }
}

impl FromNumber for Timestamp {
    fn from_number<E: Error>(number: i128) -> Result<Self, E> {
        Self::from_unix_nanos(number).map_err(E::custom)
    }

    fn from_text<E: Error>(text: &str, _: &'static str) -> Result<Self, E> {
        text.parse().map_err(E::custom)
    }
}

/// Decodes an integer in any form of JSON, and for timestamps also a string.
struct NumberVisitor<T> {
    expected: &'static str,
    target: PhantomData<T>,
}

impl<T> NumberVisitor<T> {
    const fn new(expected: &'static str) -> Self {
        Self { expected, target: PhantomData }
    }
}

impl<'de, T: FromNumber> Visitor<'de> for NumberVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::from_number(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::from_number(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        // A cast would silently saturate a float beyond the range of i64.
        if number.fract() != 0.0 || number.abs() > 9.2e18 {
            return Err(E::invalid_type(Unexpected::Float(number), &self));
        }
        T::from_number(number as i128)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_text(text, self.expected)
    }

    /// Decodes a number of arbitrary precision.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        if map.next_key::<String>()?.as_deref() != Some(NUMBER) {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        }
        let text: String = map.next_value()?;
        match (text.parse::<i128>(), text.parse::<f64>()) {
            (Ok(number), _) => T::from_number(number),
            (_, Ok(number)) => self.visit_f64(number),
            _ => Err(A::Error::invalid_value(Unexpected::Str(&text), &self)),
        }
    }
}

/// A type that any string converts to.
pub trait FromText {
    fn from_text(text: &str) -> Self;
}

/// Decodes a string.
pub fn text<'de, T: FromText, D: Deserializer<'de>>(
    deserializer: D,
    budget: &mut Budget,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(TextVisitor { budget, target: PhantomData })
}

struct TextVisitor<'a, T> {
    budget: &'a mut Budget,
    target: PhantomData<T>,
}

impl<T: FromText> Visitor<'_> for TextVisitor<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        self.budget.read(text.len() + 1);
        Ok(T::from_text(text))
    }
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error as ValueError, MapAccessDeserializer, MapDeserializer};

    use super::*;

    fn of_arbitrary_precision<T: for<'de> Decode<'de>>(text: &str) -> Result<T, ValueError> {
        let map = MapDeserializer::new([(NUMBER, text)].into_iter());
        let mut value = T::default();
        value.decode(MapAccessDeserializer::new(map), &mut Budget::new())?;
        Ok(value)
    }

    #[test]
    fn numbers_of_arbitrary_precision_are_numbers() {
        assert_eq!(of_arbitrary_precision::<i64>("-12").unwrap(), -12);
        assert_eq!(of_arbitrary_precision::<i64>("3.0").unwrap(), 3);
        let nanos = 1_787_385_600_123_456_789;
        let moment = of_arbitrary_precision::<Timestamp>(&nanos.to_string()).unwrap();
        assert_eq!(moment.as_unix_nanos(), nanos);
        assert!(of_arbitrary_precision::<i64>("1.5").is_err());
        assert!(of_arbitrary_precision::<i64>("x").is_err());
    }
}
