//! The error of verifying, unpacking or parsing a webhook.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use stream_core::{ErrorClass, SdkError};

/// The reason why a webhook was refused, from its signature to the parsing of its event.
///
/// No variant contains the secret, the signature or the body.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookError {
    /// The request has no `X-Signature` header. Stream signs every webhook.
    MissingSignature,
    /// None of the secrets gives this signature for this body.
    SignatureMismatch,
    /// The body, packed or unpacked, is larger than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body begins like gzip but cannot be unpacked, something follows the end of the gzip
    /// data, or it has more than 8 gzip members.
    GzipFailed {
        /// The error of the decoder.
        source: io::Error,
    },
    /// A message of SQS or SNS is neither a JSON object nor base64.
    InvalidBase64 {
        /// The error of the base64 decoder.
        reason: String,
    },
    /// The message comes from SNS but contains no event: it asks to confirm the start or the end
    /// of a subscription, by visiting the `SubscribeURL` in it.
    SubscriptionMessage,
    /// The body is not the expected JSON.
    InvalidJson {
        /// The error of the parser.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The event has no `type`. Returned by the layer that parses events.
    MissingType,
}

impl WebhookError {
    /// Creates an [`InvalidJson`](Self::InvalidJson) error, for the layer that parses the body.
    pub fn invalid_json(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::InvalidJson { source: source.into() }
    }

    /// Returns whether the sender did not prove to be Stream, so that the endpoint should respond
    /// with 401. For any other error, it should respond with 400.
    #[must_use]
    pub fn is_authentication_failure(&self) -> bool {
        matches!(self, Self::MissingSignature | Self::SignatureMismatch)
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingSignature => {
                "the webhook is not signed: the X-Signature header is missing"
            }
            Self::SignatureMismatch => {
                "the signature of the webhook does not match its body: check that the secret is the app's, and that \
                 the body is passed as received, not parsed and serialized again"
            }
            Self::TooLarge { limit } => {
                return write!(f, "the body of the webhook is larger than {limit} bytes");
            }
            Self::GzipFailed { .. } => "the body of the webhook cannot be unpacked as gzip",
            Self::InvalidBase64 { reason } => {
                return write!(f, "the message is neither a JSON object nor base64: {reason}");
            }
            Self::SubscriptionMessage => {
                "the SNS message is about the subscription and contains no event: visit its SubscribeURL to confirm"
            }
            Self::InvalidJson { .. } => "the body of the webhook is not the expected JSON",
            Self::MissingType => "the event has no `type`",
        })
    }
}

impl StdError for WebhookError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::GzipFailed { source } => Some(source),
            Self::InvalidJson { source } => Some(source.as_ref()),
            _ => None,
        }
    }
}

impl SdkError for WebhookError {
    fn class(&self) -> ErrorClass {
        ErrorClass::Unverified
    }
}
