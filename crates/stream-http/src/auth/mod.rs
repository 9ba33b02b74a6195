//! Authentication of calls. Tokens are opaque here: this crate does not know how they are signed.

mod source;

pub(crate) use source::SharedTokenSource;
pub use source::TokenSource;
pub use stream_core::Token;

/// The method by which a call authenticates, sent as `stream-auth-type`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthType {
    /// A token in the `Authorization` header.
    #[default]
    Jwt,
    /// An anonymous user; a token is sent only if one is set.
    Anonymous,
}

impl AuthType {
    /// Returns the value of the `stream-auth-type` header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Anonymous => "anonymous",
        }
    }
}
