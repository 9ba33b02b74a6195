//! Read state and delivery receipts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Channel, Message, Timestamp, User, World};

/// The read state of a user in a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Read {
    /// All messages up to this time are read.
    pub(crate) last_read: Timestamp,
    pub(crate) last_read_message_id: Option<String>,
    /// The time at which it was set.
    marked_at: Timestamp,
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
    fn forget_user(&mut self, user_id: &str) {
        self.reads.remove(user_id);
        self.deliveries.remove(user_id);
    }

    pub(crate) fn deliver(&mut self, user_id: &str, cid: &str, delivery: Delivery) {
        self.deliveries.entry(user_id.to_owned()).or_default().insert(cid.to_owned(), delivery);
    }

    pub(crate) fn delivery(&self, user_id: &str, cid: &str) -> Option<&Delivery> {
        self.deliveries.get(user_id)?.get(cid)
    }

    fn read(&self, user_id: &str, cid: &str) -> Option<&Read> {
        self.reads.get(user_id)?.get(cid)
    }
}

impl World {
    /// Removes all data that only matters to a permanently deleted user. Votes and replies remain.
    pub(crate) fn forget_user(&mut self, user_id: &str) {
        self.reads.forget_user(user_id);
        self.drafts.forget_user(user_id);
        self.reminders.forget_user(user_id);
        self.push.forget_user(user_id);
    }

    /// Returns the read state of a member; at first, it begins when they joined.
    pub(crate) fn read_of(&self, channel: &Channel, user_id: &str) -> (Timestamp, Option<&str>) {
        let joined = channel.member(user_id).map(|member| member.created_at);
        let read = self.reads.read(user_id, &channel.cid);
        // The read state of a former membership does not count.
        match read.filter(|read| joined.is_none_or(|joined| read.marked_at >= joined)) {
            Some(read) => (read.last_read, read.last_read_message_id.as_deref()),
            None => (joined.unwrap_or(channel.created_at), None),
        }
    }

    /// Returns the number of unread messages of a user in a channel.
    pub(crate) fn unread_of(&self, channel: &Channel, user_id: &str, now: Timestamp) -> usize {
        let has_joined = channel.member(user_id).is_some_and(super::Member::has_joined);
        if !has_joined
            || channel.deleted_at.is_some()
            || channel.mute_of(user_id, now).is_some()
            || !self.is_on(channel, "read_events")
        {
            return 0;
        }
        let (last_read, _) = self.read_of(channel, user_id);
        let user = self.users.get(user_id);
        let mutes = &self.moderation.mutes;
        let messages = channel.messages.iter().rev().filter_map(|id| self.messages.get(id));
        messages
            .take_while(|message| message.created_at > last_read)
            .filter(|message| is_counted(message, user_id, user))
            .filter(|message| mutes.get(user_id, &message.user_id, now).is_none())
            .count()
    }
}

/// Returns whether a message that a user has not read counts as unread.
fn is_counted(message: &Message, user_id: &str, user: Option<&User>) -> bool {
    let visible_to = &message.content.restricted_visibility;
    message.user_id != user_id
        && message.is_in_channel()
        && !message.silent
        && !message.shadowed
        && matches!(message.kind.as_str(), "regular" | "reply")
        && (visible_to.is_empty() || visible_to.iter().any(|id| id == user_id))
        && user.is_none_or(|user| !user.blocked.contains_key(&message.user_id))
}
