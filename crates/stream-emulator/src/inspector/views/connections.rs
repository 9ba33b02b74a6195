//! Live connections and their events.

use serde_json::{Value, json};

use super::super::listing::Listing;
use super::body;
use crate::error::ApiError;
use crate::feed::ObservedEvent;
use crate::live::ConnectionSummary;
use crate::parameters::QueryParameters;
use crate::runtime::Shared;

/// Returns the open connections.
pub(in super::super) fn list(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let connections = shared.live_connections();
    let world = shared.world();
    let name = |connection: &ConnectionSummary| {
        world.users.get(&connection.user_id).and_then(|user| user.name.as_deref())
    };
    let connections = connections.iter().filter(|connection| {
        let texts = [
            connection.id.as_str(),
            connection.user_id.as_str(),
            name(connection).unwrap_or_default(),
            connection.transport,
            connection.client.as_deref().unwrap_or_default(),
        ];
        listing.matches(texts.into_iter().chain(connection.watching.iter().map(String::as_str)))
    });
    Ok(listing.part(connections, |connection| {
        json!({
            "id": connection.id,
            "user_id": connection.user_id,
            "user_name": name(connection),
            "transport": connection.transport,
            "client": connection.client,
            "connected_at": connection.connected_at.to_rfc3339(),
            "last_heard": connection.last_heard.to_rfc3339(),
            "watching": connection.watching,
            "presence": connection.presence,
            "events_sent": connection.events_sent,
        })
    }))
}

/// Returns the latest events of live connections, newest first.
pub(in super::super) fn events(
    shared: &Shared,
    query: &QueryParameters,
) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let events = shared.feed.events();
    let events = events.iter().rev().filter(|(_, event)| {
        listing.matches([event.kind.as_str(), event.cid.as_deref().unwrap_or_default()])
    });
    Ok(listing.part(events, |(number, event)| summary(number, event)))
}

fn summary(number: u64, event: &ObservedEvent) -> Value {
    json!({
        "number": number,
        "at": event.at.to_rfc3339(),
        "type": event.kind,
        "cid": event.cid,
        "receivers": event.receivers,
        "size": event.frame.size(),
    })
}

/// Returns an event as one of its receivers got it.
pub(in super::super) fn event(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let number = query.required("number")?;
    let events = shared.feed.events();
    let event = number.parse().ok().and_then(|number| Some((number, events.get(number)?)));
    let (number, event) =
        event.ok_or_else(|| ApiError::not_found("the event is not kept any more"))?;
    let mut shown = summary(number, event);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("body".to_owned(), body(event.frame.bytes()).1);
    }
    Ok(shown)
}
