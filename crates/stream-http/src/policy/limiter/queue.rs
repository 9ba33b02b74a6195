//! The queue of the requests that wait for the rate limit.

use std::time::Duration;

/// The turns of the requests that wait. They are assigned in order of arrival, one `spacing` apart.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// The turn of the next request that has to wait. There is a queue while it is in the future.
    next_turn: Duration,
    /// When the window has room again for waiting requests.
    opens: Duration,
    /// The number of times that the waiting requests had to queue again.
    epoch: u64,
    /// The number of requests that hold a turn.
    waiting: u64,
    /// The number of requests that were dropped while they held a turn.
    dropped: u64,
}

/// A turn in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    epoch: u64,
}

impl Queue {
    /// Returns whether no request waits.
    pub(super) fn is_over(&self, now: Duration) -> bool {
        self.next_turn <= now
    }

    pub(super) const fn opens(&self) -> Duration {
        self.opens
    }

    pub(super) const fn next_turn(&self) -> Duration {
        self.next_turn
    }

    /// Assigns `turn` in a window that has room from `opens` on. A request whose turn comes after
    /// `patience` takes no place, because it will not wait that long.
    pub(super) fn join(
        &mut self,
        now: Duration,
        turn: Duration,
        opens: Duration,
        spacing: Duration,
        patience: Duration,
    ) -> Option<Place> {
        self.opens = opens;
        if turn.saturating_sub(now) > patience {
            return None;
        }
        self.next_turn = turn.saturating_add(spacing);
        self.waiting = self.waiting.saturating_add(1);
        Some(Place { epoch: self.epoch })
    }

    /// Records that a turn has come.
    pub(super) fn come(&mut self, place: Place) {
        if place.epoch == self.epoch {
            self.waiting = self.waiting.saturating_sub(1);
        }
    }

    /// Takes back the turn of a request that was dropped, so that the next one to arrive is earlier.
    /// Returns whether the waiting requests should queue again: when half of them were dropped, so
    /// that dropping any number wakes the others a few times only. Until then, a turn may be assigned
    /// twice in place of the one that nobody uses.
    pub(super) fn withdraw(
        &mut self,
        place: Place,
        now: Duration,
        previous_turn: Duration,
        spacing: Duration,
    ) -> bool {
        if place.epoch != self.epoch {
            return false;
        }
        self.waiting = self.waiting.saturating_sub(1);
        self.dropped = self.dropped.saturating_add(1);
        let next_turn = previous_turn.max(self.opens);
        if self.waiting == 0 {
            self.restart(next_turn);
            return false;
        }
        if self.dropped < self.waiting {
            self.next_turn = next_turn;
            return false;
        }
        // In an open window, the last turn may just have been used.
        self.restart(next_turn.min(now.saturating_add(spacing)).max(self.opens));
        true
    }

    /// Empties the queue: the waiting requests have to join again, with turns from `next_turn` on.
    pub(super) fn restart(&mut self, next_turn: Duration) {
        self.next_turn = next_turn;
        self.epoch = self.epoch.wrapping_add(1);
        self.waiting = 0;
        self.dropped = 0;
    }

    /// Records that the window has room since `now`.
    pub(super) fn open(&mut self, now: Duration) {
        self.opens = now;
    }
}
