//! A webhook from Stream.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::metadata::WebhookMetadata;
use super::payload::Payload;
use stream_auth::webhook::WebhookError;
use stream_models::events::{self, Event, EventDetails};
use stream_models::tolerant::DecodeFailure;

/// A webhook from Stream, verified and parsed. It dereferences to its payload.
///
/// With the feature `axum` it is an extractor: a handler that takes a `Webhook` is only called for
/// requests from Stream. For events, prefer a [`WebhookEndpoint`](super::WebhookEndpoint), which
/// also deduplicates redeliveries.
#[derive(Clone)]
#[non_exhaustive]
pub struct Webhook<T = Event> {
    /// The metadata from the headers.
    pub metadata: WebhookMetadata,
    /// The content of the body: an [`Event`], or the request of a synchronous hook.
    pub payload: T,
    /// The places of the body that could not be decoded and are absent in the payload. Always empty
    /// for events unless the receiver is [tolerant](super::WebhookReceiver::tolerant).
    pub skipped: Vec<DecodeFailure>,
    raw: Vec<u8>,
    parsed: OnceLock<Map<String, Value>>,
}

impl<T> Webhook<T> {
    /// Returns the JSON as Stream signed it, including members that the types do not know; it is
    /// parsed at the first call. It is empty if the body is not an object. Custom data has Stream's
    /// form, which is flat in webhooks.
    pub fn json(&self) -> &Map<String, Value> {
        self.parsed.get_or_init(|| events::read_map(&self.raw).unwrap_or_default())
    }

    /// Returns the bytes of the JSON as Stream signed them.
    pub fn body(&self) -> &[u8] {
        &self.raw
    }

    /// Creates a webhook without headers and JSON, to test a function that takes one.
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
    /// Decodes what documented events contain beyond the schema: the request that caused the event,
    /// the members of the channel, unread counts and so on.
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
