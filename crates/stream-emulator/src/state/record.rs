//! Records: things of which the API knows no more than their fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Timestamp;

/// A thing of which the API knows no more than its fields, such as a block list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) key: String,
    pub(crate) fields: Map<String, Value>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// All records, by kind and key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Records(BTreeMap<String, BTreeMap<String, Record>>);

impl Records {
    pub(crate) fn get(&self, kind: &str, key: &str) -> Option<&Record> {
        self.0.get(kind)?.get(key)
    }

    /// Returns the records of a kind, by key.
    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Record> {
        self.0.get(kind).into_iter().flat_map(BTreeMap::values)
    }

    pub(crate) fn insert(&mut self, kind: &str, record: Record) {
        self.0.entry(kind.to_owned()).or_default().insert(record.key.clone(), record);
    }

    pub(crate) fn remove(&mut self, kind: &str, key: &str) -> Option<Record> {
        self.0.get_mut(kind)?.remove(key)
    }
}
