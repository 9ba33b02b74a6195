//! HMAC-SHA256 with a fixed key, the only cryptographic primitive of this crate.

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod native;
#[cfg(any(test, not(any(feature = "ring", feature = "aws-lc-rs"))))]
mod portable;

use std::fmt;
use std::hint::black_box;

#[cfg(feature = "webhooks")]
use subtle::ConstantTimeEq as _;

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
use native as provider;
#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
use portable as provider;

/// The length of an HMAC-SHA256, in bytes.
pub(crate) const TAG_LENGTH: usize = 32;

/// A key that HMAC has already absorbed, so that signing costs only the message. It is overwritten
/// when it is dropped.
// Boxed, so that a move leaves no copy behind. That of aws-lc-rs also takes a kilobyte.
#[derive(Clone)]
pub(crate) struct HmacKey(Box<provider::Key>);

impl HmacKey {
    pub(crate) fn new(key: &[u8]) -> Self {
        Self(Box::new(provider::key(key)))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> impl AsRef<[u8]> + use<> {
        let mut state = provider::begin(&self.0);
        state.update(message);
        provider::finish(state)
    }

    /// Begins to sign a message that arrives in parts.
    #[cfg(feature = "webhooks")]
    pub(crate) fn begin(&self) -> HmacState {
        HmacState(provider::begin(&self.0))
    }

    /// Returns whether `tag` is the HMAC of `message`, compared in constant time.
    #[cfg(feature = "verify")]
    pub(crate) fn verify(&self, message: &[u8], tag: &[u8; TAG_LENGTH]) -> bool {
        provider::verify(&self.0, message, tag)
    }

    fn wipe(&mut self) {
        // The providers do not overwrite their states. What `black_box` might read is not left out
        // as a write to memory that is freed next.
        *self.0 = provider::key(&[]);
        black_box(&mut *self.0);
    }
}

impl Drop for HmacKey {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(..)")
    }
}

/// An HMAC over the parts of a message received so far.
#[cfg(feature = "webhooks")]
pub(crate) struct HmacState(provider::State);

#[cfg(feature = "webhooks")]
impl HmacState {
    pub(crate) fn update(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    /// Returns whether `tag` is the HMAC of all parts, compared in constant time.
    pub(crate) fn matches(self, tag: &[u8; TAG_LENGTH]) -> bool {
        provider::finish(self.0).as_ref().ct_eq(tag).into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MESSAGE: &[u8] = b"what do ya want for nothing?";

    fn hex(tag: &[u8]) -> String {
        tag.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn portable(key: &[u8], message: &[u8]) -> String {
        let mut state = portable::begin(&portable::key(key));
        state.update(message);
        hex(&portable::finish(state))
    }

    #[test]
    fn the_test_cases_of_rfc_4231_are_signed_as_published() {
        // A key shorter than a block of 64 bytes, and one longer.
        for (key, message, expected) in [
            (
                b"Jefe".as_slice(),
                MESSAGE,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(hex(HmacKey::new(key).sign(message).as_ref()), expected);
            assert_eq!(portable(key, message), expected);
        }
    }

    #[test]
    fn a_wiped_key_is_the_empty_key() {
        let mut key = HmacKey::new(b"Jefe");
        let before = hex(key.sign(MESSAGE).as_ref());
        key.wipe();
        let after = hex(key.sign(MESSAGE).as_ref());
        assert_ne!(before, after);
        assert_eq!(after, hex(HmacKey::new(b"").sign(MESSAGE).as_ref()));
    }

    proptest! {
        #[test]
        fn providers_and_parts_make_no_difference(
            key in proptest::collection::vec(any::<u8>(), 0..200),
            message in proptest::collection::vec(any::<u8>(), 0..500),
            split in 0_usize..500,
        ) {
            let signer = HmacKey::new(&key);
            let whole = hex(signer.sign(&message).as_ref());
            let (first, second) = message.split_at(split.min(message.len()));
            let mut state = provider::begin(&signer.0);
            state.update(first);
            state.update(second);
            prop_assert_eq!(&hex(provider::finish(state).as_ref()), &whole);
            prop_assert_eq!(&portable(&key, &message), &whole);
            #[cfg(feature = "verify")]
            {
                let mut tag = [0; TAG_LENGTH];
                tag.copy_from_slice(signer.sign(&message).as_ref());
                let portable_key = portable::key(&key);
                prop_assert!(signer.verify(&message, &tag));
                prop_assert!(portable::verify(&portable_key, &message, &tag));
                tag[split % TAG_LENGTH] ^= 1;
                prop_assert!(!signer.verify(&message, &tag));
                prop_assert!(!portable::verify(&portable_key, &message, &tag));
            }
        }
    }
}
