//! The one error of the crate: what was attempted, what came back, and what to do about it.

mod build;
mod classify;
mod codes;
mod display;
mod envelope;
mod kinds;
mod predicates;
mod transport;

pub use codes::ErrorCode;
pub use envelope::ApiError;
pub use kinds::ErrorKind;
pub use transport::{TransportError, TransportErrorKind};

use crate::rate_limit::RateLimit;
use bytes::Bytes;
use http::StatusCode;
use std::fmt;
use std::time::Duration;
use stream_models::OperationInfo;

/// An error of any type, as a cause.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How much of the body of a failed answer an [`Error`] keeps, in bytes.
pub(crate) const RAW_BODY_LIMIT: usize = 64 * 1024;

/// A call that failed.
///
/// [`Error::kind`] says at which stage; the predicates (`is_...`) say what a caller can do about
/// it. Stream asks clients to rely on the status and the code, never on the text.
///
/// Neither `Display` nor `Debug` shows a key, a token or the raw body.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    operation: Option<OperationInfo>,
    request_id: Option<String>,
    attempts: u32,
    status: Option<StatusCode>,
    api: Option<ApiError>,
    retry_after: Option<Duration>,
    rate_limit: RateLimit,
    raw_body: Option<Bytes>,
    json_path: Option<String>,
    before_send: bool,
    /// An attempt before the last one may have been carried out.
    earlier_unclear: bool,
    source: Option<BoxError>,
}

impl Error {
    /// At which stage the call failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The status of the answer, if one came, also if its body was then cut or not readable.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The code of Stream's error envelope, if there was one.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.0.api.as_ref().map(ApiError::code)
    }

    /// Stream's error envelope, if the answer held one.
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        self.0.api.as_ref()
    }

    /// How long the server asked to wait before the next request (`Retry-After`), counted from
    /// the arrival of the answer. A date in the past or an unreadable value is none.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the answer said about the rate limit.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.0.rate_limit
    }

    /// The id that was sent as `x-client-request-id`: quote it to Stream's support. None if nothing
    /// was to be sent yet.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The id of the operation in the API's schema, such as `SendMessage`.
    #[must_use]
    pub fn operation_id(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// How many times the request was begun; 0 if it failed before.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The body of the answer after decompression, at most the first 64 KiB of it. It may hold
    /// personal data.
    #[must_use]
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.raw_body.as_deref()
    }

    /// Where in the answer decoding failed, such as `$.users[3].created_at`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// What went wrong, in words for people: of the server, if it gave any.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What the answer said about being repeated: the server will never accept this request.
    #[must_use]
    pub fn is_unrecoverable(&self) -> bool {
        self.0.api.as_ref().is_some_and(ApiError::is_unrecoverable)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &inner.kind)
            .field("operation", &self.operation_id())
            .field("status", &inner.status)
            .field("code", &self.code())
            .field("message", &inner.message)
            .field("request_id", &inner.request_id)
            .field("attempts", &inner.attempts)
            .field("retry_after", &inner.retry_after)
            .field("json_path", &inner.json_path)
            .field("source", &inner.source);
        if let Some(body) = &inner.raw_body {
            debug.field("raw_body", &format_args!("{} bytes", body.len()));
        }
        debug.finish()
    }
}
