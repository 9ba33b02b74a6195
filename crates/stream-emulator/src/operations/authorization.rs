//! What users may do: their roles, and what these are granted.

use super::Call;
use crate::{auth::Caller, error::ApiError, state::Channel};

impl Call<'_> {
    /// Refuses a user who has neither a permission in a channel nor, owning what it is about, the
    /// one of owners. Backends may do everything.
    pub(crate) fn require_in(
        &self,
        permission: &str,
        channel: &Channel,
        is_owner: bool,
    ) -> Result<(), ApiError> {
        let Caller::User(id) = self.caller else {
            return Ok(());
        };
        let is_granted = self.world.is_granted_in(channel, id, permission)
            || is_owner && self.world.is_granted_in(channel, id, &format!("{permission}-owner"));
        match is_granted {
            true => Ok(()),
            false => {
                let roles = self.world.roles_in(channel, id);
                Err(refusal(id, &roles, permission, &channel.kind))
            }
        }
    }

    /// As [`Self::require_in`], for the app as a whole.
    pub(crate) fn require_in_app(&self, permission: &str, is_owner: bool) -> Result<(), ApiError> {
        let Caller::User(id) = self.caller else {
            return Ok(());
        };
        let is_granted = self.world.is_granted_in_app(id, permission)
            || is_owner && self.world.is_granted_in_app(id, &format!("{permission}-owner"));
        match is_granted {
            true => Ok(()),
            false => Err(refusal(id, &[self.world.role_of(id)], permission, ".app")),
        }
    }
}

fn refusal(id: &str, roles: &[&str], permission: &str, scope: &str) -> ApiError {
    ApiError::not_allowed(format!(
        "User '{id}' with roles [{}] is not allowed to perform action {} in scope '{scope}'",
        roles.join(", "),
        action(permission)
    ))
}

/// The action of a permission: `UpdateChannel` for `update-channel`.
pub(super) fn action(permission: &str) -> String {
    let parts = permission.trim_end_matches("-owner").split('-').map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    parts.collect()
}
