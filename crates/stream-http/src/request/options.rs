//! The options of a single call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::Progress;
use crate::policy::RetryPolicy;

/// What is different in one call. What is not set is as the client has it.
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
    /// No difference.
    pub fn new() -> Self {
        Self::default()
    }

    /// The time of the whole call, with its retries and waits.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long a call with a streaming body may stand still: no byte sent, none received.
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// When the request is sent again; [`RetryPolicy::off`] for never.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// States whether sending the request twice has the effect of sending it once, so that it may
    /// be repeated after a response was lost. Otherwise the operation decides; see
    /// [`OperationInfo::idempotent`](stream_models::OperationInfo::idempotent).
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// Fails on 429 at once, whatever the retry policy: for a caller that sends many requests and
    /// holds all of them back until the window opens.
    pub const fn hand_back_rate_limits(mut self) -> Self {
        self.hands_back_rate_limits = true;
        self
    }

    /// Keeps the body of the answer, for [`Response::raw_body`](crate::Response::raw_body). Errors
    /// keep theirs in any case.
    pub const fn keep_raw_body(mut self) -> Self {
        self.keep_raw_body = true;
        self
    }

    /// Sends a header more. The headers that identify and authorize the call cannot be changed.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Calls `report` as the body of an upload is handed to the transport. It is called often and
    /// must not block. When an attempt is repeated, the count begins anew.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(report));
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
