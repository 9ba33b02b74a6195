//! Deleting messages, and taking that back.

use super::update::may_change;
use crate::{
    auth::Actor,
    handlers::{Answer, Call, require_users},
    render::Object,
    server::ApiError,
    state::Message,
    webhooks::events,
};
use serde::Deserialize;

/// `DeleteMessage`
pub(in crate::handlers) fn delete(call: &mut Call<'_>) -> Answer {
    let query = &call.input.query;
    let is_hard = query.flag("hard")? == Some(true);
    let is_for_me = query.flag("delete_for_me")? == Some(true);
    let deleted_by = query.get("deleted_by").map(str::to_owned);
    if is_for_me {
        return Err(ApiError::not_emulated("DeleteMessage with delete_for_me"));
    }
    let message = call.message(call.input.path.get("id"))?;
    may_change(call, message)?;
    if is_hard && *call.actor != Actor::Server {
        return Err(ApiError::not_allowed("users may not delete for good"));
    }
    let id = message.id.clone();
    let actor = call
        .named_user(deleted_by.as_deref(), None, "deleted_by")?
        .unwrap_or_else(|| message_author(call, &id));

    let now = call.now;
    let message = call.message_mut(&id)?;
    message.deleted_at = Some(now);
    message.updated_at = now;
    message.pin = None;
    let deleted = message.clone();
    let shown = call.view().message(&deleted);
    call.emit(|view, now| events::message_deleted(view, now, &deleted, &actor, is_hard));
    if is_hard {
        remove(call, &deleted);
    }
    Ok(Object::new().field("message", shown))
}

fn message_author(call: &Call<'_>, id: &str) -> String {
    call.world.messages.get(id).map(|message| message.user_id.clone()).unwrap_or_default()
}

/// A message takes its thread along.
fn remove(call: &mut Call<'_>, message: &Message) {
    for reply in &message.replies {
        call.world.remove_message(reply);
    }
    call.world.remove_message(&message.id);
}

#[derive(Deserialize)]
struct Undelete {
    undeleted_by: String,
}

/// `UndeleteMessage`
pub(in crate::handlers) fn undelete(call: &mut Call<'_>) -> Answer {
    call.server_only()?;
    let Undelete { undeleted_by } = call.input.body()?;
    require_users(call.world, [undeleted_by.as_str()], "undeleted_by")?;
    let id = call.input.path.get("id");
    let now = call.now;
    let message = call.message_mut(id)?;
    if message.deleted_at.take().is_none() {
        return Err(ApiError::input(format!("message {id} is not deleted")));
    }
    message.updated_at = now;
    let message = message.clone();
    call.emit(|view, now| events::message_undeleted(view, now, &message));
    Ok(Object::new().field("message", call.view().message(&message)))
}
