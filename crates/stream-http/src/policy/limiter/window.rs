//! The window of one operation's rate limit. Nothing here reads a clock: callers pass timestamps of
//! a monotonic clock.

use std::time::Duration;

use crate::rate_limit::RateLimit;

/// The length of the API's windows, and so the maximum time until a reset.
pub(super) const WINDOW: Duration = Duration::from_secs(60);
/// The maximum difference between two resets that count as the same: headers count whole seconds.
const SAME_RESET: Duration = Duration::from_secs(2);
/// The part of a new window over which the requests that waited for it are spread. The API grants a
/// thirtieth of the limit per second.
const SPREAD: Duration = Duration::from_secs(30);
/// The limit that is assumed for spreading until a response reports one.
const ASSUMED_LIMIT: u64 = 60;
/// The number of requests that are sent before the first response reports the limit.
const PROBES: u64 = 5;
/// The interval between further requests while there is no response.
const PROBE_SPACING: Duration = Duration::from_millis(200);

/// When a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    /// The request's turn comes at `turn`; the window has room again from `opens` on.
    At {
        turn: Duration,
        opens: Duration,
    },
}

#[derive(Debug, Default)]
pub(super) struct Window {
    known: Known,
    /// The number of requests that were sent and have no response yet.
    unanswered: u64,
    /// The turn of the next request that has to wait. There is a queue while it is in the future.
    next_turn: Duration,
    /// When the window has room again for waiting requests.
    opens: Duration,
}

#[derive(Debug, Default)]
enum Known {
    /// No response has reported on a limit yet.
    #[default]
    Nothing,
    /// Responses report no limit.
    Unlimited,
    Limit {
        limit: Option<u64>,
        /// The remaining requests of the window by the latest response, which does not count the
        /// requests without a response.
        left: u64,
        /// When the latest response arrived.
        as_of: Duration,
        ends: Duration,
    },
}

impl Window {
    /// Admits a request, or assigns a turn to it. `is_its_turn` states that the request has waited
    /// for its turn. A request whose turn comes after `patience` takes no place in the queue,
    /// because it will not wait that long.
    pub(super) fn turn(&mut self, now: Duration, is_its_turn: bool, patience: Duration) -> Turn {
        self.roll(now);
        let (has_room, opens, spacing) = match self.known {
            Known::Unlimited => (true, now, Duration::ZERO),
            Known::Nothing => {
                let has_room = is_its_turn || self.unanswered < PROBES;
                (has_room, now.saturating_add(PROBE_SPACING), PROBE_SPACING)
            }
            Known::Limit { limit, left, ends, .. } => {
                let has_room = left > self.unanswered;
                (has_room, if has_room { now } else { ends }, spacing(limit))
            }
        };
        // Waiting requests go before new ones.
        if has_room && (is_its_turn || self.next_turn <= now) {
            self.let_through();
            return Turn::Now;
        }
        let turn = self.next_turn.max(opens);
        self.opens = opens;
        if turn.saturating_sub(now) <= patience {
            self.next_turn = turn.saturating_add(spacing);
        }
        Turn::At { turn, opens }
    }

    /// Counts a request that is sent.
    pub(super) fn let_through(&mut self) {
        self.unanswered = self.unanswered.saturating_add(1);
    }

    /// Counts a request that ended without a response.
    pub(super) fn abandon(&mut self) {
        self.unanswered = self.unanswered.saturating_sub(1);
    }

