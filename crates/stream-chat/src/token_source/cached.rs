//! A cache for the tokens of another source.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex;

use super::validity::{Now, Validity};
use stream_http::{BoxError, Clock, MaybeSend, MaybeSync, Token, TokenSource};

/// The default time before its expiration at which a token is replaced.
const DEFAULT_MARGIN: Duration = Duration::from_secs(60);

/// Caches the token of another source until shortly before it expires.
///
/// The expiration is read from the token, which is not verified. A token without one is kept until
/// [`invalidate`](Self::invalidate).
///
/// The local clock may differ from that of the token's issuer: a token that seems to have expired
/// on arrival is used for half of its lifetime, at most for a minute, before the next refresh.
///
/// Concurrent requests that need a new token share one refresh and its outcome. While the old token
/// is still valid, only one of them waits for the refresh; if it fails, the old token remains in
/// use and the next refresh is postponed by half of the remaining time. If a request is dropped
/// during its refresh, the next one takes it over.
///
/// Clones share the token.
///
/// ```
/// use stream_chat::token_source::{CachedTokenSource, Token};
/// use stream_chat::Client;
///
/// # async fn ask_the_login_endpoint() -> Result<String, std::io::Error> { Ok(String::new()) }
/// let tokens = CachedTokenSource::from_fn(|| async {
///     let token = ask_the_login_endpoint().await?;
///     Ok(Token::new(token))
/// });
/// let john = Client::as_user("key", tokens).build()?;
/// # Ok::<(), stream_chat::Error>(())
/// ```
pub struct CachedTokenSource<S> {
    shared: Arc<Shared<S>>,
    margin: Duration,
}

struct Shared<S> {
    source: S,
    clock: Arc<dyn Clock>,
    current: StdMutex<Option<Validity>>,
    /// Locked during a refresh. Contains the error of the last one, if it failed.
    refresh: Mutex<Option<RefreshError>>,
    /// The number of completed refreshes.
    ended: AtomicU64,
}

#[cfg(not(target_family = "wasm"))]
impl<S: TokenSource> CachedTokenSource<S> {
    /// Caches the tokens of `source`, and requests a new one 60 seconds before the old one expires.
    pub fn new(source: S) -> Self {
        Self::with_clock(source, stream_http::TokioClock::new())
    }
}

#[cfg(not(target_family = "wasm"))]
impl<F, R> CachedTokenSource<TokenFunction<F>>
where
    F: Fn() -> R + MaybeSend + MaybeSync + 'static,
    R: Future<Output = Result<Token, BoxError>> + MaybeSend,
{
    /// Caches the tokens that an async function returns.
    pub fn from_fn(function: F) -> Self {
        Self::new(TokenFunction(function))
    }
}

impl<S: TokenSource> CachedTokenSource<S> {
    /// Caches the tokens of `source`, with a custom wall clock.
    pub fn with_clock(source: S, clock: impl Clock) -> Self {
        Self {
            shared: Arc::new(Shared {
                source,
                clock: Arc::new(clock),
                current: StdMutex::new(None),
                refresh: Mutex::new(None),
                ended: AtomicU64::new(0),
            }),
            margin: DEFAULT_MARGIN,
        }
    }

    /// Sets how long before its expiration a token is replaced; 60 seconds by default. A token with
    /// a lifetime of less than twice as long is replaced in the middle of it.
    #[must_use]
    pub fn refresh_before(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// Discards the token, so that the next request gets a new one. Use it for a token that the
    /// server refuses although it has not expired, for example after a revocation. A request whose
    /// token the server refuses because of its timestamps gets a new one by itself.
    pub fn invalidate(&self) {
        *self.shared.current() = None;
    }

    async fn refresh(&self, failure: &mut Option<RefreshError>) -> Result<Token, RefreshError> {
        let result = self.shared.source.token().await;
        let now = self.shared.now();
        let outcome = match result {
            Ok(token) => {
                let validity = Validity::new(token.clone(), now, self.margin);
                *self.shared.current() = Some(validity);
                Ok(token)
            }
            Err(error) => {
                let error = RefreshError(error.into());
                let mut current = self.shared.current();
                match current.as_mut().filter(|validity| validity.is_valid(now)) {
                    Some(validity) => {
                        validity.postpone(now);
                        Ok(validity.token.clone())
                    }
                    None => Err(error),
                }
            }
        };
        *failure = outcome.as_ref().err().cloned();
        self.shared.ended.fetch_add(1, Ordering::AcqRel);
        outcome
    }
}

impl<S> Shared<S> {
    fn current(&self) -> MutexGuard<'_, Option<Validity>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Now {
        Now::of(&*self.clock)
    }

    fn current_if(&self, is_good: impl FnOnce(&Validity, Now) -> bool) -> Option<Token> {
        let now = self.now();
        let current = self.current();
        let good = current.as_ref().filter(|validity| is_good(validity, now));
        good.map(|validity| validity.token.clone())
    }
}

impl<S: TokenSource> TokenSource for CachedTokenSource<S> {
    async fn token(&self) -> Result<Token, BoxError> {
        if let Some(token) = self.shared.current_if(Validity::is_fresh) {
            return Ok(token);
        }
        let ended = self.shared.ended.load(Ordering::Acquire);
        let mut failure = match self.shared.refresh.try_lock() {
            Ok(failure) => failure,
            Err(_) => match self.shared.current_if(Validity::is_valid) {
                Some(token) => return Ok(token),
                None => self.shared.refresh.lock().await,
            },
        };
        if let Some(token) = self.shared.current_if(Validity::is_fresh) {
            return Ok(token);
        }
        if self.shared.ended.load(Ordering::Acquire) != ended {
            // All requests that waited for the refresh share its error.
            if let Some(error) = &*failure {
                return Err(error.clone().into());
            }
        }
        Ok(self.refresh(&mut failure).await?)
    }

    fn refused(&self, token: &Token) -> bool {
        let now = self.shared.now();
        Validity::discard(&mut self.shared.current(), token, now)
    }
}

impl<S> Clone for CachedTokenSource<S> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), margin: self.margin }
    }
}

impl<S> fmt::Debug for CachedTokenSource<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedTokenSource")
            .field("refresh_before", &self.margin)
            .finish_non_exhaustive()
    }
}

/// The error of a refresh, shared by all requests that waited for it. It displays and wraps the
/// error of the source.
#[derive(Debug, Clone)]
pub struct RefreshError(Arc<dyn std::error::Error + Send + Sync>);

impl fmt::Display for RefreshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for RefreshError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

/// A function that returns tokens, as a source; created by [`CachedTokenSource::from_fn`].
#[derive(Clone)]
pub struct TokenFunction<F>(F);

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
