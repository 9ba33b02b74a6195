//! The token that `stream-auth` signs and `stream-http` sends.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// A signed token in its compact form, `header.claims.signature`: the one with which a user logs
/// in, or the one that a request sends in `Authorization`.
///
/// It is a credential: until it expires, anyone who has it can act as its user. So `Debug` shows
/// nothing of it, there is neither `Display` nor `Serialize`, and its memory is overwritten when
/// the last clone is dropped. [`expose_secret`](Self::expose_secret) returns the text.
///
/// ```
/// use stream_core::Token;
///
/// let token = Token::new("header.claims.signature");
/// assert_eq!(format!("{token:?}"), "Token(..)");
/// assert_eq!(token.expose_secret(), "header.claims.signature");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Arc<Zeroizing<String>>);

impl Token {
    /// Wraps a token that was signed elsewhere, without checking it; `stream_auth::TokenVerifier`
    /// checks tokens.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(token.into())))
    }

    /// Returns the token as text, for an `Authorization` header or the response of a login
    /// endpoint.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl From<String> for Token {
    fn from(token: String) -> Self {
        Self::new(token)
    }
}

impl From<&String> for Token {
    fn from(token: &String) -> Self {
        Self::new(token.as_str())
    }
}

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Self::new(token)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}
