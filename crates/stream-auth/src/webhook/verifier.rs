//! The verifier of webhooks.

use super::body::{DEFAULT_MAX_BODY_SIZE, VerifiedBody};
use super::error::WebhookError;
use super::signature::WebhookSignature;
use super::verification::Verification;
use crate::hmac::HmacKey;
use crate::secret::ApiSecret;

/// Verifies webhooks that were signed with the secret of an app, and unpacks them.
///
/// Create it once and keep it, because creating it prepares the key.
#[derive(Clone, Debug)]
pub struct WebhookVerifier {
    keys: Vec<HmacKey>,
    max_body_size: usize,
}

impl WebhookVerifier {
    /// Creates a verifier for the app that `secret` belongs to, with a limit of
    /// [`DEFAULT_MAX_BODY_SIZE`].
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

    /// Sets the maximum size of a body in bytes, packed as well as unpacked.
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body_size = bytes;
        self
    }

    /// Verifies one webhook and returns the JSON of its event, which is not parsed yet.
    ///
    /// `body` is the body as received, plain or gzip; `signature` is the value of
    /// [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER), if the request has one. Because the signature
    /// covers the uncompressed body, a gzip body is unpacked first, within the limit and from at
    /// most 8 gzip members. The comparison takes constant time.
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
        let mut verification = self.start(body, WebhookSignature::parse(signature)?)?;
        loop {
            if let Some(outcome) = verification.step() {
                return outcome;
            }
        }
    }

    /// Starts to verify one webhook in bounded steps, for a server that handles many connections in
    /// one thread. [`verify`](Self::verify) runs all steps at once.
    ///
    /// ```
    /// use stream_auth::ApiSecret;
    /// use stream_auth::webhook::{WebhookSignature, WebhookSigner, WebhookVerifier};
    ///
    /// let secret = ApiSecret::new("the secret of your app")?;
    /// let body = br#"{"type":"message.new"}"#;
    /// let header = WebhookSigner::new(&secret).sign(body);
    ///
    /// // Before the body is read.
    /// let signature = WebhookSignature::parse(Some(header.as_bytes()))?;
    /// let verifier = WebhookVerifier::new(&secret);
    /// let mut verification = verifier.start(body, signature)?;
    /// let event = loop {
    ///     match verification.step() {
    ///         Some(outcome) => break outcome?,
    ///         None => { /* let others run */ }
    ///     }
    /// };
    /// assert_eq!(event.as_bytes(), body);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WebhookError::TooLarge`] if the body as received is larger than the limit.
    pub fn start<'b>(
        &self,
        body: &'b [u8],
        signature: WebhookSignature,
    ) -> Result<Verification<'b>, WebhookError> {
        Verification::new(&self.keys, signature, body, self.max_body_size)
    }
}
