//! Operations of v1 that its SDKs still call and that belong to no domain.

use serde::de::IgnoredAny;

use super::{Call, Outcome, operations};
use crate::document::{Node, Object};
use crate::events;

operations! {
    "Hi" (GET "/hi") => hi,
    "GetHookEvents" (GET "/hook/events") => hook_events,
}

/// Handles `Hi`, with which clients warm up a connection.
fn hi(_: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(Object::new())
}

/// Handles `GetHookEvents`: returns the types of events that webhooks can deliver.
fn hook_events(_: &mut Call<'_>, _: IgnoredAny) -> Outcome {
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
