//! All messages.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Message;

/// All messages of all channels, by ID. They are boxed, so that the free slots of the table are
/// small.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Messages(HashMap<String, Box<Message>>);

impl Messages {
    pub(crate) fn get(&self, id: &str) -> Option<&Message> {
        self.0.get(id).map(Box::as_ref)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Message> {
        self.0.get_mut(id).map(Box::as_mut)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn contains_key(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Returns all messages, in no particular order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Message> {
        self.0.values().map(Box::as_ref)
    }

    /// Returns all messages for changes, in no particular order.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        self.0.values_mut().map(Box::as_mut)
    }

    pub(crate) fn insert(&mut self, id: String, message: Message) {
        self.0.insert(id, Box::new(message));
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Message> {
        self.0.remove(id).map(|message| *message)
    }
}
