//! The interface to rate limits that several processes share.

use std::time::Duration;

use crate::error::BoxError;
use crate::rate_limit::RateLimit;
use crate::runtime::{BoxFuture, MaybeSend, MaybeSync};

/// Counts the requests of all processes that use one app, for
/// [`RateLimiter::shared`](crate::RateLimiter::shared).
///
/// `RedisRateLimits` of `stream-redis` is one. An implementation keeps for each operation what the
/// latest responses said of its window and how many requests were sent since.
pub trait SharedLimits: MaybeSend + MaybeSync + 'static {
    /// Decides whether a request may be sent now, and counts it if so.
    ///
    /// # Errors
    /// The count cannot be reached. The limiter then goes by what its own process counts. The text
    /// is logged and must not hold a secret.
    fn admit(&self, request: AdmissionRequest) -> BoxFuture<'_, Result<Admission, BoxError>>;

    /// Learns what became of a request that was granted. This returns at once: an implementation
    /// hands over to a task or keeps the news for its next request.
    fn settle(&self, operation: &'static str, permit: Permit, settlement: Settlement);
}

/// A request that asks to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AdmissionRequest {
    /// The id of the operation, such as `SendMessage`: limits are kept for each.
    pub operation: &'static str,
    /// Whether it asks for the first time.
    pub phase: AdmissionPhase,
    /// How long it waits at most. One whose turn comes later takes no place in the queue.
    pub patience: Duration,
}

/// What a request did before it asks to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdmissionPhase {
    /// It asks for the first time, and queues behind those that wait.
    Arrived,
    /// It waited for the turn that it was given, and goes before those that arrive.
    Waited,
    /// It waited as long as it may. It is sent whatever the count says, and is to be counted.
    GaveUp,
}

/// What is decided about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It may be sent, and was counted.
    Granted(Permit),
    /// It asks again after `turn`. There is room for somebody after `opens`.
    Wait {
        /// How long it is until its turn.
        turn: Duration,
        /// How long it is until the window has room again.
        opens: Duration,
    },
}

/// Stands for one request that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permit(u64);

impl Permit {
    /// Makes a permit. Its number is the implementation's own, such as that of the window in which
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

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// It was dropped or failed without a response.
    Unanswered,
    /// Its response named no limit.
    Unlimited,
    /// Its response reported its window.
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

/// What a response reported of the window of its operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitReport {
    /// How many requests a window allows, if that is known.
    pub limit: Option<u64>,
    /// How many of them are left.
    pub remaining: u64,
    /// How long after the response the next window begins: at most a minute.
    pub resets_in: Duration,
}
