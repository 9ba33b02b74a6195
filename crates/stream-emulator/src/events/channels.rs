//! Events about channels and their members.

use serde_json::{Map, Value};

use super::Event;
use crate::state::{Channel, Invitation, Member, Message};
use crate::view::View;

/// The setting of a user's privacy that keeps back when they type.
const TYPING: &str = "typing_indicators";

/// `channel.created`, `channel.deleted` and others that show the channel and who did it.
pub(crate) fn channel(
    view: View<'_>,
    kind: &'static str,
    cid: &str,
    user_id: Option<&str>,
) -> Event {
    let event = Event::in_channel(kind, view, cid).with_channel(view).by(view, user_id);
    match kind {
        // The channel may be gone when the event goes out.
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

/// `channel.updated` and `channel.truncated`, with the message that came along.
pub(crate) fn with_message(
    view: View<'_>,
    kind: &'static str,
    cid: &str,
    user_id: Option<&str>,
    message: Option<&Message>,
) -> Event {
    channel(view, kind, cid, user_id)
        .maybe("message", message.map(|message| view.message(message)))
        .maybe("message_id", message.map(|message| message.id.as_str()))
}

/// `channel.frozen` and `channel.unfrozen`
pub(crate) fn frozen(view: View<'_>, kind: &'static str, cid: &str) -> Event {
    let (channel_type, channel_id) = cid.split_once(':').unwrap_or_default();
    let mut event = Event::new(kind, view);
    event.cid = Some(cid.to_owned());
    event.with("cid", cid).with("channel_type", channel_type).with("channel_id", channel_id)
}

/// `member.added`, `member.updated` and `member.removed`
pub(crate) fn member(view: View<'_>, kind: &'static str, cid: &str, member: &Member) -> Event {
    let shown = view.world.channels.get(cid).map(|channel| view.member(channel, member));
    let event = channel(view, kind, cid, Some(&member.user_id))
        .maybe("member", shown)
        .about(&member.user_id);
    match (kind, member.invitation) {
        ("member.added", Some(Invitation::Pending)) => event.aside("notification.invited"),
        ("member.added", _) => event.aside("notification.added_to_channel"),
        // What was unread there is so no longer.
        ("member.removed", _) => {
            event.aside("notification.removed_from_channel").aside("notification.mark_read")
        }
        // The invitation was answered just now.
        (_, Some(Invitation::Accepted(at))) if at == view.now => {
            event.aside("notification.invite_accepted")
        }
        (_, Some(Invitation::Rejected(at))) if at == view.now => {
            event.aside("notification.invite_rejected")
        }
        _ => event,
    }
}

/// Returns an event of the app's own making, in a channel.
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

/// `channel.hidden`
pub(crate) fn hidden(view: View<'_>, cid: &str, user_id: &str, clears_history: bool) -> Event {
    channel(view, "channel.hidden", cid, Some(user_id))
        .with("clear_history", clears_history)
        .about(user_id)
}

/// `channel.visible`
pub(crate) fn visible(view: View<'_>, cid: &str, user_id: &str) -> Event {
    channel(view, "channel.visible", cid, Some(user_id)).about(user_id)
}

/// `channel.muted`
pub(crate) fn muted(view: View<'_>, cid: &str, user_id: &str) -> Event {
    mute(view, "channel.muted", cid, user_id)
}

/// `channel.unmuted`
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

/// `notification.channel_mutes_updated`
pub(crate) fn mutes_updated(view: View<'_>, user_id: &str) -> Event {
    let me = view.world.users.get(user_id).map(|user| view.of(user_id).own_user(user));
    Event::new("notification.channel_mutes_updated", view).maybe("me", me).about(user_id)
}
