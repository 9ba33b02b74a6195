//! The source of the token that each attempt sends.

use std::future::{Future, ready};
use std::sync::Arc;

use super::Token;
use crate::error::BoxError;
use crate::runtime::{BoxFuture, MaybeSend, MaybeSync};

/// The source of the token that each attempt sends.
///
/// It is called once for every attempt, so a source that renews its token should cache it until it
/// is about to expire. A [`Token`] is itself a source that always returns itself.
pub trait TokenSource: MaybeSend + MaybeSync + 'static {
    /// Returns the token to send.
    ///
    /// # Errors
    /// The source cannot return a token. The call then fails as a configuration error and sends
    /// nothing. The text of the error must not contain a secret.
    fn token(&self) -> impl Future<Output = Result<Token, BoxError>> + MaybeSend;

    /// Notifies the source that the server refused `token` because of its timestamps: it has
    /// expired, or is not valid yet, most often because clocks differ. Returns whether the source
    /// will return another token, with which the call is then sent again, at most once.
    ///
    /// A source that caches tokens should discard this one, but not every time, because the next
    /// one may be refused as well. The default returns `false`, and the call fails.
    fn refused(&self, token: &Token) -> bool {
        let _ = token;
        false
    }
}

impl TokenSource for Token {
    fn token(&self) -> impl Future<Output = Result<Token, BoxError>> + MaybeSend {
        ready(Ok(self.clone()))
    }
}

/// The object-safe counterpart of [`TokenSource`].
pub(crate) trait DynTokenSource: MaybeSend + MaybeSync {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>>;
    fn refused(&self, token: &Token) -> bool;
}

impl<T: TokenSource> DynTokenSource for T {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(TokenSource::token(self))
    }

    fn refused(&self, token: &Token) -> bool {
        TokenSource::refused(self, token)
    }
}

/// A fixed token, which needs no future, or a source.
#[derive(Clone)]
pub(crate) enum SharedTokenSource {
    Fixed(Token),
    Source(Arc<dyn DynTokenSource>),
}

impl SharedTokenSource {
    pub(crate) fn new(source: impl TokenSource) -> Self {
        Self::Source(Arc::new(source))
    }

    /// Returns the fixed token, if there is one.
    pub(crate) const fn fixed(&self) -> Option<&Token> {
        match self {
            Self::Fixed(token) => Some(token),
            Self::Source(_) => None,
        }
    }

    /// Returns whether the source will replace a token that the server refused.
    pub(crate) fn refused(&self, token: &Token) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Source(source) => source.refused(token),
        }
    }
}
