//! Events about users.

use serde_json::{Map, Value};

use super::Event;
use crate::state::{Deletion, User, UserDeletion};
use crate::view::View;

/// Creates `user.updated`.
pub(crate) fn updated(view: View<'_>, user: &User) -> Event {
    Event::new("user.updated", view).with("user", view.subject_user(user)).about(&user.id)
}

/// Creates `user.deleted`.
pub(crate) fn deleted(view: View<'_>, user: &User, deletion: UserDeletion) -> Event {
    let name = |deletion: Option<Deletion>| deletion.map(Deletion::name).unwrap_or_default();
    Event::new("user.deleted", view)
        .with("user", view.event_user(user))
        .with("delete_user", deletion.user.name())
        .with("delete_messages", name(deletion.messages))
        .with("delete_conversation", name(deletion.conversations))
        .with("delete_conversation_channels", deletion.conversations.is_some())
        .with("hard_delete", deletion.user == Deletion::Hard)
        .with("mark_messages_deleted", deletion.messages.is_some())
        .about(&user.id)
}

/// Creates `user.deactivated` or `user.reactivated`.
pub(crate) fn activity(
    view: View<'_>,
    kind: &'static str,
    user: &User,
    created_by: Option<&str>,
) -> Event {
    let created_by = created_by.and_then(|id| view.world.users.get(id));
    Event::new(kind, view)
        .with("user", view.event_user(user))
        .maybe("created_by", created_by.map(|user| view.event_user(user)))
        .about(&user.id)
}

/// Creates a custom event for a user.
pub(crate) fn custom(
    view: View<'_>,
    kind: &str,
    user_id: &str,
    custom: &Map<String, Value>,
) -> Event {
    Event::new(kind.to_owned(), view).by(view, Some(user_id)).custom(custom).about(user_id)
}
