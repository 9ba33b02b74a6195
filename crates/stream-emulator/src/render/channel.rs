//! Channels and members as JSON.

use super::{Object, View, channel_type};
use crate::state::{Channel, Invitation, Member};
use serde_json::{Map, Value};

impl View<'_> {
    /// A channel (`ChannelResponse`).
    pub(crate) fn channel(self, channel: &Channel) -> Value {
        let config = channel_type(&channel.kind)
            .map(|kind| self.channel_config(kind, &channel.config_overrides));
        let truncated_by = channel.truncated_by.as_deref();
        Object::new()
            .field("id", channel.id.as_str())
            .field("type", channel.kind.as_str())
            .field("cid", channel.cid.as_str())
            .field("created_by", self.user_by_id(&channel.created_by))
            .optional("team", channel.team.as_deref())
            .field("custom", channel.custom.clone())
            .field("frozen", channel.frozen)
            .field("disabled", channel.disabled)
            .optional("cooldown", channel.cooldown)
            .optional("auto_translation_enabled", channel.auto_translation_enabled)
            .optional("auto_translation_language", channel.auto_translation_language.as_deref())
            .non_empty("filter_tags", &channel.filter_tags)
            .field("member_count", channel.members.len())
            .field("message_count", channel.messages.len())
            .field("created_at", self.time(channel.created_at))
            .field("updated_at", self.time(channel.updated_at))
            .optional("last_message_at", self.optional_time(channel.last_message_at))
            .optional("truncated_at", self.optional_time(channel.truncated_at))
            .optional("truncated_by", truncated_by.map(|id| self.user_by_id(id)))
            .optional("deleted_at", self.optional_time(channel.deleted_at))
            .optional("config", config)
            .into()
    }

    /// A member of a channel (`ChannelMemberResponse`).
    pub(crate) fn member(self, channel: &Channel, member: &Member) -> Value {
        let (status, accepted, rejected) = match member.invitation {
            None => ("member", None, None),
            Some(Invitation::Pending) => ("pending", None, None),
            Some(Invitation::Accepted(at)) => ("member", Some(at), None),
            Some(Invitation::Rejected(at)) => ("rejected", None, Some(at)),
        };
        let role = if member.user_id == channel.created_by {
            "owner"
        } else if member.is_moderator() {
            "moderator"
        } else {
            "member"
        };
        Object::new()
            .field("user_id", member.user_id.as_str())
            .field("user", self.user_by_id(&member.user_id))
            .field("channel_role", member.channel_role.as_str())
            .field("is_moderator", member.is_moderator())
            .field("role", role)
            .field("status", status)
            .optional("invited", member.invitation.map(|_| true))
            .optional("invite_accepted_at", self.optional_time(accepted))
            .optional("invite_rejected_at", self.optional_time(rejected))
            .field("banned", false)
            .field("shadow_banned", false)
            .field("notifications_muted", false)
            .field("custom", member.custom.clone())
            .field("created_at", self.time(member.created_at))
            .field("updated_at", self.time(member.updated_at))
            .into()
    }

    /// The members of a channel in the order in which they joined, as many as a page holds.
    pub(crate) fn members(self, channel: &Channel, page: Page) -> Value {
        channel
            .members
            .iter()
            .skip(page.offset)
            .take(page.limit)
            .map(|member| self.member(channel, member))
            .collect()
    }

    /// A channel with its members and messages (`ChannelStateResponseFields`).
    pub(crate) fn channel_state(
        self,
        channel: &Channel,
        members: Page,
        messages: &[&str],
    ) -> Map<String, Value> {
        let shown = messages.iter().filter_map(|id| self.world.messages.get(*id));
        let pinned = channel
            .messages
            .iter()
            .filter_map(|id| self.world.messages.get(id))
            .filter(|message| message.pin.is_some() && message.deleted_at.is_none());
        let membership = self
            .viewer
            .and_then(|viewer| channel.member(viewer))
            .map(|member| self.member(channel, member));
        Object::new()
            .field("channel", self.channel(channel))
            .field("members", self.members(channel, members))
            .optional("membership", membership)
            .field("messages", shown.map(|m| self.message(m)).collect::<Value>())
            .field("pinned_messages", pinned.map(|m| self.message(m)).collect::<Value>())
            .field("threads", Value::Array(Vec::new()))
            .field("watcher_count", 0)
            .into()
    }
}

/// A part of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl Page {
    /// The first `limit` of a list.
    pub(crate) fn first(limit: usize) -> Self {
        Self { limit, offset: 0 }
    }
}
