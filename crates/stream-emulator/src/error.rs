//! The error type of operations, with the API's codes.

use std::collections::BTreeMap;
use std::fmt;

use crate::state::Mismatch;

/// The kind of error. Each has a code and an HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "the list of the API's codes is kept whole")]
pub(crate) enum ErrorCode {
    /// An internal error of the emulator.
    Internal,
    /// The operation exists in the API but is not emulated.
    NotEmulated,
    AccessKey,
    Input,
    Authentication,
    DuplicateName,
    RateLimited,
    NotFound,
    MethodNotAllowed,
    NotAllowed,
    EventNotSupported,
    FeatureNotSupported,
    MessageTooLong,
    NestingTooDeep,
    PayloadTooLarge,
    Timeout,
    HeadersTooLarge,
    TokenExpired,
    TokenNotYetValid,
    TokenIssuedInFuture,
    TokenSignature,
    CommandEndpointMissing,
    CommandEndpointFailed,
    ConnectionNotFound,
    Cooldown,
    ChannelsForbidden,
    TooManyConnections,
    ModerationRejected,
    AppSuspended,
}

impl ErrorCode {
    /// Returns the code of the API and the HTTP status.
    const fn numbers(self) -> (i32, u16) {
        match self {
            Self::Internal => (-1, 500),
            Self::NotEmulated => (-1, 501),
            Self::AccessKey => (2, 401),
            Self::Input => (4, 400),
            Self::Authentication => (5, 401),
            Self::DuplicateName => (6, 400),
            Self::RateLimited => (9, 429),
            Self::NotFound => (16, 404),
            Self::MethodNotAllowed => (16, 405),
            Self::NotAllowed => (17, 403),
            Self::EventNotSupported => (18, 400),
            Self::FeatureNotSupported => (19, 400),
            Self::MessageTooLong => (20, 400),
            Self::NestingTooDeep => (21, 400),
            Self::PayloadTooLarge => (22, 413),
            Self::Timeout => (23, 408),
            Self::HeadersTooLarge => (24, 431),
            Self::TokenExpired => (40, 401),
            Self::TokenNotYetValid => (41, 401),
            Self::TokenIssuedInFuture => (42, 401),
            Self::TokenSignature => (43, 401),
            Self::CommandEndpointMissing => (44, 400),
            Self::CommandEndpointFailed => (45, 400),
            Self::ConnectionNotFound => (46, 400),
            Self::Cooldown => (60, 403),
            Self::ChannelsForbidden => (70, 403),
            Self::TooManyConnections => (71, 429),
            Self::ModerationRejected => (73, 400),
            Self::AppSuspended => (99, 403),
        }
    }
}

/// An error response of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: i32,
    pub(crate) message: String,
    pub(crate) exception_fields: BTreeMap<String, String>,
}

impl ApiError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let (code, status) = code.numbers();
        Self::with_numbers(status, code, message)
    }

    /// Creates an error with any code and status, for injected faults.
    pub(crate) fn with_numbers(status: u16, code: i32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), exception_fields: BTreeMap::new() }
    }

    /// Creates an error for an invalid request.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Input, message)
    }

    /// Creates an error for an invalid field.
    pub(crate) fn field(name: &str, problem: impl fmt::Display) -> Self {
        let mut error = Self::input(format!("{name}: {problem}"));
        error.exception_fields.insert(name.to_owned(), problem.to_string());
        error
    }

    /// Creates an error for a missing object.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::NotFound, message)
    }

    /// Creates an error for a missing permission.
    pub(crate) fn not_allowed(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::NotAllowed, message)
    }

    /// Creates an error for an operation, or a part of one, that is not emulated.
    pub(crate) fn not_emulated(what: &str) -> Self {
        let message = format!("{what} is not emulated: this is the local emulator, not Stream");
        Self::new(ErrorCode::NotEmulated, message)
    }

    /// Adds the operation's name before the text, as Stream does.
    pub(crate) fn of_operation(mut self, operation: &str) -> Self {
        self.message = format!("{operation} failed with error: \"{}\"", self.message);
        self
    }
}

impl From<Mismatch> for ApiError {
    fn from(Mismatch { path, expected }: Mismatch) -> Self {
        Self::field(&path, format!("must be {expected}"))
    }
}
