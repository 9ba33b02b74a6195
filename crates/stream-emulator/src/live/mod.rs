//! Live connections: WebSockets and long-polling, who is there, and the events that reach them.
//!
//! [`crate::state::Live`] knows who is connected and what each connection watches; it is part of the
//! world, so that one lock orders everything that happens. The [`Hub`] has the queues of frames, and
//! [`delivery`] puts each event into those of its receivers, by the table of event types. A task
//! carries each WebSocket ([`socket`]); [`keeper`] looks after clients that fall silent, on the
//! world's clock.

mod attempt;
mod delivery;
mod hub;
mod keeper;
mod long_poll;
mod socket;
mod summary;

pub(crate) use hub::{End, Hub};
pub(crate) use keeper::keep;
pub(crate) use long_poll::long_poll;
pub(crate) use socket::connect;
pub(crate) use summary::ConnectionSummary;

use std::collections::VecDeque;

use crate::auth::ANONYMOUS_PREFIX;
use crate::document::Object;
use crate::events::{self, Event};
use crate::server::Shared;
use crate::state::{History, Past, Timestamp, World};
use crate::view::View;

/// How long a connection takes no note of its user's activity after it has, in seconds.
const ACTIVITY_INTERVAL: i64 = 15 * 60;

/// What tells a client that it is connected.
fn health_check(kind: &'static str, connection_id: &str, now: Timestamp) -> Object {
    Object::new()
        .field("type", kind)
        .field("connection_id", connection_id)
        .field("cid", "*")
        .field("created_at", now)
}

/// `user.presence.changed`, unless the user does not want to be seen.
fn presence_changed(world: &World, now: Timestamp, user_id: &str) -> Option<Event> {
    let user = world.users.get(user_id).filter(|user| !user.invisible)?;
    Some(events::presence::changed(View { world, now, viewer: None }, user))
}

/// `user.watching.start` or `user.watching.stop`, in channels that have such events.
pub(crate) fn watching_changed(
    view: View<'_>,
    kind: &'static str,
    cid: &str,
    user_id: &str,
) -> Option<Event> {
    let channel = view.world.living_channel(cid)?;
    let is_on = view.world.is_on(channel, "connect_events");
    is_on.then(|| events::presence::watching(view, kind, cid, user_id))
}

impl Shared {
    /// Tells servers and live connections what has happened.
    pub(crate) fn tell(&self, world: &mut World, events: Vec<Event>) {
        self.webhooks.send(&world.app, &events);
        for event in &events {
            remember(world, event);
        }
        if world.live.len() == 0 {
            return;
        }
        let now = world.clock.now();
        let mut events = VecDeque::from(events);
        while let Some(event) = events.pop_front() {
            let delivered = delivery::deliver(&self.live, world, now, &event);
            if delivered.receivers > 0 && self.feed.is_on() {
                let frame = delivery::observed(&event);
                let cid = event.cid.as_deref();
                self.observe_event(&event.kind, cid, delivered.receivers, &frame);
            }
            for id in delivered.full {
                events.extend(self.hang_up(world, &id, End::TooSlow));
            }
            match event.kind.as_ref() {
                "member.removed" => events.extend(shut_out(world, now, &event)),
                "user.deactivated" | "user.deleted" => {
                    for id in connections_of_subject(world, &event) {
                        events.extend(self.hang_up(world, &id, End::GoingAway));
                    }
                }
                _ => {}
            }
            forget_deleted(world, &event);
        }
    }

    /// Ends a connection, and returns what follows from it.
    fn hang_up(&self, world: &mut World, id: &str, end: End) -> Vec<Event> {
        self.live.close(id, end);
        let Some(ended) = world.live.close(id) else {
            return Vec::new();
        };
        self.observe_connection();
        let now = world.clock.now();
        let view = View { world, now, viewer: None };
        let mut events: Vec<Event> = ended
            .left
            .iter()
            .filter_map(|cid| watching_changed(view, "user.watching.stop", cid, &ended.user_id))
            .collect();
        if ended.was_last {
            events.extend(presence_changed(world, now, &ended.user_id));
            // Nobody comes back as the same anonymous user.
            if ended.user_id.starts_with(ANONYMOUS_PREFIX) {
                world.users.remove(&ended.user_id);
            }
        }
        events
    }

