//! The types that the JSON of a webhook is decoded as.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use stream_auth::webhook::WebhookError;
use stream_models::events::{self, Event};
use stream_models::tolerant::DecodeFailure;

/// A type that the JSON of a webhook is decoded as.
///
/// It is implemented for [`Event`] and for the requests of both synchronous hooks. Implement it for
/// a type of your own to decode custom events of your app.
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
/// Custom data is flat in webhooks: `stream_chat::models::events::nest_custom` converts it to the
/// form of the API.
pub trait Payload: Sized {
    /// Decodes the uncompressed JSON of a webhook, which is already verified.
    ///
    /// # Errors
    /// [`WebhookError::MissingType`] and [`WebhookError::InvalidJson`].
    fn from_json(json: &[u8]) -> Result<Self, WebhookError>;

    /// Decodes the JSON, and returns the places that were skipped because they could not be
    /// decoded. Receivers call this method. `is_tolerant` says whether places of an event may be
    /// skipped; see [`WebhookReceiver::tolerant`](super::WebhookReceiver::tolerant).
    ///
    /// # Errors
    /// Those of [`from_json`](Self::from_json).
    fn read(json: &[u8], is_tolerant: bool) -> Result<(Self, Vec<DecodeFailure>), WebhookError> {
        let _ = is_tolerant;
        Ok((Self::from_json(json)?, Vec::new()))
    }
}

/// Decodes an event. An event of an unknown `type`, or with a field that cannot be decoded, becomes
/// [`Event::Other`], with its whole JSON.
impl Payload for Event {
    #[inline]
    fn from_json(json: &[u8]) -> Result<Self, WebhookError> {
        Self::from_slice(json).map_err(|error| refusal(json, &error))
    }

    #[inline]
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

/// Parses the whole object. The error contains the position, but nothing of the content.
pub(super) fn read_map(json: &[u8]) -> Result<Map<String, Value>, WebhookError> {
    events::read_map(json).map_err(|error| invalid_json(&error))
}

/// Decodes the request of a synchronous hook. Places that cannot be decoded are skipped: if the
/// hook refused the request, Stream would let the message pass.
pub(super) fn read_hook<T: serde::de::DeserializeOwned>(
    json: &[u8],
) -> Result<(T, Vec<DecodeFailure>), WebhookError> {
    events::read_hook(json).map_err(|error| invalid_json(&error))
}

/// Returns whether the JSON is an object without a type.
fn is_without_type(json: &[u8]) -> bool {
    is_object(json)
        && serde_json::from_slice::<BTreeMap<String, Option<IgnoredAny>>>(json)
            .is_ok_and(|event| event.get("type").is_none_or(Option::is_none))
}

/// Returns whether the JSON is an object: structs are also decoded from arrays, which are not
/// events.
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

/// The position of an error in the JSON. The message of `serde_json` quotes values, which are user
/// content and must not be logged.
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
