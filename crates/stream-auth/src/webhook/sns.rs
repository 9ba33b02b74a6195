//! The envelope that SNS wraps around a message.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::error::WebhookError;

/// The fields that distinguish an envelope from an event. Raw values are not decoded unless they
/// are used.
#[derive(Deserialize)]
struct Envelope<'m> {
    #[serde(rename = "Type", borrow)]
    kind: Option<&'m RawValue>,
    #[serde(rename = "Message", borrow)]
    message: Option<&'m RawValue>,
    #[serde(rename = "type")]
    event_type: Option<IgnoredAny>,
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
