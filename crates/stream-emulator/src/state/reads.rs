//! What users have read, and what has reached their devices.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Channel, Message, Timestamp, User, World};

/// How far a user has read a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Read {
    /// Everything up to here has been read.
    pub(crate) last_read: Timestamp,
    pub(crate) last_read_message_id: Option<String>,
    /// When that was noted.
    marked_at: Timestamp,
}

/// What has reached a user's devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) at: Timestamp,
    pub(crate) message_id: String,
}

/// What all users have read, by user and cid.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reads {
    reads: BTreeMap<String, BTreeMap<String, Read>>,
    deliveries: BTreeMap<String, BTreeMap<String, Delivery>>,
}

impl Reads {
    /// Notes that a user has read a channel up to a point in time, or no further than that.
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

    /// Forgets what a user who is gone for good had read.
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
    /// Forgets what only mattered to a user who is gone for good. Votes and replies stay.
    pub(crate) fn forget_user(&mut self, user_id: &str) {
        self.reads.forget_user(user_id);
        self.drafts.forget_user(user_id);
        self.reminders.forget_user(user_id);
        self.push.forget_user(user_id);
    }

    /// Returns how far a member has read a channel: since they joined, at first.
    pub(crate) fn read_of(&self, channel: &Channel, user_id: &str) -> (Timestamp, Option<&str>) {
        let joined = channel.member(user_id).map(|member| member.created_at);
        let read = self.reads.read(user_id, &channel.cid);
        // What a former membership had read does not count.
        match read.filter(|read| joined.is_none_or(|joined| read.marked_at >= joined)) {
            Some(read) => (read.last_read, read.last_read_message_id.as_deref()),
            None => (joined.unwrap_or(channel.created_at), None),
        }
    }

    /// Returns how many messages of a channel a user has not read.
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
