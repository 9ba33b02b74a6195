//! Read state and delivery receipts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The read state of a user in a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Read {
    /// All messages up to this time are read.
    pub(crate) last_read: Timestamp,
    pub(crate) last_read_message_id: Option<String>,
    /// The time at which it was set.
    pub(super) marked_at: Timestamp,
}

/// The delivery receipt of a user in a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) at: Timestamp,
    pub(crate) message_id: String,
}

/// The read state of all users, by user and cid.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reads {
    reads: BTreeMap<String, BTreeMap<String, Read>>,
    deliveries: BTreeMap<String, BTreeMap<String, Delivery>>,
}

impl Reads {
    /// Marks a channel as read by a user up to a timestamp, which may be earlier than the current
    /// one.
    pub(crate) fn mark(
        &mut self,
        user_id: &str,
        cid: &str,
        last_read: Timestamp,
        message_id: Option<String>,
        now: Timestamp,
    ) {
        let read = Read { last_read, last_read_message_id: message_id, marked_at: now };
        self.reads.entry(user_id.to_owned()).or_default().insert(cid.to_owned(), read);
    }

    /// Removes the read state of a permanently deleted user.
    pub(super) fn forget_user(&mut self, user_id: &str) {
        self.reads.remove(user_id);
        self.deliveries.remove(user_id);
    }

    pub(crate) fn deliver(&mut self, user_id: &str, cid: &str, delivery: Delivery) {
        self.deliveries.entry(user_id.to_owned()).or_default().insert(cid.to_owned(), delivery);
    }

    pub(crate) fn delivery(&self, user_id: &str, cid: &str) -> Option<&Delivery> {
        self.deliveries.get(user_id)?.get(cid)
    }

    pub(super) fn read(&self, user_id: &str, cid: &str) -> Option<&Read> {
        self.reads.get(user_id)?.get(cid)
    }
}
