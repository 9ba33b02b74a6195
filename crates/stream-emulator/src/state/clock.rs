//! The emulator's clock, which tests can set.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The system's clock with an offset.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Clock {
    /// The offset in nanoseconds.
    ahead: i64,
    latest: Timestamp,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { ahead: 0, latest: Timestamp::now().whole_microseconds() }
    }

    /// Returns the current time.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now().plus_nanoseconds(self.ahead)
    }

    /// Returns the current time, but later than the previous call, so that sorting by time is
    /// sorting by order. As in the service, timestamps are whole microseconds, so that clients with
    /// that precision can represent them.
    pub(crate) fn tick(&mut self) -> Timestamp {
        self.latest = self.now().whole_microseconds().max(self.latest.next());
        self.latest
    }

    /// Advances the clock.
    pub(crate) fn advance(&mut self, by: Duration) {
        let by = i64::try_from(by.as_nanos()).unwrap_or(i64::MAX);
        self.ahead = self.ahead.saturating_add(by);
    }

    /// Sets the clock. After it is set back, it does not repeat earlier timestamps.
    pub(crate) fn set(&mut self, to: Timestamp) {
        self.ahead = to.nanoseconds().saturating_sub(Timestamp::now().nanoseconds());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_and_never_repeats_a_timestamp() {
        let mut clock = Clock::new();
        let first = clock.tick();
        let second = clock.tick();
        assert!(second > first);
        assert_eq!(second, second.whole_microseconds());
        clock.advance(Duration::from_secs(3600));
        assert!(clock.tick().seconds() - second.seconds() >= 3600);
        let latest = clock.tick();
        clock.set(first);
        assert!(clock.tick() > latest);
    }
}
