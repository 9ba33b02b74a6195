//! The interface to rate limits that several processes share.

use std::time::Duration;

use crate::error::BoxError;
use crate::rate_limit::RateLimit;
use crate::runtime::{BoxFuture, MaybeSend, MaybeSync};

/// The rate limits that all processes of one app share, for
/// [`RateLimiter::shared`](crate::RateLimiter::shared).
///
/// `RedisRateLimits` of `stream-redis` implements it. For each operation, an implementation stores
/// what the latest responses said about its window, and the number of requests sent since.
pub trait SharedLimits: MaybeSend + MaybeSync + 'static {
    /// Decides whether a request may be sent now, and counts it if so.
    ///
    /// # Errors
    /// The count cannot be reached. The limiter then uses the count of its own process. The text
    /// is logged and must not contain a secret.
    fn admit(&self, request: AdmissionRequest) -> BoxFuture<'_, Result<Admission, BoxError>>;

    /// Records the outcome of a request that was granted. This must return at once: an
    /// implementation reports in a task or with its next request.
    fn settle(&self, operation: &'static str, permit: Permit, settlement: Settlement);
}

/// A request that asks for admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AdmissionRequest {
    /// The ID of the operation, such as `SendMessage`, to which the limit applies.
    pub operation: &'static str,
    /// The phase of the admission.
    pub phase: AdmissionPhase,
    /// The maximum wait. A request whose turn would come later does not join the queue.
    pub patience: Duration,
}

/// The phase of a request's admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdmissionPhase {
    /// The request asks for the first time, and queues behind waiting requests.
    Arrived,
    /// The request waited for its turn, and goes before new requests.
    Waited,
    /// The request waited for the maximum time. It is sent whatever the count is, and must be
    /// counted.
    GaveUp,
}

/// The decision about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// The request may be sent, and was counted.
    Granted(Permit),
    /// The request asks again after `turn`. The window has room again after `opens`.
    Wait {
        /// The time until the request's turn.
        turn: Duration,
        /// The time until the window has room again.
        opens: Duration,
    },
}

/// The permit of one request that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permit(u64);

impl Permit {
    /// Creates a permit. The implementation chooses its number, such as that of the window in which
    /// the request was counted.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// The outcome of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// The request was dropped or failed without a response.
    Unanswered,
    /// The response reported no limit.
    Unlimited,
    /// The response reported its window.
    Limited(LimitReport),
}

impl Settlement {
    pub(super) fn new(said: RateLimit, resets_in: Option<Duration>) -> Self {
        match (said.remaining, resets_in) {
            (Some(remaining), Some(resets_in)) => {
                let limit = said.limit.filter(|limit| *limit > 0);
                Self::Limited(LimitReport { limit, remaining, resets_in })
            }
            _ => Self::Unlimited,
        }
    }
}

/// The window that a response reported for its operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitReport {
    /// The number of requests that a window allows, if it is known.
    pub limit: Option<u64>,
    /// The number of remaining requests.
    pub remaining: u64,
    /// The time from the response to the next window, at most a minute.
    pub resets_in: Duration,
}
