//! The error type of the crate: what was attempted, what came back, and what to do about it.

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
#[cfg(all(feature = "hyper", feature = "proxy"))]
pub(crate) use transport::ProxyError;
pub use transport::{TransportError, TransportErrorKind};

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::rate_limit::RateLimit;
use stream_models::OperationInfo;

/// An error of any type, as a cause.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The maximum size of a failed response's body that an [`Error`] keeps, in bytes.
pub(crate) const RAW_BODY_LIMIT: usize = 64 * 1024;

/// The error of a call.
///
/// [`Error::kind`] returns the stage at which it failed; the predicates (`is_...`) say what a
/// caller can do about it. Stream asks clients to rely on the status and the code, never on the
/// text.
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
    /// Whether an attempt before the last one may have been processed.
    earlier_unclear: bool,
    cause: Option<Cause>,
}

/// The cause of an error, or the typed error that it was created from.
enum Cause {
    /// A cause with a text of its own.
    Beneath(BoxError),
    /// The same error as another type.
    Same(BoxError),
    /// An outer error with more context, whose cause is this error.
    Around(BoxError),
}

impl Cause {
    const fn error(&self) -> &BoxError {
        match self {
            Self::Beneath(error) | Self::Same(error) | Self::Around(error) => error,
        }
    }
}

impl Error {
    /// Returns the stage at which the call failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the status of the response, if one arrived, even if its body was then cut off, did
    /// not arrive in time or could not be decoded.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the code of Stream's error envelope, if there was one.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.0.api.as_ref().map(ApiError::code)
    }

    /// Returns Stream's error envelope, if the response contained one.
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        self.0.api.as_ref()
    }

    /// Returns how long the server asked to wait before the next request (`Retry-After`), counted
    /// from the arrival of the response; `None` for a date in the past or a malformed value.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the rate limit that the response reported.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.0.rate_limit
    }

    /// Returns the ID that was sent as `x-client-request-id`: quote it to Stream's support. `None`
    /// if the call failed before it had one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the ID of the operation in the API's schema, such as `SendMessage`.
    #[must_use]
    pub fn operation_id(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// Returns the number of attempts; 0 if the call failed before the first one.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the decompressed body of the response, at most its first 64 KiB. It may contain
    /// personal data.
    #[must_use]
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.raw_body.as_deref()
    }

    /// Shortens the body that [`Error::raw_body`] returns to at most `length` bytes, for callers that
    /// collect many errors.
    pub fn truncate_raw_body(&mut self, length: usize) {
        if let Some(body) = &mut self.0.raw_body
            && let Some(kept) = body.get(..length)
        {
            // Copied, because a slice would keep the whole body alive as long as the error.
            *body = Bytes::copy_from_slice(kept);
        }
    }

    /// Returns the JSON path at which decoding failed, such as `$.users[3].created_at`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// Returns a description of the problem for human readers: the server's, if it sent one.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the error of type `E` that this one was created from: a `WebhookError`, an
    /// [`InvalidCid`](stream_models::InvalidCid), a [`TransportError`], the progress of a batch that
    /// failed, and so on. [`source`](std::error::Error::source) begins with what lies beneath it,
    /// because the text of this error contains its text.
    ///
    /// ```
    /// use stream_http::Error;
    /// use stream_models::{Cid, InvalidCid};
    ///
    /// fn cid_of(text: &str) -> Result<Cid, Error> {
    ///     Ok(text.parse::<Cid>()?)
    /// }
    ///
    /// let error = cid_of("general").unwrap_err();
    /// assert!(error.is_invalid_input());
    /// assert!(error.downcast_ref::<InvalidCid>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: std::error::Error + 'static>(&self) -> Option<&E> {
        self.0.cause.as_ref()?.error().downcast_ref()
    }

    /// Converts this error to the error of type `E` that it was created from; see
    /// [`downcast_ref`](Self::downcast_ref).
    ///
    /// # Errors
    /// This error, if it was not created from an `E`.
    pub fn downcast<E: std::error::Error + 'static>(mut self) -> Result<E, Self> {
        let Some(cause) = self.0.cause.take() else { return Err(self) };
        let (put_back, error): (fn(BoxError) -> Cause, _) = match cause {
            Cause::Beneath(error) => (Cause::Beneath, error),
            Cause::Same(error) => (Cause::Same, error),
            Cause::Around(error) => (Cause::Around, error),
        };
        error.downcast::<E>().map(|error| *error).map_err(|error| {
            self.0.cause = Some(put_back(error));
            self
        })
    }

    /// Returns whether the response says that the server will never accept this request.
    #[must_use]
    pub fn is_unrecoverable(&self) -> bool {
        self.0.api.as_ref().is_some_and(ApiError::is_unrecoverable)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.cause.as_ref()? {
            Cause::Beneath(source) => Some(&**source),
            Cause::Same(twin) | Cause::Around(twin) => twin.source(),
        }
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
            .field("source", &inner.cause.as_ref().map(Cause::error));
        if let Some(body) = &inner.raw_body {
            debug.field("raw_body", &format_args!("{} bytes", body.len()));
        }
        debug.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use stream_models::{Cid, InvalidCid};

    #[derive(Debug)]
    struct Batch(Error);

    impl fmt::Display for Batch {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "2 of 3 done: {}", self.0)
        }
    }

    impl std::error::Error for Batch {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    fn refused() -> Error {
        let body = br#"{"code":9,"message":"slow down"}"#;
        Error::status_error(StatusCode::TOO_MANY_REQUESTS, ApiError::parse(body))
            .with_limits(RateLimit::default(), Some(Duration::from_secs(7)))
            .with_call("0752cfad-1", 3)
    }

    #[test]
    fn what_wraps_an_error_tells_more_and_changes_nothing_else() {
        let inner = refused();
        let text = inner.to_string();
        let outer = inner.wrapped_in(Batch);
        assert_eq!(outer.to_string(), format!("2 of 3 done: {text}"));
        assert!(outer.is_rate_limited());
        assert_eq!(outer.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!((outer.attempts(), outer.request_id()), (3, Some("0752cfad-1")));
        assert_eq!((outer.message(), outer.code()), ("slow down", Some(ErrorCode::RateLimited)));
        let inner: &Error = outer.source().unwrap().downcast_ref().unwrap();
        assert_eq!(inner.to_string(), text);

        let outer = outer.downcast::<InvalidCid>().unwrap_err();
        assert!(outer.downcast_ref::<Batch>().is_some());
        assert_eq!(outer.downcast::<Batch>().unwrap().0.to_string(), text);
    }

    #[test]
    fn errors_of_other_crates_are_shown_once() {
        let error = Error::from("general".parse::<Cid>().unwrap_err());
        assert!(error.is_invalid_input() && error.source().is_none());
        assert!(error.to_string().starts_with("\"general\" is not a valid CID"), "{error}");
        assert!(error.downcast_ref::<InvalidCid>().is_some());

        let unreadable = serde_json::from_str::<u8>("\"private\"").unwrap_err();
        let error = Error::from(unreadable);
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(!error.to_string().contains("private") && !error.may_have_been_processed());
        let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let error = Error::transport(TransportError::classify(reset));
        assert!(error.downcast_ref::<TransportError>().is_some());
        assert!(error.source().unwrap().is::<std::io::Error>(), "not the same text again");
        let lower = Error::configuration("no key").caused_by(std::io::Error::other("disk"));
        assert_eq!(lower.source().unwrap().to_string(), "disk");
    }
}
