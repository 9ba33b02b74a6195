//! The user data that a connecting client sends.

use serde_json::{Map, Value};

use super::names::check_names;
use super::upsert::not_deleted;
use crate::auth::{ANONYMOUS_PREFIX, Caller};
use crate::error::{ApiError, ErrorCode};
use crate::events;
use crate::operations::{Call, MAX_CUSTOM, check_custom, check_user_id, decode, push};
use crate::state::{User, UserInput};

/// The fields that only the server sets.
const RESERVED: &[&str] = &["created_at", "updated_at", "deleted_at", "deactivated_at"];

/// Creates or updates the connecting user: new fields are merged, and others are kept. Role and
/// teams cannot be changed this way.
pub(crate) fn connect(
    call: &mut Call<'_>,
    details: Map<String, Value>,
    device: Option<Value>,
) -> Result<String, ApiError> {
    let Caller::User(id) = call.caller.clone() else {
        return Err(ApiError::new(
            ErrorCode::Authentication,
            "a connection takes the token of a user, not a server-side one",
        ));
    };
    let named = details.get("id").and_then(Value::as_str).unwrap_or_default();
    let is_anonymous = id.starts_with(ANONYMOUS_PREFIX);
    if named.is_empty() {
        return Err(ApiError::field("user_details", "must have the id of the user"));
    }
    if named != id && !is_anonymous {
        return Err(ApiError::new(
            ErrorCode::Authentication,
            format!("user_details names {named}, and the token is of {id}"),
        ));
    }
    if let Some(name) = details.keys().find(|name| RESERVED.contains(&name.as_str())) {
        return Err(ApiError::field(
            "user_details",
            format!("user_details.{name} is a reserved field"),
        ));
    }
    check_user_id(&id)?;
    not_deleted(call.world, &id)?;
    let mut input: UserInput = decode(details.into())?;
    (input.role, input.teams, input.teams_role) = (None, None, None);

    let before = call.world.users.get(&id).cloned();
    if before.as_ref().is_some_and(|user| user.deactivated_at.is_some()) {
        return Err(ApiError::new(
            ErrorCode::Authentication,
            format!("User with id {id} was deactivated"),
        ));
    }
    let mut user = before.clone().unwrap_or_else(|| User::new(&id, call.now));
    if let Some(custom) = input.custom.take() {
        let mut merged = user.custom.clone();
        merged.extend(custom);
        check_custom("user", Some(&merged), MAX_CUSTOM)?;
        input.custom = Some(merged);
    }
    let changed_at = user.updated_at;
    user.merge(input, call.now);
    if is_anonymous {
        "anonymous".clone_into(&mut user.role);
    }
    let is_unchanged = before.as_ref().is_some_and(|before| before.has_same_profile(&user));
    if is_unchanged {
        user.updated_at = changed_at;
    }
    check_names(call.world, std::slice::from_ref(&user))?;
    if let Some(device) = device.filter(|device| !device.is_null()) {
        push::add_device_of(call, &id, decode(device)?)?;
    }
    user.last_active = Some(call.now);
    call.world.users.insert(id.clone(), user.clone());
    if before.is_some() && !is_unchanged {
        call.emit(|view| events::users::updated(view, &user));
    }
    Ok(id)
}
