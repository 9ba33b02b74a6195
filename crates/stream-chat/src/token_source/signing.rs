//! Tokens of one user, signed with the secret of the app.

use std::fmt;
use std::future::{Future, ready};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::validity::{Now, Validity};
use crate::user::User;
use stream_auth::{SignError, TokenBuilder, TokenSigner};
use stream_http::{BoxError, Clock, Error, MaybeSend, Token, TokenSource};

/// The default lifetime of a token.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// The default time before its expiration at which a token is replaced.
const DEFAULT_MARGIN: Duration = Duration::from_secs(60);

/// Signs the tokens of one user with the secret of the app: the first one when it is needed, and a
/// new one shortly before the old one expires.
///
/// Clones share the token.
///
/// ```
/// use std::time::Duration;
/// use stream_chat::Client;
///
/// let app = Client::new("key", "secret")?;
/// let tokens = app.user("john").token_source()?.expires_in(Duration::from_secs(600));
/// let john = Client::as_user("key", tokens).build()?;
/// # Ok::<(), stream_chat::Error>(())
/// ```
#[derive(Clone)]
pub struct UserTokenSource {
    signer: TokenSigner,
    user_id: String,
    lifetime: Duration,
    margin: Duration,
    customize: Arc<Customize>,
    clock: Arc<dyn Clock>,
    current: Arc<Mutex<Option<Validity>>>,
}

#[cfg(not(target_family = "wasm"))]
type Customize = dyn Fn(TokenBuilder<'_>) -> TokenBuilder<'_> + Send + Sync;
#[cfg(target_family = "wasm")]
type Customize = dyn Fn(TokenBuilder<'_>) -> TokenBuilder<'_>;

impl UserTokenSource {
    /// Creates a source of tokens for one user, signed by `signer`, that uses the system clock.
    #[cfg(not(target_family = "wasm"))]
    pub fn new(signer: TokenSigner, user_id: impl Into<String>) -> Self {
        Self::with_clock(signer, user_id, stream_http::TokioClock::new())
    }

    /// Creates a source of tokens for one user, signed by `signer`, that uses a custom wall clock.
    pub fn with_clock(signer: TokenSigner, user_id: impl Into<String>, clock: impl Clock) -> Self {
        Self {
            signer,
            user_id: user_id.into(),
            lifetime: DEFAULT_LIFETIME,
            margin: DEFAULT_MARGIN,
            customize: Arc::new(|token| token),
            clock: Arc::new(clock),
            current: Arc::default(),
        }
    }

    /// Sets the lifetime of a token; an hour by default.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self.forget()
    }

    /// Sets how long before its expiration a token is replaced; 60 seconds by default. A token with
    /// a lifetime of less than twice as long is replaced in the middle of it.
    #[must_use]
    pub fn refresh_before(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self.forget()
    }

    /// Customizes the tokens: a role, channels, custom claims.
    ///
    /// ```
    /// # use stream_chat::Client;
    /// # let app = Client::new("key", "secret")?;
    /// let tokens = app.user("john").token_source()?.with(|token| token.role("moderator"));
    /// # Ok::<(), stream_chat::Error>(())
    /// ```
    #[must_use]
    pub fn with(
        mut self,
        customize: impl Fn(TokenBuilder<'_>) -> TokenBuilder<'_> + Send + Sync + 'static,
    ) -> Self {
        self.customize = Arc::new(customize);
        self.forget()
    }

    /// Returns the ID of the tokens' user.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    fn forget(mut self) -> Self {
        self.current = Arc::default();
        self
    }

    fn sign(&self) -> Result<Token, SignError> {
        let now = Now::of(&*self.clock);
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fresh) = current.as_ref().filter(|validity| validity.is_fresh(now)) {
            return Ok(fresh.token.clone());
        }
        let token = self.signer.user_token(&self.user_id);
        let token = (self.customize)(token.expires_in(self.lifetime)).sign_at(now.utc())?;
        *current = Some(Validity::new(token.clone(), now, self.margin));
        Ok(token)
    }
}

impl TokenSource for UserTokenSource {
    fn token(&self) -> impl Future<Output = Result<Token, BoxError>> + MaybeSend {
        ready(self.sign().map_err(Into::into))
    }

    fn refused(&self, token: &Token) -> bool {
        let now = Now::of(&*self.clock);
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        Validity::discard(&mut current, token, now)
    }
}

impl fmt::Debug for UserTokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserTokenSource")
            .field("user_id", &self.user_id)
            .field("expires_in", &self.lifetime)
            .field("refresh_before", &self.margin)
            .finish_non_exhaustive()
    }
}

#[cfg(not(target_family = "wasm"))]
impl User {
    /// Returns a source of tokens with which a [`Client`](crate::Client) acts as this user; see
    /// [`Client::as_user`](crate::Client::as_user).
    ///
    /// # Errors
    /// The client of this handle acts as a user itself, and has no secret.
    pub fn token_source(&self) -> Result<UserTokenSource, Error> {
        let signer = self.client().signer()?;
        Ok(UserTokenSource::new(signer.clone(), self.id()))
    }
}
