//! What users may be called, and who may change whom.

use crate::{auth::Actor, handlers::Call, server::ApiError};

/// Refuses ids that the API does not take.
pub(in crate::handlers) fn check_id(id: &str) -> Result<(), ApiError> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '_' | '-' | '!');
    if id.is_empty() {
        return Err(ApiError::field("id", "a user must have an id"));
    }
    if id.len() > 255 {
        return Err(ApiError::field("id", "is longer than 255 characters"));
    }
    if !id.chars().all(is_allowed) {
        return Err(ApiError::field(
            "id",
            format!("{id:?} may only have a-z, A-Z, 0-9, @, _, - and !"),
        ));
    }
    Ok(())
}

/// Backends change everyone, users themselves, as far as they are trusted with it.
pub(super) fn may_change(call: &Call<'_>, id: &str, is_privileged: bool) -> Result<(), ApiError> {
    match call.actor {
        Actor::Server => Ok(()),
        Actor::User(own) if own == id && !is_privileged => Ok(()),
        Actor::User(own) => {
            Err(ApiError::not_allowed(format!("user {own} may not make this change to user {id}")))
        }
    }
}
