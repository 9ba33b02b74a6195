//! The window of one operation's rate limit. Nothing here reads a clock: callers pass timestamps of
//! a monotonic clock.

use std::time::Duration;

use super::LimitReport;
use super::known::{KnownWindow, WINDOW};
use super::queue::{Place, Queue};

/// The part of a new window over which the requests that waited for it are spread. The API grants a
/// thirtieth of the limit per second.
const SPREAD: Duration = Duration::from_secs(30);
/// The limit that is assumed for spreading until a response reports one.
const ASSUMED_LIMIT: u64 = 60;
/// The number of requests that are sent before the first response reports the limit.
const PROBES: u64 = 5;
/// The interval between further requests while there is no response.
const PROBE_SPACING: Duration = Duration::from_millis(200);
/// How much earlier the window must end than planned for the waiting requests to queue again.
const WORTH_WAKING: Duration = Duration::from_secs(2);

/// When a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    /// The request's turn comes at `turn`; the window has room again from `opens` on.
    At {
        turn: Duration,
        opens: Duration,
        /// The request's place in the queue, unless it does not wait that long.
        place: Option<Place>,
    },
}

#[derive(Debug, Default)]
pub(super) struct Window {
    known: Known,
    /// The number of requests that were sent and have no response yet.
    unanswered: u64,
    queue: Queue,
}

#[derive(Debug, Default)]
enum Known {
    /// No response has reported on a limit yet.
    #[default]
    Nothing,
    /// Responses report no limit.
    Unlimited,
    Limit(KnownWindow),
}

impl Window {
    /// Admits a request, or assigns a turn to it. `is_its_turn` states that the request has waited
    /// for its turn. A request whose turn comes after `patience` takes no place in the queue,
    /// because it will not wait that long.
    pub(super) fn turn(&mut self, now: Duration, is_its_turn: bool, patience: Duration) -> Turn {
        self.roll(now);
        let (has_room, opens) = match self.known {
            Known::Unlimited => (true, now),
            Known::Nothing => {
                (is_its_turn || self.unanswered < PROBES, now.saturating_add(PROBE_SPACING))
            }
            Known::Limit(KnownWindow { remaining, ends, .. }) => {
                let has_room = remaining > self.unanswered;
                (has_room, if has_room { now } else { ends })
            }
        };
        // Waiting requests go before new ones.
        if has_room && (is_its_turn || self.queue.is_over(now)) {
            self.let_through();
            return Turn::Now;
        }
        let turn = self.next_turn(now, opens);
        let place = self.queue.join(now, turn, opens, self.spacing(), patience);
        Turn::At { turn, opens, place }
    }

    /// Returns the turn of the next request that has to wait. Each window has as many turns as its
    /// limit: a request whose turn came after them would find no room, and would have to wait again,
    /// behind requests that arrived later.
    fn next_turn(&self, now: Duration, opens: Duration) -> Duration {
        let turn = self.queue.next_turn().max(opens);
        let Known::Limit(window) = self.known else { return turn };
        let spacing = self.spacing();
        if turn >= window.ends {
            return match in_window(turn, window) {
                Some(since_start) if since_start.saturating_add(spacing / 2) > SPREAD => {
                    turn.saturating_add(WINDOW.saturating_sub(since_start))
                }
                _ => turn,
            };
        }
        let room = window.remaining.saturating_sub(self.unanswered);
        let last = spacing.saturating_mul(u32::try_from(room).unwrap_or(u32::MAX));
        if turn.saturating_sub(now) < last { turn } else { window.ends }
    }

    /// Returns the turn before that of the next request.
    fn previous_turn(&self) -> Duration {
        let turn = self.queue.next_turn().saturating_sub(self.spacing());
        let Known::Limit(window) = self.known else { return turn };
        match in_window(turn, window) {
            Some(since_start) if since_start > SPREAD => {
                turn.saturating_sub(WINDOW.saturating_sub(SPREAD))
            }
            _ => turn,
        }
    }

    /// Records that the turn of a waiting request has come.
    pub(super) fn come(&mut self, place: Place) {
        self.queue.come(place);
    }

    /// Takes back the turn of a waiting request that was dropped. Returns whether waiting requests
    /// should ask again, because they may be sent earlier than planned.
    pub(super) fn withdraw(&mut self, place: Place, now: Duration) -> bool {
        let (previous, spacing) = (self.previous_turn(), self.spacing());
        self.queue.withdraw(place, now, previous, spacing)
    }

    /// Counts a request that is sent.
    pub(super) fn let_through(&mut self) {
        self.unanswered = self.unanswered.saturating_add(1);
    }

    /// Counts a request that ended without a response.
    pub(super) fn abandon(&mut self) {
        self.unanswered = self.unanswered.saturating_sub(1);
    }

