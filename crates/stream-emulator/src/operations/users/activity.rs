//! Deactivates, reactivates and restores users.

use serde::Deserialize;
use serde_json::{Map, json};

use super::MAX_USERS;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, Outcome, check_count, require_users};
use crate::state::User;

/// The change to the state of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    Deactivated,
    Active,
}

#[derive(Deserialize)]
pub(super) struct OfOne {
    name: Option<String>,
    created_by_id: Option<String>,
    mark_messages_deleted: Option<bool>,
    restore_messages: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct OfMany {
    user_ids: Vec<String>,
    created_by_id: Option<String>,
    mark_messages_deleted: Option<bool>,
    restore_messages: Option<bool>,
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

fn of_one(call: &mut Call<'_>, order: OfOne, activity: Activity) -> Outcome {
    let id = call.path("user_id");
    check(call, id, activity)?;
    if activity == Activity::Active && order.restore_messages == Some(true) {
        restore_messages(call, id);
    }
    change(call, id, activity, order.created_by_id.as_deref());
    if activity == Activity::Deactivated && order.mark_messages_deleted == Some(true) {
        super::delete::delete_messages(call, id, false);
    }
    if let (Activity::Active, Some(name)) = (activity, order.name)
        && let Some(user) = call.world.users.get_mut(id)
    {
        user.name = Some(name);
    }
    Ok(Object::new().field("user", call.view().user_by_id(id)))
}

fn of_many(call: &mut Call<'_>, order: OfMany, activity: Activity) -> Outcome {
    check_count("user_ids", order.user_ids.len(), MAX_USERS)?;
    let ids = order.user_ids.iter().map(String::as_str);
    require_users(call.world, ids, "user_ids")?;
    let mut result = Map::new();
    for id in order.user_ids {
        let outcome = match check(call, &id, activity) {
            Ok(_) => json!({"status": "ok"}),
            Err(_) => json!({"status": "error", "error": "nothing to change"}),
        };
        if activity == Activity::Active && order.restore_messages == Some(true) {
            restore_messages(call, &id);
        }
        change(call, &id, activity, order.created_by_id.as_deref());
        if activity == Activity::Deactivated && order.mark_messages_deleted == Some(true) {
            super::delete::delete_messages(call, &id, false);
        }
        result.insert(id, outcome);
    }
    let task_id = call.world.finish_task(result, call.now);
    Ok(Object::new().field("task_id", task_id))
}

/// Refuses a change that would have no effect.
fn check<'a>(call: &'a Call<'_>, id: &str, activity: Activity) -> Result<&'a User, ApiError> {
    let user = call
        .world
        .living_user(id)
        .ok_or_else(|| ApiError::not_found(format!("user {id} doesn't exist")))?;
    match (activity, user.deactivated_at) {
        (Activity::Deactivated, Some(_)) => {
            Err(ApiError::input(format!("user {id} is already deactivated")))
        }
        (Activity::Active, None) => Err(ApiError::input(format!("user {id} is not deactivated"))),
        _ => Ok(user),
    }
}

/// Restores the messages that were deleted with the deactivation.
fn restore_messages(call: &mut Call<'_>, id: &str) {
    let deactivated_at = call.world.users.get(id).and_then(|user| user.deactivated_at);
    let messages = call.world.messages.values_mut();
    for message in messages.filter(|message| message.user_id == id) {
        if message.deleted_at.is_some() && message.deleted_at == deactivated_at {
            message.deleted_at = None;
        }
    }
}

fn change(call: &mut Call<'_>, id: &str, activity: Activity, created_by: Option<&str>) {
    let now = call.now;
    let Some(user) = call.world.users.get_mut(id) else {
        return;
    };
    let (deactivated_at, kind) = match activity {
        Activity::Deactivated => (Some(now), "user.deactivated"),
        Activity::Active => (None, "user.reactivated"),
    };
    if user.deactivated_at.is_some() == deactivated_at.is_some() {
        return;
    }
    user.deactivated_at = deactivated_at;
    user.updated_at = now;
    let user = user.clone();
    call.emit(|view| events::users::activity(view, kind, &user, created_by));
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
