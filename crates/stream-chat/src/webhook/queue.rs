//! Events that come through SQS or SNS.

use super::metadata::WebhookMetadata;
use super::received::Webhook;
use stream_auth::webhook::{QueueDecoder, WebhookError};
use stream_http::Error;
use stream_models::events::Event;

/// Unpacks and parses the events that Stream puts into SQS and SNS.
///
/// They carry no signature, so no secret is needed: who may write to the queue or the topic is what
/// vouches for them. They carry no headers either: the metadata of the [`Webhook`] is empty.
/// [`QueueDecoder`] gives the JSON without parsing it.
///
/// Queues deliver more than once. To handle each message once, [`claim`](super::Lease::claim) the
/// id that the queue gave it.
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
    /// Returns a receiver with a limit of
    /// [`DEFAULT_MAX_MESSAGE_SIZE`](stream_auth::webhook::DEFAULT_MAX_MESSAGE_SIZE) (8 MiB) a
    /// message.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the most that a message may measure, in bytes, as received and unpacked.
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.decoder = self.decoder.max_body_size(bytes);
        self
    }

    /// Reads a place that cannot be read as absent; see
    /// [`WebhookReceiver::tolerant`](super::WebhookReceiver::tolerant).
    #[must_use]
    pub fn tolerant(mut self, is_tolerant: bool) -> Self {
        self.is_tolerant = is_tolerant;
        self
    }

    /// Reads the event in the body of an SQS message: JSON, base64 of JSON or base64 of gzip.
    ///
    /// A queue that is subscribed to an SNS topic holds the envelopes of SNS: use
    /// [`sns`](Self::sns) for it.
    ///
    /// # Errors
    /// One of which [`Error::downcast_ref`] gives the [`WebhookError`]: [`WebhookError::TooLarge`], [`WebhookError::InvalidBase64`], [`WebhookError::GzipFailed`],
    /// [`WebhookError::InvalidJson`] and [`WebhookError::MissingType`].
    pub fn sqs(&self, message: &[u8]) -> Result<Webhook<Event>, Error> {
        Ok(self.read(self.decoder.sqs(message)?.into_owned())?)
    }

    /// Reads the event in an SNS message, with its envelope or without (raw message delivery).
    ///
    /// # Errors
    /// Those of [`sqs`](Self::sqs), and [`WebhookError::SubscriptionMessage`] if SNS asks to
    /// confirm a subscription.
    pub fn sns(&self, message: &[u8]) -> Result<Webhook<Event>, Error> {
        Ok(self.read(self.decoder.sns(message)?.into_owned())?)
    }

    fn read(&self, json: Vec<u8>) -> Result<Webhook<Event>, WebhookError> {
        Webhook::read(WebhookMetadata::default(), json, self.is_tolerant)
    }
}
