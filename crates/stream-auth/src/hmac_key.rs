//! HMAC-SHA256 with a fixed key, the only cryptographic primitive of this crate.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The length of an HMAC-SHA256, in bytes.
pub(crate) const TAG_LENGTH: usize = 32;

/// A key that HMAC has already absorbed, so that signing costs only the message. Its state is wiped
/// when it is dropped.
#[derive(Clone)]
pub(crate) struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(key).ok().map(Self)
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; TAG_LENGTH] {
        self.0.clone().chain_update(message).finalize().into_bytes().into()
    }

    /// Begins to sign a message that arrives in parts.
    #[cfg(feature = "webhooks")]
    pub(crate) fn begin(&self) -> HmacState {
        HmacState(self.0.clone())
    }

    /// Returns whether `tag` is the HMAC of `message`, compared in constant time.
    #[cfg(feature = "verify")]
    pub(crate) fn verify(&self, message: &[u8], tag: &[u8; TAG_LENGTH]) -> bool {
        self.0.clone().chain_update(message).verify_slice(tag).is_ok()
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(..)")
    }
}

/// An HMAC over the parts of a message received so far.
#[cfg(feature = "webhooks")]
pub(crate) struct HmacState(Hmac<Sha256>);

#[cfg(feature = "webhooks")]
impl HmacState {
    pub(crate) fn update(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    /// Returns whether `tag` is the HMAC of all parts, compared in constant time.
    pub(crate) fn matches(self, tag: &[u8; TAG_LENGTH]) -> bool {
        self.0.verify_slice(tag).is_ok()
    }
}
