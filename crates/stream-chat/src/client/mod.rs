//! The client, and methods that send operations.

mod builder;
mod credentials;

pub use builder::ClientBuilder;

use std::fmt;
use std::sync::Arc;

use crate::request::{Actor, Request};
use credentials::Credentials;
use stream_http::{Call, CallOptions, Error, Executor, TokenSource};
use stream_models::Operation;

/// A client of a Stream Chat app, for its backend.
///
/// Clients are cheap to clone, and clones share connections, limits and the retry budget. Create
/// one for the whole program.
#[derive(Clone)]
pub struct Client {
    executor: Executor,
    /// `None` in a client that acts as a user.
    credentials: Option<Arc<Credentials>>,
    /// The user that the client acts as, if it is known.
    user_id: Option<Arc<str>>,
}

/// # Setup and sending
impl Client {
    /// Creates a client with the default settings, from the key and secret of an app.
    ///
    /// # Errors
    /// The key or the secret is empty, or no transport could be set up.
    pub fn new(api_key: impl Into<String>, api_secret: impl Into<String>) -> Result<Self, Error> {
        Self::builder(api_key, api_secret).build()
    }

    /// Creates a client from the environment variables `STREAM_API_KEY` and `STREAM_API_SECRET`,
    /// and the optional `STREAM_BASE_URL` and `STREAM_HTTP_TIMEOUT` (seconds).
    ///
    /// # Errors
    /// A variable is missing or unusable; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns a builder of a client, for timeouts, retries, the transport and so on.
    pub fn builder(api_key: impl Into<String>, api_secret: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(api_key, api_secret)
    }

    /// Returns a builder of a client that acts as one user, with that user's permissions. The
    /// tokens come from `token`: a [`Token`](crate::Token) or a source that renews it, such as
    /// those of [`token_source`](crate::token_source). The client cannot sign tokens.
    pub fn as_user(api_key: impl Into<String>, token: impl TokenSource) -> ClientBuilder {
        ClientBuilder::as_user(api_key, token)
    }

    /// Returns a builder of a client without a user, which can do what the app allows anyone to do.
    ///
    /// ```
    /// use stream_chat::Client;
    ///
    /// let anyone = Client::anonymous("key").build()?;
    /// # Ok::<(), stream_chat::Error>(())
    /// ```
    pub fn anonymous(api_key: impl Into<String>) -> ClientBuilder {
        ClientBuilder::anonymous(api_key)
    }

    /// Returns a client whose requests have `options` where they set none of their own, such as a
    /// shorter timeout for the handlers of a web server. It shares everything else with this one.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use std::time::Duration;
    /// use stream_chat::{CallOptions, RetryPolicy};
    ///
    /// let options = CallOptions::new().timeout(Duration::from_secs(2)).retry(RetryPolicy::off());
    /// let quick = client.with_options(options);
    /// quick.create_user_if_missing("john").await?; // 2 seconds for each of its requests
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { executor: self.executor.with_options(options), ..self.clone() }
    }

    /// Creates a client without credentials of its own, which only sends.
    pub(crate) const fn of(executor: Executor) -> Self {
        Self { executor, credentials: None, user_id: None }
    }

    /// Returns the API key of the app, with which users' clients connect.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.executor.api_key()
    }

    /// Returns the ID of the user that the client acts as. It is known if the token was passed as a
    /// [`Token`](crate::Token) or is signed by this process, or if [`ClientBuilder::user_id`] sets
    /// it.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.user_id.as_deref()
    }

    /// Returns the ID of an actor; `None` if it is the client's own user and not known, in which
    /// case the server takes it from the token.
    pub(crate) fn acting(&self, actor: impl Into<Actor>) -> Option<String> {
        actor.into().into_id().or_else(|| self.user_id.as_deref().map(str::to_owned))
    }

    /// Sends any operation of the API.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::app::GetApp;
    ///
    /// let response = client.send(GetApp::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send<O: Operation>(&self, operation: O) -> Call<O::Response> {
        self.executor.send(&operation)
    }

    /// Sends any operation of the API, with options for this request only.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send_with<O: Operation>(
        &self,
        operation: O,
        options: &CallOptions,
    ) -> Call<O::Response> {
        self.executor.send_with(&operation, options)
    }

    /// Creates a request from any operation of the API, which is sent when it is awaited.
    pub fn request<O: Operation>(&self, operation: O) -> Request<O> {
        Request::new(&self.executor, operation)
    }

    /// Returns the underlying executor, for requests that are prepared by hand.
    #[must_use]
    pub const fn executor(&self) -> &Executor {
        &self.executor
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", self.executor.base_url())
            .field("api_key", &self.executor.api_key())
            .finish_non_exhaustive()
    }
}
