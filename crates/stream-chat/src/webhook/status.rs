//! The response status for a refused webhook.

use ::http::StatusCode;

use stream_auth::webhook::WebhookError;
use stream_http::Error;

/// Returns the response status for a refused webhook: 401 if it is not signed or its signature does
/// not match, 413 if it is too large, 400 for anything else.
///
/// ```
/// use stream_chat::Error;
/// use stream_chat::webhook::{WebhookError, status};
///
/// assert_eq!(status(&Error::from(WebhookError::SignatureMismatch)), 401);
/// assert_eq!(status(&Error::from(WebhookError::TooLarge { limit: 1024 })).as_u16(), 413);
/// ```
#[must_use]
pub fn status(error: &Error) -> StatusCode {
    error.downcast_ref().map_or(StatusCode::BAD_REQUEST, status_of)
}

pub(super) fn status_of(error: &WebhookError) -> StatusCode {
    match error {
        error if error.is_authentication_failure() => StatusCode::UNAUTHORIZED,
        WebhookError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    }
}
