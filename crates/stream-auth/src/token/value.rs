//! The signed token as a value.

use std::fmt;

use zeroize::Zeroizing;

/// A signed token in its compact form, `header.claims.signature`.
///
/// It is a credential: until it expires, whoever has it is the user it names. So `Debug` shows
/// nothing of it, there is no `Display`, and the text is wiped from memory when dropped.
/// [`as_str`](Self::as_str) and [`into_string`](Self::into_string) give it out.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// Wraps a token that was signed elsewhere. It is not looked at;
    /// [`TokenVerifier`](crate::TokenVerifier) does that.
    #[must_use]
    pub fn from_signed(token: impl Into<String>) -> Self {
        Self(Zeroizing::new(token.into()))
    }

    /// The token as text, for an `Authorization` header or the answer of a login endpoint.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The token as text that the caller owns. It is no longer wiped when dropped.
    #[must_use]
    pub fn into_string(mut self) -> String {
        std::mem::take(&mut *self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}
