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

/// The variable that holds the secret.
const SECRET_VARIABLE: &str = "STREAM_API_SECRET";

/// Sets up a [`Client`].
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
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    executor: ExecutorBuilder,
    identity: Identity,
    user_id: Option<String>,
}

/// For whom the client speaks.
#[derive(Debug)]
enum Identity {
    /// For the app, by its secret. An unusable one is told when the client is built.
    App(Result<ApiSecret, SecretError>),
    /// For one user, by tokens from elsewhere, or for nobody.
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

    /// Creates a builder with what the environment says; see [`Client::from_env`].
    ///
    /// # Errors
    /// A variable is missing or unusable; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        let executor = ExecutorBuilder::from_env()?;
        let secret = app_secret(std::env::var(SECRET_VARIABLE))?;
        Ok(Self { executor, identity: Identity::App(secret), user_id: None })
    }

    /// Where the API is; the default is Stream's own host.
    pub fn base_url(self, url: impl Into<String>) -> Self {
        self.executor(|executor| executor.base_url(url))
    }

    /// The time for a whole call with its retries; 30 s by default.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.executor(|executor| executor.timeout(timeout))
    }

    /// When a failed call is sent again.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.executor(|executor| executor.retry(policy))
    }

    /// Holds calls back that would run into the rate limits of the app; off by default. Several
    /// clients of one app may share a limiter, and limiters of several processes may count together:
    /// see [`RateLimiter`].
    pub fn rate_limiter(self, limiter: Arc<RateLimiter>) -> Self {
        self.executor(|executor| executor.rate_limiter(limiter))
    }

    /// What moves the bytes, instead of the default.
    pub fn transport(self, transport: impl Transport) -> Self {
        self.executor(|executor| executor.transport(transport))
    }

    /// Sets the user for whom the client acts; see [`Client::user_id`]. It is needed only where the
    /// tokens of a [`Client::as_user`] come from a source of your own.
    pub fn user_id(mut self, user_id: impl Into<String>) -> Self {
        self.user_id = Some(user_id.into());
        self
    }

    /// Sets whether a response is decoded although some of its values cannot be read; off by
    /// default. See [`ExecutorBuilder::tolerant`].
    pub fn tolerant(self, is_tolerant: bool) -> Self {
        self.executor(|executor| executor.tolerant(is_tolerant))
    }

    /// Everything else that the layer underneath can be told.
    pub fn executor(mut self, configure: impl FnOnce(ExecutorBuilder) -> ExecutorBuilder) -> Self {
        self.executor = configure(self.executor);
        self
    }

    /// Returns the client. Nothing is sent.
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

/// Returns the user of a token at hand, or of a source that signs them.
fn user_of(source: &dyn Any) -> Option<String> {
    if let Some(source) = source.downcast_ref::<UserTokenSource>() {
        return Some(source.user_id().to_owned());
    }
    let token = source.downcast_ref::<Token>()?;
    dangerous_decode_unverified(token.expose_secret()).ok()?.user_id
}

/// Takes the secret from the value of its variable, without the white space around it that files
/// and dashboards leave there.
fn app_secret(value: Result<String, VarError>) -> Result<Result<ApiSecret, SecretError>, Error> {
    match value {
        Ok(secret) => Ok(ApiSecret::new(secret.trim())),
        Err(error) => {
            // The text of the error itself would hold the secret.
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
