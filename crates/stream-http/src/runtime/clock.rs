//! The clock of the policies.

use std::time::{Duration, SystemTime};

use super::{BoxFuture, MaybeSend, MaybeSync};

/// The clock of the policies: for deadlines, waits between attempts, and dates in headers.
///
/// [`TokioClock`] is the default. Implement it for another runtime, for WebAssembly, or to test
/// without waiting.
pub trait Clock: MaybeSend + MaybeSync + 'static {
    /// Returns the time since a fixed point in the past; it never decreases.
    fn monotonic(&self) -> Duration;

    /// Returns the time of the wall clock.
    fn utc(&self) -> SystemTime;

    /// Completes when `duration` has passed. Dropping it cancels the wait.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The system clock and the timers of Tokio.
///
/// Sleeping needs a Tokio runtime with the time driver enabled. It follows Tokio's paused time
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
