//! Authentication of calls. Tokens are opaque here: this crate does not know how they are signed.

mod source;

pub(crate) use source::SharedTokenSource;
pub use source::TokenSource;
pub use stream_core::Token;

/// The way in which a call authenticates, sent as `stream-auth-type`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthType {
    /// With a token in the header `Authorization`.
    #[default]
    Jwt,
    /// As an anonymous user; a token is sent only if one is set.
    Anonymous,
}

impl AuthType {
    /// Returns the value of the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Anonymous => "anonymous",
        }
    }
}
