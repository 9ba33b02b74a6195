//! The envelope that SNS wraps around a message.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::WebhookError;

/// The members that distinguish an envelope from an event. Raw values are not decoded unless they
/// are used.
#[derive(Default)]
struct Envelope<'m> {
    kind: Option<&'m RawValue>,
    message: Option<&'m RawValue>,
    event_type: Option<&'m RawValue>,
}

impl<'de> Deserialize<'de> for Envelope<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EnvelopeVisitor)
    }
}

struct EnvelopeVisitor;

impl<'de> Visitor<'de> for EnvelopeVisitor {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    /// Refuses a member that occurs twice, because another parser might use the other one.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut envelope = Envelope::default();
        let mut given = [false; 3];
        while let Some(name) = map.next_key::<String>()? {
            let [kind, message, event_type] = &mut given;
            let (is_given, place) = match name.as_str() {
                "Type" => (kind, &mut envelope.kind),
                "Message" => (message, &mut envelope.message),
                "type" => (event_type, &mut envelope.event_type),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if std::mem::replace(is_given, true) {
                return Err(A::Error::custom(format_args!("`{name}` is given twice")));
            }
            *place = map.next_value()?;
        }
        Ok(envelope)
    }
}

/// Returns the content of the envelope; `None` if `message` is not an envelope.
pub(super) fn open_envelope(message: &[u8]) -> Result<Option<String>, WebhookError> {
    if !is_object(message) {
        return Ok(None);
    }
    let envelope: Envelope<'_> =
        serde_json::from_slice(message).map_err(WebhookError::invalid_json)?;
    if envelope.event_type.is_some() {
        return Ok(None);
    }
    if let Some(r#""SubscriptionConfirmation""# | r#""UnsubscribeConfirmation""#) =
        envelope.kind.map(RawValue::get)
    {
        return Err(WebhookError::SubscriptionMessage);
    }
    let inside = envelope.message.map(|message| serde_json::from_str(message.get()));
    inside.transpose().map_err(WebhookError::invalid_json)
}

pub(super) fn is_object(json: &[u8]) -> bool {
    json.starts_with(b"{")
}
