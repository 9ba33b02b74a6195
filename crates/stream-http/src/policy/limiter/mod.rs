//! The rate limiter.

mod known;
mod outage;
mod queue;
mod shared;
mod window;

pub use self::known::KnownWindow;
pub use self::shared::{
    Admission, AdmissionPhase, AdmissionRequest, LimitReport, Permit, Settlement, SharedLimits,
};

use std::collections::HashMap;
use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use self::outage::Outage;
use self::window::{Turn, Window};
use crate::rate_limit::RateLimit;
use crate::runtime::{Clock, Either, race};

/// A limiter that delays calls which would exceed the rate limit.
///
/// It reads the rate-limit headers of the responses, per operation:
/// - When the calls of a window are used up, further ones wait for the next window, and are spread
///   over it at the rate that the API grants: a thirtieth of the limit per second. They are sent in
///   the order in which they arrived, unless others that do not share the count use up a window; a
///   call that then finds no room waits again, behind those that wait already.
/// - Until the first response reports the limit, a few calls are sent and the others wait
///   for it. If responses report no limit, calls are not delayed.
/// - The latest headers win, whatever the order in which responses arrive. Resets are computed from
///   the server's own `Date` and then from a monotonic clock, so that a wall clock that is wrong or
///   jumps does no harm; a reset more than a minute ahead, the length of the API's windows, is
///   capped.
///
/// A call waits for at most the limiter's maximum wait; then it is sent and the server decides. A
/// call that is dropped while it waits gives its turn back. Waiting counts toward the deadline of
/// the call, so a maximum wait above the client's timeout has no effect.
///
/// The limits apply to a whole app, but each limiter counts separately. Processes of one app stay
/// within its limits together if their limiters [share](Self::shared) their count.
pub struct RateLimiter {
    max_wait: Duration,
    clock: Arc<dyn Clock>,
    shared: Option<Shared>,
    operations: Mutex<HashMap<&'static str, Operation>>,
}

struct Shared {
    limits: Box<dyn SharedLimits>,
    outage: Outage,
}

#[derive(Default)]
struct Operation {
    window: Window,
    /// Wakes waiting calls when they may be sent earlier than planned.
    news: Arc<Notify>,
}

