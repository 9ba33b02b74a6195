//! Channels and their members.

use super::Moment;
use serde_json::{Map, Value};

/// A channel of the app.
#[derive(Debug, Clone)]
pub(crate) struct Channel {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) cid: String,
    pub(crate) created_by: String,
    pub(crate) team: Option<String>,
    pub(crate) custom: Map<String, Value>,
    pub(crate) frozen: bool,
    pub(crate) disabled: bool,
    pub(crate) cooldown: Option<u32>,
    pub(crate) auto_translation_enabled: Option<bool>,
    pub(crate) auto_translation_language: Option<String>,
    pub(crate) filter_tags: Vec<String>,
    pub(crate) config_overrides: Map<String, Value>,
    /// In the order in which they joined.
    pub(crate) members: Vec<Member>,
    /// Ids, from the oldest to the newest.
    pub(crate) messages: Vec<String>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) last_message_at: Option<Moment>,
    pub(crate) truncated_at: Option<Moment>,
    pub(crate) truncated_by: Option<String>,
    pub(crate) deleted_at: Option<Moment>,
}

impl Channel {
    pub(crate) fn new(kind: &str, id: &str, created_by: &str, now: Moment) -> Self {
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
            auto_translation_enabled: None,
            auto_translation_language: None,
            filter_tags: Vec::new(),
            config_overrides: Map::new(),
            members: Vec::new(),
            messages: Vec::new(),
            created_at: now,
            updated_at: now,
            last_message_at: None,
            truncated_at: None,
            truncated_by: None,
            deleted_at: None,
        }
    }

    pub(crate) fn member(&self, user_id: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.user_id == user_id)
    }

    pub(crate) fn member_mut(&mut self, user_id: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.user_id == user_id)
    }

    /// Removes a member and returns it.
    pub(crate) fn take_member(&mut self, user_id: &str) -> Option<Member> {
        let position = self.members.iter().position(|member| member.user_id == user_id)?;
        Some(self.members.remove(position))
    }
}

/// The id of a channel across types.
pub(crate) fn cid(kind: &str, id: &str) -> String {
    format!("{kind}:{id}")
}

/// The role that a member has unless another is given.
pub(crate) const MEMBER_ROLE: &str = "channel_member";
/// The role of a channel's moderators.
pub(crate) const MODERATOR_ROLE: &str = "channel_moderator";

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Invitation {
    Pending,
    Accepted(Moment),
    Rejected(Moment),
}

/// A user's place in a channel.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) user_id: String,
    pub(crate) channel_role: String,
    pub(crate) custom: Map<String, Value>,
    pub(crate) invitation: Option<Invitation>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
}

impl Member {
    pub(crate) fn new(user_id: &str, now: Moment) -> Self {
        Self {
            user_id: user_id.to_owned(),
            channel_role: MEMBER_ROLE.to_owned(),
            custom: Map::new(),
            invitation: None,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn is_moderator(&self) -> bool {
        self.channel_role == MODERATOR_ROLE
    }
}
