//! Events about connections and presence.

use super::Event;
use crate::document::Object;
use crate::state::{Timestamp, User};
use crate::view::View;

/// Creates `health.check`, or another event that tells a client that it is connected.
pub(crate) fn health_check(kind: &'static str, connection_id: &str, now: Timestamp) -> Object {
    Object::new()
        .field("type", kind)
        .field("connection_id", connection_id)
        .field("cid", "*")
        .field("created_at", now)
}

/// Creates `user.presence.changed`, unless the user is invisible.
pub(crate) fn changed(view: View<'_>, user_id: &str) -> Option<Event> {
    let user = view.world.users.get(user_id).filter(|user| !user.invisible)?;
    Some(became(view, user))
}

/// Creates `user.presence.changed` for a user who became visible or invisible.
pub(crate) fn became(view: View<'_>, user: &User) -> Event {
    let event = Event::new("user.presence.changed", view).with("user", view.event_user(user));
    event.about(&user.id)
}

/// Creates `user.watching.start` or `user.watching.stop`, in channels that have such events.
pub(crate) fn watching_changed(
    view: View<'_>,
    kind: &'static str,
    cid: &str,
    user_id: &str,
) -> Option<Event> {
    let channel = view.world.living_channel(cid)?;
    let is_on = view.world.is_on(channel, "connect_events");
    is_on.then(|| {
        Event::in_channel(kind, view, cid)
            .by(view, Some(user_id))
            .with("watcher_count", view.world.live.watching_users(cid).len())
            .about(user_id)
    })
}
