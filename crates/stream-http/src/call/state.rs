//! What a call knows: what its executor was set up with, and how far it has come.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
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

/// What all clones of an executor share.
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
    /// One for each request that may be in flight.
    pub(crate) permits: Semaphore,
    pub(crate) budget: Arc<RetryBudget>,
    pub(crate) settings: Settings,
    /// The clock of those who wait between calls, if it is not that of the policies.
    #[cfg(feature = "testing")]
    pub(crate) skipped_waits: Option<Arc<dyn Clock>>,
}

#[derive(Debug)]
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

/// One call, over all of its attempts.
pub(super) struct CallState {
    pub(super) operation: OperationInfo,
    pub(super) uri: Uri,
    /// Whether it goes outside of the API, where nothing of the app may be seen.
    pub(super) is_foreign: bool,
    pub(super) body: BodySource,
    pub(super) options: CallOptions,
    pub(super) request_id: RequestId,
    /// How long the call may take, over all of its attempts.
    pub(super) limit: Option<Duration>,
    /// When the call has to be over, by the monotonic clock.
    pub(super) deadline: Option<Duration>,
    /// How many attempts were begun.
    attempts: AtomicU32,
    /// Whether an attempt that was followed by another may have been carried out.
    unclear: AtomicBool,
    /// The failure of the attempt before this one.
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
            unclear: AtomicBool::new(false),
            last_error: Mutex::default(),
            #[cfg(feature = "testing")]
            captured: None,
        }
    }

    /// Begins the call: its time runs from now on.
    pub(super) fn begin(&mut self, clock: &dyn Clock) {
        self.deadline = self.limit.and_then(|limit| clock.monotonic().checked_add(limit));
    }

    /// Counts an attempt that begins, and returns its number, from 1.
    pub(super) fn begin_attempt(&self) -> u32 {
        self.attempts.fetch_add(1, Ordering::Relaxed).saturating_add(1)
    }

    /// Returns how many attempts were begun.
    pub(super) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// Keeps the failure of an attempt that is followed by another.
    pub(super) fn attempt_failed(&self, error: Error) {
        self.unclear.fetch_or(error.may_have_been_processed(), Ordering::Relaxed);
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Takes the failure of the attempt before this one.
    pub(super) fn take_last_error(&self) -> Option<Error> {
        self.last_error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Collects what must not show in any text: a server may repeat what it was sent.
    #[cold]
    pub(super) fn secrets(&self, setup: &Setup, token: Option<&Token>) -> Vec<String> {
        let body = self.body.as_bytes().map(Bytes::as_ref).unwrap_or_default();
        let query = self.uri.query().unwrap_or_default();
        let mut secrets = redact::secrets_of(body, query);
        if self.is_foreign {
            // Whatever signs the URL is somewhere in its query.
            secrets.extend(redact::values_of(query));
        }
        secrets.push(setup.api_key.clone());
        secrets.extend(token.map(|token| token.expose_secret().to_owned()));
        secrets
    }

    /// Says in an error which call failed.
    pub(super) fn describe(&self, error: Error) -> Error {
        error
            .with_operation(self.operation)
            .with_call(self.request_id.as_str(), self.attempts())
            .with_earlier_unclear(self.unclear.load(Ordering::Relaxed))
    }
}
