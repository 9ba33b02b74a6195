//! The builder of an executor.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::Executor;
use super::environment::Environment;
use crate::auth::{AuthType, SharedTokenSource, Token, TokenSource};
use crate::call::{self, Settings, Setup};
use crate::error::Error;
use crate::policy::{RateLimiter, RetryBudget, RetryPolicy};
use crate::request::{BaseUrl, CallOptions, FixedHeaders};
use crate::runtime::Clock;
use crate::transport::{SharedTransport, Transport};
use stream_models::Query;

/// Builds an [`Executor`]. It needs a key and a token; everything else has a default. The executors
/// of clones share what they were given: transport, rate limiter and retry budget.
#[derive(Clone)]
#[must_use]
pub struct ExecutorBuilder {
    api_key: Option<String>,
    tokens: Option<SharedTokenSource>,
    auth_type: AuthType,
    user_agent_product: Option<String>,
    base_url: Option<String>,
    transport: Option<SharedTransport>,
    clock: Option<Arc<dyn Clock>>,
    limiter: Option<Arc<RateLimiter>>,
    max_in_flight: usize,
    budget: Arc<RetryBudget>,
    settings: Settings,
    #[cfg(feature = "testing")]
    is_scripted: bool,
}

impl ExecutorBuilder {
    /// The default maximum number of requests in flight.
    pub const DEFAULT_MAX_IN_FLIGHT: usize = 256;

    pub(super) fn new() -> Self {
        Self {
            api_key: None,
            tokens: None,
            auth_type: AuthType::Jwt,
            user_agent_product: None,
            base_url: None,
            transport: None,
            clock: None,
            limiter: None,
            max_in_flight: Self::DEFAULT_MAX_IN_FLIGHT,
            budget: Arc::new(RetryBudget::default()),
            settings: Settings::default(),
            #[cfg(feature = "testing")]
            is_scripted: false,
        }
    }

    /// Sets the key from `STREAM_API_KEY`, and the base URL and the timeout from `STREAM_BASE_URL`
    /// and `STREAM_HTTP_TIMEOUT` (seconds) if they are set. The secret is not read, because this
    /// crate signs no tokens.
    ///
    /// # Errors
    /// The key is not set, or the timeout is not a positive number of seconds.
    pub fn from_env() -> Result<Self, Error> {
        let environment = Environment::read(|name| std::env::var(name).ok())?;
        let mut builder = Self::new().api_key(environment.api_key);
        builder.base_url = environment.base_url;
        if let Some(timeout) = environment.timeout {
            builder = builder.timeout(timeout);
        }
        Ok(builder)
    }

