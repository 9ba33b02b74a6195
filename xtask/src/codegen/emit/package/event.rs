//! Events that the schema does not have.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::events::{Event, read_known};
use stream_models::Timestamp;

/// An event whose `type` this version does not know: one that the application sends itself, or one
/// that was added since. Nothing of it is lost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OtherEvent {
    /// The `type` of the event.
    pub event_type: String,
    /// The whole event.
    pub json: Map<String, Value>,
}

impl OtherEvent {
    /// Returns when it happened; the Unix epoch if the event does not say so.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.json
            .get("created_at")
            .and_then(|value| Timestamp::deserialize(value).ok())
            .unwrap_or_default()
    }

    /// Reads the event as a type of your own.
    ///
    /// # Errors
    /// The event is not a `T`.
    pub fn read_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_value(Value::Object(self.json.clone()))
    }
}

/// Only the `type` of an event, wherever in the object it stands.
#[derive(Deserialize)]
struct TypeOnly {
    #[serde(default)]
    r#type: Option<String>,
}

impl Event {
    /// Reads an event from JSON.
    ///
    /// # Errors
    /// It is not a JSON object, it has no `type`, or a field is of another kind than the event's
    /// schema says.
    // Inlined, so that callers that read no events do not compile the event decoders.
    #[inline]
    pub fn from_slice(json: &[u8]) -> Result<Self, serde_json::Error> {
        let event_type = serde_json::from_slice::<TypeOnly>(json)?
            .r#type
            .ok_or_else(|| serde_json::Error::missing_field("type"))?;
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        match read_known(&event_type, &mut deserializer)? {
            Some(event) => Ok(event),
            None => Ok(Self::Other(OtherEvent { event_type, json: serde_json::from_slice(json)? })),
        }
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Map::deserialize(deserializer)?;
        let event_type = json
            .get("type")
            .and_then(Value::as_str)
            .ok_or_else(|| D::Error::missing_field("type"))?
            .to_owned();
        match read_known(&event_type, &json).map_err(D::Error::custom)? {
            Some(event) => Ok(event),
            None => Ok(Self::Other(OtherEvent { event_type, json })),
        }
    }
}
