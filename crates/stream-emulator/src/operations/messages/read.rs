//! Reads messages.

use serde::de::IgnoredAny;

use super::pending::metadata_object;
use crate::auth::Caller;
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::{Call, Outcome, check_count};
use crate::query::{MessagePage, SortKey};
use crate::state::Message;

/// Handles `GetMessage`.
pub(super) fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let is_server = matches!(call.caller, Caller::Server);
    let show_deleted = call.request.query.flag("show_deleted_message")? == Some(true) && is_server;
    let message = call.message(call.path("id"))?;
    let shown = call.view().message_with_channel(message, show_deleted);
    let metadata = message.pending.as_ref().map(|it| metadata_object(&it.metadata));
    Ok(Object::new().field("message", shown).optional("pending_message_metadata", metadata))
}

/// Handles `GetManyMessages`.
pub(super) fn get_many(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let ids = call.request.query.list("ids");
    if ids.is_empty() {
        return Err(ApiError::field("ids", "ids is a required field"));
    }
    check_count("ids", ids.len(), 50)?;
    call.include_queried_member_custom()?;
    let channel = call.channel()?;
    let view = call.view();
    let messages: Node = ids
        .iter()
        .filter_map(|id| call.world.messages.get(id))
        .filter(|message| message.cid == channel.cid && view.may_see(message))
        .map(|message| view.message(message))
        .collect();
    Ok(Object::new().field("messages", messages))
}

/// Handles `GetReplies`.
pub(super) fn replies(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    call.include_queried_member_custom()?;
    let page = MessagePage::from_query(&call.request.query, "")?;
    let parent = call.message(call.path("parent_id"))?;
    let view = call.view();
    let replies = call.world.replies(parent).filter(|reply| view.may_see(reply));
    let replies: Vec<&Message> = replies.collect();
    let sort: Vec<SortKey> = match call.request.query.get("sort").filter(|sort| !sort.is_empty()) {
        Some(sort) => serde_json::from_str(sort)
            .map_err(|error| ApiError::field("sort", format!("is not JSON: {error}")))?,
        None => Vec::new(),
    };
    let mut picked = page.pick(call.world, replies)?;
    if sort.first().map(SortKey::direction).transpose()? == Some(-1) {
        picked.reverse();
    }
    let messages: Node = picked
        .into_iter()
        .filter_map(|id| call.world.messages.get(id))
        .map(|message| view.message(message))
        .collect();
    Ok(Object::new().field("messages", messages))
}
