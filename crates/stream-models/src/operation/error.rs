//! The error of a request that cannot be sent.

use std::fmt;

use stream_core::{ErrorClass, SdkError};

/// The reason why a request cannot be sent. It is found before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRequest {
    message: String,
}

impl InvalidRequest {
    /// Creates an error from a message that says what is wrong with the request, and where.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidRequest {}

impl SdkError for InvalidRequest {
    fn class(&self) -> ErrorClass {
        ErrorClass::InvalidInput
    }
}
