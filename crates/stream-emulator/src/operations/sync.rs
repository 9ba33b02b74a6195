//! Events that a client has missed, and channels that it stops watching.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Call, Outcome, operations};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events::{self, Event};
use crate::state::{Channel, Message, Timestamp};
use crate::view::View;

operations! {
    "StopWatchingChannel" (POST "/api/v2/chat/channels/{type}/{id}/stop-watching") => stop_watching,
    "Sync" (POST "/api/v2/chat/sync") => sync,
}

/// The maximum number of channels in one request.
const MAX_CHANNELS: usize = 255;
/// The maximum number of events in one response. A client that missed more queries its channels
/// anew.
const MAX_EVENTS: usize = 2000;
/// The maximum age of the last sync, in seconds.
const MAX_AGE: i64 = 30 * 24 * 60 * 60;

/// Handles `StopWatchingChannel`.
fn stop_watching(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let cid = call.channel()?.cid.clone();
    let Some(id) = call.request.query.get("connection_id").filter(|id| !id.is_empty()) else {
        return Err(ApiError::field("connection_id", "is a required parameter"));
    };
    call.check_connection(id)?;
    call.unsubscribe(id, &cid);
    Ok(Object::new())
}

#[derive(Deserialize)]
struct Sync {
    channel_cids: Option<Vec<String>>,
    last_sync_at: Option<Timestamp>,
    watch: Option<bool>,
    with_inaccessible_cids: Option<bool>,
}

/// Handles `Sync`: returns the events in channels since the last sync. A message that was sent and
/// then changed is one event with its current content.
fn sync(call: &mut Call<'_>, input: Sync) -> Outcome {
    let query = &call.request.query;
    let watch = query.flag("watch")?.or(input.watch);
    let lists_inaccessible =
        query.flag("with_inaccessible_cids")?.or(input.with_inaccessible_cids) == Some(true);
    let cids = input.channel_cids.unwrap_or_default();
    if cids.is_empty() || cids.len() > MAX_CHANNELS {
        return Err(ApiError::field(
            "channel_cids",
            format!("channel_cids must have 1 to {MAX_CHANNELS} items"),
        ));
    }
    let Some(since) = input.last_sync_at else {
        return Err(ApiError::field("last_sync_at", "last_sync_at is a required field"));
    };
    if call.now.seconds() - since.seconds() > MAX_AGE {
        return Err(ApiError::field("last_sync_at", "cannot be older than 30 days"));
    }
    let user_id = call.acting_user(call.request.query.get("user_id"), None, "user")?;
    let subscription = call.subscription(watch, None)?;

    let mut found: Vec<(Timestamp, Object)> = Vec::new();
    let mut inaccessible = Vec::new();
    let mut accessible = Vec::new();
    for cid in cids {
        let view = call.view().of(&user_id);
        let channel = view.world.channels.get(&cid);
        let Some(channel) = channel.filter(|channel| view.world.may_read(channel, &user_id)) else {
            found.extend(removals(view, &cid, &user_id, since));
            inaccessible.push(cid);
            continue;
        };
        found.extend(in_channel(view, channel, &user_id, since));
        if channel.deleted_at.is_none() {
            accessible.push(cid);
        }
    }
    if found.len() > MAX_EVENTS {
        return Err(ApiError::input(format!(
            "too many events to sync: {}, at most {MAX_EVENTS} are returned",
            found.len()
        )));
    }
    for cid in accessible {
        call.subscribe(&subscription, &cid);
    }
    found.sort_by_key(|(at, _)| *at);
    let events: Node = found.into_iter().map(|(_, event)| event).collect();
    Ok(Object::new()
        .field("events", events)
        .optional("inaccessible_cids", lists_inaccessible.then_some(inaccessible)))
}

/// Returns the events of a user's removal from channels that the user may no longer read.
fn removals(
    view: View<'_>,
    cid: &str,
    user_id: &str,
    since: Timestamp,
) -> Vec<(Timestamp, Object)> {
    view.world
        .history
        .since(cid, since)
        .filter(|past| past.subject.as_deref() == Some(user_id))
        .filter(|past| past.kind == "notification.removed_from_channel")
        .map(|past| (past.at, past.document.clone()))
        .collect()
}

/// Returns the events in a channel that a user may see.
fn in_channel(
    view: View<'_>,
    channel: &Channel,
    user_id: &str,
    since: Timestamp,
) -> Vec<(Timestamp, Object)> {
    let of_channel = view.world.history.since(&channel.cid, since);
    let mut found: Vec<(Timestamp, Object)> = of_channel
        .filter(|past| past.subject.as_deref().is_none_or(|subject| subject == user_id))
        .map(|past| (past.at, past.document.clone()))
        .collect();
    let hidden_before = channel.history_hidden_before(user_id);
    let messages = channel.messages.iter().filter_map(|id| view.world.messages.get(id));
    let messages = messages
        .filter(|message| hidden_before.is_none_or(|before| message.created_at > before))
        .filter(|message| view.may_see(message));
    for message in messages {
        found.extend(of_message(view, message, since));
    }
    found
}

/// Returns the event for the current state of a message.
fn of_message(view: View<'_>, message: &Message, since: Timestamp) -> Option<(Timestamp, Object)> {
    let reacted_at = message.reactions.iter().map(|reaction| reaction.updated_at).max();
    let changed_at = reacted_at.max(Some(message.updated_at))?;
    let (at, event): (Timestamp, Event) = match message.deleted_at {
        Some(at) if at > since => {
            (at, events::messages::deleted(view, message, &message.user_id, false))
        }
        Some(_) => return None,
        None if message.created_at > since => {
            (message.created_at, events::messages::new(view, message))
        }
        None if changed_at > since => {
            let text = &message.content.text;
            (changed_at, events::messages::updated(view, message, &message.user_id, text))
        }
        None => return None,
    };
    let mut document = event.document;
    // The event has the time of the change.
    document.set("created_at", at);
    Some((at, document))
}
