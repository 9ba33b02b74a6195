//! Decoding of lists and maps.

use std::collections::BTreeMap;
use std::fmt;
use std::mem::size_of;

use serde::de::{MapAccess, SeqAccess, Visitor};

use super::budget::OverBudget;
use super::object::MEMBER;
use super::{Budget, Decode, Place, Slot};

impl<T: Decode + Default> Decode for Option<T> {
    fn place(&mut self) -> Place<'_> {
        self.insert(T::default()).place()
    }

    fn decode_null(&mut self) -> bool {
        let mut value = T::default();
        let is_value = value.decode_null();
        *self = is_value.then_some(value);
        is_value
    }
}

impl<T: Decode> Decode for Box<T> {
    fn place(&mut self) -> Place<'_> {
        Place::Boxed(&mut **self, size_of::<T>())
    }
}

impl<T: Decode + Default> Decode for Vec<T> {
    fn place(&mut self) -> Place<'_> {
        Place::List(self)
    }
}

impl<T: Decode + Default> Decode for BTreeMap<String, T> {
    fn place(&mut self) -> Place<'_> {
        Place::Map(self)
    }
}

/// Decodes into a value; returns whether the value is to be kept.
type DecodeValue<'a> = dyn FnMut(&mut dyn Decode, &mut Budget) -> bool + 'a;

/// A list that is decoded element by element.
pub trait DecodeList {
    fn clear(&mut self);

    /// Appends an element if `decode` says that there is one.
    fn push(&mut self, budget: &mut Budget, decode: &mut DecodeValue<'_>)
    -> Result<(), OverBudget>;
}

impl<T: Decode + Default> DecodeList for Vec<T> {
    fn clear(&mut self) {
        self.clear();
    }

    fn push(
        &mut self,
        budget: &mut Budget,
        decode: &mut DecodeValue<'_>,
    ) -> Result<(), OverBudget> {
        let mut element = T::default();
        if decode(&mut element, budget) { budget.push(self, element) } else { Ok(()) }
    }
}

pub(super) struct ListVisitor<'a> {
    pub(super) target: &'a mut dyn DecodeList,
    pub(super) budget: &'a mut Budget,
}

impl<'de> Visitor<'de> for ListVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut end = None;
        while end.is_none() {
            self.target
                .push(self.budget, &mut |element, budget| {
                    match list.next_element_seed(Slot::new(element, budget)) {
                        Ok(Some(is_value)) => {
                            // The comma or bracket after the element.
                            budget.read(1);
                            return is_value;
                        }
                        Ok(None) => end = Some(Ok(())),
                        Err(error) => end = Some(Err(error)),
                    }
                    false
                })
                .map_err(OverBudget::into_error)?;
        }
        end.unwrap_or(Ok(()))
    }
}

/// A map that is decoded entry by entry.
pub trait DecodeMap {
    fn clear(&mut self);

    /// Inserts an entry if `decode` says that there is a value.
    fn insert(
        &mut self,
        key: String,
        budget: &mut Budget,
        decode: &mut DecodeValue<'_>,
    ) -> Result<(), OverBudget>;
}

impl<T: Decode + Default> DecodeMap for BTreeMap<String, T> {
    fn clear(&mut self) {
        self.clear();
    }

    fn insert(
        &mut self,
        key: String,
        budget: &mut Budget,
        decode: &mut DecodeValue<'_>,
    ) -> Result<(), OverBudget> {
        let mut value = T::default();
        if decode(&mut value, budget) {
            budget.take_entry::<T>(self.len())?;
            self.insert(key, value);
        }
        Ok(())
    }
}

pub(super) struct MapVisitor<'a> {
    pub(super) target: &'a mut dyn DecodeMap,
    pub(super) budget: &'a mut Budget,
}

impl<'de> Visitor<'de> for MapVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.budget.read(key.len() + MEMBER);
            let mut failure = None;
            self.target
                .insert(key, self.budget, &mut |value, budget| {
                    let result = map.next_value_seed(Slot::new(value, budget));
                    result.unwrap_or_else(|error| {
                        failure = Some(error);
                        false
                    })
                })
                .map_err(OverBudget::into_error)?;
            if let Some(error) = failure {
                return Err(error);
            }
        }
        Ok(())
    }
}
