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
///
/// One that counts for all clients of a process, and its test:
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant};
/// use stream_http::shared_limits::{
///     Admission, AdmissionPhase, AdmissionRequest, KnownWindow, LimitReport, Permit, Settlement,
///     SharedLimits,
/// };
/// use stream_http::{BoxError, BoxFuture};
///
/// struct Limits {
///     start: Instant,
///     /// The window of each operation, and the number of its requests without a response.
///     operations: Mutex<HashMap<&'static str, (Option<KnownWindow>, u64)>>,
/// }
///
/// impl SharedLimits for Limits {
///     fn admit(&self, request: AdmissionRequest) -> BoxFuture<'_, Result<Admission, BoxError>> {
///         let now = self.start.elapsed();
///         let mut operations = self.operations.lock().unwrap();
///         let (window, in_flight) = operations.entry(request.operation).or_default();
///         if window.as_mut().is_some_and(|known| !known.roll(now)) {
///             *window = None;
///         }
///         let full = window.filter(|known| known.remaining <= *in_flight);
///         let admission = match full.map(|known| known.ends - now) {
///             Some(wait) if request.phase != AdmissionPhase::GaveUp => {
///                 Admission::Wait { turn: wait, opens: wait }
///             }
///             _ => {
///                 *in_flight += 1;
///                 Admission::Granted(Permit::new(0))
///             }
///         };
///         Box::pin(async move { Ok(admission) })
///     }
///
///     fn settle(&self, operation: &'static str, _: Permit, settlement: Settlement) {
///         let now = self.start.elapsed();
///         let mut operations = self.operations.lock().unwrap();
///         let (window, in_flight) = operations.entry(operation).or_default();
///         *in_flight = in_flight.saturating_sub(1);
///         match (window, settlement) {
///             (Some(known), Settlement::Limited(report)) => known.observe(report, now),
///             (window, Settlement::Limited(report)) => {
///                 *window = Some(KnownWindow::new(report, now));
///             }
///             _ => {}
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let limits = Limits { start: Instant::now(), operations: Mutex::default() };
/// let request = AdmissionRequest::new("SendMessage");
/// let Admission::Granted(permit) = limits.admit(request).await? else { panic!("it waits") };
///
/// let report = LimitReport::new(0, Duration::from_secs(20)).limit(1000);
/// limits.settle(request.operation, permit, Settlement::Limited(report));
/// assert!(matches!(limits.admit(request).await?, Admission::Wait { .. }));
///
/// let impatient = request.phase(AdmissionPhase::GaveUp);
/// assert!(matches!(limits.admit(impatient).await?, Admission::Granted(_)));
/// # Ok(())
/// # }
/// ```
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

    /// Takes back the turn of a request that was dropped while it waited for it, so that others may
    /// be sent earlier. This must return at once, like [`SharedLimits::settle`]. By default it does
    /// nothing, and nobody uses the turn.
    fn withdraw(&self, operation: &'static str) {
        let _ = operation;
    }
}

/// A request that asks for admission.
///
/// The limiter creates it; create one to test limits of your own.
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

impl AdmissionRequest {
    /// Creates a request of an operation, such as `SendMessage`, that has arrived and waits for at
    /// most a minute.
    #[must_use]
    pub const fn new(operation: &'static str) -> Self {
        let patience = Duration::from_secs(60);
        Self { operation, phase: AdmissionPhase::Arrived, patience }
    }

    /// The phase of the admission; defaults to [`AdmissionPhase::Arrived`].
    #[must_use]
    pub const fn phase(self, phase: AdmissionPhase) -> Self {
        Self { phase, ..self }
    }

    /// The maximum wait; defaults to a minute.
    #[must_use]
    pub const fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
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
    /// The time that the request took. The server counted it at some point in that time, so the
    /// window may end earlier than `resets_in` by as much.
    pub took: Duration,
}

impl LimitReport {
    /// Creates a report of a response that arrived at once, from the `remaining` requests and the
    /// time to the next window.
    #[must_use]
    pub const fn new(remaining: u64, resets_in: Duration) -> Self {
        Self { limit: None, remaining, resets_in, took: Duration::ZERO }
    }

    /// The number of requests that a window allows; 0 counts as unknown.
    #[must_use]
    pub const fn limit(self, limit: u64) -> Self {
        let limit = if limit > 0 { Some(limit) } else { None };
        Self { limit, ..self }
    }

    /// The time that the request took.
    #[must_use]
    pub const fn took(self, took: Duration) -> Self {
        Self { took, ..self }
    }

    /// Returns the report of a response to a request that `took` some time; `None` if the response
    /// reported no window.
    pub(super) fn of(said: RateLimit, resets_in: Option<Duration>, took: Duration) -> Option<Self> {
        let report = Self::new(said.remaining?, resets_in?).took(took);
        Some(said.limit.map_or(report, |limit| report.limit(limit)))
    }
}
