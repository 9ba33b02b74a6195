//! Deactivates, reactivates and restores users.

use serde::Deserialize;
use serde_json::{Map, json};

use super::MAX_USERS;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::channels::{self, Removal};
use crate::operations::{Call, Outcome, check_count, require_users};
use crate::state::{Deletion, Timestamp};

/// The change to the state of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    Deactivated,
    Active,
}

/// What a change of one user or of many consists of.
#[derive(Deserialize)]
struct Order {
    created_by_id: Option<String>,
    mark_messages_deleted: Option<bool>,
    mark_channels_deleted: Option<bool>,
    restore_messages: Option<bool>,
    restore_channels: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct OfOne {
    /// The new name of a reactivated user.
    name: Option<String>,
    #[serde(flatten)]
    order: Order,
}

#[derive(Deserialize)]
pub(super) struct OfMany {
    user_ids: Vec<String>,
    #[serde(flatten)]
    order: Order,
}

/// Handles `DeactivateUser`.
pub(super) fn deactivate(call: &mut Call<'_>, order: OfOne) -> Outcome {
    of_one(call, order, Activity::Deactivated)
}

/// Handles `ReactivateUser`.
pub(super) fn reactivate(call: &mut Call<'_>, order: OfOne) -> Outcome {
    of_one(call, order, Activity::Active)
}

/// Handles `DeactivateUsers`.
pub(super) fn deactivate_many(call: &mut Call<'_>, order: OfMany) -> Outcome {
    of_many(call, order, Activity::Deactivated)
}

/// Handles `ReactivateUsers`.
pub(super) fn reactivate_many(call: &mut Call<'_>, order: OfMany) -> Outcome {
    of_many(call, order, Activity::Active)
}

fn of_one(call: &mut Call<'_>, OfOne { name, order }: OfOne, activity: Activity) -> Outcome {
    let id = call.path("user_id");
    change(call, id, activity, &order, name)?;
    Ok(Object::new().field("user", call.view().user_by_id(id)))
}

fn of_many(call: &mut Call<'_>, input: OfMany, activity: Activity) -> Outcome {
    check_count("user_ids", input.user_ids.len(), MAX_USERS)?;
    let ids = input.user_ids.iter().map(String::as_str);
    require_users(call.world, ids, "user_ids")?;
    let mut result = Map::new();
    for id in input.user_ids {
        let outcome = match change(call, &id, activity, &input.order, None) {
            Ok(()) => json!({"status": "ok"}),
            Err(error) => json!({"status": "error", "error": error.message}),
        };
        result.insert(id, outcome);
    }
    let task_id = call.world.finish_task(result, call.now);
    Ok(Object::new().field("task_id", task_id))
}

/// Changes the state of a user. A change that would have no effect is refused.
fn change(
    call: &mut Call<'_>,
    id: &str,
    activity: Activity,
    order: &Order,
    name: Option<String>,
) -> Result<(), ApiError> {
    let now = call.now;
    let user = call.world.users.get_mut(id).filter(|user| user.deleted_at.is_none());
    let user = user.ok_or_else(|| ApiError::not_found(format!("user {id} doesn't exist")))?;
    let kind = match (activity, user.deactivated_at) {
        (Activity::Deactivated, Some(_)) => {
            return Err(ApiError::input(format!("user {id} is already deactivated")));
        }
        (Activity::Active, None) => {
            return Err(ApiError::input(format!("user {id} is not deactivated")));
        }
        (Activity::Deactivated, None) => "user.deactivated",
        (Activity::Active, Some(_)) => {
            user.name = name.or_else(|| user.name.take());
            "user.reactivated"
        }
    };
    let before = user.deactivated_at;
    user.deactivated_at = (activity == Activity::Deactivated).then_some(now);
    user.updated_at = now;
    let user = user.clone();
    match before {
        None => {
            if order.mark_messages_deleted == Some(true) {
                call.world.delete_messages_of(id, None, Deletion::Soft, now);
            }
            if order.mark_channels_deleted == Some(true) {
                delete_channels(call, id);
            }
        }
        Some(deactivated_at) => {
            // The user's messages may be in the channels.
            if order.restore_channels == Some(true) {
                restore_channels(call, id, deactivated_at);
            }
            if order.restore_messages == Some(true) {
                restore_messages(call, id, deactivated_at);
            }
        }
    }
    let created_by = order.created_by_id.as_deref();
    call.emit(|view| events::users::activity(view, kind, &user, created_by));
    Ok(())
}

/// Deletes the channels that a user has created, so that they can be restored.
fn delete_channels(call: &mut Call<'_>, id: &str) {
    let channels = call.world.channels.values();
    let own = channels.filter(|channel| channel.created_by == id && channel.deleted_at.is_none());
    let cids: Vec<String> = own.map(|channel| channel.cid.clone()).collect();
    for cid in cids {
        channels::delete_one(call, &cid, Removal::Untruncated);
    }
}

/// Restores the channels that were deleted with the deactivation.
fn restore_channels(call: &mut Call<'_>, id: &str, deactivated_at: Timestamp) {
    let channels =
        call.world.channels.values().filter(|channel| {
            channel.created_by == id && channel.deleted_at == Some(deactivated_at)
        });
    let cids: Vec<String> = channels.map(|channel| channel.cid.clone()).collect();
    for cid in cids {
        let Some(channel) = call.world.channels.get_mut(&cid) else {
            continue;
        };
        channel.deleted_at = None;
        let sealed = channel.sealed.take();
        call.world.unseal_messages(&cid, sealed.map(|sealed| *sealed).unwrap_or_default());
    }
}

/// Restores the messages that were deleted with the deactivation.
fn restore_messages(call: &mut Call<'_>, id: &str, deactivated_at: Timestamp) {
    let messages = call.world.messages.values_mut().filter(|message| message.user_id == id);
    for message in messages {
        message.deleted_at.take_if(|at| *at == deactivated_at);
    }
}

#[derive(Deserialize)]
pub(super) struct Restore {
    user_ids: Vec<String>,
}

/// Handles `RestoreUsers`: restores users who are not deleted permanently.
pub(super) fn restore(call: &mut Call<'_>, Restore { user_ids }: Restore) -> Outcome {
    check_count("user_ids", user_ids.len(), MAX_USERS)?;
    for id in &user_ids {
        let is_deleted = call.world.users.get(id).is_some_and(|user| user.deleted_at.is_some());
        if !is_deleted {
            return Err(ApiError::field("user_ids", format!("{id} is not a deleted user")));
        }
    }
    let now = call.now;
    for id in user_ids {
        if let Some(user) = call.world.users.get_mut(&id) {
            user.deleted_at = None;
            user.updated_at = now;
        }
    }
    Ok(Object::new())
}
