//! Verification of webhooks and unpacking of their events.
//!
//! Stream signs the body of a webhook with the API secret and sends the signature in
//! [`SIGNATURE_HEADER`]. [`WebhookVerifier`] checks it and returns the JSON. Messages from SQS
//! and SNS have no signature: the access policy of the queue or topic protects them, and
//! [`QueueDecoder`] only unpacks.
//!
//! The verifier needs the bytes as they were received. A body that was parsed and serialized again
//! has other bytes, so its signature never matches; in a web framework, take the raw body, not a
//! JSON extractor.
//!
//! ```
//! use stream_auth::ApiSecret;
//! use stream_auth::webhook::{WebhookError, WebhookSigner, WebhookVerifier};
//!
//! let secret = ApiSecret::new("the secret of your app")?;
//! let body = br#"{"type":"message.new"}"#;
//! let signature = WebhookSigner::new(&secret).sign(body);
//!
//! let verifier = WebhookVerifier::new(&secret);
//! let event = verifier.verify(body, Some(signature.as_bytes()))?;
//! assert_eq!(event.as_bytes(), body);
//!
//! let forged = verifier.verify(br#"{"type":"user.deleted"}"#, Some(signature.as_bytes()));
//! assert!(matches!(forged, Err(WebhookError::SignatureMismatch)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod error;
mod gzip;
mod header;
mod queue;
mod signature;
mod signer;
mod sns;
mod verification;
mod verifier;

pub use body::{DEFAULT_MAX_BODY_SIZE, VerifiedBody};
pub use error::WebhookError;
pub use header::{API_KEY_HEADER, ATTEMPT_HEADER, ID_HEADER, SIGNATURE_HEADER};
pub use queue::{DEFAULT_MAX_MESSAGE_SIZE, QueueDecoder};
pub use signature::WebhookSignature;
pub use signer::WebhookSigner;
pub use verification::Verification;
pub use verifier::WebhookVerifier;
