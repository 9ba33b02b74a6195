//! Users who block each other.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::{Call, Outcome, require_users};
use crate::state::UserInput;
use crate::view::View;

#[derive(Deserialize)]
pub(super) struct Block {
    blocked_user_id: String,
    user: Option<UserInput>,
    user_id: Option<String>,
}

impl Block {
    /// Returns the ID of the user who blocks or unblocks.
    fn resolve(&self, call: &mut Call<'_>) -> Result<String, ApiError> {
        let user_id = call.acting_user(self.user_id.as_deref(), self.user.as_ref(), "user")?;
        require_users(call.world, [self.blocked_user_id.as_str()], "blocked_user_id")?;
        if user_id == self.blocked_user_id {
            return Err(ApiError::field("blocked_user_id", "users cannot block themselves"));
        }
        Ok(user_id)
    }
}

/// Handles `BlockUsers`; blocking again has no effect.
pub(super) fn block(call: &mut Call<'_>, input: Block) -> Outcome {
    let user_id = input.resolve(call)?;
    let now = call.now;
    let Some(user) = call.world.users.get_mut(&user_id) else {
        return Err(ApiError::not_found(format!("user {user_id} doesn't exist")));
    };
    let created_at = *user.blocked.entry(input.blocked_user_id.clone()).or_insert(now);
    Ok(Object::new()
        .field("blocked_by_user_id", user_id)
        .field("blocked_user_id", input.blocked_user_id)
        .field("created_at", created_at))
}

/// Handles `UnblockUsers`.
pub(super) fn unblock(call: &mut Call<'_>, input: Block) -> Outcome {
    let user_id = input.resolve(call)?;
    if let Some(user) = call.world.users.get_mut(&user_id) {
        user.blocked.remove(&input.blocked_user_id);
    }
    Ok(Object::new())
}

/// Handles `GetBlockedUsers`, sorted by the time of blocking, newest first.
pub(super) fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let user_id = call.acting_user(call.request.query.get("user_id"), None, "user")?;
    let Some(user) = call.world.users.get(&user_id) else {
        return Err(ApiError::not_found(format!("user {user_id} doesn't exist")));
    };
    let mut blocked: Vec<_> = user.blocked.iter().collect();
    blocked.sort_by_key(|(_, at)| std::cmp::Reverse(**at));
    let view: View<'_> = call.view();
    let blocks: Node = blocked
        .into_iter()
        .map(|(blocked_id, at)| {
            Object::new()
                .field("user_id", user_id.as_str())
                .field("user", view.user(user))
                .field("blocked_user_id", blocked_id)
                .field("blocked_user", view.user_by_id(blocked_id))
                .field("created_at", *at)
        })
        .collect();
    Ok(Object::new().field("blocks", blocks))
}
