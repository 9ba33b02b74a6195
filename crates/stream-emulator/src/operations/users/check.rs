//! Who may change whom.

use crate::auth::Caller;
use crate::error::ApiError;
use crate::operations::Call;

/// Backends change everyone, users themselves, as far as they are trusted with it.
pub(super) fn may_change(call: &Call<'_>, id: &str, is_privileged: bool) -> Result<(), ApiError> {
    match call.caller {
        Caller::Server => Ok(()),
        Caller::User(own) if own == id && !is_privileged => Ok(()),
        Caller::User(own) => {
            Err(ApiError::not_allowed(format!("user {own} may not make this change to user {id}")))
        }
    }
}
