//! The options of a single call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::Progress;
use crate::policy::RetryPolicy;

/// The options of one call, which override the settings of the client.
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) idempotent: Option<bool>,
    pub(crate) keep_raw_body: bool,
    pub(crate) hands_back_rate_limits: bool,
    pub(crate) headers: HeaderMap,
    pub(crate) progress: Option<ProgressCallback>,
}

pub(crate) type ProgressCallback = Arc<dyn Fn(Progress) + Send + Sync>;

impl CallOptions {
    /// Creates options that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the deadline of the whole call, including its retries and waits.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how long a call with a streaming body may make no progress: no byte sent or received.
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// Sets the retry policy; [`RetryPolicy::off`] turns retries off.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Sets whether the request is idempotent, so that it may be repeated after its response was
    /// lost; defaults to the operation's
    /// [`OperationInfo::idempotent`](stream_models::OperationInfo::idempotent).
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// Fails at once on 429, whatever the retry policy says, for a caller that sends many requests
    /// and delays all of them until the next window.
    pub const fn hand_back_rate_limits(mut self) -> Self {
        self.hands_back_rate_limits = true;
        self
    }

    /// Keeps the body of the response, for [`Response::raw_body`](crate::Response::raw_body).
    /// Errors always keep it.
    pub const fn keep_raw_body(mut self) -> Self {
        self.keep_raw_body = true;
        self
    }

    /// Adds a header. The headers that identify and authorize the call cannot be changed.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Calls `report` while the body of an upload is passed to the transport. It is called often
    /// and must not block. The count restarts with each attempt.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(report));
        self
    }

    /// Reports progress as `earlier` does, unless these options already report it.
    pub fn or_progress_of(mut self, earlier: &Self) -> Self {
        self.progress = self.progress.or_else(|| earlier.progress.clone());
        self
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("retry", &self.retry)
            .field("idempotent", &self.idempotent)
            .field("keep_raw_body", &self.keep_raw_body)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