    /// Records the response to a request, and the window that it reported, if any. Returns whether
    /// waiting requests should ask again, because they may be sent earlier than planned.
    pub(super) fn observe(&mut self, report: Option<LimitReport>, now: Duration) -> bool {
        self.abandon();
        self.roll(now);
        let knew_nothing = matches!(self.known, Known::Nothing);
        match (&mut self.known, report) {
            (Known::Nothing, None) => self.known = Known::Unlimited,
            (_, None) => {}
            (Known::Limit(window), Some(report)) => window.observe(report, now),
            (known, Some(report)) => *known = Known::Limit(KnownWindow::new(report, now)),
        }
        let opens = self.queue.opens();
        let earlier = match &self.known {
            Known::Limit(window) if opens > now => {
                window.remaining > self.unanswered
                    || window.ends.saturating_add(WORTH_WAKING) < opens
            }
            _ => false,
        };
        if knew_nothing || earlier {
            self.queue.open(now);
            // Waiting requests queue again: for the remaining places if no turns were assigned yet,
            // otherwise spread from now on.
            let wait = if knew_nothing { Duration::ZERO } else { self.spacing() };
            self.queue.restart(now.saturating_add(wait));
        }
        knew_nothing || earlier
    }

    /// Returns the time between two waiting requests.
    fn spacing(&self) -> Duration {
        match self.known {
            Known::Unlimited => Duration::ZERO,
            Known::Nothing => PROBE_SPACING,
            Known::Limit(KnownWindow { limit, .. }) => {
                let limit = limit.unwrap_or(ASSUMED_LIMIT).max(1);
                SPREAD / u32::try_from(limit).unwrap_or(u32::MAX)
            }
        }
    }

    /// Advances to the window that contains `now`.
    fn roll(&mut self, now: Duration) {
        if let Known::Limit(window) = &mut self.known
            && !window.roll(now)
        {
            self.known = Known::Nothing;
        }
    }
}

/// Returns the time from the start of a later window to a turn in it; `None` if the turn is in the
/// window that is known, or if the windows after it are not.
fn in_window(turn: Duration, known: KnownWindow) -> Option<Duration> {
    known.limit?;
    let later = turn.checked_sub(known.ends)?;
    let windows = u32::try_from(later.as_secs() / WINDOW.as_secs()).unwrap_or(u32::MAX);
    Some(later.saturating_sub(WINDOW.saturating_mul(windows)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// The length of a window, in seconds.
    const WINDOW: u64 = 60;

    impl Window {
        /// Sends a request at `second` and reads its response at once.
        fn exchange(&mut self, second: u64, remaining: u64, reset: u64) -> bool {
            self.let_through();
            self.hear(second, second, remaining, reset)
        }

        fn hear(&mut self, since: u64, now: u64, remaining: u64, reset: u64) -> bool {
            let report = reset
                .checked_sub(now)
                .filter(|wait| *wait > 0)
                .map(|wait| LimitReport::new(remaining, at(wait)).limit(100).took(at(now - since)));
            self.observe(report, at(now))
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
        // The waiting requests use up the new window, so one that arrives then waits for the next.
        assert_eq!(window.turn(at(130), true, Duration::MAX), Turn::Now);
        assert_eq!(window.wait(130), Some(at(60)));
        // When the queue is empty, requests do not wait.
        assert_eq!(window.turn(at(190), true, Duration::MAX), Turn::Now);
        assert_eq!(window.wait(195), None);
    }

    #[test]
    fn a_nonsensical_reset_is_clamped_and_later_headers_win() {
        let mut window = Window::default();
        window.exchange(100, 0, 100 + 3600);
        assert_eq!(window.wait(100), Some(at(WINDOW)));
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
        assert!(window.observe(None, at(101)));
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
    fn dropped_waits_delay_nobody() {
        let mut window = Window::default();
        window.exchange(100, 0, 130);
        let mut places = Vec::new();
        for number in 0..1001_u32 {
            let Turn::At { turn, place, .. } = window.turn(at(101), false, Duration::MAX) else {
                panic!("it waits");
            };
            let in_window = Duration::from_millis(300) * (number % 100);
            assert_eq!(turn, at(130 + WINDOW * u64::from(number / 100)) + in_window);
            places.push(place.unwrap());
        }
        // The one between them may queue again at some point, and the others are not disturbed.
        let last = places.pop().unwrap();
        let woken = places.iter().filter(|place| window.withdraw(**place, at(101))).count();
        assert_eq!(woken, 1);
        assert!(!window.withdraw(last, at(101)), "it has to queue again");
        assert_eq!(window.wait(101), Some(at(29)));

        // A single one.
        let mut window = Window::default();
        window.exchange(100, 0, 130);
        let Turn::At { place, .. } = window.turn(at(101), false, Duration::MAX) else {
            panic!("it waits");
        };
        assert!(!window.withdraw(place.unwrap(), at(101)));
        assert_eq!(window.wait(101), Some(at(29)));

        // The first half of the queue has had its turn.
        let places: Vec<_> = (0..9)
            .map(|_| match window.turn(at(101), false, Duration::MAX) {
                Turn::At { place, .. } => place.unwrap(),
                Turn::Now => panic!("it waits"),
            })
            .collect();
        for place in &places[..5] {
            window.come(*place);
            assert_eq!(window.turn(at(130), true, Duration::MAX), Turn::Now);
        }
        assert!(!window.withdraw(places[5], at(131)));
        let wait = window.wait(131).unwrap();
        assert!(wait >= at(1) && wait < at(2), "behind those that wait: {wait:?}");
    }

    #[test]
    fn late_and_incomplete_responses_change_nothing() {
        let mut window = Window::default();
        window.exchange(100, 0, 110);
        for reset in [99, 100] {
            assert!(!window.exchange(100, 50, reset));
        }
        assert!(!window.observe(None, at(100)));
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
