//! Deactivating users, and bringing them back.

use super::MOST_USERS;
use crate::{
    handlers::{Answer, Call, references::check_count, require_users},
    render::Object,
    server::ApiError,
    state::User,
    webhooks::events,
};
use serde::Deserialize;
use serde_json::{Map, json};

/// What users are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    Deactivated,
    Active,
}

#[derive(Deserialize)]
struct OfOne {
    name: Option<String>,
    created_by_id: Option<String>,
    mark_messages_deleted: Option<bool>,
}

#[derive(Deserialize)]
struct OfMany {
    user_ids: Vec<String>,
    created_by_id: Option<String>,
    mark_messages_deleted: Option<bool>,
}

/// `DeactivateUser`
pub(in crate::handlers) fn deactivate(call: &mut Call<'_>) -> Answer {
    of_one(call, Activity::Deactivated)
}

/// `ReactivateUser`
pub(in crate::handlers) fn reactivate(call: &mut Call<'_>) -> Answer {
    of_one(call, Activity::Active)
}

/// `DeactivateUsers`
pub(in crate::handlers) fn deactivate_many(call: &mut Call<'_>) -> Answer {
    of_many(call, Activity::Deactivated)
}

/// `ReactivateUsers`
pub(in crate::handlers) fn reactivate_many(call: &mut Call<'_>) -> Answer {
    of_many(call, Activity::Active)
}

fn of_one(call: &mut Call<'_>, activity: Activity) -> Answer {
    call.server_only()?;
    let order: OfOne = call.input.body()?;
    let id = call.input.path.get("user_id");
    check(call, id, activity)?;
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

fn of_many(call: &mut Call<'_>, activity: Activity) -> Answer {
    call.server_only()?;
    let order: OfMany = call.input.body()?;
    check_count("user_ids", order.user_ids.len(), MOST_USERS)?;
    let ids = order.user_ids.iter().map(String::as_str);
    require_users(call.world, ids, "user_ids")?;
    let mut result = Map::new();
    for id in order.user_ids {
        let outcome = match check(call, &id, activity) {
            Ok(_) => json!({"status": "ok"}),
            Err(_) => json!({"status": "error", "error": "nothing to change"}),
        };
        change(call, &id, activity, order.created_by_id.as_deref());
        if activity == Activity::Deactivated && order.mark_messages_deleted == Some(true) {
            super::delete::delete_messages(call, &id, false);
        }
        result.insert(id, outcome);
    }
    let task_id = call.world.finish_task(result);
    Ok(Object::new().field("task_id", task_id))
}

/// Refuses a change to what already is.
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
    call.emit(|view, now| events::user_activity(view, now, kind, &user, created_by));
}

#[derive(Deserialize)]
struct Restore {
    user_ids: Vec<String>,
}

/// `RestoreUsers`: deleted users come back, if they are not gone for good.
pub(in crate::handlers) fn restore(call: &mut Call<'_>) -> Answer {
    call.server_only()?;
    let Restore { user_ids } = call.input.body()?;
    check_count("user_ids", user_ids.len(), MOST_USERS)?;
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
