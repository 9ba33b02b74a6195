//! Deciding whether a webhook comes from Stream.

use std::borrow::Cow;

use crate::hmac_key::HmacKey;
use crate::secret::ApiSecret;

use super::body::{DEFAULT_MAX_BODY_SIZE, VerifiedBody};
use super::error::WebhookError;
use super::{gzip, signature};

/// Verifies webhooks that were signed with the secret of an app, and unpacks them.
///
/// Make it once and keep it: the key is prepared when it is made.
#[derive(Clone, Debug)]
pub struct WebhookVerifier {
    keys: Vec<HmacKey>,
    max_body_size: usize,
}

impl WebhookVerifier {
    /// A verifier for the app that `secret` belongs to, with a limit of [`DEFAULT_MAX_BODY_SIZE`].
    #[must_use]
    pub fn new(secret: &ApiSecret) -> Self {
        Self { keys: vec![secret.key().clone()], max_body_size: DEFAULT_MAX_BODY_SIZE }
    }

    /// Accepts the signatures of another secret as well, while a secret is being replaced.
    #[must_use]
    pub fn also_accept(mut self, secret: &ApiSecret) -> Self {
        self.keys.push(secret.key().clone());
        self
    }

    /// The most that a body may measure in bytes, as it came and unpacked.
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body_size = bytes;
        self
    }

    /// Verifies one webhook and returns the JSON of its event, which nothing has parsed before.
    ///
    /// `body` is what came, plain or gzip; `signature` the value of
    /// [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER), if the request has one. As the signature
    /// covers the uncompressed body, a gzip body is unpacked first, within the limit. The
    /// comparison takes constant time.
    ///
    /// # Errors
    /// [`WebhookError::MissingSignature`], [`WebhookError::SignatureMismatch`] (also for a
    /// signature that is not 64 lower-case hexadecimal digits), [`WebhookError::TooLarge`] and
    /// [`WebhookError::GzipFailed`].
    pub fn verify<'b>(
        &self,
        body: &'b [u8],
        signature: Option<&[u8]>,
    ) -> Result<VerifiedBody<'b>, WebhookError> {
        let signature = signature.ok_or(WebhookError::MissingSignature)?;
        let signature = signature::decode(signature).ok_or(WebhookError::SignatureMismatch)?;
        let unpacked = gzip::unpack(Cow::Borrowed(body), self.max_body_size)?;
        if self.keys.iter().any(|key| key.verify(&unpacked, &signature)) {
            Ok(VerifiedBody::new(unpacked))
        } else {
            Err(WebhookError::SignatureMismatch)
        }
    }
}
