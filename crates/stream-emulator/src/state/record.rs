//! Records: objects without rules beyond their fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Timestamp;

/// An object without rules beyond its fields, such as a block list.
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

/// The kind of block lists.
pub(crate) const BLOCK_LIST: &str = "block list";
/// The built-in block list.
pub(crate) const BUILT_IN_BLOCK_LIST: &str = "profanity_en_2020_v1";
/// Some of its words; the complete list is not published.
const PROFANITY: [&str; 9] =
    ["asshole", "bastard", "bitch", "bullshit", "cunt", "fuck", "fucking", "shit", "wanker"];

impl Records {
    /// Returns the built-in records.
    pub(crate) fn built_in(now: Timestamp) -> Self {
        let fields = json!({
            "id": BUILT_IN_BLOCK_LIST,
            "words": PROFANITY,
            "type": "word",
            "is_confusable_folding_enabled": false,
            "is_leet_check_enabled": false,
            "is_plural_check_enabled": false,
            "is_substring_matching_enabled": false,
        });
        let mut records = Self::default();
        if let Value::Object(fields) = fields {
            let key = BUILT_IN_BLOCK_LIST.to_owned();
            records.insert(BLOCK_LIST, Record { key, fields, created_at: now, updated_at: now });
        }
        records
    }

    pub(crate) fn get(&self, kind: &str, key: &str) -> Option<&Record> {
        self.0.get(kind)?.get(key)
    }

    /// Returns the records of a kind, sorted by key.
    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Record> {
        self.0.get(kind).into_iter().flat_map(BTreeMap::values)
    }

    pub(crate) fn of_kind_mut(&mut self, kind: &str) -> impl Iterator<Item = &mut Record> {
        self.0.get_mut(kind).into_iter().flat_map(BTreeMap::values_mut)
    }

    pub(crate) fn insert(&mut self, kind: &str, record: Record) {
        self.0.entry(kind.to_owned()).or_default().insert(record.key.clone(), record);
    }

    pub(crate) fn remove(&mut self, kind: &str, key: &str) -> Option<Record> {
        self.0.get_mut(kind)?.remove(key)
    }
}
