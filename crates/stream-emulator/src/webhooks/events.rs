//! The events that the emulator knows, from the state.

use super::Event;
use crate::{
    render::View,
    state::{Channel, Member, Message, Moment, Reaction, User},
};
use serde_json::{Map, Value, json};

/// `user.updated`
pub(crate) fn user_updated(view: View<'_>, now: Moment, user: &User) -> Event {
    Event::new("user.updated", view, now).with("user", view.subject_user(user))
}

/// How much of a user was deleted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeletedUserModes<'a> {
    pub(crate) user: &'a str,
    pub(crate) messages: Option<&'a str>,
    pub(crate) conversations: Option<&'a str>,
}

/// `user.deleted`
pub(crate) fn user_deleted(
    view: View<'_>,
    now: Moment,
    user: &User,
    modes: DeletedUserModes<'_>,
) -> Event {
    Event::new("user.deleted", view, now)
        .with("user", view.event_user(user))
        .with("delete_user", modes.user)
        .with("delete_messages", modes.messages.unwrap_or_default())
        .with("delete_conversation", modes.conversations.unwrap_or_default())
        .with("delete_conversation_channels", modes.conversations.is_some())
        .with("hard_delete", modes.user == "hard")
        .with("mark_messages_deleted", modes.messages.is_some())
}

/// `user.deactivated` and `user.reactivated`
pub(crate) fn user_activity(
    view: View<'_>,
    now: Moment,
    kind: &'static str,
    user: &User,
    created_by: Option<&str>,
) -> Event {
    let created_by = created_by.and_then(|id| view.world.users.get(id));
    Event::new(kind, view, now)
        .with("user", view.event_user(user))
        .maybe("created_by", created_by.map(|user| view.event_user(user)))
}

/// `channel.created` and `channel.deleted`
pub(crate) fn channel(
    view: View<'_>,
    now: Moment,
    kind: &'static str,
    cid: &str,
    user_id: Option<&str>,
) -> Event {
    let event = in_channel(Event::new(kind, view, now), view, cid);
    by(with_channel(event, view, cid), view, user_id)
}

/// `channel.updated`
pub(crate) fn channel_updated(
    view: View<'_>,
    now: Moment,
    cid: &str,
    user_id: Option<&str>,
    message: Option<&Message>,
) -> Event {
    channel(view, now, "channel.updated", cid, user_id)
        .maybe("message", message.map(|message| view.message(message)))
        .maybe("message_id", message.map(|message| message.id.as_str()))
}

/// `channel.frozen` and `channel.unfrozen`
pub(crate) fn channel_frozen(view: View<'_>, now: Moment, kind: &'static str, cid: &str) -> Event {
    let (channel_type, channel_id) = cid.split_once(':').unwrap_or_default();
    Event::new(kind, view, now)
        .with("cid", cid)
        .with("channel_type", channel_type)
        .with("channel_id", channel_id)
}

/// `member.added`, `member.updated` and `member.removed`
pub(crate) fn member(
    view: View<'_>,
    now: Moment,
    kind: &'static str,
    cid: &str,
    member: &Member,
) -> Event {
    let event = in_channel(Event::new(kind, view, now), view, cid);
    let shown = view.world.channels.get(cid).map(|channel| view.member(channel, member));
    by(with_channel(event, view, cid), view, Some(&member.user_id)).maybe("member", shown)
}

/// `channel.truncated`
pub(crate) fn channel_truncated(
    view: View<'_>,
    now: Moment,
    cid: &str,
    user_id: Option<&str>,
    message: Option<&Message>,
) -> Event {
    channel(view, now, "channel.truncated", cid, user_id)
        .maybe("message", message.map(|message| view.message(message)))
        .maybe("message_id", message.map(|message| message.id.as_str()))
}

/// An event of the app's own making.
pub(crate) fn custom(
    view: View<'_>,
    now: Moment,
    kind: &str,
    cid: &str,
    user_id: &str,
    custom: Map<String, Value>,
) -> Event {
    let event = in_channel(Event::new(kind.to_owned(), view, now), view, cid);
    by(event, view, Some(user_id)).with("custom", custom)
}

/// `message.new`
pub(crate) fn message_new(view: View<'_>, now: Moment, message: &Message) -> Event {
    let parent = message.parent_id.as_ref().and_then(|id| view.world.messages.get(id));
    let event = with_channel(about(view, now, "message.new", message), view, &message.cid);
    by(event, view, Some(&message.user_id))
        .with("watcher_count", 0)
        .maybe("parent_author", parent.map(|parent| parent.user_id.as_str()))
        .maybe("thread_participants", parent.map(|parent| participants(view, parent)))
}

/// `message.updated`
pub(crate) fn message_updated(
    view: View<'_>,
    now: Moment,
    message: &Message,
    user_id: &str,
    old_text: &str,
) -> Event {
    by(about(view, now, "message.updated", message), view, Some(user_id))
        .with("message_update", json!({"old_text": old_text}))
}

/// `message.undeleted`
pub(crate) fn message_undeleted(view: View<'_>, now: Moment, message: &Message) -> Event {
    about(view, now, "message.undeleted", message)
}

/// `message.deleted`
pub(crate) fn message_deleted(
    view: View<'_>,
    now: Moment,
    message: &Message,
    user_id: &str,
    is_hard: bool,
) -> Event {
    by(about(view, now, "message.deleted", message), view, Some(user_id))
        .with("hard_delete", is_hard)
}

/// `reaction.new`, `reaction.updated` and `reaction.deleted`
pub(crate) fn reaction(
    view: View<'_>,
    now: Moment,
    kind: &'static str,
    message: &Message,
    reaction: &Reaction,
) -> Event {
    let event = with_channel(about(view, now, kind, message), view, &message.cid);
    by(event, view, Some(&reaction.user_id)).with("reaction", view.reaction(message, reaction))
}

fn about(view: View<'_>, now: Moment, kind: &'static str, message: &Message) -> Event {
    in_channel(Event::new(kind, view, now), view, &message.cid)
        .with("message", view.message(message))
        .with("message_id", message.id.as_str())
}

fn by(event: Event, view: View<'_>, user_id: Option<&str>) -> Event {
    let user = user_id.and_then(|id| view.world.users.get(id));
    event.maybe("user", user.map(|user| view.event_user(user)))
}

fn participants(view: View<'_>, parent: &Message) -> Value {
    let mut ids: Vec<&str> = Vec::new();
    for reply in view.world.replies(parent) {
        if !ids.contains(&reply.user_id.as_str()) {
            ids.push(&reply.user_id);
        }
    }
    ids.into_iter()
        .filter_map(|id| view.world.users.get(id))
        .map(|user| view.event_user(user))
        .collect()
}

fn with_channel(event: Event, view: View<'_>, cid: &str) -> Event {
    let channel = view.world.channels.get(cid);
    event.maybe("channel", channel.map(|channel| view.channel(channel)))
}

/// The facts about a channel that stand in its events beside the channel itself.
fn in_channel(event: Event, view: View<'_>, cid: &str) -> Event {
    let Some(channel) = view.world.channels.get(cid) else {
        return event.with("cid", cid);
    };
    let Channel { id, kind, custom, .. } = channel;
    event
        .with("cid", cid)
        .with("channel_id", id.as_str())
        .with("channel_type", kind.as_str())
        .with("channel_custom", custom.clone())
        .with("channel_member_count", channel.members.len())
        .with("channel_message_count", channel.messages.len())
        .maybe("team", channel.team.as_deref())
}
