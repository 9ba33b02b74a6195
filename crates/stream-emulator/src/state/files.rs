//! Files that were uploaded to the emulator, or that it made.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

/// How many bytes of files are kept.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// The latest files, by key; the oldest make way when there are too many bytes.
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

    /// Keeps a file under a key, instead of one that was there.
    pub(crate) fn insert(&mut self, key: String, file: File) {
        self.remove(&key);
        self.bytes = self.bytes.saturating_add(file.bytes.len());
        self.order.push_back(key.clone());
        self.by_key.insert(key, file);
        while self.bytes > MAX_BYTES {
            // A snapshot from outside may name what is not there.
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
