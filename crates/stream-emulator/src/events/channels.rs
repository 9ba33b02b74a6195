//! Events about channels and their members.

use serde_json::{Map, Value};

use super::Event;
use crate::state::{Channel, Invitation, Member, Message};
use crate::view::{Page, View};

/// The maximum number of members in `channel.updated`.
const MEMBERS_SHOWN: usize = 100;
/// The privacy setting that hides typing events.
const TYPING: &str = "typing_indicators";

/// Creates `channel.created`, `channel.deleted` and other events with the channel and the acting
/// user.
pub(crate) fn channel(
    view: View<'_>,
    kind: &'static str,
    cid: &str,
    user_id: Option<&str>,
) -> Event {
    let event = Event::in_channel(kind, view, cid).with_channel(view).by(view, user_id);
    match kind {
        // The channel may no longer exist when the event is delivered.
        "channel.deleted" => event.among(members(view, cid)).aside("notification.channel_deleted"),
        "channel.truncated" => event.aside("notification.channel_truncated"),
        _ => event,
    }
}

fn members(view: View<'_>, cid: &str) -> Vec<String> {
    let channel = view.world.channels.get(cid);
    let members = channel.into_iter().flat_map(Channel::members);
    members.map(|member| member.user_id.clone()).collect()
}

/// Creates `channel.updated` or `channel.truncated`, with the system message.
pub(crate) fn with_message(
    view: View<'_>,
    kind: &'static str,
    cid: &str,
    user_id: Option<&str>,
    message: Option<&Message>,
) -> Event {
    let mut event = channel(view, kind, cid, user_id);
    if let ("channel.updated", Some(channel)) = (kind, view.world.channels.get(cid)) {
        let members = view.members(channel, Page::first(MEMBERS_SHOWN));
        event.document.set("channel", view.channel(channel).field("members", members));
    }
    event
        .maybe("message", message.map(|message| view.message(message)))
        .maybe("message_id", message.map(|message| message.id.as_str()))
}

/// Creates `channel.frozen` or `channel.unfrozen`.
pub(crate) fn frozen(view: View<'_>, kind: &'static str, cid: &str) -> Event {
    let (channel_type, channel_id) = cid.split_once(':').unwrap_or_default();
    let mut event = Event::new(kind, view);
    event.cid = Some(cid.to_owned());
    event.with("cid", cid).with("channel_type", channel_type).with("channel_id", channel_id)
}

/// Creates `member.added`, `member.updated` or `member.removed`.
pub(crate) fn member(view: View<'_>, kind: &'static str, cid: &str, member: &Member) -> Event {
    let shown = view.world.channels.get(cid).map(|channel| view.member(channel, member));
    let last_message_at = view.world.channels.get(cid).and_then(|it| it.last_message_at);
    let event = channel(view, kind, cid, Some(&member.user_id))
        .maybe("member", shown)
        .maybe("channel_last_message_at", last_message_at)
        .about(&member.user_id);
    match (kind, member.invitation) {
        ("member.added", Some(Invitation::Pending)) => event.aside("notification.invited"),
        ("member.added", _) => event.aside("notification.added_to_channel"),
        // Its messages no longer count as unread.
        ("member.removed", _) => {
            event.aside("notification.removed_from_channel").aside("notification.mark_read")
        }
        // The invitation has just been accepted or rejected.
        (_, Some(Invitation::Accepted(at))) if at == view.now => {
            event.aside("notification.invite_accepted")
        }
        (_, Some(Invitation::Rejected(at))) if at == view.now => {
            event.aside("notification.invite_rejected")
        }
        _ => event,
    }
}

/// Creates a custom event in a channel.
pub(crate) fn custom(
    view: View<'_>,
    kind: &str,
    cid: &str,
    user_id: &str,
    custom: &Map<String, Value>,
) -> Event {
    let event = Event::in_channel(kind.to_owned(), view, cid).by(view, Some(user_id));
    let hides_typing = kind.starts_with("typing.") && !view.world.shares(user_id, TYPING);
    event.custom(custom).only_if(hides_typing.then(Vec::new))
}

/// Creates `channel.hidden`.
pub(crate) fn hidden(view: View<'_>, cid: &str, user_id: &str, clears_history: bool) -> Event {
    channel(view, "channel.hidden", cid, Some(user_id))
        .with("clear_history", clears_history)
        .about(user_id)
}

/// Creates `channel.visible`.
pub(crate) fn visible(view: View<'_>, cid: &str, user_id: &str) -> Event {
    channel(view, "channel.visible", cid, Some(user_id)).about(user_id)
}

/// Creates `channel.muted`.
pub(crate) fn muted(view: View<'_>, cid: &str, user_id: &str) -> Event {
    mute(view, "channel.muted", cid, user_id)
}

/// Creates `channel.unmuted`.
pub(crate) fn unmuted(view: View<'_>, cid: &str, user_id: &str) -> Event {
    mute(view, "channel.unmuted", cid, user_id)
}

fn mute(view: View<'_>, kind: &'static str, cid: &str, user_id: &str) -> Event {
    let mute = view.world.channels.get(cid).and_then(|channel| {
        let mute = channel.mute_of(user_id, view.now)?;
        Some(view.channel_mute(channel, user_id, mute))
    });
    Event::new(kind, view).by(view, Some(user_id)).maybe("mute", mute).about(user_id)
}

/// Creates `notification.channel_mutes_updated`.
pub(crate) fn mutes_updated(view: View<'_>, user_id: &str) -> Event {
    let me = view.world.users.get(user_id).map(|user| view.of(user_id).own_user(user));
    Event::new("notification.channel_mutes_updated", view).maybe("me", me).about(user_id)
}
