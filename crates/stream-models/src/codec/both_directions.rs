//! The other direction: decoding requests and encoding responses.

use std::collections::BTreeMap;

use serde::de::Deserializer;
use serde_json::{Map, Value};

use super::decode::{Budget, Decode};
use super::encode::MaybeUnset;
use crate::value::{Custom, Optional};

/// Decodes absence as unset and `null` as cleared.
impl<'de, T: Decode<'de>> Decode<'de> for Optional<T> {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        let mut value = T::default();
        value.decode(deserializer, budget)?;
        *self = Self::Value(value);
        Ok(())
    }

    fn decode_null(&mut self) -> bool {
        *self = Self::Null;
        true
    }
}

impl<T> MaybeUnset for Vec<T> {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

impl<T> MaybeUnset for BTreeMap<String, T> {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

impl MaybeUnset for Map<String, Value> {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

impl MaybeUnset for Custom {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}
