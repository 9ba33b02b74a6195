//! What can be wrong with a webhook.

use std::error::Error as StdError;
use std::io;

use thiserror::Error;

use stream_core::{ErrorClass, SdkError};

/// What can be wrong with a webhook, from the signature to the parsing of the event.
///
/// No variant holds the secret, the signature or the body.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// The request has no `X-Signature` header. Stream signs every webhook.
    #[error("the webhook is not signed: the X-Signature header is missing")]
    MissingSignature,
    /// No secret gives this signature for this body.
    #[error(
        "the signature of the webhook does not match its body: check that the secret is the app's, and that the bytes are \
         those that came, not parsed and written again"
    )]
    SignatureMismatch,
    /// The body, packed or unpacked, is larger than the limit.
    #[error("the body of the webhook is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body begins like gzip and cannot be unpacked, something follows the end of the gzip
    /// data, or it has more than 8 gzip members.
    #[error("the body of the webhook cannot be unpacked as gzip")]
    GzipFailed {
        /// The error of the decoder.
        source: io::Error,
    },
    /// A message of SQS or SNS is neither a JSON object nor base64.
    #[error("the message is neither a JSON object nor base64: {reason}")]
    InvalidBase64 {
        /// Where it stops being base64.
        reason: String,
    },
    /// The message comes from SNS but announces no event: it asks to confirm the start or the end
    /// of a subscription, by visiting the `SubscribeURL` in it.
    #[error(
        "the SNS message is about the subscription and holds no event: visit its SubscribeURL to confirm"
    )]
    SubscriptionMessage,
    /// The body is not the JSON that was expected.
    #[error("the body of the webhook is not the expected JSON")]
    InvalidJson {
        /// The error of the parser.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The event does not say what it is. Raised by the layer that parses events.
    #[error("the event has no `type`")]
    MissingType,
}

impl WebhookError {
    /// The body is not the JSON that was expected; for the layer that parses it.
    pub fn invalid_json(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::InvalidJson { source: source.into() }
    }

    /// Returns whether the sender did not prove to be Stream, which calls for a response of 401.
    /// Any other error calls for 400.
    #[must_use]
    pub fn is_authentication_failure(&self) -> bool {
        matches!(self, Self::MissingSignature | Self::SignatureMismatch)
    }
}

impl SdkError for WebhookError {
    fn class(&self) -> ErrorClass {
        ErrorClass::Unverified
    }
}