    /// Sets the key of the app, which is sent with every call.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Sets a fixed token.
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.tokens = Some(SharedTokenSource::Fixed(token.into()));
        self
    }

    /// Sets the source that is asked for a token before each attempt.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.tokens = Some(SharedTokenSource::new(source));
        self
    }

    /// Sets how calls authenticate; defaults to a token. Anonymous calls need no token.
    pub const fn auth_type(mut self, auth_type: AuthType) -> Self {
        self.auth_type = auth_type;
        self
    }

    /// Appends a product such as `my-app/1.2` to the `User-Agent`, which defaults to `stream-rust/`
    /// and the version of this crate. [`ExecutorBuilder::build`] refuses anything but visible ASCII
    /// and spaces.
    pub fn user_agent_product(mut self, product: impl Into<String>) -> Self {
        self.user_agent_product = Some(product.into());
        self
    }

    /// Sets the base URL of the API; defaults to [`BaseUrl::DEFAULT`]. Its path is a prefix of all
    /// paths.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets the deadline of a whole call, including its retries and waits; defaults to 30 s. Calls
    /// with a streaming body have none unless [`CallOptions::timeout`](crate::CallOptions::timeout)
    /// sets one.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets the timeout of one attempt; by default, an attempt may take until the deadline of the
    /// call. It does not apply to streaming bodies.
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.attempt_timeout = Some(timeout);
        self
    }

    /// Sets how long a call with a streaming body may make no progress; defaults to 30 s.
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle_timeout = timeout;
        self
    }

    /// Sets the transport; defaults to the hyper transport, or to the reqwest transport of
    /// `reqwest-rustls` without the feature `hyper`.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        #[cfg(feature = "testing")]
        {
            let transport: &dyn std::any::Any = &transport;
            self.is_scripted = transport.is::<crate::transport::testing::Script>();
        }
        self.transport = Some(SharedTransport::new(transport));
        self
    }

    /// Sets the retry policy; defaults to [`RetryPolicy::default`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Sets the budget of retries, which several clients may share.
    pub fn retry_budget(mut self, budget: Arc<RetryBudget>) -> Self {
        self.budget = budget;
        self
    }

    /// Sets a limiter, which delays calls that would exceed the rate limit; off by default. Several
    /// clients of one app may share it.
    pub fn rate_limiter(mut self, limiter: impl Into<Arc<RateLimiter>>) -> Self {
        self.limiter = Some(limiter.into());
        self
    }

    /// Sets the maximum number of requests in flight, each from when it is sent until its response
    /// is read; defaults to [`DEFAULT_MAX_IN_FLIGHT`](Self::DEFAULT_MAX_IN_FLIGHT). `usize::MAX`
    /// removes the limit, and 0 counts as 1.
    ///
    /// Further calls wait for their turn, in order and within their deadlines. A call that waits
    /// before its next attempt, or for the rate limiter, does not count; dropping a call frees its
    /// place.
    pub const fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sets the maximum size of a response in bytes, compressed and decompressed; defaults to 16
    /// MiB.
    pub const fn max_response_size(mut self, bytes: usize) -> Self {
        self.settings.max_response_size = bytes;
        self
    }

    /// Sets whether a response is decoded although some of its values have another type than this
    /// version expects, for example because the API changed; off by default.
    ///
    /// Values that cannot be decoded are then treated as absent, at up to
    /// [`MAX_SKIPPED`](stream_models::tolerant::MAX_SKIPPED) places of one response.
    /// [`Response::skipped`](crate::Response::skipped) lists them, and so does a `tracing` warning.
    /// Other responses are decoded as fast as without this setting.
    pub const fn tolerant(mut self, is_tolerant: bool) -> Self {
        self.settings.is_tolerant = is_tolerant;
        self
    }

    /// Sets whether the redacted bodies of requests and responses are added to the debug events of
    /// `tracing`; off by default, because they contain what users wrote.
    pub const fn log_bodies(mut self, log: bool) -> Self {
        self.settings.log_bodies = log;
        self
    }

    /// Sets the clock of deadlines and waits; defaults to that of Tokio, in whose runtime the calls
    /// must then be awaited.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Builds the executor. This sends no request.
    ///
    /// # Errors
    /// The key or the token is missing, the base URL is not valid, there is no transport, or the
    /// default transport could not be created. The text says what to do.
    pub fn build(self) -> Result<Executor, Error> {
        let api_key = self.api_key.filter(|key| !key.trim().is_empty()).ok_or_else(|| {
            Error::configuration("no API key: give one with `api_key`, or set STREAM_API_KEY")
        })?;
        if api_key.contains(char::is_control) {
            return Err(Error::configuration(
                "the API key contains a line break or another control character: trim it if it comes from a file",
            ));
        }
        if self.tokens.is_none() && self.auth_type == AuthType::Jwt {
            return Err(Error::configuration(
                "no token: give one with `token` or `token_source`, or set the auth type to anonymous",
            ));
        }
        let base_url: BaseUrl = self.base_url.as_deref().unwrap_or(BaseUrl::DEFAULT).parse()?;
        let clock = match self.clock {
            Some(clock) => clock,
            None => default_clock()?,
        };
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport()?,
        };
        let mut key_query = Query::new();
        key_query.pair("api_key", &api_key);
        let fixed_token = self.tokens.as_ref().and_then(SharedTokenSource::fixed);
        let headers =
            FixedHeaders::new(self.auth_type, self.user_agent_product.as_deref(), fixed_token)?;
        let max_in_flight = self.max_in_flight.clamp(1, Semaphore::MAX_PERMITS);
        #[cfg(feature = "testing")]
        let skipped_waits = self.is_scripted.then(|| {
            Arc::new(crate::transport::testing::SkippedWaits::new(clock.clone())) as Arc<dyn Clock>
        });
        let setup = Setup {
            #[cfg(feature = "testing")]
            skipped_waits,
            headers,
            key_query: key_query.as_str().to_owned(),
            api_key,
            tokens: self.tokens,
            base_url,
            transport,
            clock,
            limiter: self.limiter,
            permits: Semaphore::new(max_in_flight),
            max_in_flight,
            budget: self.budget,
            settings: self.settings,
        };
        call::initialized(&setup.base_url);
        Ok(Executor { setup: Arc::new(setup), options: CallOptions::new() })
    }
}

#[cfg(not(target_family = "wasm"))]
fn default_clock() -> Result<Arc<dyn Clock>, Error> {
    Ok(Arc::new(crate::runtime::TokioClock::new()))
}

#[cfg(target_family = "wasm")]
fn default_clock() -> Result<Arc<dyn Clock>, Error> {
    Err(Error::configuration("no clock: give one with `clock`, this platform has no default"))
}

fn default_transport() -> Result<SharedTransport, Error> {
    #[cfg(feature = "hyper")]
    return crate::transport::hyper::HyperTransport::new().map(SharedTransport::new);
    #[cfg(all(feature = "reqwest-rustls", not(feature = "hyper")))]
    return crate::transport::reqwest::ReqwestTransport::new().map(SharedTransport::new);
    #[cfg(not(any(feature = "reqwest-rustls", feature = "hyper")))]
    Err(Error::configuration(
        "no transport: enable the feature `hyper` or `reqwest-rustls` of stream-http, or give one with `transport`",
    ))
}

impl Default for ExecutorBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ExecutorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecutorBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}
