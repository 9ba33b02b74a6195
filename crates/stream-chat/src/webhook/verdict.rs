//! The response to both synchronous hooks.

use serde::ser::{Error as _, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use stream_models::messages::MessageRequest;

/// The form of custom data in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum CustomDataForm {
    /// Under `custom`, as in API v2.
    #[default]
    Nested,
    /// Among the members of the message and of its attachments, as in API v1.
    Flat,
}

impl CustomDataForm {
    /// Returns the form of the message in the request of a hook: nested if any part of it is.
    pub(super) fn of(request: &Map<String, Value>) -> Self {
        let is_nested = |value: &Value| value.get(CUSTOM).is_some_and(Value::is_object);
        let message = request.get("message");
        let attachments = message.and_then(|message| message.get(ATTACHMENTS)?.as_array());
        if message.is_some_and(is_nested) || attachments.into_iter().flatten().any(is_nested) {
            Self::Nested
        } else {
            Self::Flat
        }
    }
}

const CUSTOM: &str = "custom";
const ATTACHMENTS: &str = "attachments";

/// The response to both synchronous hooks.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// The message stays unchanged.
    Keep,
    /// These fields of the message are replaced.
    Change(Box<MessageRequest>, CustomDataForm),
    /// The message is not sent. Its author sees this text.
    Reject(String),
}

impl Verdict {
    pub(super) fn change(message: MessageRequest) -> Self {
        Self::Change(Box::new(message), CustomDataForm::default())
    }

    pub(super) fn in_form(self, form: CustomDataForm) -> Self {
        match self {
            Self::Change(message, _) => Self::Change(message, form),
            verdict => verdict,
        }
    }
}

/// A rejected message, which consists of a text that only its author sees.
struct Rejection<'a>(&'a str);

impl Serialize for Rejection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut message = serializer.serialize_map(Some(2))?;
        message.serialize_entry("type", "error")?;
        message.serialize_entry("text", self.0)?;
        message.end()
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut response = serializer.serialize_map(None)?;
        match self {
            Self::Keep => {}
            Self::Change(message, CustomDataForm::Nested) => {
                response.serialize_entry("message", message)?;
            }
            Self::Change(message, CustomDataForm::Flat) => {
                let mut message = serde_json::to_value(message).map_err(S::Error::custom)?;
                flatten(&mut message);
                if let Some(Value::Array(attachments)) = message.get_mut(ATTACHMENTS) {
                    attachments.iter_mut().for_each(flatten);
                }
                response.serialize_entry("message", &message)?;
            }
            Self::Reject(text) => {
                response.serialize_entry("message", &Rejection(text))?;
            }
        }
        response.end()
    }
}

/// Moves custom data among the members of its object. Entries with the name of a member stay where
/// they are.
fn flatten(object: &mut Value) {
    let Value::Object(members) = object else { return };
    let Some(Value::Object(custom)) = members.remove(CUSTOM) else { return };
    let (clashing, flat): (Map<_, _>, Map<_, _>) =
        custom.into_iter().partition(|(name, _)| name == CUSTOM || members.contains_key(name));
    members.extend(flat);
    if !clashing.is_empty() {
        members.insert(CUSTOM.to_owned(), clashing.into());
    }
}
