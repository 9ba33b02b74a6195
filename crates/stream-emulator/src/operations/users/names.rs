//! Unique names.

use std::collections::BTreeMap;

use crate::error::{ApiError, ErrorCode};
use crate::state::{UniqueNames, User, World};

/// Refuses duplicate names, if the app requires unique ones.
pub(super) fn check_names(world: &World, changed: &[User]) -> Result<(), ApiError> {
    let scope = world.app.unique_names();
    if scope == UniqueNames::No {
        return Ok(());
    }
    let others = world
        .users
        .values()
        .filter(|user| user.deleted_at.is_none())
        .filter(|user| !changed.iter().any(|changed| changed.id == user.id))
        .chain(changed);
    let mut taken: BTreeMap<&str, Vec<&User>> = BTreeMap::new();
    for user in others {
        let Some(name) = user.name.as_deref().filter(|name| !name.is_empty()) else {
            continue;
        };
        let same = taken.entry(name).or_default();
        if same.iter().any(|other| collide(other, user, scope)) {
            return Err(ApiError::new(
                ErrorCode::DuplicateName,
                format!("username '{name}' already exists"),
            ));
        }
        same.push(user);
    }
    Ok(())
}

fn collide(one: &User, other: &User, scope: UniqueNames) -> bool {
    match scope {
        UniqueNames::No => false,
        UniqueNames::App => true,
        UniqueNames::Team => {
            let is_teamless = one.teams.is_empty() && other.teams.is_empty();
            is_teamless || one.teams.iter().any(|team| other.teams.contains(team))
        }
    }
}
