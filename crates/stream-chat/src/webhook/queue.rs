//! Events from SQS and SNS.

use super::metadata::WebhookMetadata;
use super::received::Webhook;
use stream_auth::webhook::{QueueDecoder, WebhookError};
use stream_http::Error;
use stream_models::events::Event;

/// Decompresses and parses the events that Stream puts into SQS and SNS.
///
/// They have no signature, so no secret is needed: the write permissions of the queue or topic
/// ensure authenticity. They have no headers either, so the metadata of the [`Webhook`] is empty.
/// [`QueueDecoder`] returns the JSON without parsing it.
///
/// Queues may deliver a message more than once. To handle each message once,
/// [`claim`](super::Lease::claim) the ID that the queue assigned to it.
///
/// ```
/// use stream_chat::webhook::QueueReceiver;
///
/// let receiver = QueueReceiver::new();
/// let event = receiver.sqs(br#"{"type":"message.new","message":{"text":"hello"}}"#)?;
/// assert_eq!(event.event_type(), "message.new");
///
/// let envelope = br#"{"Type":"Notification","Message":"{\"type\":\"user.updated\"}"}"#;
/// assert_eq!(receiver.sns(envelope)?.event_type(), "user.updated");
/// # Ok::<(), stream_chat::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct QueueReceiver {
    decoder: QueueDecoder,
    is_tolerant: bool,
}

impl QueueReceiver {
    /// Creates a receiver with a limit of
    /// [`DEFAULT_MAX_MESSAGE_SIZE`](stream_auth::webhook::DEFAULT_MAX_MESSAGE_SIZE) (8 MiB) per
    /// message.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the maximum size of a message in bytes, both as received and decompressed.
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.decoder = self.decoder.max_body_size(bytes);
        self
    }

    /// Sets whether places that cannot be decoded are skipped; see
    /// [`WebhookReceiver::tolerant`](super::WebhookReceiver::tolerant).
    #[must_use]
    pub fn tolerant(mut self, is_tolerant: bool) -> Self {
        self.is_tolerant = is_tolerant;
        self
    }

    /// Decodes the event in the body of an SQS message: JSON, base64 of JSON or base64 of gzip.
    ///
    /// The messages of a queue that is subscribed to an SNS topic are SNS envelopes: use
    /// [`sns`](Self::sns) for them.
    ///
    /// # Errors
    /// An error from which [`Error::downcast_ref`] returns the [`WebhookError`]:
    /// [`WebhookError::TooLarge`], [`WebhookError::InvalidBase64`], [`WebhookError::GzipFailed`],
    /// [`WebhookError::InvalidJson`] and [`WebhookError::MissingType`].
    #[inline]
    pub fn sqs(&self, message: &[u8]) -> Result<Webhook<Event>, Error> {
        Ok(self.read(self.decoder.sqs(message)?.into_owned())?)
    }

    /// Decodes the event in an SNS message, with its envelope or without (raw message delivery).
    ///
    /// # Errors
    /// Those of [`sqs`](Self::sqs), and [`WebhookError::SubscriptionMessage`] if SNS asks to
    /// confirm a subscription.
    #[inline]
    pub fn sns(&self, message: &[u8]) -> Result<Webhook<Event>, Error> {
        Ok(self.read(self.decoder.sns(message)?.into_owned())?)
    }

    #[inline]
    fn read(&self, json: Vec<u8>) -> Result<Webhook<Event>, WebhookError> {
        Webhook::read(WebhookMetadata::default(), json, self.is_tolerant)
    }
}
