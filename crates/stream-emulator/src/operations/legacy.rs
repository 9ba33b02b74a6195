//! What only the older API has, and its SDKs still call, where no domain has a place for it.

use serde::de::IgnoredAny;

use super::{Call, Outcome, operations};
use crate::document::{Node, Object};
use crate::events;

operations! {
    "Hi" (GET "/hi") => hi,
    "GetHookEvents" (GET "/hook/events") => hook_events,
}

/// `Hi`: a request that warms up a connection.
fn hi(_: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(Object::new())
}

/// Handles `GetHookEvents`: the events of which the app's servers can be told.
fn hook_events(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    call.server_only()?;
    let events: Node = events::webhook_types()
        .map(|name| {
            Object::new()
                .field("name", name)
                .field("description", format!("{} was sent", name.replace(['.', '_'], " ")))
                .field("products", vec!["chat"])
        })
        .collect();
    Ok(Object::new().field("events", events))
}
