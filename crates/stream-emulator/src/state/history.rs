//! Recent events in channels, for clients that reconnect.

use std::collections::VecDeque;

use super::Timestamp;
use crate::document::Object;

/// The maximum number of stored events.
const MAX_EVENTS: usize = 2000;
/// The types of stored events. Events of messages are derived from the messages themselves.
const TYPES: &[&str] = &[
    "channel.created",
    "channel.deleted",
    "channel.hidden",
    "channel.truncated",
    "channel.updated",
    "channel.visible",
    "notification.added_to_channel",
    "notification.removed_from_channel",
];

/// A stored event.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    pub(crate) at: Timestamp,
    pub(crate) cid: String,
    pub(crate) kind: String,
    /// The user whom it is about, if there is one.
    pub(crate) subject: Option<String>,
    pub(crate) document: Object,
}

/// The latest events; beyond the limit, the oldest are removed.
#[derive(Debug, Clone, Default)]
pub(crate) struct History(VecDeque<Past>);

impl History {
    /// Returns whether events of a type are stored.
    pub(crate) fn keeps(kind: &str) -> bool {
        TYPES.contains(&kind)
    }

    pub(crate) fn add(&mut self, past: Past) {
        self.0.push_back(past);
        if self.0.len() > MAX_EVENTS {
            self.0.pop_front();
        }
    }

    /// Returns the events in a channel after a point in time, from the oldest to the newest.
    pub(crate) fn since(&self, cid: &str, after: Timestamp) -> impl Iterator<Item = &Past> {
        self.0.iter().filter(move |past| past.cid == cid && past.at > after)
    }
}
