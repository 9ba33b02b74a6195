//! Deleting channels.

use crate::{
    auth::Actor,
    handlers::{Answer, Call, references::check_count},
    render::Object,
    server::ApiError,
    webhooks::events,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// `DeleteChannel`
pub(in crate::handlers) fn delete(call: &mut Call<'_>) -> Answer {
    let is_hard = call.input.query.flag("hard_delete")? == Some(true);
    let channel = call.channel()?;
    let cid = channel.cid.clone();
    if let Actor::User(id) = call.actor
        && channel.created_by != *id
        && channel.member(id).is_none_or(|member| !member.is_moderator())
    {
        return Err(ApiError::not_allowed(format!("user {id} may not delete {cid}")));
    }
    let channel = delete_one(call, &cid, is_hard);
    Ok(Object::new().optional("channel", channel))
}

/// Deletes a channel and returns what it was.
fn delete_one(call: &mut Call<'_>, cid: &str, is_hard: bool) -> Option<Value> {
    let actor = match call.actor {
        Actor::Server => None,
        Actor::User(id) => Some(id.clone()),
    };
    let now = call.now;
    let channel = call.world.channels.get_mut(cid)?;
    channel.deleted_at = Some(now);
    channel.updated_at = now;
    let channel = channel.clone();
    let shown = call.view().channel(&channel);
    call.emit(|view, now| events::channel(view, now, "channel.deleted", cid, actor.as_deref()));
    // A channel that is made anew under the same id does not show what was said before.
    call.world.remove_messages_of(cid);
    if is_hard {
        call.world.channels.remove(cid);
    }
    Some(shown)
}

#[derive(Deserialize)]
struct DeleteMany {
    cids: Vec<String>,
    hard_delete: Option<bool>,
}

/// `DeleteChannels`
pub(in crate::handlers) fn delete_many(call: &mut Call<'_>) -> Answer {
    call.server_only()?;
    let order: DeleteMany = call.input.body()?;
    if order.cids.is_empty() {
        return Err(ApiError::field("cids", "must name a channel"));
    }
    check_count("cids", order.cids.len(), 100)?;
    if let Some(cid) = order.cids.iter().find(|cid| !cid.contains(':')) {
        return Err(ApiError::field("cids", format!("{cid:?} is not type:id")));
    }
    let is_hard = order.hard_delete == Some(true);
    let mut result = Map::new();
    for cid in order.cids {
        let entry = if call.world.living_channel(&cid).is_none() {
            json!({"status": "error", "error": "channel does not exist"})
        } else {
            delete_one(call, &cid, is_hard);
            json!({"status": "ok"})
        };
        result.insert(cid, entry);
    }
    let task_id = call.world.finish_task(result.clone());
    Ok(Object::new().field("result", result).field("task_id", task_id))
}
