//! Uploaded and exported files.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

/// The maximum size of all files, in bytes.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
    /// The user who uploaded it; `None` for a backend.
    #[serde(default)]
    pub(crate) uploaded_by: Option<String>,
}

/// The latest files by key; beyond the limit, the oldest are removed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Files {
    by_key: HashMap<String, File>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Files {
    pub(crate) fn get(&self, key: &str) -> Option<&File> {
        self.by_key.get(key)
    }

    /// Stores a file under a key, and replaces the previous one.
    pub(crate) fn insert(&mut self, key: String, file: File) {
        self.remove(&key);
        self.bytes = self.bytes.saturating_add(file.bytes.len());
        self.order.push_back(key.clone());
        self.by_key.insert(key, file);
        while self.bytes > MAX_BYTES {
            // A snapshot from outside may contain keys without files.
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            self.remove(&oldest);
        }
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<File> {
        let file = self.by_key.remove(key)?;
        self.order.retain(|other| other != key);
        self.bytes = self.bytes.saturating_sub(file.bytes.len());
        Some(file)
    }
}