    /// Records the response to a request that was sent at `since`. Returns whether waiting requests
    /// should ask again, because they may be sent earlier than planned.
    pub(super) fn observe(&mut self, said: RateLimit, since: Duration, now: Reset) -> bool {
        self.abandon();
        let Reset { now, reset_in } = now;
        self.roll(now);
        let knew_nothing = matches!(self.known, Known::Nothing);
        let (Some(remaining), Some(reset_in)) = (said.remaining, reset_in) else {
            if knew_nothing {
                self.known = Known::Unlimited;
                self.next_turn = now;
            }
            return knew_nothing;
        };
        let new_ends = now.saturating_add(reset_in.min(WINDOW));
        let said_limit = said.limit.filter(|limit| *limit > 0);
        match &mut self.known {
            Known::Limit { limit, left, as_of, ends } if ends.abs_diff(new_ends) <= SAME_RESET => {
                // Responses overtake each other. A response to a request that was sent after the
                // latest response arrived is newer; of the others, the lowest number is the latest.
                *left = if since >= *as_of { remaining } else { remaining.min(*left) };
                *as_of = now;
                *limit = said_limit.or(*limit);
                // The earlier reset is kept, because both were counted from the same second.
                *ends = new_ends.min(*ends);
            }
            known => {
                // The window is a different one. A reset in the future never belongs to an old
                // window, so the known window was wrong or is over.
                let limit = match known {
                    Known::Limit { limit, .. } => *limit,
                    _ => None,
                };
                let limit = said_limit.or(limit);
                *known = Known::Limit { limit, left: remaining, as_of: now, ends: new_ends };
            }
        }
        let earlier = match &self.known {
            Known::Limit { left, ends, .. } if self.opens > now => {
                *left > self.unanswered || ends.saturating_add(SAME_RESET) < self.opens
            }
            _ => false,
        };
        if knew_nothing || earlier {
            self.opens = now;
            // Waiting requests queue again: for the remaining places if no turns were assigned yet,
            // otherwise spread from now on.
            let queue = if knew_nothing { Duration::ZERO } else { spacing(self.limit()) };
            self.next_turn = now.saturating_add(queue);
        }
        knew_nothing || earlier
    }

    fn limit(&self) -> Option<u64> {
        match self.known {
            Known::Limit { limit, .. } => limit,
            _ => None,
        }
    }

    /// Advances to the window that contains `now`.
    fn roll(&mut self, now: Duration) {
        let Known::Limit { limit, left, as_of, ends } = &mut self.known else { return };
        if now < *ends {
            return;
        }
        let Some(limit) = limit else {
            self.known = Known::Nothing;
            return;
        };
        *left = *limit;
        *as_of = *ends;
        let windows = now.saturating_sub(*ends).as_secs() / WINDOW.as_secs() + 1;
        let windows = u32::try_from(windows).unwrap_or(u32::MAX);
        *ends = ends.saturating_add(WINDOW.saturating_mul(windows));
    }
}

/// The arrival of a response, and the reset that it reported.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reset {
    pub(super) now: Duration,
    /// The time from the arrival until the next window; `None` if it is not known.
    pub(super) reset_in: Option<Duration>,
}

