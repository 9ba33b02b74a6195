//! Signing webhooks, the way Stream does.

use super::signature;
use crate::hmac_key::HmacKey;
use crate::secret::ApiSecret;

/// Signs webhooks the way Stream does, for tests of a receiver and for a server that stands in for
/// Stream.
#[derive(Clone, Debug)]
pub struct WebhookSigner {
    key: HmacKey,
}

impl WebhookSigner {
    /// Creates a signer for the app that `secret` belongs to.
    #[must_use]
    pub fn new(secret: &ApiSecret) -> Self {
        Self { key: secret.key().clone() }
    }

    /// Returns the value of the `X-Signature` header for a body. A body that is sent as gzip is
    /// signed before it is packed.
    #[must_use]
    pub fn sign(&self, uncompressed_body: &[u8]) -> String {
        signature::encode(self.key.sign(uncompressed_body))
    }
}
