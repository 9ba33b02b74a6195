//! The check of who may change a user.

use crate::auth::Caller;
use crate::error::ApiError;
use crate::operations::Call;

/// Refuses changes of other users by users, and of their own privileged fields. Backends may change
/// everyone.
pub(super) fn may_change(call: &Call<'_>, id: &str, is_privileged: bool) -> Result<(), ApiError> {
    match call.caller {
        Caller::Server => Ok(()),
        Caller::User(own) if own == id && !is_privileged => Ok(()),
        Caller::User(own) => {
            Err(ApiError::not_allowed(format!("user {own} may not make this change to user {id}")))
        }
    }
}
