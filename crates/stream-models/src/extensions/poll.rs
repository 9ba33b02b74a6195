//! Conversions to poll options.

use crate::polls::PollOptionInput;

/// Creates an option with this text.
impl From<&str> for PollOptionInput {
    fn from(text: &str) -> Self {
        Self::new().text(text)
    }
}

/// Creates an option with this text.
impl From<String> for PollOptionInput {
    fn from(text: String) -> Self {
        Self::new().text(text)
    }
}

/// Creates an option with this text.
impl From<&String> for PollOptionInput {
    fn from(text: &String) -> Self {
        Self::new().text(text)
    }
}
