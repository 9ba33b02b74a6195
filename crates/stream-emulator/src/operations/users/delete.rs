//! Deleting users, with what they said if that is asked for.

use super::MAX_USERS;
use crate::{
    document::Object,
    error::ApiError,
    events,
    operations::{Answer, Call, check_count, require_users},
};
use serde::Deserialize;
use serde_json::{Map, json};

#[derive(Deserialize)]
pub(super) struct Delete {
    user_ids: Vec<String>,
    user: Option<String>,
    messages: Option<String>,
    conversations: Option<String>,
}

/// `DeleteUsers`
pub(super) fn delete(call: &mut Call<'_>, order: Delete) -> Answer {
    call.server_only()?;
    check_count("user_ids", order.user_ids.len(), MAX_USERS)?;
    if order.user_ids.is_empty() {
        return Err(ApiError::field("user_ids", "must name a user"));
    }
    check_mode("user", order.user.as_deref(), &["soft", "pruning", "hard"])?;
    check_mode("messages", order.messages.as_deref(), &["soft", "pruning", "hard"])?;
    check_mode("conversations", order.conversations.as_deref(), &["soft", "hard"])?;
    require_users(call.world, order.user_ids.iter().map(String::as_str), "user_ids")?;
    let mut result = Map::new();
    for id in &order.user_ids {
        delete_one(call, id, &order);
        result.insert(id.clone(), json!({"status": "ok"}));
    }
    let task_id = call.world.finish_task(result, call.now);
    Ok(Object::new().field("task_id", task_id))
}

fn check_mode(field: &str, mode: Option<&str>, modes: &[&str]) -> Result<(), ApiError> {
    match mode {
        Some(mode) if !modes.contains(&mode) => {
            Err(ApiError::field(field, format!("must be one of [{}]", modes.join(" "))))
        }
        _ => Ok(()),
    }
}

fn delete_one(call: &mut Call<'_>, id: &str, order: &Delete) {
    let Some(user) = call.world.users.get_mut(id) else {
        return;
    };
    user.deleted_at = Some(call.now);
    user.updated_at = call.now;
    let user = user.clone();
    if let Some(mode) = order.conversations.as_deref() {
        delete_conversations(call, id, mode == "hard");
    }
    if let Some(mode) = order.messages.as_deref() {
        delete_messages(call, id, mode == "hard");
    }
    if order.user.as_deref() == Some("hard") {
        let cids: Vec<String> =
            call.world.channels.of_member(id).map(|channel| channel.cid.clone()).collect();
        for cid in cids {
            call.world.channels.take_member(&cid, id);
        }
        call.world.users.remove(id);
    }
    call.emit(|view| {
        let modes = events::users::DeletedModes {
            user: order.user.as_deref().unwrap_or("soft"),
            messages: order.messages.as_deref(),
            conversations: order.conversations.as_deref(),
        };
        events::users::deleted(view, &user, modes)
    });
}

fn delete_conversations(call: &mut Call<'_>, user_id: &str, is_hard: bool) {
    let world = &mut *call.world;
    let cids: Vec<String> = world
        .channels
        .of_member(user_id)
        .filter(|channel| channel.members().len() <= 2)
        .map(|channel| channel.cid.clone())
        .collect();
    for cid in cids {
        world.remove_messages_of(&cid);
        if is_hard {
            world.channels.remove(&cid);
        } else if let Some(channel) = world.channels.get_mut(&cid) {
            channel.deleted_at = Some(call.now);
        }
    }
}

pub(super) fn delete_messages(call: &mut Call<'_>, user_id: &str, is_hard: bool) {
    let ids: Vec<String> = call
        .world
        .messages
        .values()
        .filter(|message| message.user_id == user_id)
        .map(|message| message.id.clone())
        .collect();
    for id in ids {
        if is_hard {
            call.world.remove_message(&id);
        } else if let Some(message) = call.world.messages.get_mut(&id) {
            message.deleted_at = Some(call.now);
        }
    }
}
