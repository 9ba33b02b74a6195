//! The kinds of errors.

use std::fmt;

use super::transport::TransportErrorKind;

/// At which stage a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The server answered with a status that is no success.
    Api,
    /// The server, or a proxy before it, answered 429: it did not process the request.
    RateLimited,
    /// No answer came, or its body broke off.
    Transport(TransportErrorKind),
    /// What came in could not be read: the response was a success but is not JSON, truncated, of
    /// another shape, nested too deeply or badly compressed, or custom data is not of the type that
    /// it is read as.
    Decode,
    /// The response is larger than allowed, as it came or decompressed.
    ResponseTooLarge,
    /// The client is not set up right, or its token source failed. Nothing was sent.
    Configuration,
    /// The request cannot be sent as it is. Nothing was sent.
    InvalidRequest,
    /// A token or a webhook that came in is not authentic, or is not of the expected form. No
    /// request was made.
    Unverified,
    /// A task that ran on the server failed.
    TaskFailed,
    /// A task on the server was not done in the time that it was waited for. It goes on.
    TaskTimeout,
    /// The call's time was over.
    Deadline,
}

impl ErrorKind {
    /// Returns a short name for metrics: the value of `error.type` in traces.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::RateLimited => "rate_limited",
            Self::Transport(kind) => kind.as_str(),
            Self::Decode => "decode",
            Self::ResponseTooLarge => "response_too_large",
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Unverified => "unverified",
            Self::TaskFailed => "task_failed",
            Self::TaskTimeout => "task_timeout",
            Self::Deadline => "deadline",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
