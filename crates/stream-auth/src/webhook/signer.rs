//! The signer of webhooks.

use super::signature;
use crate::hmac::HmacKey;
use crate::secret::ApiSecret;

/// Signs webhooks as Stream does, for tests of a receiver and for a server that emulates Stream.
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

    /// Returns the value of the `X-Signature` header for a body. Sign a body before it is
    /// compressed.
    #[must_use]
    pub fn sign(&self, uncompressed_body: &[u8]) -> String {
        signature::encode(self.key.sign(uncompressed_body).as_ref())
    }
}
