use super::{Error, ErrorCode, ErrorKind, TransportErrorKind};
use http::StatusCode;

impl Error {
    /// The server refused the request because too many came. It did not process it: wait for
    /// [`Error::retry_after`] and send it again, or ask Stream for a higher limit.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.kind == ErrorKind::RateLimited
    }

    /// What the request names does not exist (404 or code 16). Create it, or treat it as deleted.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND) || self.code() == Some(ErrorCode::NotFound)
    }

    /// Key or token were not accepted (401). Check key, secret and clock; for a user token, sign a
    /// new one. Repeating the call as it is does not help.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
            || matches!(
                self.code(),
                Some(
                    ErrorCode::AccessKey
                        | ErrorCode::Authentication
                        | ErrorCode::TokenExpired
                        | ErrorCode::TokenNotValidYet
                        | ErrorCode::TokenUsedBeforeIssued
                        | ErrorCode::TokenSignature
                )
            )
    }

    /// The permissions do not allow it (403). Change the role, the grants or the acting user.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN) || self.code() == Some(ErrorCode::NotAllowed)
    }

    /// The server did not accept the request's content (400), or it was refused before it was
    /// sent. Correct the request; [`ApiError::exception_fields`](super::ApiError::exception_fields)
    /// may name the fields.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.0.kind == ErrorKind::InvalidRequest || self.has_status(StatusCode::BAD_REQUEST)
    }

    /// The body of the request is too large (413). Send less at once.
    #[must_use]
    pub fn is_payload_too_large(&self) -> bool {
        self.has_status(StatusCode::PAYLOAD_TOO_LARGE)
            || self.code() == Some(ErrorCode::PayloadTooBig)
    }

    /// The channel is in slow mode and the user wrote too recently. Let them wait.
    #[must_use]
    pub fn is_cooldown(&self) -> bool {
        self.code() == Some(ErrorCode::Cooldown)
    }

    /// The server failed (5xx). Try again later; tell Stream the request id if it goes on.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.0.status.is_some_and(|status| status.is_server_error())
    }

    /// No complete answer came over the network. Look at the network; see
    /// [`Error::may_have_been_processed`] before repeating the call.
    #[must_use]
    pub fn is_transport(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Transport(_))
    }

    /// Time was over, of the call or of a step in the transport. Give more time, or look for what
    /// is slow; see [`Error::may_have_been_processed`] before repeating the call.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Deadline | ErrorKind::Transport(TransportErrorKind::Timeout)
        )
    }

    /// The answer was a success but could not be read. The call was carried out: do not repeat it
    /// blindly. [`Error::json_path`] and [`Error::raw_body`] say where this version of the SDK and
    /// the server disagree.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// The client is not set up right. The text says what to do.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        self.0.kind == ErrorKind::Configuration
    }

    /// Whether the server may have carried the call out although it failed here: an answer may have
    /// been lost. If so, look before repeating what must not happen twice.
    #[must_use]
    pub fn may_have_been_processed(&self) -> bool {
        if self.0.earlier_unclear {
            return true;
        }
        match self.0.kind {
            ErrorKind::Configuration | ErrorKind::InvalidRequest | ErrorKind::RateLimited => false,
            ErrorKind::Transport(_) => !self.0.before_send,
            ErrorKind::Deadline => self.0.attempts > 0,
            ErrorKind::Api => self.is_server_error(),
            ErrorKind::Decode | ErrorKind::ResponseTooLarge | ErrorKind::TaskFailed => true,
        }
    }

    fn has_status(&self, status: StatusCode) -> bool {
        self.0.status == Some(status)
    }
}
