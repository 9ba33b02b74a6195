//! Events about presence.

use super::Event;
use crate::state::User;
use crate::view::View;

/// Creates `user.presence.changed`.
pub(crate) fn changed(view: View<'_>, user: &User) -> Event {
    Event::new("user.presence.changed", view).with("user", view.event_user(user)).about(&user.id)
}

/// Creates `user.watching.start` or `user.watching.stop`.
pub(crate) fn watching(view: View<'_>, kind: &'static str, cid: &str, user_id: &str) -> Event {
    Event::in_channel(kind, view, cid)
        .by(view, Some(user_id))
        .with("watcher_count", view.world.live.watching_users(cid).len())
        .about(user_id)
}
