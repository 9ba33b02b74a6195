//! Webhooks: who sent them, and the bytes of the event in them.
//!
//! Stream signs the body of a webhook with the API secret and sends the signature in
//! [`SIGNATURE_HEADER`]. [`WebhookVerifier`] checks it and hands out the JSON. Messages from SQS
//! and SNS carry no signature: there, access to the queue or topic is what vouches for them, and
//! [`QueueDecoder`] only unpacks.
//!
//! Give it the bytes as they came. A body that was parsed and written again is another sequence of
//! bytes, and its signature is "always wrong"; so in a web framework take the raw body, not a JSON
//! extractor.
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
