use std::fmt;
use std::future::Future;
use stream_http::{BoxError, MaybeSend, MaybeSync, Token, TokenSource};

/// A function that gives tokens, as a source; made by
/// [`CachedTokenSource::from_fn`](super::CachedTokenSource::from_fn).
#[derive(Clone)]
pub struct TokenFunction<F>(pub(super) F);

impl<F, R> TokenSource for TokenFunction<F>
where
    F: Fn() -> R + MaybeSend + MaybeSync + 'static,
    R: Future<Output = Result<Token, BoxError>> + MaybeSend,
{
    fn token(&self) -> impl Future<Output = Result<Token, BoxError>> + MaybeSend {
        (self.0)()
    }
}

impl<F> fmt::Debug for TokenFunction<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenFunction(..)")
    }
}
