//! The clock of the world, which tests can move.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The system's clock, moved by as much as was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Clock {
    /// How far it is ahead of the system's clock, in nanoseconds.
    ahead: i64,
    latest: Timestamp,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { ahead: 0, latest: Timestamp::now().whole_microseconds() }
    }

    /// Returns what the clock shows.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now().plus_nanoseconds(self.ahead)
    }

    /// Returns what the clock shows, but later than at the call before: so that sorting by time is
    /// sorting by order. Times are stored as whole microseconds, as the service does it: clients
    /// whose times are no finer can name each of them.
    pub(crate) fn tick(&mut self) -> Timestamp {
        self.latest = self.now().whole_microseconds().max(self.latest.next());
        self.latest
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&mut self, by: Duration) {
        let by = i64::try_from(by.as_nanos()).unwrap_or(i64::MAX);
        self.ahead = self.ahead.saturating_add(by);
    }

    /// Sets the clock. Set back, it does not repeat times that were given out.
    pub(crate) fn set(&mut self, to: Timestamp) {
        self.ahead = to.nanoseconds().saturating_sub(Timestamp::now().nanoseconds());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_and_never_repeats_itself() {
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
