//! Tokens of another source, kept until shortly before they expire.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex;

use super::validity::{Now, Validity};
use stream_http::{BoxError, Clock, MaybeSend, MaybeSync, Token, TokenSource};

/// How long before its expiry a token is replaced by default.
const DEFAULT_MARGIN: Duration = Duration::from_secs(60);

/// Keeps the token of another source until shortly before it expires.
///
/// The expiry is read from the token, which is not verified here. A token without one is kept until
/// [`invalidate`](Self::invalidate).
///
/// The clock here may differ from that of whoever signs the tokens: a token that seems to have
/// expired when it comes is used for half of its life, at most for a minute, before the next
/// refresh.
///
/// Calls that need a new token at the same time share one refresh and its outcome. While the old
/// token is still valid only one of them waits for it, and if the refresh fails the old token is
/// used on and the next refresh put off for half of the time that is left. A call that is dropped
/// while it refreshes leaves the refresh to the next one.
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
    /// Held during a refresh. Holds why the last one failed, if it failed.
    refresh: Mutex<Option<RefreshError>>,
    /// How many refreshes have ended.
    ended: AtomicU64,
}

#[cfg(not(target_family = "wasm"))]
impl<S: TokenSource> CachedTokenSource<S> {
    /// Keeps the tokens of `source`, and asks for a new one 60 s before the old one expires.
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
    /// Keeps the tokens that an async function gives.
    pub fn from_fn(function: F) -> Self {
        Self::new(TokenFunction(function))
    }
}

impl<S: TokenSource> CachedTokenSource<S> {
    /// Keeps the tokens of `source`, by a wall clock of your own.
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

    /// How long before its expiry a token is replaced; 60 s by default. A token that lives less
    /// than twice as long is replaced in the middle of its life.
    #[must_use]
    pub fn refresh_before(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// Forgets the token: the next call asks for a new one. For a token that the server refuses
    /// although it has not expired, as after a revocation.
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
            // The refresh that was waited for has failed, and its outcome is that of all who waited.
            if let Some(error) = &*failure {
                return Err(error.clone().into());
            }
        }
        Ok(self.refresh(&mut failure).await?)
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

/// Why no new token came, told to all calls that waited for it. It shows and wraps what the source
/// gave.
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

/// A function that gives tokens, as a source; made by [`CachedTokenSource::from_fn`].
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
