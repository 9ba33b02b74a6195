use super::window::{Reset, Turn, Window};
use crate::rate_limit::RateLimit;
use crate::runtime::{Clock, Either, race};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Holds calls back that would run into the rate limit.
///
/// It reads the rate-limit headers of the responses, per operation:
/// - When the calls of a window are used up, further ones wait for the next window, and are spread
///   over it at the rate that the API grants: a thirtieth of the limit per second.
/// - Before the first response says what the limit is, a few calls are sent and the others wait
///   for it. A server whose responses name no limit is not limited.
/// - The latest headers win. Resets count by the server's own `Date` and then by a monotonic clock,
///   so that a wall clock that is wrong or jumps does no harm; none is believed to lie more than a
///   minute ahead, which is the length of the API's windows.
///
/// A call waits for at most the limiter's longest wait; then it is sent and the server decides.
/// Waiting counts towards the deadline of the call, so that a longest wait above the client's
/// time-out has no effect.
pub struct RateLimiter {
    max_wait: Duration,
    clock: Arc<dyn Clock>,
    operations: Mutex<HashMap<&'static str, Operation>>,
}

#[derive(Default)]
struct Operation {
    window: Window,
    /// Wakes those who wait when they may go earlier than they were told.
    news: Arc<Notify>,
}

impl RateLimiter {
    /// Creates a limiter that lets a call wait for `max_wait` at most. It needs the runtime of
    /// tokio, as [`TokioClock`](crate::TokioClock) does.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn new(max_wait: Duration) -> Self {
        Self::with_clock(max_wait, crate::runtime::TokioClock::new())
    }

    /// Creates a limiter that goes by `clock`, which should be that of the executors that it
    /// serves.
    #[must_use]
    pub fn with_clock(max_wait: Duration, clock: impl Clock) -> Self {
        Self { max_wait, clock: Arc::new(clock), operations: Mutex::default() }
    }

    /// Waits until a request of `operation` may be sent. `held_back` is told of each wait.
    pub(crate) async fn admit(
        &self,
        operation: &'static str,
        held_back: impl Fn(Duration),
    ) -> Place<'_> {
        let mut patience = self.max_wait;
        let mut is_its_turn = false;
        loop {
            // Made before the turn is asked for: no news is lost in between.
            let news = self.lock().entry(operation).or_default().news.clone();
            let news = news.notified();
            let now = self.clock.monotonic();
            let turn = self.lock().entry(operation).or_default().window.turn(now, is_its_turn);
            let Turn::At { turn, opens } = turn else {
                return self.place(operation, now);
            };
            let wait = turn.saturating_sub(now);
            let gives_up = wait > patience;
            let wait = if gives_up { spread(opens.saturating_sub(now), patience) } else { wait };
            held_back(wait);
            let woken = race(self.clock.sleep(wait), news).await;
            is_its_turn = matches!(woken, Either::Left(()));
            let waited = self.clock.monotonic().saturating_sub(now);
            // A clock that does not move while it sleeps must not keep the call here.
            patience = patience.saturating_sub(if is_its_turn { wait.max(waited) } else { waited });
            if is_its_turn && gives_up {
                self.lock().entry(operation).or_default().window.let_through();
                return self.place(operation, self.clock.monotonic());
            }
        }
    }

    fn place(&self, operation: &'static str, since: Duration) -> Place<'_> {
        Place { limiter: self, operation, since, is_answered: AtomicBool::new(false) }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, Operation>> {
        self.operations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait between when there is room and when patience ends, at random: those who give up waiting
/// do not do so at the same time.
fn spread(opens_in: Duration, patience: Duration) -> Duration {
    let opens_in = opens_in.min(patience);
    opens_in.saturating_add(patience.saturating_sub(opens_in).mul_f64(fastrand::f64()))
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter").field("max_wait", &self.max_wait).finish_non_exhaustive()
    }
}

/// The place of a request in its window, until it has a response or is dropped.
pub(crate) struct Place<'a> {
    limiter: &'a RateLimiter,
    operation: &'static str,
    /// When it was let through.
    since: Duration,
    is_answered: AtomicBool,
}

impl Place<'_> {
    /// Learns from the headers of the response.
    pub(crate) fn observe(&self, said: RateLimit) {
        if self.is_answered.swap(true, Ordering::Relaxed) {
            return;
        }
        let clock = &self.limiter.clock;
        let now = Reset { now: clock.monotonic(), reset_in: said.reset_in(clock.utc()) };
        let mut operations = self.limiter.lock();
        let operation = operations.entry(self.operation).or_default();
        if operation.window.observe(said, self.since, now) {
            operation.news.notify_waiters();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_answered.load(Ordering::Relaxed) {
            self.limiter.lock().entry(self.operation).or_default().window.abandon();
        }
    }
}
