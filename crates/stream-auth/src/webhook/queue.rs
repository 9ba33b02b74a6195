//! The decoder of events from SQS and SNS.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::error::WebhookError;
use super::{gzip, sns};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// The default maximum size of a message, in bytes, packed as well as unpacked: 8 MiB. AWS limits
/// messages to a fraction of it, and only senders that the access policy names can write them.
pub const DEFAULT_MAX_MESSAGE_SIZE: usize = 8 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Unpacks the messages that Stream sends to SQS and SNS: JSON, base64 of JSON, or base64 of gzip.
///
/// They have no signature, so the result is only as trustworthy as the access policy of the queue
/// or topic.
///
/// ```
/// use stream_auth::webhook::QueueDecoder;
///
/// let decoder = QueueDecoder::new();
/// let event = br#"{"type":"message.new"}"#;
/// assert_eq!(*decoder.sqs(event)?, *event);
/// assert_eq!(*decoder.sqs(b"eyJ0eXBlIjoibWVzc2FnZS5uZXcifQ==")?, *event);
///
/// let envelope = br#"{"Type":"Notification","Message":"{\"type\":\"message.new\"}"}"#;
/// assert_eq!(*decoder.sns(envelope)?, *event);
/// # Ok::<(), stream_auth::webhook::WebhookError>(())
/// ```
#[derive(Clone, Debug)]
pub struct QueueDecoder {
    max_body_size: usize,
}

impl Default for QueueDecoder {
    fn default() -> Self {
        Self::new()
    }
}

impl QueueDecoder {
    /// Creates a decoder with a limit of [`DEFAULT_MAX_MESSAGE_SIZE`].
    #[must_use]
    pub fn new() -> Self {
        Self { max_body_size: DEFAULT_MAX_MESSAGE_SIZE }
    }

    /// Sets the maximum size of a message in bytes, packed as well as unpacked.
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body_size = bytes;
        self
    }

    /// Unpacks the body of an SQS message to the JSON of its event. White space and a byte-order
    /// mark around it are skipped.
    ///
    /// A queue that is subscribed to an SNS topic contains SNS envelopes: use [`sns`](Self::sns)
    /// for it.
    ///
    /// # Errors
    /// [`WebhookError::TooLarge`], [`WebhookError::InvalidBase64`], [`WebhookError::GzipFailed`],
    /// and [`WebhookError::InvalidJson`] if the content is not an object. The JSON is not parsed.
    pub fn sqs<'m>(&self, message: &'m [u8]) -> Result<Cow<'m, [u8]>, WebhookError> {
        let message = self.trim_within_limit(message)?;
        self.unpack(message)
    }

    /// Unpacks an SNS message to the JSON of its event: the envelope with the event in `Message`,
    /// or the event alone (raw message delivery). White space and a byte-order mark around either
    /// are skipped.
    ///
    /// An object with a `type` is an event and never an envelope, because a custom event may
    /// contain fields that a user of the app chose, and could otherwise smuggle in a forged event
    /// as its `Message`.
    ///
    /// # Errors
    /// Those of [`sqs`](Self::sqs), and [`WebhookError::SubscriptionMessage`] if SNS asks to
    /// confirm a subscription.
    pub fn sns<'m>(&self, message: &'m [u8]) -> Result<Cow<'m, [u8]>, WebhookError> {
        let message = self.trim_within_limit(message)?;
        match sns::open_envelope(message)? {
            Some(inside) => Ok(Cow::Owned(self.unpack(trim(inside.as_bytes()))?.into_owned())),
            None => self.unpack(message),
        }
    }

    fn trim_within_limit<'m>(&self, message: &'m [u8]) -> Result<&'m [u8], WebhookError> {
        if message.len() > self.max_body_size {
            return Err(WebhookError::TooLarge { limit: self.max_body_size });
        }
        Ok(trim(message))
    }

    fn unpack<'m>(&self, message: &'m [u8]) -> Result<Cow<'m, [u8]>, WebhookError> {
        if sns::is_object(message) {
            return Ok(Cow::Borrowed(message));
        }
        let decoded = BASE64
            .decode(message)
            .map_err(|error| WebhookError::InvalidBase64 { reason: error.to_string() })?;
        let unpacked = gzip::unpack(Cow::Owned(decoded), self.max_body_size)?;
        let json = trim(&unpacked);
        if !sns::is_object(json) {
            return Err(WebhookError::invalid_json("the message contains no JSON object"));
        }
        Ok(Cow::Owned(json.to_vec()))
    }
}

fn trim(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim_ascii()
}
