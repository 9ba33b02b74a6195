//! The clock of the policies.

use std::time::{Duration, SystemTime};

use super::{BoxFuture, MaybeSend, MaybeSync};

/// Time as the policies see it: deadlines, waits between attempts, dates in headers.
///
/// [`TokioClock`] is the default. Implement it for another runtime, for WebAssembly, or to test
/// without waiting.
pub trait Clock: MaybeSend + MaybeSync + 'static {
    /// Time since some fixed moment, never going back.
    fn monotonic(&self) -> Duration;

    /// Returns the wall clock.
    fn utc(&self) -> SystemTime;

    /// Completes when `duration` has passed. Dropping it cancels the wait.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The clock of the system and the timers of tokio.
///
/// Needs a tokio runtime with its time driver enabled when it sleeps. Follows tokio's paused time
/// in tests.
#[cfg(not(target_family = "wasm"))]
#[derive(Debug, Clone)]
pub struct TokioClock {
    start: tokio::time::Instant,
}

#[cfg(not(target_family = "wasm"))]
impl TokioClock {
    /// Creates a clock that starts counting now.
    #[must_use]
    pub fn new() -> Self {
        Self { start: tokio::time::Instant::now() }
    }
}

#[cfg(not(target_family = "wasm"))]
impl Default for TokioClock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(not(target_family = "wasm"))]
impl Clock for TokioClock {
    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    fn utc(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
