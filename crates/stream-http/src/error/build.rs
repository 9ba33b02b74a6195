//! The constructors of errors.

use std::borrow::Cow;
use std::fmt::Write;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::uri::Authority;

use super::display::Seconds;
use super::{
    ApiError, BoxError, Cause, Error, ErrorKind, Inner, RAW_BODY_LIMIT, TransportError,
    TransportErrorKind,
};
use crate::rate_limit::RateLimit;
use crate::redact;
use stream_core::{ErrorClass, SdkError};
use stream_models::OperationInfo;

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            operation: None,
            request_id: None,
            attempts: 0,
            status: None,
            api: None,
            retry_after: None,
            rate_limit: RateLimit::default(),
            raw_body: None,
            json_path: None,
            before_send: false,
            earlier_unclear: false,
            cause: None,
        }))
    }

    /// Creates an error about the settings of the client. `message` says what is wrong and what to
    /// do about it, and must not contain a secret.
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// Creates an error about a request that cannot be sent. `message` says why.
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message)
    }

    /// Creates an error about a store that the application uses, such as a Redis server, that could
    /// not be reached. `message` names the store, and must not contain a secret.
    pub fn store(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Store, message)
    }

    /// Creates an error about a task that failed on the server.
    pub fn task_failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::TaskFailed, message)
    }

    /// Creates an error about a task on the server that did not finish in time.
    pub fn task_timeout(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::TaskTimeout, message)
    }

    /// Sets the cause of the error.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.0.cause = Some(Cause::Beneath(source.into()));
        self
    }

    /// Wraps this error in one with more context: it shows the text of `wrap`'s error, and keeps
    /// the kind, the status, the code and everything else of this one. [`Error::downcast_ref`]
    /// returns the outer error, and [`std::error::Error::source`] the cause that the outer error
    /// names, which should be the error that `wrap` receives.
    ///
    /// Calls that send several requests use it to report what was done before one of them failed.
    #[must_use]
    pub fn wrapped_in<W>(self, wrap: impl FnOnce(Self) -> W) -> Self
    where
        W: std::error::Error + Send + Sync + 'static,
    {
        let inner = &self.0;
        let mut outer = Self(Box::new(Inner {
            kind: inner.kind,
            message: inner.message.clone(),
            operation: inner.operation,
            request_id: inner.request_id.clone(),
            attempts: inner.attempts,
            status: inner.status,
            api: inner.api.clone(),
            retry_after: inner.retry_after,
            rate_limit: inner.rate_limit,
            raw_body: inner.raw_body.clone(),
            json_path: inner.json_path.clone(),
            before_send: inner.before_send,
            earlier_unclear: inner.earlier_unclear,
            cause: None,
        }));
        outer.0.cause = Some(Cause::Around(wrap(self).into()));
        outer
    }

    pub(crate) fn transport(error: TransportError) -> Self {
        let mut this = Self::new(ErrorKind::Transport(error.kind()), error.to_string());
        this.0.before_send = error.is_before_send();
        // Its text is that of this error, so that a chain of causes would show it twice.
        this.0.cause = Some(Cause::Same(error.into()));
        this
    }

    pub(crate) fn deadline(after: Duration) -> Self {
        Self::new(ErrorKind::Deadline, format!("no complete response within {}", Seconds(after)))
    }

    /// Creates the error of an attempt that exceeded the attempt timeout.
    pub(crate) fn attempt_timeout(after: Duration) -> Self {
        Self::timeout(format!("no complete response within {}", Seconds(after)))
    }

    /// Creates the error of an upload of which nothing was sent or received for some time.
    pub(crate) fn idle_timeout(after: Duration) -> Self {
        Self::timeout(format!("no progress for {}", Seconds(after)))
    }

    fn timeout(message: String) -> Self {
        Self::transport(TransportError::new(TransportErrorKind::Timeout, message))
    }

    pub(crate) fn decode(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Decode, message)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            ErrorKind::ResponseTooLarge,
            format!(
                "the response is larger than {limit} bytes; `max_response_size` sets the limit"
            ),
        )
    }

    /// Creates an error from an unsuccessful response.
    pub(crate) fn status_error(status: StatusCode, api: Option<ApiError>) -> Self {
        let kind = match status {
            StatusCode::TOO_MANY_REQUESTS => ErrorKind::RateLimited,
            _ => ErrorKind::Api,
        };
        let message = api.as_ref().map(|api| api.message().to_owned()).unwrap_or_default();
        let mut this = Self::new(kind, message);
        this.0.status = Some(status);
        this.0.api = api;
        this
    }

    /// Says so if a response has no envelope, which each response of the API has.
    pub(crate) fn without_envelope(mut self) -> Self {
        if self.0.kind == ErrorKind::Api && self.0.api.is_none() {
            self.0.message =
                "the response is not from the API but from a proxy or another server; \
                check the base URL"
                    .to_owned();
        }
        self
    }

    pub(crate) fn with_operation(mut self, operation: OperationInfo) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_call(mut self, request_id: &str, attempts: u32) -> Self {
        self.0.request_id = Some(request_id.to_owned());
        self.0.attempts = attempts;
        self
    }

    /// Names the server in the text of an error without a complete response.
    pub(crate) fn with_server(mut self, server: Option<&Authority>) -> Self {
        let kind = self.0.kind;
        if let (ErrorKind::Transport(_) | ErrorKind::Deadline, Some(server)) = (kind, server) {
            let _ = write!(self.0.message, ", server {server}");
        }
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_limits(
        mut self,
        rate_limit: RateLimit,
        retry_after: Option<Duration>,
    ) -> Self {
        self.0.rate_limit = rate_limit;
        self.0.retry_after = retry_after;
        self
    }

    pub(crate) fn with_body(mut self, body: &Bytes) -> Self {
        // Copied, because a slice would keep the whole body alive as long as the error.
        let kept = body.get(..body.len().min(RAW_BODY_LIMIT)).unwrap_or_default();
        self.0.raw_body = Some(Bytes::copy_from_slice(kept));
        self
    }

    pub(crate) fn at_json_path(mut self, path: String) -> Self {
        self.0.json_path = Some(path);
        self
    }

    /// Redacts `secrets`, and the secrets in URLs, in the texts of the error.
    pub(crate) fn without(mut self, secrets: &[String]) -> Self {
        self.0.message = redact::known(self.0.message, secrets);
        if let Cow::Owned(message) = redact::urls(&self.0.message, false) {
            self.0.message = message;
        }
        if let Some(api) = &mut self.0.api {
            api.remove(secrets);
        }
        self
    }

    pub(crate) fn with_earlier_unclear(mut self, unclear: bool) -> Self {
        self.0.earlier_unclear = unclear;
        self
    }

    /// Sets whether it is certain that the server did not process the last attempt.
    pub(crate) fn before_send(mut self, before_send: bool) -> Self {
        self.0.before_send = before_send;
        self
    }

    /// Returns whether it is certain that the server did not process the last attempt.
    pub(crate) fn is_before_send(&self) -> bool {
        self.0.before_send
    }
}

/// Converts the errors of the SDK's crates, so that `?` works; see [`Error::downcast_ref`].
impl<E: SdkError> From<E> for Error {
    fn from(error: E) -> Self {
        let kind = match error.class() {
            ErrorClass::Configuration => ErrorKind::Configuration,
            ErrorClass::Unverified => ErrorKind::Unverified,
            ErrorClass::Decode => ErrorKind::Decode,
            ErrorClass::Refused => ErrorKind::Refused,
            _ => ErrorKind::InvalidRequest,
        };
        let mut this = Self::new(kind, error.text());
        this.0.cause = Some(Cause::Same(error.into()));
        this
    }
}
