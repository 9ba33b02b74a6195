//! Delivers events, and ends connections with the events that this causes.

use std::collections::VecDeque;

use super::delivery;
use crate::auth::ANONYMOUS_PREFIX;
use crate::events::{self, Event};
use crate::runtime::{End, Frame, Shared};
use crate::state::{History, Past, Timestamp, World};
use crate::view::View;

/// The minimum interval between updates of a user's last activity by a connection, in seconds.
const ACTIVITY_INTERVAL: i64 = 15 * 60;

impl Shared {
    /// Delivers events to webhooks and live connections.
    pub(crate) fn deliver_events(&self, world: &mut World, events: Vec<Event>) {
        self.webhooks.send(world, &events);
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
                events.extend(self.disconnect(world, &id, End::TooSlow));
            }
            match event.kind.as_ref() {
                "member.removed" => events.extend(shut_out(world, now, &event)),
                "user.deactivated" | "user.deleted" => {
                    for id in connections_of_subject(world, &event) {
                        events.extend(self.disconnect(world, &id, End::GoingAway));
                    }
                }
                _ => {}
            }
            forget_deleted(world, &event);
        }
    }

    /// Ends a connection, and returns the resulting events.
    fn disconnect(&self, world: &mut World, id: &str, end: End) -> Vec<Event> {
        self.live.close(id, end);
        let Some(ended) = world.live.close(id) else {
            return Vec::new();
        };
        self.observe_connection();
        let now = world.clock.now();
        let view = View::of_backend(world, now);
        let mut events: Vec<Event> = ended
            .left
            .iter()
            .filter_map(|cid| {
                events::presence::watching_changed(view, "user.watching.stop", cid, &ended.user_id)
            })
            .collect();
        if ended.was_last {
            events.extend(events::presence::changed(view, &ended.user_id));
            // An anonymous user never reconnects.
            if ended.user_id.starts_with(ANONYMOUS_PREFIX) {
                world.users.remove(&ended.user_id);
            }
        }
        events
    }

    /// Ends a connection, and delivers the resulting events.
    pub(crate) fn end_connection(&self, id: &str, end: End) {
        let mut world = self.world();
        let events = self.disconnect(&mut world, id, end);
        if !events.is_empty() {
            self.count_change();
        }
        self.deliver_events(&mut world, events);
    }

    /// Ends all connections.
    pub(crate) fn end_connections(&self, end: End) {
        let mut world = self.world();
        let ids: Vec<String> =
            world.live.connections().map(|connection| connection.id.clone()).collect();
        for id in ids {
            let events = self.disconnect(&mut world, &id, end);
            self.deliver_events(&mut world, events);
        }
    }

    /// Ends the connections of a user.
    pub(crate) fn end_connections_of(&self, user_id: &str, end: End) {
        let mut world = self.world();
        let ids: Vec<String> =
            world.live.of_user(user_id).map(|connection| connection.id.clone()).collect();
        for id in ids {
            let events = self.disconnect(&mut world, &id, end);
            self.deliver_events(&mut world, events);
        }
    }

    /// Records activity of a client.
    pub(super) fn record_activity(&self, id: &str) {
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

    /// Sends a health check to a connection.
    pub(super) fn check_health(&self, id: &str, kind: &'static str) {
        let now = self.now();
        let document = events::presence::health_check(kind, id, now);
        let _ = self.live.send(&[id], &|form| Frame::document(&document, form));
    }
}

/// Stores an event for clients that are not connected.
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

/// Returns the connections of a user whom an event is about. A user who is not connected gets the
/// reason at the next attempt.
fn connections_of_subject(world: &World, event: &Event) -> Vec<String> {
    let connections = event.subject.iter().flat_map(|user_id| world.live.of_user(user_id));
    connections.map(|connection| connection.id.clone()).collect()
}

/// Removes users who may no longer read a channel from its watchers.
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
    let view = View::of_backend(world, now);
    has_left
        .then(|| events::presence::watching_changed(view, "user.watching.stop", cid, user_id))
        .flatten()
}

/// Removes the watchers of a deleted channel; a new one with the same ID has none.
fn forget_deleted(world: &mut World, event: &Event) {
    // It is the last event of the channel.
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
