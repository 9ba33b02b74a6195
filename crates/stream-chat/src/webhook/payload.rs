//! What the JSON of a webhook is read as.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use stream_auth::webhook::WebhookError;
use stream_models::events::{self, Event};
use stream_models::tolerant::DecodeFailure;

/// What the JSON of a webhook can be read as.
///
/// Implemented for [`Event`] and for the requests of both synchronous hooks. Implement it for a
/// type of your own to read events that only your app sends.
///
/// ```
/// use stream_chat::webhook::{Payload, WebhookError};
///
/// struct Length(usize);
///
/// impl Payload for Length {
///     fn from_json(json: &[u8]) -> Result<Self, WebhookError> {
///         Ok(Self(json.len()))
///     }
/// }
/// ```
///
/// Custom data stands flat in webhooks: `stream_chat::models::events::nest_custom` brings it into
/// the form of the API.
pub trait Payload: Sized {
    /// Reads the uncompressed JSON of a webhook. It is verified before this is called.
    ///
    /// # Errors
    /// [`WebhookError::MissingType`] and [`WebhookError::InvalidJson`].
    fn from_json(json: &[u8]) -> Result<Self, WebhookError>;

    /// Reads the JSON, and returns which places were read as absent because they could not be read.
    /// Receivers call this. `is_tolerant` says whether an event may be read so; see
    /// [`WebhookReceiver::tolerant`](super::WebhookReceiver::tolerant).
    ///
    /// # Errors
    /// Those of [`from_json`](Self::from_json).
    fn read(json: &[u8], is_tolerant: bool) -> Result<(Self, Vec<DecodeFailure>), WebhookError> {
        let _ = is_tolerant;
        Ok((Self::from_json(json)?, Vec::new()))
    }
}

/// An event. One of an unknown `type`, and one of which a field cannot be read, is
/// [`Event::Other`], with the whole of its JSON.
impl Payload for Event {
    fn from_json(json: &[u8]) -> Result<Self, WebhookError> {
        Self::from_slice(json).map_err(|error| refusal(json, &error))
    }

    fn read(json: &[u8], is_tolerant: bool) -> Result<(Self, Vec<DecodeFailure>), WebhookError> {
        if is_tolerant {
            Self::from_slice_tolerant(json).map_err(|error| refusal(json, &error))
        } else {
            Ok((Self::from_json(json)?, Vec::new()))
        }
    }
}

fn refusal(json: &[u8], error: &serde_json::Error) -> WebhookError {
    if is_without_type(json) { WebhookError::MissingType } else { invalid_json(error) }
}

/// Parses the whole object; the error says where it is wrong and nothing of what it holds.
pub(super) fn read_map(json: &[u8]) -> Result<Map<String, Value>, WebhookError> {
    events::read_map(json).map_err(|error| invalid_json(&error))
}

/// Reads the request of a synchronous hook. A place that cannot be read is absent: a hook that
/// refused it would let the message pass.
pub(super) fn read_hook<T: serde::de::DeserializeOwned>(
    json: &[u8],
) -> Result<(T, Vec<DecodeFailure>), WebhookError> {
    events::read_hook(json).map_err(|error| invalid_json(&error))
}

/// Returns whether this is an object that does not say what it is.
fn is_without_type(json: &[u8]) -> bool {
    is_object(json)
        && serde_json::from_slice::<BTreeMap<String, Option<IgnoredAny>>>(json)
            .is_ok_and(|event| event.get("type").is_none_or(Option::is_none))
}

/// Structs are read from arrays too, which are no events.
fn is_object(json: &[u8]) -> bool {
    json.trim_ascii_start().starts_with(b"{")
}

fn invalid_json(error: &serde_json::Error) -> WebhookError {
    WebhookError::invalid_json(InvalidJson {
        category: error.classify(),
        line: error.line(),
        column: error.column(),
    })
}

/// Where the JSON is wrong. The text of `serde_json` quotes values, which are what people wrote and
/// have no place in a log.
#[derive(Debug)]
struct InvalidJson {
    category: serde_json::error::Category,
    line: usize,
    column: usize,
}

impl fmt::Display for InvalidJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use serde_json::error::Category;
        f.write_str(match self.category {
            Category::Data => "a value is missing or of another kind than expected",
            Category::Eof => "the JSON ends too early",
            Category::Syntax | Category::Io => "the text is not JSON",
        })?;
        write!(f, ", at line {} column {}", self.line, self.column)
    }
}

impl std::error::Error for InvalidJson {}
