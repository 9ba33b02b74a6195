use crate::polls::PollOptionInput;

/// An option with this text.
impl From<&str> for PollOptionInput {
    fn from(text: &str) -> Self {
        Self::new().text(text)
    }
}

/// An option with this text.
impl From<String> for PollOptionInput {
    fn from(text: String) -> Self {
        Self::new().text(text)
    }
}

/// An option with this text.
impl From<&String> for PollOptionInput {
    fn from(text: &String) -> Self {
        Self::new().text(text)
    }
}
