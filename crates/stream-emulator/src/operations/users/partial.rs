//! Changes single fields of users.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::MAX_USERS;
use super::check::may_change;
use super::upsert::store;
use crate::error::ApiError;
use crate::operations::{Call, Outcome, check_count, check_paths, decode};
use crate::state::{Timestamp, User, patch};

#[derive(Deserialize)]
pub(super) struct UpdatePartial {
    users: Vec<PartialUser>,
}

#[derive(Deserialize)]
struct PartialUser {
    id: String,
    set: Option<Map<String, Value>>,
    unset: Option<Vec<String>>,
}

/// Handles `UpdateUsersPartial`.
pub(super) fn update_partial(
    call: &mut Call<'_>,
    UpdatePartial { users }: UpdatePartial,
) -> Outcome {
    check_count("users", users.len(), MAX_USERS)?;
    // A request may name a user twice; the second change applies to the result of the first.
    let mut changed: BTreeMap<String, User> = BTreeMap::new();
    for partial in users {
        let set = partial.set.unwrap_or_default();
        let unset = partial.unset.unwrap_or_default();
        let names = || set.keys().chain(&unset).map(String::as_str);
        check_paths(names(), RESERVED)?;
        may_change(call, &partial.id, names().any(|name| PRIVILEGED.contains(&name)))?;
        let current = changed.get(&partial.id).or_else(|| call.world.living_user(&partial.id));
        let Some(user) = current else {
            return Err(ApiError::not_found(format!("user {} doesn't exist", partial.id)));
        };
        let user = patched(user.clone(), set, &unset, call.now)?;
        changed.insert(partial.id, user);
    }
    store(call, changed.into_values().collect())
}

/// The fields that only the server sets.
const RESERVED: &[&str] = &[
    "id",
    "created_at",
    "updated_at",
    "deleted_at",
    "deactivated_at",
    "online",
    "last_active",
    "banned",
];

/// The fields that users may not change themselves.
const PRIVILEGED: &[&str] = &["role", "teams", "teams_role", "revoke_tokens_issued_before"];

/// The fields of a user that are not custom data.
const OWN: &[&str] =
    &["name", "image", "role", "language", "invisible", "teams", "teams_role", "privacy_settings"];

fn patched(
    mut user: User,
    set: Map<String, Value>,
    unset: &[String],
    now: Timestamp,
) -> Result<User, ApiError> {
    let mut own = Map::from_iter([("id".to_owned(), Value::from(user.id.as_str()))]);
    for (name, value) in set {
        let (head, rest) = name.split_once('.').unwrap_or((name.as_str(), ""));
        if head == "privacy_settings" {
            let current = own
                .remove(head)
                .or_else(|| user.privacy_settings.clone())
                .unwrap_or_else(|| Map::new().into());
            let change =
                rest.rsplit('.').filter(|part| !part.is_empty()).fold(value, |inner, part| {
                    Value::Object(Map::from_iter([(part.to_owned(), inner)]))
                });
            own.insert(head.to_owned(), patch::merged(current, change));
        } else if name == "revoke_tokens_issued_before" {
            user.revoke_tokens_issued_before = decode(value)?;
        } else if OWN.contains(&name.as_str()) {
            own.insert(name, value);
        } else {
            patch::set(&mut user.custom, &name, value);
        }
    }
    user.merge(decode(own.into())?, now);
    for name in unset {
        match name.as_str() {
            "name" => user.name = None,
            "image" => user.image = None,
            "role" => "user".clone_into(&mut user.role),
            "language" => user.language.clear(),
            "invisible" => user.invisible = false,
            "teams" => user.teams.clear(),
            "teams_role" => user.teams_role = None,
            "privacy_settings" => user.privacy_settings = None,
            "revoke_tokens_issued_before" => user.revoke_tokens_issued_before = None,
            name => patch::unset(&mut user.custom, name),
        }
    }
    Ok(user)
}
