//! What has happened in channels lately, for clients that were away.

use std::collections::VecDeque;

use super::Timestamp;
use crate::document::Object;

/// How many events are kept.
const KEPT: usize = 2000;
/// The types of events that are kept. What messages say now is read from the messages themselves.
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

/// An event that has happened in a channel.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    pub(crate) at: Timestamp,
    pub(crate) cid: String,
    pub(crate) kind: String,
    /// The user whom it concerns, if one in particular.
    pub(crate) subject: Option<String>,
    pub(crate) document: Object,
}

/// The latest events; the oldest make way.
#[derive(Debug, Clone, Default)]
pub(crate) struct History(VecDeque<Past>);

impl History {
    /// Returns whether events of a type are kept.
    pub(crate) fn keeps(kind: &str) -> bool {
        TYPES.contains(&kind)
    }

    pub(crate) fn add(&mut self, past: Past) {
        self.0.push_back(past);
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// Returns what has happened in a channel after a point in time, from the oldest to the newest.
    pub(crate) fn since(&self, cid: &str, after: Timestamp) -> impl Iterator<Item = &Past> {
        self.0.iter().filter(move |past| past.cid == cid && past.at > after)
    }
}
