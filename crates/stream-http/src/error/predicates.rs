//! The predicates of an error.

use http::StatusCode;

use super::{Error, ErrorCode, ErrorKind, TransportErrorKind};

/// The texts of the server if an object already exists.
const ALREADY_EXISTS: [&str; 2] = ["already exists", "already has reminder created"];

/// Returns whether the request may have been processed despite the status: the server failed (5xx)
/// or timed out (408), a proxy saw the client disconnect (499), or the response is not from the API
/// (a redirect, or a status that HTTP does not define).
fn is_unclear(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 499) || !(400..500).contains(&status.as_u16())
}

impl Error {
    /// Returns whether the request exceeded the rate limit. The server did not process it:
    /// wait for [`Error::retry_after`] and send it again, or ask Stream for a higher limit.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.kind == ErrorKind::RateLimited
    }

    /// Returns whether an object that the request names does not exist (404 or code 16). Create it,
    /// or treat it as deleted.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND) || self.code() == Some(ErrorCode::NotFound)
    }

    /// Returns whether the key or the token was not accepted (401). Check key, secret and clock;
    /// for a user token, sign a new one. Repeating the call unchanged does not help.
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

    /// Returns whether the permissions do not allow the call (403). Change the role, the grants or
    /// the acting user.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN) || self.code() == Some(ErrorCode::NotAllowed)
    }

    /// Returns whether the server did not accept the request's content (400), or it was refused
    /// before it was sent. Correct the request;
    /// [`ApiError::exception_fields`](super::ApiError::exception_fields) may name the fields.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.0.kind == ErrorKind::InvalidRequest || self.has_status(StatusCode::BAD_REQUEST)
    }

    /// Returns whether the object that the request creates already exists: the ID of a message, the
    /// name of a role, a command or a channel type, a reminder, or the name of a user. A creation
    /// that was repeated after its response was lost fails like this, and has then had its effect
    /// ([`Error::may_have_been_processed`]).
    ///
    /// The API has a code only for user names ([`ErrorCode::DuplicateUsername`]). Otherwise, status
    /// 409 or the server's text decides, as in Stream's own clients.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        if self.has_status(StatusCode::CONFLICT)
            || self.code() == Some(ErrorCode::DuplicateUsername)
        {
            return true;
        }
        let refused = self.has_status(StatusCode::BAD_REQUEST);
        let text = self.0.message.to_ascii_lowercase();
        refused && ALREADY_EXISTS.iter().any(|phrase| text.contains(phrase))
    }

    /// Returns whether the body of the request is too large (413). Send less in one request.
    #[must_use]
    pub fn is_payload_too_large(&self) -> bool {
        self.has_status(StatusCode::PAYLOAD_TOO_LARGE)
            || self.code() == Some(ErrorCode::PayloadTooBig)
    }

    /// Returns whether the channel is in slow mode and the user wrote too recently. Let them wait.
    #[must_use]
    pub fn is_cooldown(&self) -> bool {
        self.code() == Some(ErrorCode::Cooldown)
    }

    /// Returns whether the server failed (5xx). Try again later; if it persists, report the request
    /// ID to Stream.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.0.status.is_some_and(|status| status.is_server_error())
    }

    /// Returns whether no complete response arrived over the network. Check the network; see
    /// [`Error::may_have_been_processed`] before repeating the call.
    #[must_use]
    pub fn is_transport(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Transport(_))
    }

    /// Returns whether the call, or a step in the transport, timed out. Increase the timeout, or
    /// find out what is slow; see [`Error::may_have_been_processed`] before repeating the call.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Deadline | ErrorKind::Transport(TransportErrorKind::Timeout)
        )
    }

    /// Returns whether the response was a success but could not be decoded. The server processed
    /// the call: do not repeat it blindly. [`Error::json_path`] and [`Error::raw_body`] show where
    /// this version of the SDK and the server disagree.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// Returns whether the server refused a message: in a response that was a success, which
    /// `accepted` of the response finds out, or because the text is too long or did not pass
    /// moderation. Tell its author; sending it again does not help. For the first,
    /// [`Error::downcast_ref`] returns a `RefusedMessage` with the reason.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.0.kind == ErrorKind::Refused
            || matches!(self.code(), Some(ErrorCode::MessageTooLong | ErrorCode::ModerationFailed))
    }

    /// Returns whether the settings of the client are not valid. The text says what to do.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        self.0.kind == ErrorKind::Configuration
    }

    /// Returns whether a received token or webhook is not authentic, or is not of the expected
    /// form: refuse it. [`Error::downcast_ref`] returns the `VerifyError` or `WebhookError`.
    #[must_use]
    pub fn is_unverified(&self) -> bool {
        self.0.kind == ErrorKind::Unverified
    }

    /// Returns whether the same call may succeed later: the rate limit was exceeded, the network or
    /// the server failed, or it took too long. Wait for [`Error::retry_after`], or longer after each
    /// attempt, and repeat it if it may happen twice or [`Error::may_have_been_processed`] is false.
    /// Anything else fails again until something is changed.
    ///
    /// The client has already retried what it may ([`RetryPolicy`](crate::RetryPolicy)); ask this
    /// for jobs that are tried again later, such as those of a queue.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let is_temporary = match self.0.kind {
            ErrorKind::RateLimited
            | ErrorKind::Transport(_)
            | ErrorKind::Deadline
            | ErrorKind::Store => true,
            ErrorKind::Api => {
                self.is_server_error() || self.has_status(StatusCode::REQUEST_TIMEOUT)
            }
            _ => false,
        };
        is_temporary && !self.is_unrecoverable()
    }

    /// Returns whether the server may have processed the call although it failed here: its response
    /// may have been lost. If so, check before repeating what must not happen twice.
    #[must_use]
    pub fn may_have_been_processed(&self) -> bool {
        if self.0.earlier_unclear {
            return true;
        }
        match self.0.kind {
            ErrorKind::Configuration
            | ErrorKind::InvalidRequest
            | ErrorKind::RateLimited
            | ErrorKind::Refused
            | ErrorKind::Store
            | ErrorKind::Unverified => false,
            ErrorKind::Transport(_) => !self.0.before_send,
            // Without an attempt, it was custom data that could not be decoded.
            ErrorKind::Decode => self.0.attempts > 0,
            ErrorKind::Deadline => {
                self.0.attempts > 0 && !self.0.before_send && self.0.status.is_none_or(is_unclear)
            }
            ErrorKind::Api => self.0.status.is_none_or(is_unclear),
            ErrorKind::ResponseTooLarge | ErrorKind::TaskFailed | ErrorKind::TaskTimeout => true,
        }
    }

    /// Returns whether the server refused the token because of its timestamps.
    pub(crate) fn is_about_token_times(&self) -> bool {
        matches!(
            self.code(),
            Some(
                ErrorCode::TokenExpired
                    | ErrorCode::TokenNotValidYet
                    | ErrorCode::TokenUsedBeforeIssued
            )
        )
    }

    fn has_status(&self, status: StatusCode) -> bool {
        self.0.status == Some(status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ApiError;
    use stream_models::messages::SendMessageResponse;

    fn failed(status: u16, body: &str) -> Error {
        let status = StatusCode::from_u16(status).unwrap();
        Error::status_error(status, ApiError::parse(body.as_bytes()))
    }

    #[test]
    fn statuses_determine_whether_a_request_took_effect() {
        for (status, unclear) in [
            (301, true),
            (307, true),
            (400, false),
            (401, false),
            (403, false),
            (404, false),
            (408, true),
            (409, false),
            (413, false),
            (429, false),
            (499, true),
            (500, true),
            (502, true),
            (599, true),
            (600, true),
            (999, true),
        ] {
            assert_eq!(failed(status, "").may_have_been_processed(), unclear, "{status}");
        }
    }

    #[test]
    fn what_may_succeed_later_is_transient() {
        for (status, body, transient) in [
            (400, "", false),
            (404, "", false),
            (408, "", true),
            (429, "", true),
            (429, r#"{"code":9,"message":"never","unrecoverable":true}"#, false),
            (500, "", true),
            (502, "<html>", true),
        ] {
            assert_eq!(failed(status, body).is_transient(), transient, "{status} {body}");
        }
        assert!(Error::deadline(std::time::Duration::ZERO).is_transient());
        assert!(Error::store("away").is_transient());
        assert!(!Error::decode("odd").is_transient());
        assert!(!Error::task_timeout("it still runs").is_transient());
    }

    #[test]
    fn errors_about_existing_objects_are_recognized() {
        for (status, body) in [
            (
                400,
                r#"{"code":4,"message":"SendMessage failed with error: \"a message with ID x already exists\""}"#,
            ),
            (
                400,
                r#"{"code":4,"message":"user already has reminder created for this message_id"}"#,
            ),
            (400, r#"{"code":6,"message":"taken"}"#),
            (409, ""),
        ] {
            assert!(failed(status, body).is_already_exists(), "{status} {body}");
        }
        for (status, body) in [
            (400, r#"{"code":4,"message":"text is a required field"}"#),
            (404, r#"{"code":16,"message":"it no longer exists"}"#),
            (500, r#"{"code":-1,"message":"a message with ID x already exists"}"#),
        ] {
            assert!(!failed(status, body).is_already_exists(), "{status} {body}");
        }
    }

    #[test]
    fn messages_are_refused_for_what_they_say() {
        for code in [20, 73] {
            let body = format!("{{\"code\":{code},\"message\":\"no\"}}");
            assert!(failed(400, &body).is_refused(), "{code}");
        }
        assert!(!failed(400, r#"{"code":4,"message":"no"}"#).is_refused());
        let sent = r#"{"message":{"type":"error","text":"no"}}"#;
        let sent: SendMessageResponse = serde_json::from_str(sent).unwrap();
        assert!(Error::from(sent.accepted().unwrap_err()).is_refused());
    }
}
