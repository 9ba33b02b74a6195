//! Messages that the server refuses in a response that is a success.

use std::fmt;

use crate::messages::{MessageResponse, SendMessageResponse};
use stream_core::{ErrorClass, SdkError};

/// The type of a message that was refused.
const REFUSED: &str = "error";

impl MessageResponse {
    /// Returns why the server refused the message, in words for its author; `None` if it did not.
    ///
    /// The server responds with a success to a message that it does not send: in a frozen channel,
    /// with a text that is too long, with a word of a block list, with an unknown command, or if a
    /// hook of your own rejects it. Such a message has the type `error` and the reason as its text.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        (self.type_ == REFUSED).then_some(&*self.text)
    }
}

impl SendMessageResponse {
    /// Returns the message, unless the server [refused](MessageResponse::refusal) it.
    ///
    /// ```
    /// use stream_models::RefusedMessage;
    /// use stream_models::messages::SendMessageResponse;
    ///
    /// fn id(sent: &SendMessageResponse) -> Result<&str, RefusedMessage> {
    ///     Ok(&sent.accepted()?.id)
    /// }
    ///
    /// let frozen = r#"{"message": {"id": "1", "type": "error", "text": "this channel is frozen"}}"#;
    /// let refused = id(&serde_json::from_str(frozen)?).unwrap_err();
    /// assert_eq!(refused.reason(), "this channel is frozen");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// The server did not send the message, nor does it keep it.
    pub fn accepted(&self) -> Result<&MessageResponse, RefusedMessage> {
        match self.message.refusal() {
            None => Ok(&self.message),
            Some(reason) => Err(RefusedMessage { reason: reason.to_owned() }),
        }
    }
}

/// The error of a message that the server did not send, although the request was a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedMessage {
    reason: String,
}

impl RefusedMessage {
    /// Returns the reason, in words for the author of the message.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for RefusedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server refused the message: {}", self.reason)
    }
}

impl std::error::Error for RefusedMessage {}

impl SdkError for RefusedMessage {
    fn class(&self) -> ErrorClass {
        ErrorClass::Refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_of_the_type_error_are_refused() {
        for type_ in ["regular", "reply", "system", "ephemeral", "deleted", "", "errors"] {
            let mut sent = SendMessageResponse::default();
            sent.message.type_ = type_.to_owned();
            assert_eq!(sent.accepted(), Ok(&sent.message), "{type_}");
        }
    }
}
