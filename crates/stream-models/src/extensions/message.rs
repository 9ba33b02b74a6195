use crate::messages::{Attachment, MessageRequest};

impl MessageRequest {
    /// Adds an attachment; a message takes 30.
    pub fn attachment(mut self, attachment: impl Into<Attachment>) -> Self {
        self.attachments.get_or_default().push(attachment.into());
        self
    }

    /// Adds a user whom the message mentions; a message mentions 100 at most.
    pub fn mention(mut self, user_id: impl Into<String>) -> Self {
        self.mentioned_users.get_or_default().push(user_id.into());
        self
    }
}

/// A message with this text.
impl From<&str> for MessageRequest {
    fn from(text: &str) -> Self {
        Self::new().text(text)
    }
}

/// A message with this text.
impl From<&String> for MessageRequest {
    fn from(text: &String) -> Self {
        Self::new().text(text)
    }
}

/// A message with this text.
impl From<String> for MessageRequest {
    fn from(text: String) -> Self {
        Self::new().text(text)
    }
}
