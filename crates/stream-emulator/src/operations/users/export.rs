//! The export of all data of one user.

use serde::de::IgnoredAny;

use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::{Call, Outcome};
use crate::state::Message;

/// Handles `ExportUser`.
pub(super) fn export(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("user_id");
    if !call.world.users.contains_key(id) {
        return Err(ApiError::not_found(format!("user {id} doesn't exist")));
    }
    Ok(exported(call, id))
}

/// Returns all data of a user.
pub(in crate::operations) fn exported(call: &Call<'_>, id: &str) -> Object {
    let view = call.view();
    let mut messages: Vec<&Message> =
        call.world.messages.values().filter(|message| message.user_id == id).collect();
    messages.sort_by_key(|message| message.created_at);
    let mut reactions: Vec<_> = call
        .world
        .messages
        .values()
        .flat_map(|message| message.reactions.iter().map(move |reaction| (message, reaction)))
        .filter(|(_, reaction)| reaction.user_id == id)
        .collect();
    reactions.sort_by_key(|(_, reaction)| reaction.created_at);
    let messages: Node = messages.into_iter().map(|message| view.message(message)).collect();
    let reactions: Node =
        reactions.into_iter().map(|(message, reaction)| view.reaction(message, reaction)).collect();
    Object::new()
        .field("user", view.user_by_id(id))
        .field("messages", messages)
        .field("reactions", reactions)
}
