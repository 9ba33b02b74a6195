//! Events about messages and reactions.

use super::Event;
use crate::document::{Node, Object};
use crate::state::{Message, Reaction};
use crate::view::View;

/// Creates `message.new`.
pub(crate) fn new(view: View<'_>, message: &Message) -> Event {
    let parent = message.parent_id.as_ref().and_then(|id| view.world.messages.get(id));
    let event = about(view, "message.new", message)
        .with_channel(view)
        .by(view, Some(&message.user_id))
        .with("watcher_count", view.world.live.watching_users(&message.cid).len())
        .maybe("parent_author", parent.map(|parent| parent.user_id.as_str()))
        .maybe("thread_participants", parent.map(|parent| participants(view, parent)));
    let thread = message.parent_id.as_deref();
    let Some(thread) = thread.filter(|_| !message.is_in_channel()) else {
        return event.aside("notification.message_new");
    };
    let thread = view.world.threads.get(thread);
    let participants = thread.into_iter().flat_map(|thread| &thread.participants);
    let ids = participants.map(|participant| participant.user_id.clone()).collect();
    let thread_id = message.parent_id.as_deref();
    event.among(ids).aside_with("notification.thread_message_new", "thread_id", thread_id)
}

/// Creates `message.pending`.
pub(crate) fn pending(view: View<'_>, message: &Message, metadata: Object) -> Event {
    let channel = view.world.channels.get(&message.cid);
    Event::new("message.pending", view)
        .with("method", "create")
        .with("message", view.message(message))
        .maybe("channel", channel.map(|channel| view.channel(channel)))
        .with("user", view.user_by_id(&message.user_id))
        .with("metadata", metadata)
}

/// Creates `message.updated`.
pub(crate) fn updated(view: View<'_>, message: &Message, user_id: &str, old_text: &str) -> Event {
    about(view, "message.updated", message)
        .by(view, Some(user_id))
        .with("message_update", Object::new().field("old_text", old_text))
}

/// Creates `message.updated` for the message that a new reply belongs to, with its count of replies.
pub(crate) fn replied(view: View<'_>, reply: &Message) -> Option<Event> {
    let parent = view.world.messages.get(reply.parent_id.as_ref()?)?;
    Some(about(view, "message.updated", parent).by(view, Some(&reply.user_id)))
}

/// Creates `message.undeleted`.
pub(crate) fn undeleted(view: View<'_>, message: &Message) -> Event {
    about(view, "message.undeleted", message)
}

/// Creates `message.unblocked`.
pub(crate) fn unblocked(view: View<'_>, message: &Message) -> Event {
    let mut event = Event::new("message.unblocked", view);
    event.cid = Some(message.cid.clone());
    event
        .with("cid", message.cid.as_str())
        .with("message", view.message(message))
        .with("message_id", message.id.as_str())
        .by(view, Some(&message.user_id))
}

/// Creates `message.deleted`.
pub(crate) fn deleted(view: View<'_>, message: &Message, user_id: &str, is_hard: bool) -> Event {
    about(view, "message.deleted", message).by(view, Some(user_id)).with("hard_delete", is_hard)
}

/// Creates `message.deleted` for one user only.
pub(crate) fn deleted_for(view: View<'_>, message: &Message, user_id: &str) -> Event {
    about(view.of(user_id), "message.deleted", message)
        .by(view, Some(user_id))
        .with("hard_delete", false)
        .with("deleted_for_me", true)
        .only(vec![user_id.to_owned()])
        .about(user_id)
}

/// Creates `reaction.new`, `reaction.updated` or `reaction.deleted`.
pub(crate) fn reaction(
    view: View<'_>,
    kind: &'static str,
    message: &Message,
    reaction: &Reaction,
) -> Event {
    about(view, kind, message)
        .with_channel(view)
        .by(view, Some(&reaction.user_id))
        .with("reaction", view.reaction(message, reaction))
}

/// Creates an event about a message.
fn about(view: View<'_>, kind: &'static str, message: &Message) -> Event {
    Event::in_channel(kind, view, &message.cid)
        .with("message", view.message(message))
        .with("message_id", message.id.as_str())
        .only_if(readers(message))
}

/// Returns the only users who may see a message; `None` if everyone may.
fn readers(message: &Message) -> Option<Vec<String>> {
    let author = std::iter::once(&message.user_id);
    let visible_to = &message.content.restricted_visibility;
    match (message.shadowed, visible_to.is_empty()) {
        (true, _) => Some(author.cloned().collect()),
        (false, false) => Some(author.chain(visible_to).cloned().collect()),
        (false, true) => None,
    }
}

fn participants(view: View<'_>, parent: &Message) -> Node {
    let users = view.world.repliers(parent).into_iter().filter_map(|id| view.world.users.get(id));
    users.map(|user| view.event_user(user)).collect()
}
