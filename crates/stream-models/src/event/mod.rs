//! Events: decoded by their `type`, in every form that the server sends.

pub(crate) mod custom_data;
mod details;
mod kind;
mod salvage;
mod scan;

pub use details::{EventDetails, EventMember, RequestInfo, UnreadCounts};

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::codec;
use crate::generated::custom_data::EVENT;
use crate::generated::events::{Event, read_known};
use crate::tolerant::{self, DecodeFailure};
use crate::value::Timestamp;
use custom_data::Shape;

/// An event without a specific type: a custom event of the application, one that Stream has added
/// since, or a known one of which a part could not be decoded. It contains the complete JSON.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OtherEvent {
    /// The `type` of the event.
    pub event_type: String,
    /// The whole event, as received.
    pub json: Map<String, Value>,
    /// The reason why an event of a known `type` could not be decoded as that type; `None` for an
    /// unknown type.
    pub failure: Option<DecodeFailure>,
}

impl OtherEvent {
    /// Returns the creation timestamp; the Unix epoch if the event does not contain one.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.json
            .get("created_at")
            .and_then(|value| Timestamp::deserialize(value).ok())
            .unwrap_or_default()
    }

    /// Decodes the event as a type of your own, with custom data nested as by [`nest_custom`].
    ///
    /// # Errors
    /// The event cannot be decoded as a `T`.
    pub fn read_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&nest_custom(&serde_json::to_vec(&self.json)?))
    }
}

/// The shape of synchronous hooks: channels, messages and users as in events, without custom data
/// of its own.
static HOOK: Shape = Shape { known: None, nested: EVENT.nested, short_for: None };

/// Nests the custom data in an event under `custom`: at the top, and in its channel, message, user,
/// member and any other object with custom data, at every depth.
///
/// Webhooks contain custom data in flat form, `{"user":{"id":"john","first_name":"John"}}`, where
/// the API has `{"user":{"id":"john","custom":{"first_name":"John"}}}`. Some contain both forms,
/// and some `Custom`. They are merged; of values with the same name, the one under `custom` takes
/// precedence, then the one under `Custom`. A member that the schema declares for any view of the
/// object is never custom data. In the old list of command names, a name becomes a command.
///
/// [`Event::from_slice`] does this itself. It is public for types of your own. Text that is not
/// JSON is returned unchanged.
///
/// ```
/// let json = br#"{"user":{"id":"john","first_name":"John"}}"#;
/// let nested = stream_models::events::nest_custom(json);
/// assert_eq!(&*nested, br#"{"user":{"id":"john","custom":{"first_name":"John"}}}"#);
/// ```
#[must_use]
pub fn nest_custom(json: &[u8]) -> Cow<'_, [u8]> {
    custom_data::nest(json, &EVENT)
}

/// Parses a whole event or request of a hook, as received.
///
/// It accepts what JSON allows but decoders do not: nesting beyond 100 levels and numbers beyond
/// the range of a double become `null`; bytes that are not UTF-8 and unpaired surrogates become
/// U+FFFD. Users of the app can write these into their custom data, and must not be able to hide an
/// event.
///
/// # Errors
/// The text is not a JSON object.
pub fn read_map(json: &[u8]) -> Result<Map<String, Value>, serde_json::Error> {
    or_salvaged(json, map)
}

/// Parses an object within the memory that its length allows.
fn map(json: &[u8]) -> Result<Map<String, Value>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    // `null` would be decoded as an object without members.
    if !json.trim_ascii_start().starts_with(b"{") {
        return Map::deserialize(&mut deserializer);
    }
    let map = codec::decode::value(&mut deserializer)?;
    deserializer.end()?;
    Ok(map)
}

/// Decodes the request of a synchronous hook, or any other object that has channels, messages and
/// users where events have them. Custom data is nested as by [`nest_custom`], JSON that decoders do
/// not accept is replaced as by [`read_map`], and places that cannot be decoded are skipped and
/// listed as by [`tolerant::from_slice`].
///
/// # Errors
/// The text is not a JSON object, or more than [`tolerant::MAX_SKIPPED`] places cannot be decoded.
pub fn read_hook<T: DeserializeOwned>(
    json: &[u8],
) -> Result<(T, Vec<DecodeFailure>), serde_json::Error> {
    or_salvaged(json, |json| tolerant::from_slice(&custom_data::nest(json, &HOOK)))
}

/// Decodes JSON. If a decoder cannot represent a value, decodes again with such values replaced.
fn or_salvaged<T>(
    json: &[u8],
    read: impl Fn(&[u8]) -> Result<T, serde_json::Error>,
) -> Result<T, serde_json::Error> {
    match read(json) {
        Err(error) if error.is_syntax() => {
            let salvaged = salvage::salvage(&String::from_utf8_lossy(json));
            read(salvaged.as_bytes()).map_err(|_| error)
        }
        result => result,
    }
}

impl Event {
    /// Decodes an event from JSON, in every form that the server sends: custom data nested or flat
    /// (see [`nest_custom`]), timestamps as RFC 3339 or nanoseconds, commands of a channel type as
    /// objects or as names.
    ///
    /// A known event with a field that cannot be decoded becomes [`Event::Other`], with the whole
    /// JSON and the [failure](OtherEvent::failure).
    ///
    /// # Errors
    /// The text is not a JSON object, or has no `type`.
    // Inlined, so that callers that read no events do not compile the event decoders.
    #[inline]
    pub fn from_slice(json: &[u8]) -> Result<Self, serde_json::Error> {
        Ok(read_event(json, false)?.0)
    }

    /// Decodes an event from JSON like [`from_slice`](Self::from_slice), but skips places that
    /// cannot be decoded as if they were absent. Returns these places, at most
    /// [`tolerant::MAX_SKIPPED`]; if there are more, the event becomes [`Event::Other`].
    ///
    /// # Errors
    /// The text is not a JSON object, or has no `type`.
    #[inline]
    pub fn from_slice_tolerant(
        json: &[u8],
    ) -> Result<(Self, Vec<DecodeFailure>), serde_json::Error> {
        read_event(json, true)
    }
}

#[inline]
fn read_event(
    json: &[u8],
    is_tolerant: bool,
) -> Result<(Event, Vec<DecodeFailure>), serde_json::Error> {
    or_salvaged(json, |json| {
        let event_type = kind::event_type(json)?;
        let nested = nest_custom(json);
        let decode = |json: &[u8]| {
            let mut deserializer = serde_json::Deserializer::from_slice(json);
            let event = read_known(&event_type, &mut deserializer)?;
            // Custom members of unknown events are not decoded.
            if event.is_some() {
                deserializer.end()?;
            }
            Ok(event)
        };
        let read = if is_tolerant {
            tolerant::decode(&nested, decode)
        } else {
            decode(&nested).map(|event| (event, Vec::new()))
        };
        let failure = match read {
            Ok((Some(event), skipped)) => return Ok((event, skipped)),
            Ok((None, _)) => None,
            Err(error) if error.is_data() => Some(DecodeFailure::new(&nested, &error)),
            Err(error) => return Err(error),
        };
        let json = map(json)?;
        Ok((Event::Other(OtherEvent { event_type, json, failure }), Vec::new()))
    })
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The JSON is serialized first, so that the decoders of all events are compiled for one
        // format only.
        let json: Map<String, Value> = codec::decode::value(deserializer)?;
        let text = serde_json::to_vec(&json).map_err(D::Error::custom)?;
        drop(json);
        Self::from_slice(&text).map_err(D::Error::custom)
    }
}
