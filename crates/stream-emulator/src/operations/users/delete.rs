//! Deletes users, and their messages and channels on request.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, json};

use super::MAX_USERS;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{
    Call, Outcome, channels, check_count, check_deletion, require_users, user_groups,
};
use crate::state::{Deletion, UserDeletion};

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
    let conversations = &[Deletion::Soft, Deletion::Hard];
    let deletion = UserDeletion {
        user: check_deletion("user", order.user.as_deref(), Deletion::ALL)?
            .unwrap_or(Deletion::Soft),
        messages: check_deletion("messages", order.messages.as_deref(), Deletion::ALL)?,
        conversations: check_deletion(
            "conversations",
            order.conversations.as_deref(),
            conversations,
        )?,
    };
    // A user who is softly deleted can still be deleted permanently.
    let is_known = |id: &str| call.world.users.contains_key(id);
    let unknown: Vec<&str> =
        order.user_ids.iter().map(String::as_str).filter(|id| !is_known(id)).collect();
    require_users(call.world, unknown, "user_ids")?;
    let owner = order.new_channel_owner_id.as_deref().filter(|id| !id.is_empty());
    require_users(call.world, owner, "new_channel_owner_id")?;
    let mut result = Map::new();
    for id in &order.user_ids {
        if let Some(owner) = owner {
            hand_over_channels(call, id, owner);
        }
        delete_one(call, id, deletion);
        result.insert(id.clone(), json!({"status": "ok"}));
    }
    let task_id = call.world.finish_task(result, call.now);
    Ok(Object::new().field("task_id", task_id))
}

/// Handles `DELETE /users/{user_id}` of v1, which deletes one user at once.
pub(super) fn delete_by_path(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("user_id");
    let flag = |name: &str| call.request.query.flag(name).map(|flag| flag == Some(true));
    let deletion = UserDeletion::of_flags(
        flag("hard_delete")?,
        flag("mark_messages_deleted")?,
        flag("delete_conversation_channels")?,
    );
    if call.world.living_user(id).is_none() {
        return Err(ApiError::not_found(format!("user {id} doesn't exist")));
    }
    delete_one(call, id, deletion);
    Ok(Object::new().field("user", call.view().user_by_id(id)))
}

fn hand_over_channels(call: &mut Call<'_>, user_id: &str, owner: &str) {
    let channels = call.world.channels.values();
    let owned = channels.filter(|channel| channel.created_by == user_id);
    let owned: Vec<String> = owned.map(|channel| channel.cid.clone()).collect();
    for cid in owned {
        if let Some(channel) = call.world.channels.get_mut(&cid) {
            owner.clone_into(&mut channel.created_by);
        }
    }
}

/// Deletes a user at once; ignores one who does not exist.
pub(in crate::operations) fn delete_one(call: &mut Call<'_>, id: &str, deletion: UserDeletion) {
    let now = call.now;
    let Some(user) = call.world.users.get_mut(id) else {
        return;
    };
    user.deleted_at = Some(now);
    user.updated_at = now;
    if deletion.user == Deletion::Pruning {
        user.prune();
    }
    let user = user.clone();
    if let Some(mode) = deletion.conversations {
        delete_conversations(call, id, mode == Deletion::Hard);
    }
    if let Some(mode) = deletion.messages {
        call.world.delete_messages_of(id, None, mode, now);
    }
    if deletion.user == Deletion::Hard {
        call.world.remove_user(id);
        user_groups::forget_user(call.world, id);
    }
    call.emit(|view| events::users::deleted(view, &user, deletion));
}

fn delete_conversations(call: &mut Call<'_>, user_id: &str, is_hard: bool) {
    let own = call.world.channels.of_member(user_id);
    let own = own.filter(|channel| channel.deleted_at.is_none() && channel.members().len() <= 2);
    let cids: Vec<String> = own.map(|channel| channel.cid.clone()).collect();
    for cid in cids {
        channels::delete_one(call, &cid, channels::Removal::of_flags(is_hard, false));
    }
}
