//! A webhook that came from Stream.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::metadata::WebhookMetadata;
use super::payload::Payload;
use stream_auth::webhook::WebhookError;
use stream_models::events::{self, Event, EventDetails};
use stream_models::tolerant::DecodeFailure;

/// A webhook that came from Stream, verified and parsed. It derefs to its payload.
///
/// With the feature `axum` it is an extractor: a handler that takes a `Webhook` is called for
/// requests of Stream alone. For events prefer a [`WebhookEndpoint`](super::WebhookEndpoint), which
/// also sees to redeliveries.
#[derive(Clone)]
#[non_exhaustive]
pub struct Webhook<T = Event> {
    /// What the headers say.
    pub metadata: WebhookMetadata,
    /// What the body says: an [`Event`], or the request of a synchronous hook.
    pub payload: T,
    /// The places of the body that could not be read and are absent in the payload. Always empty
    /// for events unless the receiver is [tolerant](super::WebhookReceiver::tolerant).
    pub skipped: Vec<DecodeFailure>,
    raw: Vec<u8>,
    parsed: OnceLock<Map<String, Value>>,
}

impl<T> Webhook<T> {
    /// Returns the JSON as Stream signed it, parsed at the first call: nothing that the types do
    /// not know is lost. It is empty if the body is not an object. Custom data is where Stream has
    /// put it, which for webhooks is flat.
    pub fn json(&self) -> &Map<String, Value> {
        self.parsed.get_or_init(|| events::read_map(&self.raw).unwrap_or_default())
    }

    /// Returns the bytes of the JSON as Stream signed them.
    pub fn body(&self) -> &[u8] {
        &self.raw
    }

    /// Makes a webhook for a test of a function that takes one: without headers and without JSON.
    ///
    /// ```
    /// use stream_chat::models::events::{Event, MessageNewEvent};
    /// use stream_chat::testing::Build;
    /// use stream_chat::webhook::Webhook;
    ///
    /// fn text_of(webhook: &Webhook) -> Option<&str> {
    ///     match &webhook.payload {
    ///         Event::MessageNew(event) => Some(&event.message.text),
    ///         _ => None,
    ///     }
    /// }
    ///
    /// let event = MessageNewEvent::build(|event| event.message.text = "hi".to_owned());
    /// assert_eq!(text_of(&Webhook::of(Event::MessageNew(event.into()))), Some("hi"));
    /// ```
    #[cfg(feature = "testing")]
    pub fn of(payload: T) -> Self {
        Self {
            metadata: WebhookMetadata::default(),
            payload,
            skipped: Vec::new(),
            raw: Vec::new(),
            parsed: OnceLock::new(),
        }
    }

    pub(super) fn read(
        metadata: WebhookMetadata,
        raw: Vec<u8>,
        is_tolerant: bool,
    ) -> Result<Self, WebhookError>
    where
        T: Payload,
    {
        let (payload, skipped) = T::read(&raw, is_tolerant)?;
        Ok(Self { metadata, payload, skipped, raw, parsed: OnceLock::new() })
    }
}

impl Webhook<Event> {
    /// Reads what documented events carry beyond the schema: the request that caused the event, the
    /// members of the channel, what its user has not read, and so on.
    pub fn details(&self) -> EventDetails {
        EventDetails::from_slice(&self.raw)
    }
}

impl<T> Deref for Webhook<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.payload
    }
}

impl<T: PartialEq> PartialEq for Webhook<T> {
    fn eq(&self, other: &Self) -> bool {
        self.metadata == other.metadata
            && self.payload == other.payload
            && self.skipped == other.skipped
            && self.raw == other.raw
    }
}

impl<T: fmt::Debug> fmt::Debug for Webhook<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("metadata", &self.metadata)
            .field("payload", &self.payload)
            .field("skipped", &self.skipped)
            .finish_non_exhaustive()
    }
}
