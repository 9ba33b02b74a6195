//! Setters of and conversions to messages.

use crate::Cid;
use crate::messages::{Attachment, MessageRequest};
use crate::read_state::DeliveredMessagePayload;

impl MessageRequest {
    /// Adds an attachment, of at most 30.
    pub fn attachment(mut self, attachment: impl Into<Attachment>) -> Self {
        self.attachments.get_or_default().push(attachment.into());
        self
    }

    /// Mentions a user, of at most 100.
    pub fn mention(mut self, user_id: impl Into<String>) -> Self {
        self.mentioned_users.get_or_default().push(user_id.into());
        self
    }
}

/// Creates a message with this text.
impl From<&str> for MessageRequest {
    fn from(text: &str) -> Self {
        Self::new().text(text)
    }
}

/// Creates a message with this text.
impl From<&String> for MessageRequest {
    fn from(text: &String) -> Self {
        Self::new().text(text)
    }
}

/// Creates a message with this text.
impl From<String> for MessageRequest {
    fn from(text: String) -> Self {
        Self::new().text(text)
    }
}

/// Names a message by the full ID of its channel and its own.
impl<C: Into<Cid>, I: Into<String>> From<(C, I)> for DeliveredMessagePayload {
    fn from((cid, message_id): (C, I)) -> Self {
        Self::new().cid(cid).id(message_id)
    }
}
