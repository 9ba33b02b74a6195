//! The body of a verified webhook.

use std::borrow::Cow;
use std::fmt;

/// The default maximum size of a body, in bytes, packed as well as unpacked: 1 MiB.
///
/// Stream's events are a few kilobytes. Anyone who can reach the server can make it buffer this
/// much for each connection, because the body has to be read and unpacked before its signature can
/// be checked.
pub const DEFAULT_MAX_BODY_SIZE: usize = 1024 * 1024;

/// The body of a verified webhook: the JSON of one event, unpacked and not yet parsed.
///
/// It borrows from the request if the body was not compressed. `Debug` shows only its length.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedBody<'b>(Cow<'b, [u8]>);

impl<'b> VerifiedBody<'b> {
    pub(super) fn new(bytes: Cow<'b, [u8]>) -> Self {
        Self(bytes)
    }

    /// Returns the JSON.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the JSON, copied if it is borrowed.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        self.0.into_owned()
    }

    /// Returns the JSON, borrowed from the request if the body was not compressed.
    #[must_use]
    pub fn into_bytes(self) -> Cow<'b, [u8]> {
        self.0
    }
}

impl AsRef<[u8]> for VerifiedBody<'_> {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for VerifiedBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedBody({} bytes)", self.0.len())
    }
}
