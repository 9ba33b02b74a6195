//! Deletes users, and their messages on request.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, json};

use super::MAX_USERS;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, Outcome, check_count, require_users};

#[derive(Deserialize)]
pub(super) struct Delete {
    user_ids: Vec<String>,
    user: Option<String>,
    messages: Option<String>,
    conversations: Option<String>,
    new_channel_owner_id: Option<String>,
}

/// Handles `DeleteUsers`.
pub(super) fn delete(call: &mut Call<'_>, order: Delete) -> Outcome {
    check_count("user_ids", order.user_ids.len(), MAX_USERS)?;
    if order.user_ids.is_empty() {
        return Err(ApiError::field("user_ids", "must name a user"));
    }
    check_mode("user", order.user.as_deref(), &["soft", "pruning", "hard"])?;
    check_mode("messages", order.messages.as_deref(), &["soft", "pruning", "hard"])?;
    check_mode("conversations", order.conversations.as_deref(), &["soft", "hard"])?;
    // A user who is softly deleted can still be deleted permanently.
    let is_known = |id: &str| call.world.users.contains_key(id);
    let unknown: Vec<&str> =
        order.user_ids.iter().map(String::as_str).filter(|id| !is_known(id)).collect();
    require_users(call.world, unknown, "user_ids")?;
    let owner = order.new_channel_owner_id.as_deref().filter(|id| !id.is_empty());
    require_users(call.world, owner, "new_channel_owner_id")?;
    let mut result = Map::new();
    for id in &order.user_ids {
        delete_one(call, id, &order);
        result.insert(id.clone(), json!({"status": "ok"}));
    }
    let task_id = call.world.finish_task(result, call.now);
    Ok(Object::new().field("task_id", task_id))
}

/// Handles `DELETE /users/{user_id}` of v1, which deletes one user at once.
pub(super) fn delete_by_path(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("user_id");
    let query = &call.request.query;
    let mode = |name: &str| -> Result<Option<&'static str>, ApiError> {
        Ok(match (query.flag(name)?, query.flag("hard_delete")?) {
            (Some(true), Some(true)) => Some("hard"),
            (Some(true), _) => Some("soft"),
            _ => None,
        })
    };
    let is_hard = query.flag("hard_delete")? == Some(true);
    let order = Delete {
        user_ids: vec![id.to_owned()],
        user: Some(if is_hard { "hard" } else { "soft" }.to_owned()),
        messages: match is_hard {
            true => Some("hard".to_owned()),
            false => mode("mark_messages_deleted")?.map(str::to_owned),
        },
        conversations: mode("delete_conversation_channels")?.map(str::to_owned),
        new_channel_owner_id: None,
    };
    if call.world.living_user(id).is_none() {
        return Err(ApiError::not_found(format!("user {id} doesn't exist")));
    }
    delete_one(call, id, &order);
    Ok(Object::new().field("user", call.view().user_by_id(id)))
}

fn check_mode(field: &str, mode: Option<&str>, modes: &[&str]) -> Result<(), ApiError> {
    match mode {
        Some(mode) if !modes.contains(&mode) => {
            Err(ApiError::field(field, format!("must be one of [{}]", modes.join(" "))))
        }
        _ => Ok(()),
    }
}

/// Deletes a user at once, for an action of a moderator.
pub(in crate::operations) fn delete_by_moderator(
    call: &mut Call<'_>,
    id: &str,
    user: &str,
    messages: Option<&str>,
    conversations: Option<&str>,
) {
    let order = Delete {
        user_ids: vec![id.to_owned()],
        user: Some(user.to_owned()),
        messages: messages.map(str::to_owned),
        conversations: conversations.map(str::to_owned),
        new_channel_owner_id: None,
    };
    delete_one(call, id, &order);
}

fn delete_one(call: &mut Call<'_>, id: &str, order: &Delete) {
    let Some(user) = call.world.users.get_mut(id) else {
        return;
    };
    user.deleted_at = Some(call.now);
    user.updated_at = call.now;
    let user = user.clone();
    if let Some(owner) = order.new_channel_owner_id.as_deref().filter(|id| !id.is_empty()) {
        let owned: Vec<String> = call
            .world
            .channels
            .values()
            .filter(|channel| channel.created_by == id)
            .map(|channel| channel.cid.clone())
            .collect();
        for cid in owned {
            if let Some(channel) = call.world.channels.get_mut(&cid) {
                owner.clone_into(&mut channel.created_by);
            }
        }
    }
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
        call.world.forget_user(id);
        call.world.moderation.bans.forget_user(id);
        call.world.moderation.mutes.forget_user(id);
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
    let ids: HashSet<String> = call
        .world
        .messages
        .values()
        .filter(|message| message.user_id == user_id)
        .map(|message| message.id.clone())
        .collect();
    if is_hard {
        call.world.remove_messages(&ids);
        return;
    }
    for id in ids {
        if let Some(message) = call.world.messages.get_mut(&id) {
            message.deleted_at = Some(call.now);
        }
    }
}
