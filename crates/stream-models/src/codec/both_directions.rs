//! The other direction: decoding requests and encoding responses.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::decode::{Decode, Place};
use super::encode::MaybeUnset;
use crate::value::{Custom, Optional};

/// Decodes absence as unset and `null` as cleared.
impl<T: Decode + Default> Decode for Optional<T> {
    fn place(&mut self) -> Place<'_> {
        *self = Self::Unset;
        self.get_or_default().place()
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
