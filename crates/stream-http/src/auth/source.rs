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
}

impl TokenSource for Token {
    fn token(&self) -> impl Future<Output = Result<Token, BoxError>> + MaybeSend {
        ready(Ok(self.clone()))
    }
}

/// The object-safe counterpart of [`TokenSource`].
pub(crate) trait DynTokenSource: MaybeSend + MaybeSync {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>>;
}

impl<T: TokenSource> DynTokenSource for T {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(TokenSource::token(self))
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
}
