//! The builder of clients.

use std::any::Any;
use std::env::VarError;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use super::credentials::Credentials;
use crate::token_source::UserTokenSource;
use stream_auth::token::dangerous_decode_unverified;
use stream_auth::{ApiSecret, SecretError};
use stream_http::{
    AuthType, Error, Executor, ExecutorBuilder, RateLimiter, RetryPolicy, Token, TokenSource,
    Transport,
};

/// The environment variable with the secret.
const SECRET_VARIABLE: &str = "STREAM_API_SECRET";

/// Builds a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use stream_chat::{Client, RetryPolicy};
///
/// let client = Client::builder("key", "secret")
///     .timeout(Duration::from_secs(5))
///     .retry(RetryPolicy::off())
///     .build()?;
/// # Ok::<(), stream_chat::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    executor: ExecutorBuilder,
    identity: Identity,
    user_id: Option<String>,
}

/// The identity that the client acts as.
#[derive(Debug, Clone)]
enum Identity {
    /// The app, by its secret. An unusable secret is reported when the client is built.
    App(Result<ApiSecret, SecretError>),
    /// A user, by tokens from another source, or nobody.
    User,
}

impl ClientBuilder {
    pub(super) fn new(api_key: impl Into<String>, api_secret: impl Into<String>) -> Self {
        Self {
            executor: Executor::builder().api_key(api_key),
            identity: Identity::App(ApiSecret::new(api_secret)),
            user_id: None,
        }
    }

    pub(super) fn as_user(api_key: impl Into<String>, token: impl TokenSource) -> Self {
        Self {
            user_id: user_of(&token),
            executor: Executor::builder().api_key(api_key).token_source(token),
            identity: Identity::User,
        }
    }

    pub(super) fn anonymous(api_key: impl Into<String>) -> Self {
        Self {
            executor: Executor::builder().api_key(api_key).auth_type(AuthType::Anonymous),
            identity: Identity::User,
            user_id: None,
        }
    }

    /// Creates a builder from the environment; see [`Client::from_env`].
    ///
    /// # Errors
    /// A variable is missing or unusable; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        let executor = ExecutorBuilder::from_env()?;
        let secret = app_secret(std::env::var(SECRET_VARIABLE))?;
        Ok(Self { executor, identity: Identity::App(secret), user_id: None })
    }

    /// Sets the base URL of the API; defaults to Stream's own host.
    pub fn base_url(self, url: impl Into<String>) -> Self {
        self.executor(|executor| executor.base_url(url))
    }

    /// Sets the deadline of a request with its retries; 30 seconds by default.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.executor(|executor| executor.timeout(timeout))
    }

    /// Sets when a failed request is retried.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.executor(|executor| executor.retry(policy))
    }

    /// Delays requests that would exceed the rate limits of the app; off by default. Several
    /// clients of one app can share a limiter, and the limiters of several processes can be
    /// coordinated; see [`RateLimiter`].
    pub fn rate_limiter(self, limiter: impl Into<Arc<RateLimiter>>) -> Self {
        self.executor(|executor| executor.rate_limiter(limiter))
    }

    /// Sets the transport, in place of the default one.
    pub fn transport(self, transport: impl Transport) -> Self {
        self.executor(|executor| executor.transport(transport))
    }

    /// Sets the user that the client acts as; see [`Client::user_id`]. It is only needed if the
    /// tokens of a [`Client::as_user`] come from a custom source.
    pub fn user_id(mut self, user_id: impl Into<String>) -> Self {
        self.user_id = Some(user_id.into());
        self
    }

    /// Sets whether a response is decoded even if some of its values cannot be decoded; off by
    /// default. See [`ExecutorBuilder::tolerant`].
    pub fn tolerant(self, is_tolerant: bool) -> Self {
        self.executor(|executor| executor.tolerant(is_tolerant))
    }

    /// Configures the underlying executor, for settings without a method here.
    pub fn executor(mut self, configure: impl FnOnce(ExecutorBuilder) -> ExecutorBuilder) -> Self {
        self.executor = configure(self.executor);
        self
    }

    /// Returns the client. This sends no request.
    ///
    /// # Errors
    /// The key or the secret is empty, the base URL is not valid, or no transport could be set up.
    pub fn build(self) -> Result<Client, Error> {
        let Identity::App(secret) = self.identity else {
            let user_id = self.user_id.map(Into::into);
            return Ok(Client { executor: self.executor.build()?, credentials: None, user_id });
        };
        let secret =
            secret.map_err(|error| Error::configuration(format!("the API secret: {error}")))?;
        let credentials = Credentials::new(secret);
        let token = credentials.signer().server_token();
        Ok(Client {
            executor: self.executor.token(token).build()?,
            credentials: Some(Arc::new(credentials)),
            user_id: self.user_id.map(Into::into),
        })
    }
}

/// Returns the user of a token, or of a source that signs tokens.
fn user_of(source: &dyn Any) -> Option<String> {
    if let Some(source) = source.downcast_ref::<UserTokenSource>() {
        return Some(source.user_id().to_owned());
    }
    let token = source.downcast_ref::<Token>()?;
    dangerous_decode_unverified(token.expose_secret()).ok()?.user_id
}

/// Reads the secret from its environment variable, without surrounding white space, which files and
/// dashboards often add.
fn app_secret(value: Result<String, VarError>) -> Result<Result<ApiSecret, SecretError>, Error> {
    match value {
        Ok(secret) => Ok(ApiSecret::new(secret.trim())),
        Err(error) => {
            // The error's own text would contain the secret.
            let problem = match error {
                VarError::NotPresent => "is not set",
                VarError::NotUnicode(_) => "is not valid Unicode",
            };
            Err(Error::configuration(format!(
                "{SECRET_VARIABLE} {problem}; set it to the secret of the app, which its dashboard shows"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed_with(secret: &str) -> String {
        let secret = app_secret(Ok(secret.to_owned())).unwrap().unwrap();
        Credentials::new(secret).signer().server_token().expose_secret().to_owned()
    }

    #[test]
    fn white_space_around_the_secret_is_not_part_of_it() {
        assert_eq!(signed_with(" \ts3cret s3cret\r\n"), signed_with("s3cret s3cret"));
        assert_ne!(signed_with("s3crets3cret"), signed_with("s3cret s3cret"));
        assert!(app_secret(Ok(" \n".to_owned())).unwrap().is_err());
    }
}
