//! Channels.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Member, Sealed, Timestamp};

/// A channel of the app.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Channel {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) cid: String,
    pub(crate) created_by: String,
    pub(crate) team: Option<String>,
    pub(crate) custom: Map<String, Value>,
    pub(crate) frozen: bool,
    pub(crate) disabled: bool,
    /// The time between two messages of a user, in seconds.
    pub(crate) cooldown: Option<u32>,
    /// The time of its activation. Earlier messages do not count.
    #[serde(default)]
    cooldown_since: Option<Timestamp>,
    pub(crate) auto_translation_enabled: Option<bool>,
    pub(crate) auto_translation_language: Option<String>,
    pub(crate) filter_tags: Vec<String>,
    pub(crate) config_overrides: Map<String, Value>,
    /// In the order in which they joined. Changed only through [`super::Channels`], which has the
    /// index.
    members: Vec<Member>,
    /// The IDs, from the oldest to the newest.
    pub(crate) messages: Vec<String>,
    /// The IDs of messages that wait for their commit, from the oldest to the newest.
    pub(crate) pending: Vec<String>,
    /// The IDs of messages that only one user sees, by user.
    pub(crate) ephemeral: BTreeMap<String, String>,
    /// The users who have hidden the channel.
    pub(crate) hidden: BTreeMap<String, Hiding>,
    /// The users who have muted the channel.
    pub(crate) mutes: BTreeMap<String, ChannelMute>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) last_message_at: Option<Timestamp>,
    pub(crate) truncated_at: Option<Timestamp>,
    pub(crate) truncated_by: Option<String>,
    pub(crate) deleted_at: Option<Timestamp>,
    /// The IDs of messages that a soft truncation has removed. They can still be read by ID.
    #[serde(default)]
    pub(crate) truncated: Vec<String>,
    /// The messages of a deleted channel.
    #[serde(default)]
    pub(crate) sealed: Option<Box<Sealed>>,
}

/// The state of a channel that a user has hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hiding {
    /// Whether it is hidden now. A channel that is shown again keeps its cleared history.
    pub(crate) is_hidden: bool,
    /// The user does not see messages up to this time.
    pub(crate) cleared_before: Option<Timestamp>,
}

/// A user's mute of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChannelMute {
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) expires: Option<Timestamp>,
}

impl Channel {
    pub(crate) fn new(kind: &str, id: &str, created_by: &str, now: Timestamp) -> Self {
        Self {
            kind: kind.to_owned(),
            id: id.to_owned(),
            cid: cid(kind, id),
            created_by: created_by.to_owned(),
            team: None,
            custom: Map::new(),
            frozen: false,
            disabled: false,
            cooldown: None,
            cooldown_since: None,
            auto_translation_enabled: None,
            auto_translation_language: None,
            filter_tags: Vec::new(),
            config_overrides: Map::new(),
            members: Vec::new(),
            messages: Vec::new(),
            pending: Vec::new(),
            ephemeral: BTreeMap::new(),
            hidden: BTreeMap::new(),
            mutes: BTreeMap::new(),
            created_at: now,
            updated_at: now,
            last_message_at: None,
            truncated_at: None,
            truncated_by: None,
            deleted_at: None,
            truncated: Vec::new(),
            sealed: None,
        }
    }

    /// Sets the time between two messages of a user in seconds; 0 disables slow mode.
    pub(crate) fn set_cooldown(&mut self, seconds: u32, now: Timestamp) {
        let cooldown = (seconds > 0).then_some(seconds);
        if self.cooldown.is_none() {
            self.cooldown_since = cooldown.map(|_| now);
        }
        self.cooldown = cooldown;
    }

    /// Returns whether slow mode applies after a message that was sent at this time.
    pub(crate) fn is_slow_since(&self, sent: Timestamp) -> bool {
        self.cooldown.is_some() && self.cooldown_since.is_none_or(|since| sent >= since)
    }

    /// Returns the members in the order in which they joined.
    pub(crate) fn members(&self) -> &[Member] {
        &self.members
    }

    pub(crate) fn member(&self, user_id: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.user_id == user_id)
    }

    pub(crate) fn member_mut(&mut self, user_id: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.user_id == user_id)
    }

    pub(super) fn add_member(&mut self, member: Member) {
        self.members.push(member);
    }

    pub(super) fn take_member(&mut self, user_id: &str) -> Option<Member> {
        let position = self.members.iter().position(|member| member.user_id == user_id)?;
        Some(self.members.remove(position))
    }

    /// Returns whether the channel is distinct: identified by its members.
    pub(crate) fn is_distinct(&self) -> bool {
        self.id.starts_with("!members-")
    }

    /// Returns whether a user has hidden the channel.
    pub(crate) fn is_hidden_for(&self, user_id: &str) -> bool {
        self.hidden.get(user_id).is_some_and(|hiding| hiding.is_hidden)
    }

    /// Returns a user's mute of the channel, unless it has expired.
    pub(crate) fn mute_of(&self, user_id: &str, now: Timestamp) -> Option<&ChannelMute> {
        self.mutes.get(user_id).filter(|mute| mute.expires.is_none_or(|at| at > now))
    }

    /// Returns the time up to which a user does not see messages.
    pub(crate) fn history_hidden_before(&self, user_id: &str) -> Option<Timestamp> {
        let cleared = self.hidden.get(user_id).and_then(|hiding| hiding.cleared_before);
        let of_member = self.member(user_id).and_then(|member| member.history_hidden_before);
        cleared.max(of_member)
    }
}

/// Returns the cid of a channel.
pub(crate) fn cid(kind: &str, id: &str) -> String {
    [kind, ":", id].concat()
}
