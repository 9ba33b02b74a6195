//! Events about read state.

use super::Event;
use crate::document::Object;
use crate::state::{Channel, Thread};
use crate::view::View;

/// Creates `message.read`.
pub(crate) fn read(
    view: View<'_>,
    channel: &Channel,
    user_id: &str,
    last_read_message_id: Option<&str>,
    thread: Option<&Thread>,
) -> Event {
    Event::in_channel("message.read", view, &channel.cid)
        .with_channel(view)
        .by(view, Some(user_id))
        .maybe("last_read_message_id", last_read_message_id)
        .maybe("thread", thread.map(|thread| view.thread(thread)))
        .only_if(private(view, user_id, "read_receipts"))
        .about(user_id)
        .aside_with(
            "notification.mark_read",
            "thread_id",
            thread.map(|thread| thread.parent_id.as_str()),
        )
}

/// Returns only the user, if their privacy settings hide this from others.
fn private(view: View<'_>, user_id: &str, setting: &str) -> Option<Vec<String>> {
    (!view.world.shares(user_id, setting)).then(|| vec![user_id.to_owned()])
}

/// Creates `message.read` in the form of a response (`MarkReadResponseEvent`).
pub(crate) fn read_response(
    view: View<'_>,
    channel: &Channel,
    user_id: &str,
    last_read_message_id: Option<&str>,
    thread: Option<&Thread>,
) -> Object {
    let user = view.world.users.get(user_id);
    Object::new()
        .field("type", "message.read")
        .field("cid", channel.cid.as_str())
        .field("channel_id", channel.id.as_str())
        .field("channel_type", channel.kind.as_str())
        .optional("channel_last_message_at", channel.last_message_at)
        .optional("team", channel.team.as_deref())
        .optional("user", user.map(|user| view.event_user(user)))
        .optional("last_read_message_id", last_read_message_id)
        .optional("thread", thread.map(|thread| view.thread(thread)))
        .field("created_at", view.now)
}

/// Creates `notification.mark_unread`.
pub(crate) fn unread(
    view: View<'_>,
    channel: &Channel,
    user_id: &str,
    first_unread_message_id: Option<&str>,
    thread_id: Option<&str>,
) -> Event {
    let (last_read_at, last_read_message_id) = view.world.read_of(channel, user_id);
    let sums = view.unread_sums(user_id);
    Event::in_channel("notification.mark_unread", view, &channel.cid)
        .with_channel(view)
        .by(view, Some(user_id))
        .maybe("first_unread_message_id", first_unread_message_id)
        .with("last_read_at", last_read_at)
        .maybe("last_read_message_id", last_read_message_id)
        .maybe("thread_id", thread_id)
        .with("unread_messages", view.world.unread_of(channel, user_id, view.now))
        .with("unread_count", sums.messages)
        .with("total_unread_count", sums.messages)
        .with("unread_channels", sums.channels)
        .with("unread_threads", sums.threads)
        .with("unread_thread_messages", sums.thread_messages)
        .about(user_id)
}

/// Creates `message.delivered`.
pub(crate) fn delivered(
    view: View<'_>,
    channel: &Channel,
    user_id: &str,
    message_id: &str,
) -> Event {
    Event::in_channel("message.delivered", view, &channel.cid)
        .by(view, Some(user_id))
        .with("last_delivered_at", view.now)
        .with("last_delivered_message_id", message_id)
        .only_if(private(view, user_id, "delivery_receipts"))
        .about(user_id)
}

/// Creates `thread.updated`.
pub(crate) fn thread_updated(view: View<'_>, thread: &Thread, user_id: &str) -> Event {
    Event::in_channel("thread.updated", view, &thread.cid)
        .with("thread", view.thread(thread))
        .about(user_id)
}
