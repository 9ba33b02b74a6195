//! HMAC-SHA256 by the library that also does the TLS: aws-lc-rs, or ring, whose interface is the
//! same.

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs::hmac;
#[cfg(not(feature = "aws-lc-rs"))]
use ring::hmac;

pub(super) use hmac::{Context as State, Key, Tag};

pub(super) fn key(bytes: &[u8]) -> Key {
    Key::new(hmac::HMAC_SHA256, bytes)
}

pub(super) fn begin(key: &Key) -> State {
    State::with_key(key)
}

pub(super) fn finish(state: State) -> Tag {
    state.sign()
}

/// Compares in constant time.
#[cfg(feature = "verify")]
pub(super) fn verify(key: &Key, message: &[u8], tag: &[u8]) -> bool {
    hmac::verify(key, message, tag).is_ok()
}
