//! Search over all kinds of objects.

use serde_json::{Value, json};

use super::super::listing::Listing;
use super::channels;
use crate::error::ApiError;
use crate::parameters::QueryParameters;
use crate::runtime::Shared;

/// The maximum number of results of each kind.
const MAX_FOUND: usize = 6;
/// The maximum number of characters of a message.
const SHOWN_TEXT: usize = 120;

/// Searches users, channels and messages.
pub(in super::super) fn everything(
    shared: &Shared,
    query: &QueryParameters,
) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let world = shared.world();
    let users = world.users.values().filter(|user| {
        listing.matches([user.id.as_str(), user.name.as_deref().unwrap_or_default()])
    });
    let users = users
        .take(MAX_FOUND)
        .map(|user| json!({"id": user.id, "name": user.name, "image": user.image}));
    let found = world
        .channels
        .values()
        .filter(|channel| listing.matches([channel.cid.as_str(), channels::name(channel)]));
    let found = found
        .take(MAX_FOUND)
        .map(|channel| json!({"cid": channel.cid, "name": channels::name(channel)}));
    let messages = world
        .messages
        .values()
        .filter(|message| listing.matches([message.content.text.as_str(), message.id.as_str()]));
    let messages = messages.take(MAX_FOUND).map(|message| {
        let text: String = message.content.text.chars().take(SHOWN_TEXT).collect();
        json!({
            "id": message.id,
            "cid": message.cid,
            "parent_id": message.parent_id,
            "user_id": message.user_id,
            "text": text,
        })
    });
    Ok(json!({
        "users": users.collect::<Vec<_>>(),
        "channels": found.collect::<Vec<_>>(),
        "messages": messages.collect::<Vec<_>>(),
    }))
}
