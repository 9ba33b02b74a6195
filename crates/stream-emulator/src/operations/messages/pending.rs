//! Pending messages, which only their authors see until a backend commits them.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use super::publish::publish;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, Outcome};
use crate::state::{Message, Pending};

/// Stores a pending message.
pub(super) fn hold(
    call: &mut Call<'_>,
    mut message: Message,
    metadata: BTreeMap<String, String>,
) -> Result<Object, ApiError> {
    let shown_metadata = metadata_object(&metadata);
    message.pending = Some(Pending { metadata });
    let id = message.id.clone();
    call.channel_mut(&message.cid)?.pending.push(id);
    call.world.messages.insert(message.id.clone(), message.clone());
    call.emit(|view| events::messages::pending(view, &message, shown_metadata.clone()));
    Ok(Object::new()
        .field("message", call.view().message(&message))
        .field("pending_message_metadata", shown_metadata))
}

/// Returns the metadata of a pending message as a document.
pub(super) fn metadata_object(metadata: &BTreeMap<String, String>) -> Object {
    metadata.iter().map(|(name, value)| (name.clone(), value.as_str())).collect()
}

/// Handles `CommitMessage`.
pub(super) fn commit(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("id");
    if call.message(id)?.pending.is_none() {
        return Err(ApiError::input(format!("message {id} is not pending")));
    }
    let cid = call.message(id)?.cid.clone();
    call.channel_by_cid(&cid)?;
    call.channel_mut(&cid)?.pending.retain(|other| other != id);
    let Some(mut message) = call.world.messages.remove(id) else {
        return Err(ApiError::not_found(format!("Message with id {id} doesn't exist")));
    };
    message.pending = None;
    // It is ordered by the time of the commit.
    message.created_at = call.now;
    message.updated_at = call.now;
    Ok(Object::new().field("message", publish(call, message)))
}
