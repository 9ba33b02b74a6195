//! Mutes of users.

use serde::Deserialize;

use super::Outcome;
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, check_count, require_users};
use crate::state::UserInput;

/// The maximum number of users in one request to mute.
const MAX_TARGETS: usize = 1000;

#[derive(Deserialize)]
pub(super) struct Mute {
    target_ids: Option<Vec<String>>,
    /// In minutes.
    timeout: Option<i64>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

impl Mute {
    /// Returns the muting user, the existing targets, and the missing ones.
    fn resolve(&self, call: &mut Call<'_>) -> Result<(String, Targets), ApiError> {
        let user_id = call.acting_user(self.user_id.as_deref(), self.user.as_ref(), "user")?;
        call.require_in_app("mute-user", false)?;
        let ids = self.target_ids.clone().unwrap_or_default();
        check_count("target_ids", ids.len(), MAX_TARGETS)?;
        if ids.is_empty() {
            return Err(ApiError::field("target_ids", "target_ids is a required field"));
        }
        if ids.contains(&user_id) {
            return Err(ApiError::field("target_ids", "users cannot mute themselves"));
        }
        let (existing, missing): (Vec<_>, Vec<_>) =
            ids.into_iter().partition(|id| call.world.living_user(id).is_some());
        if existing.is_empty() {
            require_users(call.world, missing.iter().map(String::as_str), "target_ids")?;
        }
        Ok((user_id, Targets { existing, missing }))
    }
}

struct Targets {
    existing: Vec<String>,
    missing: Vec<String>,
}

/// Handles `mute`. Muting again replaces the expiration.
pub(super) fn mute(call: &mut Call<'_>, input: Mute) -> Outcome {
    let (user_id, targets) = input.resolve(call)?;
    let now = call.now;
    let minutes = input.timeout.filter(|minutes| *minutes != 0);
    let expires = minutes.map(|minutes| now.plus_seconds(minutes.saturating_mul(60)));
    for target in &targets.existing {
        call.world.moderation.mutes.put(&user_id, target, expires, now);
    }
    call.emit(|view| events::moderation::muted(view, "user.muted", &user_id, &targets.existing));
    call.emit(|view| events::moderation::mutes_updated(view, &user_id));
    let view = call.view();
    let mutes: Vec<Object> = targets
        .existing
        .iter()
        .filter_map(|target| {
            let mute = view.world.moderation.mutes.get(&user_id, target, now)?;
            Some(view.user_mute(&user_id, target, mute))
        })
        .collect();
    let own_user = view.world.users.get(&user_id).map(|user| view.of(&user_id).own_user(user));
    // Clients of v1 read a single mute from a field of its own.
    let one = match mutes.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    };
    let response = Object::new();
    let response = match one {
        Some(one) => response.only_v1("mute", one),
        None => response,
    };
    Ok(response
        .field("mutes", Node::from(mutes))
        .optional("own_user", own_user)
        .non_empty("non_existing_users", &targets.missing))
}

/// Handles `unmute`; ignores users who are not muted.
pub(super) fn unmute(call: &mut Call<'_>, input: Mute) -> Outcome {
    let (user_id, targets) = input.resolve(call)?;
    let mut unmuted = targets.existing;
    unmuted.retain(|target| call.world.moderation.mutes.remove(&user_id, target));
    if !unmuted.is_empty() {
        call.emit(|view| events::moderation::muted(view, "user.unmuted", &user_id, &unmuted));
        call.emit(|view| events::moderation::mutes_updated(view, &user_id));
    }
    Ok(Object::new().non_empty("non_existing_users", &targets.missing))
}
