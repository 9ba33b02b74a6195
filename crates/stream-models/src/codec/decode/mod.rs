//! Decoding of whatever a newer server may send, unless a value has another type.
//!
//! `null` and absence leave a field at its default, in required fields too; unknown members are
//! skipped; `null` elements of lists and maps are left out. The memory of a decoded document is
//! bounded by its length.
//!
//! A type only says where values go ([`Decode`], [`DecodeObject`]) and knows nothing of formats; the
//! visitors know nothing of types. So they are compiled once for each format, and not again for
//! each type.

mod budget;
mod collections;
mod json;
mod object;
mod place;
mod scalars;

pub use budget::Budget;
pub(crate) use budget::OVER_BUDGET;
pub use collections::{DecodeList, DecodeMap};
pub use object::{DecodeObject, deserialize_objects};
pub use place::Place;
pub use scalars::DecodeText;

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

/// A value that is decoded in place.
pub trait Decode {
    /// Returns where a value goes that is not `null`. It replaces what is there.
    fn place(&mut self) -> Place<'_>;

    /// Decodes `null`; returns whether `null` is a value of this type.
    fn decode_null(&mut self) -> bool {
        false
    }
}

/// Decodes a document; `null` becomes the default.
pub fn value<'de, T: Decode + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut value = T::default();
    document(&mut value, deserializer)?;
    Ok(value)
}

fn document<'de, D: Deserializer<'de>>(
    target: &mut dyn Decode,
    deserializer: D,
) -> Result<(), D::Error> {
    Slot::new(target, &mut Budget::new()).deserialize(deserializer).map(drop)
}

/// Implements `Deserialize` through [`Decode`].
#[doc(hidden)]
#[macro_export]
macro_rules! __deserialize {
    ($($name:ident),* $(,)?) => {$(
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::codec::decode::value(deserializer)
            }
        }
    )*};
}
pub use __deserialize as deserialize;

/// A value to decode into. Returns `false` if the value is `null` and `null` is not a value of the
/// type.
struct Slot<'a> {
    target: &'a mut dyn Decode,
    budget: &'a mut Budget,
}

impl<'a> Slot<'a> {
    fn new(target: &'a mut dyn Decode, budget: &'a mut Budget) -> Self {
        Self { target, budget }
    }
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        // Every value has at least one byte.
        self.budget.read(1);
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<bool, E> {
        Ok(self.target.decode_null())
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(self.target.decode_null())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.target.place().decode(deserializer, self.budget)?;
        Ok(true)
    }

    /// Handles formats that have only objects and pass one without `visit_some`.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        self.target.place().decode(MapAccessDeserializer::new(map), self.budget)?;
        Ok(true)
    }
}
