//! The state of a call: the settings of its executor, and its progress.

use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{StatusCode, Uri};
use tokio::sync::Semaphore;

use crate::auth::{SharedTokenSource, Token};
use crate::body::BodySource;
use crate::error::Error;
use crate::policy::{RateLimiter, RetryBudget, RetryPolicy};
use crate::redact;
use crate::request::{BaseUrl, CallOptions, FixedHeaders, RequestId};
use crate::runtime::Clock;
use crate::transport::SharedTransport;
use stream_models::OperationInfo;

/// The state that all clones of an executor share.
pub(crate) struct Setup {
    pub(crate) api_key: String,
    /// `api_key=...`, percent-encoded.
    pub(crate) key_query: String,
    pub(crate) tokens: Option<SharedTokenSource>,
    pub(crate) base_url: BaseUrl,
    pub(crate) headers: FixedHeaders,
    pub(crate) transport: SharedTransport,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limiter: Option<Arc<RateLimiter>>,
    /// The permits of requests in flight.
    pub(crate) permits: Semaphore,
    pub(crate) max_in_flight: usize,
    pub(crate) budget: Arc<RetryBudget>,
    pub(crate) settings: Settings,
    /// The clock for waits between calls, if it differs from the clock of the policies.
    #[cfg(feature = "testing")]
    pub(crate) skipped_waits: Option<Arc<dyn Clock>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) idle_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_response_size: usize,
    pub(crate) log_bodies: bool,
    pub(crate) is_tolerant: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            attempt_timeout: None,
            idle_timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            max_response_size: 16 << 20,
            log_bodies: false,
            is_tolerant: false,
        }
    }
}

/// No attempt is in progress, or it waits for the limits.
const NOT_SENT: u16 = 0;
/// The request was sent and has no response.
const SENT: u16 = 1;

/// The state of one call across all of its attempts.
pub(super) struct CallState {
    pub(super) operation: OperationInfo,
    pub(super) uri: Uri,
    /// Whether the URL is outside of the API and must receive no credentials of the app.
    pub(super) is_foreign: bool,
    pub(super) body: BodySource,
    pub(super) options: CallOptions,
    pub(super) request_id: RequestId,
    /// The timeout of the call across all of its attempts.
    pub(super) limit: Option<Duration>,
    /// The deadline of the call, by the monotonic clock.
    pub(super) deadline: Option<Duration>,
    /// The number of attempts that have begun.
    attempts: AtomicU32,
    /// The progress of the current attempt: [`NOT_SENT`], [`SENT`], or the status of its response.
    progress: AtomicU16,
    /// Whether the server may have processed an attempt that was followed by another.
    unclear: AtomicBool,
    /// Whether the token was renewed after the server had refused it.
    renewed: AtomicBool,
    /// The error of the previous attempt, or of the current one if its status has arrived.
    last_error: Mutex<Option<Error>>,
    #[cfg(feature = "testing")]
    pub(super) captured: Option<crate::transport::testing::Captured>,
}

impl CallState {
    pub(super) fn new(
        operation: OperationInfo,
        uri: Uri,
        body: BodySource,
        options: CallOptions,
        request_id: RequestId,
    ) -> Self {
        Self {
            operation,
            uri,
            is_foreign: false,
            body,
            options,
            request_id,
            limit: None,
            deadline: None,
            attempts: AtomicU32::new(0),
            progress: AtomicU16::new(NOT_SENT),
            unclear: AtomicBool::new(false),
            renewed: AtomicBool::new(false),
            last_error: Mutex::default(),
            #[cfg(feature = "testing")]
            captured: None,
        }
    }

    /// Begins the call: sets the deadline from the current time.
    pub(super) fn begin(&mut self, clock: &dyn Clock) {
        self.deadline = self.limit.and_then(|limit| clock.monotonic().checked_add(limit));
    }

    /// Returns how long an upload may stand still.
    pub(super) fn idle_timeout(&self, setup: &Setup) -> Duration {
        self.options.overrides().idle_timeout.unwrap_or(setup.settings.idle_timeout)
    }

    /// Counts a new attempt and returns its number, from 1.
    pub(super) fn begin_attempt(&self) -> u32 {
        self.progress.store(SENT, Ordering::Relaxed);
        self.attempts.fetch_add(1, Ordering::Relaxed).saturating_add(1)
    }

    /// Returns the number of attempts that have begun.
    pub(super) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// Records that the headers of the response have arrived.
    pub(super) fn responded(&self, status: StatusCode) {
        self.progress.store(status.as_u16(), Ordering::Relaxed);
    }

    /// Returns the status of the response to the current attempt, if its headers have arrived.
    pub(super) fn status(&self) -> Option<StatusCode> {
        StatusCode::from_u16(self.progress.load(Ordering::Relaxed)).ok()
    }

    /// Returns whether the request of the current attempt was sent.
    pub(super) fn is_sent(&self) -> bool {
        self.progress.load(Ordering::Relaxed) != NOT_SENT
    }

    /// Records the error of an attempt that is followed by another.
    pub(super) fn attempt_failed(&self, error: Error) {
        self.progress.store(NOT_SENT, Ordering::Relaxed);
        self.unclear.fetch_or(error.may_have_been_processed(), Ordering::Relaxed);
        self.keep_error(error);
    }

    /// Returns whether the token has not been renewed yet, which a call does only once.
    pub(super) fn begin_renewal(&self) -> bool {
        !self.renewed.swap(true, Ordering::Relaxed)
    }

    /// Keeps the error of an attempt, or its unsuccessful status until its body has arrived.
    pub(super) fn keep_error(&self, error: Error) {
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Takes the error of the previous attempt, or of the current one if its status has arrived.
    pub(super) fn take_last_error(&self) -> Option<Error> {
        self.last_error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Collects the secrets to redact from texts, because a server may repeat what it received.
    #[cold]
    pub(super) fn secrets(&self, setup: &Setup, token: Option<&Token>) -> Vec<String> {
        let body = self.body.as_bytes().map(Bytes::as_ref).unwrap_or_default();
        let query = self.uri.query().unwrap_or_default();
        let mut secrets = redact::secrets_of(body, query);
        if self.is_foreign {
            // Any parameter of the query may be part of the signature of the URL.
            secrets.extend(redact::values_of(query));
        }
        secrets.push(setup.api_key.clone());
        secrets.extend(token.map(|token| token.expose_secret().to_owned()));
        secrets
    }

    /// Adds the operation, the request ID and the number of attempts to an error.
    pub(super) fn describe(&self, error: Error) -> Error {
        let server = self.uri.authority().filter(|_| !self.is_foreign);
        error
            .with_operation(self.operation)
            .with_server(server)
            .with_call(self.request_id.as_str(), self.attempts())
            .with_earlier_unclear(self.unclear.load(Ordering::Relaxed))
    }
}