impl RateLimiter {
    /// Creates a limiter that delays a call by at most `max_wait`. Like
    /// [`TokioClock`](crate::TokioClock), it needs a Tokio runtime.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn new(max_wait: Duration) -> Self {
        Self::with_clock(max_wait, crate::runtime::TokioClock::new())
    }

    /// Creates a limiter that uses `clock`, which should be the clock of its executors.
    #[must_use]
    pub fn with_clock(max_wait: Duration, clock: impl Clock) -> Self {
        Self { max_wait, clock: Arc::new(clock), shared: None, operations: Mutex::default() }
    }

    /// Uses `limits`, which count the requests of several processes, such as `RedisRateLimits` of
    /// `stream-redis`.
    ///
    /// While they cannot be reached, or do not respond within half a second, the limiter uses the
    /// count of this process and logs a `tracing` warning. One request per second tries them again.
    #[must_use]
    pub fn shared(mut self, limits: impl SharedLimits) -> Self {
        self.shared = Some(Shared { limits: Box::new(limits), outage: Outage::default() });
        self
    }

    /// Waits until a request of `operation` may be sent. Calls `held_back` before each wait.
    pub(crate) async fn admit(
        &self,
        operation: &'static str,
        held_back: impl Fn(Duration),
    ) -> Place<'_> {
        let mut patience = self.max_wait;
        if let Some(shared) = &self.shared {
            let place = self.admit_by(shared, operation, &mut patience, &held_back).await;
            if let Some(place) = place {
                return place;
            }
        }
        self.admit_alone(operation, patience, held_back).await
    }

    /// Admits a request by the shared count; returns `None` if it cannot be reached.
    async fn admit_by<'a>(
        &'a self,
        shared: &'a Shared,
        operation: &'static str,
        patience: &mut Duration,
        held_back: &impl Fn(Duration),
    ) -> Option<Place<'a>> {
        let mut phase = AdmissionPhase::Arrived;
        loop {
            let request = AdmissionRequest { operation, phase, patience: *patience };
            let (turn, opens) = match shared.ask(&*self.clock, request).await? {
                Admission::Granted(permit) => {
                    self.let_through(operation);
                    return Some(self.place(operation, Some(permit)));
                }
                Admission::Wait { turn, opens } => (turn, opens),
            };
            if phase == AdmissionPhase::GaveUp {
                self.let_through(operation);
                return Some(self.place(operation, None));
            }
            let gives_up = turn > *patience || patience.is_zero();
            let wait = if gives_up { spread(opens, *patience) } else { turn.max(SHORTEST_WAIT) };
            held_back(wait);
            let before = self.clock.monotonic();
            let mut held = TurnOfMany { limits: &*shared.limits, operation, is_held: !gives_up };
            self.clock.sleep(wait).await;
            held.is_held = false;
            let waited = self.clock.monotonic().saturating_sub(before);
            // A stopped clock or a turn that never comes must not block the call forever.
            *patience = patience.saturating_sub(waited.max(wait));
            phase = if gives_up { AdmissionPhase::GaveUp } else { AdmissionPhase::Waited };
        }
    }

    /// Admits a request by the count of this process.
    async fn admit_alone(
        &self,
        operation: &'static str,
        mut patience: Duration,
        held_back: impl Fn(Duration),
    ) -> Place<'_> {
        let mut is_its_turn = false;
        loop {
            // Created before asking for the turn, so that no wake-up is lost in between.
            let news = self.lock().entry(operation).or_default().news.clone();
            let mut news = pin!(news.notified());
            let now = self.clock.monotonic();
            let turn =
                self.lock().entry(operation).or_default().window.turn(now, is_its_turn, patience);
            let Turn::At { turn, opens, place } = turn else {
                return self.place(operation, None);
            };
            let mut held = HeldTurn { limiter: self, operation, place };
            let wait = turn.saturating_sub(now);
            let gives_up = wait > patience;
            let wait = if gives_up { spread(opens.saturating_sub(now), patience) } else { wait };
            held_back(wait);
            let woken = race(self.clock.sleep(wait), news.as_mut()).await;
            is_its_turn = matches!(woken, Either::Left(()));
            if is_its_turn {
                held.come();
            }
            let waited = self.clock.monotonic().saturating_sub(now);
            // A clock that does not move while it sleeps must not block the call forever.
            patience = patience.saturating_sub(if is_its_turn { wait.max(waited) } else { waited });
            if is_its_turn && gives_up {
                self.let_through(operation);
                return self.place(operation, None);
            }
        }
    }

    fn let_through(&self, operation: &'static str) {
        self.lock().entry(operation).or_default().window.let_through();
    }

    fn place(&self, operation: &'static str, permit: Option<Permit>) -> Place<'_> {
        let since = self.clock.monotonic();
        Place { limiter: self, operation, permit, since, is_answered: AtomicBool::new(false) }
    }

    fn settle(&self, operation: &'static str, permit: Option<Permit>, settlement: Settlement) {
        if let (Some(shared), Some(permit)) = (&self.shared, permit) {
            shared.limits.settle(operation, permit, settlement);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, Operation>> {
        self.operations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The minimum time before a request asks shared limits again.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// Returns a random wait between the time until there is room and the maximum wait, so that
/// requests that give up waiting are not all sent at the same time.
fn spread(opens_in: Duration, patience: Duration) -> Duration {
    let opens_in = opens_in.min(patience);
    opens_in.saturating_add(patience.saturating_sub(opens_in).mul_f64(fastrand::f64()))
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter").field("max_wait", &self.max_wait).finish_non_exhaustive()
    }
}

/// The turn of a request that waits, which is withdrawn when this is dropped.
struct HeldTurn<'a> {
    limiter: &'a RateLimiter,
    operation: &'static str,
    place: Option<queue::Place>,
}

impl HeldTurn<'_> {
    fn come(&mut self) {
        if let Some(place) = self.place.take() {
            self.limiter.lock().entry(self.operation).or_default().window.come(place);
        }
    }
}

impl Drop for HeldTurn<'_> {
    fn drop(&mut self) {
        let Some(place) = self.place else { return };
        let now = self.limiter.clock.monotonic();
        let mut operations = self.limiter.lock();
        let operation = operations.entry(self.operation).or_default();
        if operation.window.withdraw(place, now) {
            operation.news.notify_waiters();
        }
    }
}

/// The turn of a request in shared limits, which is withdrawn if this is dropped while it is held.
struct TurnOfMany<'a> {
    limits: &'a dyn SharedLimits,
    operation: &'static str,
    is_held: bool,
}

impl Drop for TurnOfMany<'_> {
    fn drop(&mut self) {
        if self.is_held {
            self.limits.withdraw(self.operation);
        }
    }
}

/// The place of a request in its window, held until its response arrives or this is dropped.
pub(crate) struct Place<'a> {
    limiter: &'a RateLimiter,
    operation: &'static str,
    /// The permit of the shared limits.
    permit: Option<Permit>,
    /// When the request was admitted.
    since: Duration,
    is_answered: AtomicBool,
}

impl Place<'_> {
    /// Records the headers of the response.
    pub(crate) fn observe(&self, said: RateLimit) {
        if self.is_answered.swap(true, Ordering::Relaxed) {
            return;
        }
        let clock = &self.limiter.clock;
        let now = clock.monotonic();
        let took = now.saturating_sub(self.since);
        let report = LimitReport::of(said, said.reset_in(clock.utc()), took);
        let settlement = report.map_or(Settlement::Unlimited, Settlement::Limited);
        self.limiter.settle(self.operation, self.permit, settlement);
        let mut operations = self.limiter.lock();
        let operation = operations.entry(self.operation).or_default();
        if operation.window.observe(report, now) {
            operation.news.notify_waiters();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_answered.load(Ordering::Relaxed) {
            self.limiter.lock().entry(self.operation).or_default().window.abandon();
            self.limiter.settle(self.operation, self.permit, Settlement::Unanswered);
        }
    }
}
