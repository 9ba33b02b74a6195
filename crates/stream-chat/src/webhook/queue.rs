use super::payload::Payload;
use stream_auth::webhook::{QueueDecoder, WebhookError};
use stream_models::events::Event;

/// Unpacks and parses the events that Stream puts into SQS and SNS.
///
/// They carry no signature, so no secret is needed: who may write to the queue or the topic is what
/// vouches for them. [`QueueDecoder`] gives the JSON without parsing it.
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
/// # Ok::<(), stream_chat::webhook::WebhookError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct QueueReceiver(QueueDecoder);

impl QueueReceiver {
    /// A receiver with a limit of 8 MiB a message.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The most that a message may measure in bytes, as it came and unpacked.
    #[must_use]
    pub fn max_body_size(self, bytes: usize) -> Self {
        Self(self.0.max_body_size(bytes))
    }

    /// The event in the body of an SQS message: JSON, base64 of JSON or base64 of gzip.
    ///
    /// A queue that is subscribed to an SNS topic holds the envelopes of SNS: use
    /// [`sns`](Self::sns) for it.
    ///
    /// # Errors
    /// [`WebhookError::TooLarge`], [`WebhookError::InvalidBase64`], [`WebhookError::GzipFailed`],
    /// [`WebhookError::InvalidJson`] and [`WebhookError::MissingType`].
    pub fn sqs(&self, message: &[u8]) -> Result<Event, WebhookError> {
        Event::from_json(&self.0.sqs(message)?)
    }

    /// The event in an SNS message, with its envelope or without (raw message delivery).
    ///
    /// # Errors
    /// Those of [`sqs`](Self::sqs), and [`WebhookError::SubscriptionMessage`] if SNS asks to
    /// confirm a subscription.
    pub fn sns(&self, message: &[u8]) -> Result<Event, WebhookError> {
        Event::from_json(&self.0.sns(message)?)
    }
}
