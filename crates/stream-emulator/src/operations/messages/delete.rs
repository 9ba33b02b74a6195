//! Deletes and restores messages.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::history;
use crate::auth::Caller;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, Outcome, require_users};

/// Handles `DeleteMessage`.
pub(super) fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let query = &call.request.query;
    let is_hard = query.flag("hard")? == Some(true);
    let is_for_me = query.flag("delete_for_me")? == Some(true);
    let deleted_by = query.get("deleted_by").map(str::to_owned);
    if is_for_me {
        return delete_for_me(call, deleted_by.as_deref());
    }
    let message = call.message(call.path("id"))?;
    if let Caller::User(user_id) = call.caller
        && is_hard
        && let Ok(channel) = call.channel_by_cid(&message.cid)
        && !call.world.is_granted_in(channel, user_id, "delete-message")
    {
        return Err(ApiError::not_allowed("users may not delete for good"));
    }
    let id = message.id.clone();
    let actor = call
        .named_user(deleted_by.as_deref(), None, "deleted_by")?
        .unwrap_or_else(|| message_author(call, &id));

    let now = call.now;
    let message = call.message_mut(&id)?;
    history::keep(message, true, &actor);
    message.deleted_at = Some(now);
    message.updated_at = now;
    message.pin = None;
    let deleted = message.clone();
    let shown = call.view().message(&deleted);
    call.emit(|view| events::messages::deleted(view, &deleted, &actor, is_hard));
    if is_hard {
        call.world.remove_messages(&HashSet::from([id]));
    }
    Ok(Object::new().field("message", shown))
}

/// The maximum number of messages of a channel that a user may delete for themselves.
const MAX_DELETED_FOR_ME: usize = 100;

/// Deletes the message for one user only.
fn delete_for_me(call: &mut Call<'_>, deleted_by: Option<&str>) -> Outcome {
    let id = call.path("id");
    call.living_message(id)?;
    let user_id = call.acting_user(deleted_by, None, "deleted_by")?;
    let cid = call.message(id)?.cid.clone();
    let channel = call.channel_by_cid(&cid)?;
    let deleted = channel.messages.iter().filter_map(|id| call.world.messages.get(id));
    let count = deleted.filter(|message| message.deleted_for.contains(&user_id)).count();
    if count >= MAX_DELETED_FOR_ME {
        return Err(ApiError::input(format!(
            "a user may delete at most {MAX_DELETED_FOR_ME} messages of a channel for themselves"
        )));
    }
    let message = call.message_mut(id)?;
    if !message.deleted_for.contains(&user_id) {
        message.deleted_for.push(user_id.clone());
    }
    let message = message.clone();
    call.emit(|view| events::messages::deleted_for(view, &message, &user_id));
    Ok(Object::new().field("message", call.view().of(&user_id).message(&message)))
}

fn message_author(call: &Call<'_>, id: &str) -> String {
    call.world.messages.get(id).map(|message| message.user_id.clone()).unwrap_or_default()
}

#[derive(Deserialize)]
pub(super) struct Undelete {
    undeleted_by: String,
}

/// Handles `UndeleteMessage`.
pub(super) fn undelete(call: &mut Call<'_>, Undelete { undeleted_by }: Undelete) -> Outcome {
    require_users(call.world, [undeleted_by.as_str()], "undeleted_by")?;
    let id = call.path("id");
    let now = call.now;
    let message = call.message(id)?;
    call.channel_by_cid(&message.cid)?;
    let parent = message.parent_id.as_deref();
    if let Some(parent_id) = parent {
        call.living_message(parent_id)?;
    }
    let message = call.message_mut(id)?;
    if message.deleted_at.take().is_none() {
        return Err(ApiError::input(format!("message {id} is not deleted")));
    }
    message.updated_at = now;
    let message = message.clone();
    call.emit(|view| events::messages::undeleted(view, &message));
    Ok(Object::new().field("message", call.view().message(&message)))
}
