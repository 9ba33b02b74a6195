//! Creates and replaces users.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::MAX_USERS;
use super::check::may_change;
use super::names::check_names;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{
    Call, MAX_CUSTOM, Outcome, check_count, check_custom, check_user_id, roles,
};
use crate::state::{User, UserInput, World};

/// The maximum number of teams of a user.
const MAX_TEAMS: usize = 250;

#[derive(Deserialize)]
pub(super) struct Upsert {
    users: BTreeMap<String, UserInput>,
}

/// Handles `UpdateUsers`.
pub(super) fn upsert(call: &mut Call<'_>, Upsert { users }: Upsert) -> Outcome {
    check_count("users", users.len(), MAX_USERS)?;
    for user in users.values() {
        check_user_id(&user.id)?;
        let is_privileged =
            user.role.is_some() || user.teams.is_some() || user.teams_role.is_some();
        may_change(call, &user.id, is_privileged)?;
        not_deleted(call.world, &user.id)?;
    }
    let mut changed: BTreeMap<String, User> = BTreeMap::new();
    for profile in users.into_values() {
        let mut user = match call.world.users.get(&profile.id) {
            Some(user) => user.clone(),
            None => User::new(&profile.id, call.now),
        };
        user.replace(profile, call.now);
        changed.insert(user.id.clone(), user);
    }
    store(call, changed.into_values().collect())
}

pub(super) fn not_deleted(world: &World, id: &str) -> Result<(), ApiError> {
    match world.users.get(id) {
        Some(user) if user.deleted_at.is_some() => {
            Err(ApiError::field("users", format!("user {id} was deleted; restore it first")))
        }
        _ => Ok(()),
    }
}

/// Stores changed users, all or none.
pub(super) fn store(call: &mut Call<'_>, changed: Vec<User>) -> Outcome {
    check_names(call.world, &changed)?;
    if let Some(user) = changed.iter().find(|user| !roles::exists(call.world, &user.role)) {
        return Err(ApiError::field("role", format!("role \"{}\" does not exist", user.role)));
    }
    for user in &changed {
        check_custom("user", Some(&user.custom), MAX_CUSTOM)?;
        check_count("teams", user.teams.len(), MAX_TEAMS)?;
    }
    let mut response = Object::new();
    for user in changed {
        let id = user.id.clone();
        let before = call.world.users.insert(id.clone(), user.clone());
        response.set(id, call.view().full_user(&user));
        let Some(before) = before else {
            continue;
        };
        if call.world.is_online(&before) != call.world.is_online(&user) {
            call.emit(|view| events::presence::became(view, &user));
        }
        call.emit(|view| events::users::updated(view, &user));
    }
    Ok(Object::new().field("users", response).field("membership_deletion_task_id", ""))
}