    /// Ends a connection and tells those whom it concerns.
    pub(crate) fn end_connection(&self, id: &str, end: End) {
        let mut world = self.world();
        let events = self.hang_up(&mut world, id, end);
        if !events.is_empty() {
            self.count_change();
        }
        self.tell(&mut world, events);
    }

    /// Ends all connections.
    pub(crate) fn end_connections(&self, end: End) {
        let mut world = self.world();
        let ids: Vec<String> =
            world.live.connections().map(|connection| connection.id.clone()).collect();
        for id in ids {
            let events = self.hang_up(&mut world, &id, end);
            self.tell(&mut world, events);
        }
    }

    /// Ends the connections of a user.
    pub(crate) fn end_connections_of(&self, user_id: &str, end: End) {
        let mut world = self.world();
        let ids: Vec<String> =
            world.live.of_user(user_id).map(|connection| connection.id.clone()).collect();
        for id in ids {
            let events = self.hang_up(&mut world, &id, end);
            self.tell(&mut world, events);
        }
    }

    /// Notes that a client has said something.
    fn hear(&self, id: &str) {
        let mut world = self.world();
        let now = world.clock.now();
        let Some(connection) = world.live.get_mut(id) else {
            return;
        };
        connection.last_heard = now;
        let user_id = connection.user_id.clone();
        if let Some(user) = world.users.get_mut(&user_id)
            && user.last_active.is_none_or(|at| now.seconds() - at.seconds() >= ACTIVITY_INTERVAL)
        {
            user.last_active = Some(now);
            self.count_change();
        }
    }

    /// Sends a connection a health check.
    fn check_health(&self, id: &str, kind: &'static str) {
        let now = self.now();
        let document = health_check(kind, id, now);
        let _ = self.live.send(&[id], &|form| hub::Frame::document(&document, form));
    }
}

/// Keeps an event for clients that are away.
fn remember(world: &mut World, event: &Event) {
    let Some(cid) = event.cid.as_ref().filter(|_| History::keeps(&event.kind)) else {
        return;
    };
    let past = Past {
        at: world.clock.now(),
        cid: cid.clone(),
        kind: event.kind.to_string(),
        subject: event.subject.clone(),
        document: event.document.clone(),
    };
    world.history.add(past);
}

/// The connections of a user whom an event is about. One who is gone learns why when they connect
/// again.
fn connections_of_subject(world: &World, event: &Event) -> Vec<String> {
    let connections = event.subject.iter().flat_map(|user_id| world.live.of_user(user_id));
    connections.map(|connection| connection.id.clone()).collect()
}

/// A user who may not read a channel any more does not watch it either.
fn shut_out(world: &mut World, now: Timestamp, event: &Event) -> Option<Event> {
    let (cid, user_id) = (event.cid.as_deref()?, event.subject.as_deref()?);
    let channel = world.channels.get(cid)?;
    if world.may_read(channel, user_id) {
        return None;
    }
    let ids: Vec<String> =
        world.live.of_user(user_id).map(|connection| connection.id.clone()).collect();
    let mut has_left = false;
    for id in ids {
        has_left |= world.live.unwatch(&id, cid);
    }
    let view = View { world, now, viewer: None };
    has_left.then(|| watching_changed(view, "user.watching.stop", cid, user_id)).flatten()
}

/// Nobody watches a channel that is gone: whoever makes it anew watches anew.
fn forget_deleted(world: &mut World, event: &Event) {
    // It is the last that is said of the channel.
    if event.kind != "notification.channel_deleted" {
        return;
    }
    let Some(cid) = event.cid.as_deref() else {
        return;
    };
    let ids: Vec<String> = world.live.watchers(cid).map(|watcher| watcher.id.clone()).collect();
    for id in ids {
        world.live.unwatch(&id, cid);
    }
}
