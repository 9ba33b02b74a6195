//! Decoding of lists and maps.

use std::collections::BTreeMap;
use std::fmt;
use std::mem::size_of;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::object::MEMBER;
use super::{Budget, Decode, Slot};

impl<'de, T: Decode<'de>> Decode<'de> for Option<T> {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        self.insert(T::default()).decode(deserializer, budget)
    }

    fn decode_null(&mut self) -> bool {
        let mut value = T::default();
        let is_value = value.decode_null();
        *self = is_value.then_some(value);
        is_value
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Box<T> {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        budget.take(size_of::<T>())?;
        T::decode(self, deserializer, budget)
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Vec<T> {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        self.clear();
        deserializer.deserialize_seq(ListVisitor { list: self, budget })
    }
}

struct ListVisitor<'a, T> {
    list: &'a mut Vec<T>,
    budget: &'a mut Budget,
}

impl<'de, T: Decode<'de>> Visitor<'de> for ListVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        loop {
            let mut element = T::default();
            match list.next_element_seed(Slot::new(&mut element, self.budget))? {
                None => return Ok(()),
                Some(is_value) => {
                    // The comma or bracket after the element.
                    self.budget.read(1);
                    if is_value {
                        self.budget.push(self.list, element)?;
                    }
                }
            }
        }
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for BTreeMap<String, T> {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        self.clear();
        deserializer.deserialize_map(MapVisitor { map: self, budget })
    }
}

struct MapVisitor<'a, T> {
    map: &'a mut BTreeMap<String, T>,
    budget: &'a mut Budget,
}

impl<'de, T: Decode<'de>> Visitor<'de> for MapVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.budget.read(key.len() + MEMBER);
            let mut value = T::default();
            if map.next_value_seed(Slot::new(&mut value, self.budget))? {
                self.budget.take_entry::<T, _>(self.map.len())?;
                self.map.insert(key, value);
            }
        }
        Ok(())
    }
}
