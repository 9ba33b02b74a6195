//! Decoding of anything that a newer server may send, unless a value has another type.
//!
//! `null` and absence leave a field at its default, in required fields too; unknown members are
//! skipped; `null` elements of lists and maps are left out. The memory of a decoded document is
//! bounded by its length.

mod budget;
mod collections;
mod json;
mod object;
mod scalars;

pub use budget::Budget;
pub(crate) use budget::OVER_BUDGET;
pub use object::{DecodeObject, Member, deserialize_objects, object};
pub use scalars::{FromText, text};

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

/// A type that is decoded in place.
pub trait Decode<'de>: Default {
    /// Replaces the value with one that is not `null`.
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error>;

    /// Decodes `null`; returns whether `null` is a value of this type.
    fn decode_null(&mut self) -> bool {
        false
    }
}

/// Decodes a document; `null` becomes the default.
pub fn value<'de, T: Decode<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    Slot::new(&mut value, &mut Budget::new()).deserialize(deserializer)?;
    Ok(value)
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

/// A place to decode into. Returns `false` if the value is `null` and `null` is not a value of the
/// type.
struct Slot<'a, T> {
    target: &'a mut T,
    budget: &'a mut Budget,
}

impl<'a, T> Slot<'a, T> {
    const fn new(target: &'a mut T, budget: &'a mut Budget) -> Self {
        Self { target, budget }
    }
}

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        // Every value has at least one byte.
        self.budget.read(1);
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Decode<'de>> Visitor<'de> for Slot<'_, T> {
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
        self.target.decode(deserializer, self.budget)?;
        Ok(true)
    }

    /// Handles formats that have only objects and pass one without `visit_some`.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        self.target.decode(MapAccessDeserializer::new(map), self.budget)?;
        Ok(true)
    }
}
