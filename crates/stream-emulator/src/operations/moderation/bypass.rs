//! Users whose messages moderation does not check.

use serde::Deserialize;

use super::Outcome;
use crate::document::Object;
use crate::operations::{Call, require_users};

#[derive(Deserialize)]
pub(super) struct Bypass {
    enabled: bool,
    target_user_id: String,
}

/// Handles `bypass`.
pub(super) fn bypass(call: &mut Call<'_>, input: Bypass) -> Outcome {
    require_users(call.world, [input.target_user_id.as_str()], "target_user_id")?;
    set(call, &input.target_user_id, input.enabled);
    Ok(Object::new())
}

pub(super) fn set(call: &mut Call<'_>, user_id: &str, is_enabled: bool) {
    if let Some(user) = call.world.users.get_mut(user_id) {
        user.bypass_moderation = is_enabled;
    }
}
