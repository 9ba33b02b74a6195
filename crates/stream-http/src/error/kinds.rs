//! The kinds of errors.

use std::fmt;

use super::transport::TransportErrorKind;

/// The stage at which a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The server responded with an unsuccessful status.
    Api,
    /// The server, or a proxy before it, responded with 429: it did not process the request.
    RateLimited,
    /// No response arrived, or its body was cut off.
    Transport(TransportErrorKind),
    /// Received data could not be decoded: a successful response is not JSON, truncated, of
    /// another shape, nested too deeply or badly compressed, or custom data is not of the type that
    /// it is decoded as.
    Decode,
    /// The server refused what the request was about, although its response was a success: it did
    /// not send the message.
    Refused,
    /// The response is larger than the limit, compressed or decompressed.
    ResponseTooLarge,
    /// The settings of the client are not valid, or its token source failed. Nothing was sent.
    Configuration,
    /// The request is not valid. Nothing was sent.
    InvalidRequest,
    /// A received token or webhook is not authentic, or is not of the expected form. No request was
    /// made.
    Unverified,
    /// A store of your own, such as the one in which several machines remember webhooks, could not
    /// be reached. No request was made.
    Store,
    /// A task that ran on the server failed.
    TaskFailed,
    /// A task on the server did not finish in time. It keeps running.
    TaskTimeout,
    /// The deadline of the call passed.
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
            Self::Refused => "refused",
            Self::ResponseTooLarge => "response_too_large",
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Unverified => "unverified",
            Self::Store => "store",
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
