//! HMAC-SHA256 in Rust alone: slower, but small, and the same on every target.

use hmac_sha256::HMAC;

use super::TAG_LENGTH;

pub(super) type Key = HMAC;
pub(super) type State = HMAC;
pub(super) type Tag = [u8; TAG_LENGTH];

pub(super) fn key(bytes: &[u8]) -> Key {
    HMAC::new(bytes)
}

pub(super) fn begin(key: &Key) -> State {
    key.clone()
}

pub(super) fn finish(state: State) -> Tag {
    state.finalize()
}

/// Compares in constant time.
#[cfg(feature = "verify")]
pub(super) fn verify(key: &Key, message: &[u8], tag: &[u8; TAG_LENGTH]) -> bool {
    let mut state = begin(key);
    state.update(message);
    state.finalize_verify(tag)
}
