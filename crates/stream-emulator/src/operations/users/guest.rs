//! Guests: users who have not signed up.

use serde::Deserialize;

use crate::auth::user_token;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, Outcome, check_user_id};
use crate::state::{User, UserInput};

#[derive(Deserialize)]
pub(super) struct Create {
    user: UserInput,
}

/// Handles `CreateGuest`: creates a user with the role `guest`, whose ID contains the requested
/// one.
pub(super) fn create(call: &mut Call<'_>, Create { user: input }: Create) -> Outcome {
    // Guests belong to no team, so apps with several tenants do not have them.
    let is_off = |setting: &str| call.world.app.flag(setting);
    if is_off("guest_user_creation_disabled") || is_off("multi_tenant_enabled") {
        return Err(ApiError::not_allowed("guest access is disabled for this application"));
    }
    check_user_id(&input.id)?;
    let id = format!("guest-{}-{}", uuid::Uuid::new_v4(), input.id);
    check_user_id(&id)?;
    let mut user = User::new(&id, call.now);
    let profile = UserInput { role: None, teams: None, teams_role: None, ..input };
    user.merge(profile, call.now);
    "guest".clone_into(&mut user.role);
    call.world.users.insert(id.clone(), user.clone());
    call.emit(|view| events::users::updated(view, &user));
    let access_token = user_token(&call.request.keys, &id, call.now);
    Ok(Object::new().field("user", call.view().user(&user)).field("access_token", access_token))
}
