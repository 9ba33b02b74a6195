//! Renders channels and members.

use serde_json::Map;

use super::View;
use crate::document::{Node, Object};
use crate::state::{Channel, ChannelMute, Invitation, Member};

/// The maximum number of pinned messages of a channel.
const MAX_PINNED: usize = 10;
/// The maximum number of members that a webhook contains with their unread counts.
const MAX_WITH_UNREAD: usize = 100;

impl View<'_> {
    /// Renders a channel (`ChannelResponse`).
    pub(crate) fn channel(self, channel: &Channel) -> Object {
        let object = self
            .channel_fields(channel)
            .optional("last_message_at", channel.last_message_at)
            .field("created_by", self.user_by_id(&channel.created_by))
            .custom(&channel.custom);
        let Some(viewer) = self.viewer else {
            return object;
        };
        let mute = channel.mute_of(viewer, self.now);
        let blocked = self.is_blocked_between(channel, viewer).then_some(true);
        object
            .optional("blocked", blocked)
            .field("hidden", channel.is_hidden_for(viewer))
            .optional("hide_messages_before", channel.history_hidden_before(viewer))
            .optional("muted", mute.map(|_| true))
            .optional("mute_expires_at", mute.and_then(|mute| mute.expires))
            .field(
                "own_capabilities",
                self.capabilities(channel, viewer).into_iter().collect::<Node>(),
            )
    }

    /// Renders a channel that has just been deleted, without custom data and creator.
    pub(crate) fn deleted_channel(self, channel: &Channel) -> Object {
        self.channel_fields(channel).custom(&Map::new())
    }

    fn channel_fields(self, channel: &Channel) -> Object {
        let truncated_by = channel.truncated_by.as_deref();
        let counts_messages = self.world.is_on(channel, "count_messages");
        Object::new()
            .field("id", channel.id.as_str())
            .field("type", channel.kind.as_str())
            .field("cid", channel.cid.as_str())
            .optional("team", channel.team.as_deref())
            .field("frozen", channel.frozen)
            .field("disabled", channel.disabled)
            .optional("cooldown", channel.cooldown)
            .optional("auto_translation_enabled", channel.auto_translation_enabled)
            .optional("auto_translation_language", channel.auto_translation_language.as_deref())
            .non_empty("filter_tags", &channel.filter_tags)
            .field("member_count", channel.members().len())
            .optional("message_count", counts_messages.then_some(channel.messages.len()))
            .field("created_at", channel.created_at)
            .field("updated_at", channel.updated_at)
            .optional("truncated_at", channel.truncated_at)
            .optional("truncated_by", truncated_by.map(|id| self.user_by_id(id)))
            .optional("deleted_at", channel.deleted_at)
            .optional("config", self.channel_config(channel))
    }

    /// Renders the channel to which a message was sent (`ChannelContextResponse`).
    pub(crate) fn channel_context(self, channel: &Channel) -> Object {
        Object::new()
            .field("id", channel.id.as_str())
            .field("type", channel.kind.as_str())
            .field("cid", channel.cid.as_str())
            .field("created_by", self.user_by_id(&channel.created_by))
    }

    /// Returns whether a channel belongs to two users of whom one has blocked the other.
    pub(crate) fn is_blocked_between(self, channel: &Channel, viewer: &str) -> bool {
        if channel.members().len() != 2 {
            return false;
        }
        let other = channel.members().iter().find(|member| member.user_id != viewer);
        let viewer = self.world.users.get(viewer);
        match (viewer, other) {
            (Some(viewer), Some(other)) => viewer.blocked.contains_key(&other.user_id),
            _ => false,
        }
    }

    /// Renders a user's mute of a channel (`ChannelMute`).
    pub(crate) fn channel_mute(
        self,
        channel: &Channel,
        user_id: &str,
        mute: &ChannelMute,
    ) -> Object {
        Object::new()
            .field("channel", self.channel(channel))
            .field("user", self.user_by_id(user_id))
            .field("created_at", mute.created_at)
            .field("updated_at", mute.updated_at)
            .optional("expires", mute.expires)
    }

    /// Renders a member of a channel (`ChannelMemberResponse`).
    pub(crate) fn member(self, channel: &Channel, member: &Member) -> Object {
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
        } else if self.world.users.get(&member.user_id).is_some_and(|user| user.role == "admin") {
            "admin"
        } else {
            "member"
        };
        let is_muted = channel.mute_of(&member.user_id, self.now).is_some();
        let ban = self.world.moderation.bans.in_channel(channel, &member.user_id, self.now);
        let object = Object::new()
            .field("user_id", member.user_id.as_str())
            .field("user", self.user_by_id(&member.user_id))
            .field("channel_role", member.channel_role.as_str())
            .field("is_moderator", member.is_moderator())
            .field("role", role)
            .field("status", status)
            .optional("invited", member.invitation.map(|_| true))
            .optional("invite_accepted_at", accepted)
            .optional("invite_rejected_at", rejected)
            .field("banned", ban.is_some_and(|ban| !ban.shadow))
            .field("shadow_banned", ban.is_some_and(|ban| ban.shadow))
            .optional("ban_expires", ban.and_then(|ban| ban.expires))
            .field("notifications_muted", is_muted)
            .optional("pinned_at", member.pinned_at)
            .optional("archived_at", member.archived_at)
            .custom(&member.custom)
            .field("created_at", member.created_at)
            .field("updated_at", member.updated_at);
        match member.invitation {
            Some(_) => object.only_v1("invited_at", member.created_at),
            None => object,
        }
    }

    /// Renders a page of the members of a channel, in the order in which they joined.
    pub(crate) fn members(self, channel: &Channel, page: Page) -> Node {
        let members = channel.members().iter().skip(page.offset).take(page.limit);
        members.map(|member| self.member(channel, member)).collect()
    }

    /// Renders members of a channel, beginning with those who joined last.
    pub(crate) fn newest_members(self, channel: &Channel, limit: usize) -> Node {
        let members = channel.members().iter().rev().take(limit);
        members.map(|member| self.member(channel, member)).collect()
    }

    /// Renders all members with their unread counts, unless they are too many.
    pub(crate) fn members_with_unread(self, channel: &Channel) -> Option<Node> {
        let members = channel.members();
        if members.len() > MAX_WITH_UNREAD {
            return None;
        }
        let render = |member: &Member| {
            let id = &member.user_id;
            let unread = self.unread_sums(id);
            let mut user = self.unshared_user_by_id(id);
            user.set("channel_unread_count", self.world.unread_of(channel, id, self.now));
            user.set("channel_last_read_at", self.world.read_of(channel, id).0);
            user.set("total_unread_count", unread.messages);
            user.set("unread_channels", unread.channels);
            let mut object = self.member(channel, member);
            object.set("user", user);
            object
        };
        Some(members.iter().map(render).collect())
    }

    /// Renders a page of the watchers of a channel.
    pub(crate) fn watchers(self, cid: &str, page: Page) -> Node {
        let users = self.world.live.watching_users(cid);
        users.into_iter().skip(page.offset).take(page.limit).map(|id| self.user_by_id(id)).collect()
    }

    /// Renders the viewer's pending messages; backends see all of them.
    fn pending_messages(self, channel: &Channel) -> Option<Node> {
        if channel.pending.is_empty() {
            return None;
        }
        let pending = channel
            .pending
            .iter()
            .filter_map(|id| self.world.messages.get(id))
            .filter(|message| self.viewer.is_none_or(|viewer| message.user_id == viewer))
            .map(|message| {
                let metadata = message.pending.as_ref().map(|pending| {
                    let metadata = pending.metadata.iter();
                    metadata.map(|(name, value)| (name.clone(), value.as_str())).collect::<Object>()
                });
                Object::new()
                    .field("message", self.message(message))
                    .field("user", self.user_by_id(&message.user_id))
                    .optional("metadata", metadata)
            });
        Some(pending.collect())
    }

    /// Renders a channel with some of its members and messages (`ChannelStateResponseFields`).
    pub(crate) fn channel_state(
        self,
        channel: &Channel,
        members: Node,
        messages: &[&str],
    ) -> Object {
        let shown = messages.iter().filter_map(|id| self.world.messages.get(id));
        let hidden_before = self.viewer.and_then(|viewer| channel.history_hidden_before(viewer));
        let mut pinned: Vec<_> = channel
            .messages
            .iter()
            .filter_map(|id| self.world.messages.get(id))
            .filter(|message| message.deleted_at.is_none() && self.may_see(message))
            .filter(|message| hidden_before.is_none_or(|before| message.created_at > before))
            .filter_map(|message| Some((message.pin_at(self.now)?.at, message)))
            .collect();
        pinned.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let pinned = pinned.into_iter().take(MAX_PINNED);
        let membership = self
            .viewer
            .and_then(|viewer| channel.member(viewer))
            .map(|member| self.member(channel, member));
        let hidden = self.viewer.map(|viewer| channel.is_hidden_for(viewer));
        let draft =
            self.viewer.and_then(|viewer| self.world.drafts.get(viewer, &channel.cid, None));
        let draft = draft.map(|draft| self.draft(draft));
        let push = self.viewer.and_then(|viewer| self.push_preferences_in(&channel.cid, viewer));
        Object::new()
            .field("channel", self.channel(channel))
            .field("members", members)
            .optional("membership", membership)
            .optional("hidden", hidden)
            .optional("hide_messages_before", hidden_before)
            .field("messages", shown.map(|message| self.message(message)).collect::<Node>())
            .field(
                "pinned_messages",
                pinned.map(|(_, message)| self.message(message)).collect::<Node>(),
            )
            .optional("pending_messages", self.pending_messages(channel))
            .optional("read", self.reads(channel))
            .field("active_live_locations", self.live_locations_in(&channel.cid))
            .optional("draft", draft)
            .optional("push_preferences", push)
            .field("threads", Node::empty_list())
            .field("watcher_count", self.world.live.watching_users(&channel.cid).len())
    }
}

/// A page of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl Page {
    /// Returns the page of the first `limit` items.
    pub(crate) fn first(limit: usize) -> Self {
        Self { limit, offset: 0 }
    }
}