fn spacing(limit: Option<u64>) -> Duration {
    let limit = limit.unwrap_or(ASSUMED_LIMIT).max(1);
    SPREAD / u32::try_from(limit).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn said(remaining: u64) -> RateLimit {
        RateLimit { limit: Some(100), remaining: Some(remaining), ..RateLimit::default() }
    }

    impl Window {
        /// Sends a request at `second` and reads its response at once.
        fn exchange(&mut self, second: u64, remaining: u64, reset: u64) -> bool {
            self.let_through();
            self.hear(second, second, remaining, reset)
        }

        fn hear(&mut self, since: u64, now: u64, remaining: u64, reset: u64) -> bool {
            let reset_in = at(reset).checked_sub(at(now)).filter(|wait| !wait.is_zero());
            self.observe(said(remaining), at(since), Reset { now: at(now), reset_in })
        }

        fn wait(&mut self, second: u64) -> Option<Duration> {
            match self.turn(at(second), false, Duration::MAX) {
                Turn::Now => None,
                Turn::At { turn, .. } => Some(turn - at(second)),
            }
        }
    }

    #[test]
    fn requests_beyond_the_window_wait_for_the_next_and_are_spread_over_it() {
        let mut window = Window::default();
        window.exchange(100, 2, 130);
        assert_eq!(window.wait(101), None);
        assert_eq!(window.wait(101), None);
        let waits: Vec<_> = (0..100).map(|_| window.wait(101).unwrap()).collect();
        assert_eq!(waits[0], at(29));
        let gaps: Vec<_> = waits.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.iter().all(|gap| *gap == Duration::from_millis(300)), "{gaps:?}");
        // A request that arrives in the new window queues behind waiting requests.
        assert_eq!(window.turn(at(130), true, Duration::MAX), Turn::Now);
        assert!(window.wait(130).unwrap() >= at(30));
        // When the queue is empty, requests do not wait.
        for _ in 0..98 {
            window.abandon();
        }
        assert_eq!(window.wait(165), None);
    }

    #[test]
    fn a_nonsensical_reset_is_clamped_and_later_headers_win() {
        let mut window = Window::default();
        window.exchange(100, 0, 100 + 3600);
        assert_eq!(window.wait(100), Some(WINDOW));
        // Waiting requests are notified of the earlier reset.
        assert!(window.exchange(102, 0, 112));
        let wait = window.wait(102).unwrap();
        assert!(wait >= at(10) && wait < at(11), "{wait:?}");
        assert!(window.exchange(103, 50, 112));
        let wait = window.wait(103).unwrap();
        assert!(wait < at(1), "{wait:?}");
    }

    #[test]
    fn the_lowest_number_of_reordered_responses_counts() {
        let mut window = Window::default();
        window.exchange(100, 10, 130);
        for _ in 0..3 {
            assert_eq!(window.wait(101), None);
        }
        window.hear(101, 104, 7, 130);
        window.hear(101, 105, 9, 130);
        window.hear(101, 106, 8, 130);
        let free = (0..20).take_while(|_| window.wait(106).is_none()).count();
        assert_eq!(free, 7);
        // A request that is sent after all of them were read has newer information.
        window.hear(107, 108, 40, 130);
        assert_eq!(window.turn(at(108), true, Duration::MAX), Turn::Now);
    }

    #[test]
    fn requests_in_flight_count() {
        let mut window = Window::default();
        let probes = (0..80).take_while(|_| window.wait(100).is_none()).count();
        assert_eq!(probes as u64, PROBES);
        // The first response counts only its own request: four more are in flight.
        assert!(window.hear(100, 101, 49, 130));
        let free = (0..80).take_while(|_| window.wait(101).is_none()).count();
        assert_eq!(free, 45);
    }

    #[test]
    fn without_a_response_few_are_sent_and_without_headers_all() {
        let mut window = Window::default();
        let waits: Vec<_> = (0..8).map(|_| window.wait(100)).collect();
        assert_eq!(waits.iter().filter(|wait| wait.is_none()).count(), 5);
        assert_eq!(waits[7], Some(PROBE_SPACING * 3));
        assert_eq!(window.turn(at(100) + PROBE_SPACING, true, Duration::MAX), Turn::Now);
        let now = Reset { now: at(101), reset_in: None };
        assert!(window.observe(RateLimit::default(), at(100), now));
        assert!((0..1000).all(|_| window.wait(101).is_none()));
    }

    #[test]
    fn a_canceled_wait_leaves_no_gap_in_the_queue() {
        let mut window = Window::default();
        window.exchange(100, 0, 130);
        for _ in 0..1000 {
            let turn = window.turn(at(101), false, at(1));
            assert!(matches!(turn, Turn::At { .. }), "{turn:?}");
        }
        assert_eq!(window.wait(101), Some(at(29)));
        assert_eq!(window.turn(at(130), true, at(1)), Turn::Now);
        assert_eq!(window.turn(at(131), false, at(1)), Turn::Now);
    }

    #[test]
    fn late_and_incomplete_responses_change_nothing() {
        let mut window = Window::default();
        window.exchange(100, 0, 110);
        for reset in [99, 100] {
            assert!(!window.exchange(100, 50, reset));
        }
        let now = Reset { now: at(100), reset_in: None };
        assert!(!window.observe(RateLimit::default(), at(100), now));
        assert_eq!(window.wait(100), Some(at(10)));
    }

    #[test]
    fn a_window_without_responses_expires() {
        let mut window = Window::default();
        window.exchange(100, 0, 110);
        for second in [110, 170, 100_000] {
            assert_eq!(window.turn(at(second), true, Duration::MAX), Turn::Now, "{second}");
            window.abandon();
        }
        assert_eq!((0..200).take_while(|_| window.wait(200_000).is_none()).count(), 100);
    }
}
