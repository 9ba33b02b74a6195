use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use stream_models::messages::MessageRequest;

/// What both synchronous hooks answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// The message stays as it is.
    Keep,
    /// These fields of the message are replaced.
    Change(Box<MessageRequest>),
    /// The message is not sent. Its author sees this text.
    Reject(String),
}

#[derive(Serialize)]
struct Rejection<'a> {
    r#type: &'static str,
    text: &'a str,
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = serializer.serialize_map(None)?;
        match self {
            Self::Keep => {}
            Self::Change(message) => answer.serialize_entry("message", message)?,
            Self::Reject(text) => {
                answer.serialize_entry("message", &Rejection { r#type: "error", text })?;
            }
        }
        answer.end()
    }
}
