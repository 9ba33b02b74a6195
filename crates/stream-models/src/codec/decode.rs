//! Reading: whatever a newer server may send, short of another kind of value, is read.
//!
//! `null` and absence leave a field at its default, in required fields too; unknown members are
//! skipped; `null` elements of lists and maps are left out.

use crate::value::{Custom, Secret, Timestamp};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// A type that is read into its place.
pub(crate) trait Decode<'de>: Default {
    /// Replaces the value by one that is not `null`.
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;

    /// Meets `null`; tells whether that is a value of this type.
    fn decode_null(&mut self) -> bool {
        false
    }
}

/// A struct whose members are told apart by their names.
pub(crate) trait DecodeObject: Default {
    /// Reads the member called `name` into its field, or skips it.
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Member<'_, A>,
    ) -> Result<(), A::Error>;
}

/// The value of one member of an object, not yet read.
pub(crate) struct Member<'a, A>(&'a mut A);

impl<'de, A: MapAccess<'de>> Member<'_, A> {
    pub(crate) fn read<T: Decode<'de>>(self, field: &mut T) -> Result<(), A::Error> {
        self.0.next_value_seed(Slot(field)).map(drop)
    }

    pub(crate) fn skip(self) -> Result<(), A::Error> {
        self.0.next_value::<IgnoredAny>().map(drop)
    }
}

/// Reads a value of its own; `null` gives the default.
pub(crate) fn value<'de, T: Decode<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut value = T::default();
    Slot(&mut value).deserialize(deserializer)?;
    Ok(value)
}

/// Implements `Deserialize` through [`Decode`].
macro_rules! deserialize {
    ($($name:ident),* $(,)?) => {$(
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::codec::decode::value(deserializer)
            }
        }
    )*};
}
pub(crate) use deserialize;

/// A place to read into. Gives `false` where `null` stood and is no value of the type.
struct Slot<'a, T>(&'a mut T);

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Decode<'de>> Visitor<'de> for Slot<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<bool, E> {
        Ok(self.0.decode_null())
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(self.0.decode_null())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.decode(deserializer)?;
        Ok(true)
    }

    /// A format that has only objects gives one without asking whether it is there.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        self.0.decode(MapAccessDeserializer::new(map))?;
        Ok(true)
    }
}

/// Implements [`Decode`] and `Deserialize` through [`DecodeObject`].
macro_rules! deserialize_objects {
    ($($name:ident),* $(,)?) => {
        $(
            impl<'de> $crate::codec::decode::Decode<'de> for $name {
                fn decode<D: ::serde::Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                    $crate::codec::decode::object(self, deserializer)
                }
            }
        )*
        $crate::codec::decode::deserialize!($($name),*);
    };
}
pub(crate) use deserialize_objects;

/// Reads the members of an object into the fields of `target`.
pub(crate) fn object<'de, T: DecodeObject, D: Deserializer<'de>>(
    target: &mut T,
    deserializer: D,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(ObjectVisitor(target))
}

struct ObjectVisitor<'a, T>(&'a mut T);

impl<'de, T: DecodeObject> Visitor<'de> for ObjectVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Name(name)) = map.next_key()? {
            self.0.member(&name, Member(&mut map))?;
        }
        Ok(())
    }
}

/// A member's name, borrowed from the input wherever it has no escapes.
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

impl<'de, T: Decode<'de>> Decode<'de> for Option<T> {
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        self.insert(T::default()).decode(deserializer)
    }

    fn decode_null(&mut self) -> bool {
        let mut value = T::default();
        let is_value = value.decode_null();
        *self = is_value.then_some(value);
        is_value
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Box<T> {
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        T::decode(self, deserializer)
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Vec<T> {
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        struct ListVisitor<'a, T>(&'a mut Vec<T>);

        impl<'de, T: Decode<'de>> Visitor<'de> for ListVisitor<'_, T> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
                loop {
                    let mut element = T::default();
                    match list.next_element_seed(Slot(&mut element))? {
                        None => return Ok(()),
                        Some(true) => self.0.push(element),
                        Some(false) => {}
                    }
                }
            }
        }

        self.clear();
        deserializer.deserialize_seq(ListVisitor(self))
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for BTreeMap<String, T> {
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        struct MapVisitor<'a, T>(&'a mut BTreeMap<String, T>);

        impl<'de, T: Decode<'de>> Visitor<'de> for MapVisitor<'_, T> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
                while let Some(key) = map.next_key()? {
                    let mut value = T::default();
                    if map.next_value_seed(Slot(&mut value))? {
                        self.0.insert(key, value);
                    }
                }
                Ok(())
            }
        }

        self.clear();
        deserializer.deserialize_map(MapVisitor(self))
    }
}

/// Types whose own `Deserialize` says all there is to say.
macro_rules! decode_as_is {
    ($($name:ty),* $(,)?) => {$(
        impl<'de> Decode<'de> for $name {
            fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                *self = Deserialize::deserialize(deserializer)?;
                Ok(())
            }
        }
    )*};
}
decode_as_is!(bool, f64, String, Map<String, Value>);

impl<'de> Decode<'de> for Value {
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = Value::deserialize(deserializer)?;
        Ok(())
    }

    fn decode_null(&mut self) -> bool {
        *self = Value::Null;
        true
    }
}

impl<'de> Decode<'de> for Custom {
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = Map::deserialize(deserializer)?.into();
        Ok(())
    }
}

deserialize!(Custom, Secret, Timestamp);

impl<'de> Decode<'de> for Secret {
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        self.text_mut().decode(deserializer)
    }
}

/// A whole number, also one that is written with a fraction of zero.
impl<'de> Decode<'de> for i64 {
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = deserializer.deserialize_i64(NumberVisitor::new("a whole number"))?;
        Ok(())
    }
}

/// Unix nanoseconds or RFC 3339.
impl<'de> Decode<'de> for Timestamp {
    fn decode<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let visitor = NumberVisitor::new("an RFC 3339 time or Unix nanoseconds");
        *self = deserializer.deserialize_any(visitor)?;
        Ok(())
    }
}

/// What a [`NumberVisitor`] makes.
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

/// Reads a whole number in whatever form JSON writes it, and for times a text.
struct NumberVisitor<T> {
    expected: &'static str,
    target: PhantomData<T>,
}

impl<T> NumberVisitor<T> {
    const fn new(expected: &'static str) -> Self {
        Self { expected, target: PhantomData }
    }
}

impl<T: FromNumber> Visitor<'_> for NumberVisitor<T> {
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
        // A float beyond the range of i64 would be cut off without a word.
        if number.fract() != 0.0 || number.abs() > 9.2e18 {
            return Err(E::invalid_type(Unexpected::Float(number), &self));
        }
        T::from_number(number as i128)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_text(text, self.expected)
    }
}

/// Reads a text into a type that any text becomes.
pub(crate) fn text<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    struct TextVisitor<T>(PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for TextVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }
    }

    deserializer.deserialize_str(TextVisitor(PhantomData))
}
