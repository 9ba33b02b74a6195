//! Decides when the next batch may be sent, from the rate limit that responses report. This module
//! reads no clock: times are passed in, from a monotonic clock.

use std::time::Duration;

use stream_http::RateLimit;
use stream_http::shared_limits::{KnownWindow, LimitReport};

/// The part of a window over which the limit is spread. The API grants a thirtieth of the limit per
/// second. Three quarters of that are sent evenly, which is still faster than the window as a whole
/// allows; [`BURST`] allows the rest at once.
const SPREAD: Duration = Duration::from_secs(40);
/// A quarter of the limit per second, sent at once, expressed as time at the even rate.
const BURST: Duration = Duration::from_millis(333);
/// The wait after a refusal without a stated wait, doubled with each consecutive refusal.
const BACKOFF: Duration = Duration::from_secs(1);
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// The time at which a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    At(Duration),
    /// After a response to a request in flight, which shows whether there is room.
    AfterResponse,
}

#[derive(Debug, Default)]
pub(super) struct Pace {
    known: Known,
    in_flight: u64,
    /// The time until which the server told the client not to send.
    held_until: Duration,
    /// The time at which everything sent so far would have been sent at the even rate.
    even: Duration,
    /// The latest time that was waited for.
    latest: Duration,
    /// The time of the first refusal since the last success.
    refused_since: Option<Duration>,
}

#[derive(Debug, Default, Clone, Copy)]
enum Known {
    /// Unknown: one request determines it.
    #[default]
    Nothing,
    Unlimited,
    Limit(KnownWindow),
}

impl Pace {
    /// Decides whether a request may be sent now.
    pub(super) fn turn(&mut self, now: Duration) -> Turn {
        let now = now.max(self.latest);
        if self.held_until > now {
            return Turn::At(self.held_until);
        }
        if let Known::Limit(window) = self.known
            && now >= window.ends
        {
            // Others may already have used a part of the new window.
            self.known = Known::Nothing;
        }
        match self.known {
            Known::Unlimited => Turn::Now,
            Known::Nothing if self.in_flight == 0 => Turn::Now,
            Known::Nothing => Turn::AfterResponse,
            Known::Limit(window) if window.remaining > self.in_flight => {
                let ahead = self.even.saturating_sub(now);
                match ahead.checked_sub(BURST.saturating_sub(spacing(window.limit))) {
                    Some(wait) if !wait.is_zero() => Turn::At(now.saturating_add(wait)),
                    _ => Turn::Now,
                }
            }
            Known::Limit(_) if self.in_flight > 0 => Turn::AfterResponse,
            Known::Limit(window) => Turn::At(window.ends),
        }
    }

    /// Records that it has waited until `turn`, since a clock that stands still during the sleep
    /// must not block sending forever.
    pub(super) fn slept(&mut self, turn: Duration) {
        self.latest = self.latest.max(turn);
    }

    /// Records a request that is sent.
    pub(super) fn sent(&mut self, now: Duration) {
        let now = now.max(self.latest);
        self.in_flight = self.in_flight.saturating_add(1);
        if let Known::Limit(window) = self.known {
            self.even = self.even.max(now).saturating_add(spacing(window.limit));
        }
    }

    /// Updates the limit from a response to a request that was sent at `since`; `reset_in` is the
    /// time from the response to the next window.
    pub(super) fn heard(
        &mut self,
        said: RateLimit,
        reset_in: Option<Duration>,
        since: Duration,
        now: Duration,
        is_success: bool,
    ) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if is_success {
            self.refused_since = None;
        }
        let (Some(remaining), Some(reset_in)) = (said.remaining, reset_in) else {
            if is_success && matches!(self.known, Known::Nothing) {
                self.known = Known::Unlimited;
            }
            return;
        };
        let mut report = LimitReport::new(remaining, reset_in).took(now.saturating_sub(since));
        if let Some(limit) = said.limit {
            report = report.limit(limit);
        }
        if let Known::Limit(window) = &mut self.known {
            window.observe(report, now);
        } else {
            // The request that determined the limit counts too.
            self.even = self.even.max(since.saturating_add(spacing(report.limit)));
            self.known = Known::Limit(KnownWindow::new(report, now));
        }
    }

    /// Waits after a refusal: as long as the server requested, or until the next window if this one
    /// is used up, or longer with each refusal of the same batch. Returns `false` if that exceeds
    /// `patience`, counted from the last success.
    pub(super) fn refused(
        &mut self,
        retry_after: Option<Duration>,
        next_window_in: Option<Duration>,
        times: u32,
        now: Duration,
        patience: Duration,
    ) -> bool {
        let backoff = BACKOFF.saturating_mul(1_u32 << times.min(16)).min(MAX_BACKOFF);
        let wait = retry_after.or(next_window_in).unwrap_or(backoff);
        let since = *self.refused_since.get_or_insert(now);
        if now.saturating_sub(since).saturating_add(wait) > patience {
            return false;
        }
        // Avoids a busy loop if the server repeatedly asks for an immediate retry.
        let wait = if times == 0 { wait } else { wait.max(BACKOFF) };
        self.held_until = self.held_until.max(now.saturating_add(wait));
        true
    }
}

fn spacing(limit: Option<u64>) -> Duration {
    match limit.and_then(|limit| u32::try_from(limit).ok()) {
        Some(limit) if limit > 0 => SPREAD / limit,
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(600);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn said(limit: u64, remaining: u64) -> RateLimit {
        let mut said = RateLimit::default();
        (said.limit, said.remaining) = (Some(limit), Some(remaining));
        said
    }

    impl Pace {
        /// Sends everything that may be sent now, and returns the number of requests.
        fn burst(&mut self, now: Duration) -> usize {
            let mut sent = 0;
            while sent < 1000 && self.turn(now) == Turn::Now {
                self.sent(now);
                sent += 1;
            }
            sent
        }
    }

    #[test]
    fn one_request_finds_out_what_the_limit_is() {
        let mut pace = Pace::default();
        assert_eq!(pace.burst(at(1)), 1);
        assert_eq!(pace.turn(at(1)), Turn::AfterResponse);
        pace.heard(RateLimit::default(), None, at(1), at(2), true);
        assert_eq!(pace.burst(at(2)), 1000, "a server that names no limit has none");
    }

    #[test]
    fn what_is_left_is_not_exceeded_and_the_next_window_begins_with_one() {
        let mut pace = Pace::default();
        pace.burst(at(1));
        pace.heard(said(30_000, 3), Some(at(20)), at(1), at(2), true);
        assert_eq!(pace.burst(at(2)), 3);
        assert_eq!(pace.turn(at(2)), Turn::AfterResponse);
        for left in [1, 0, 2] {
            // The second overtook the third.
            pace.heard(said(30_000, left), Some(at(19)), at(2), at(3), true);
        }
        assert_eq!(pace.turn(at(3)), Turn::At(at(22)));
        assert_eq!(pace.burst(at(22)), 1);
    }

    #[test]
    fn no_more_is_sent_in_a_second_than_the_api_grants() {
        let mut pace = Pace::default();
        pace.burst(at(1));
        pace.heard(said(300, 299), Some(at(58)), at(1), at(2), true);
        let sent: Vec<usize> =
            (0..20).map(|tenth| pace.burst(at(2) + Duration::from_millis(100 * tenth))).collect();
        assert_eq!(sent[0], 2, "a quarter of ten");
        for second in sent.windows(10) {
            assert!(second.iter().sum::<usize>() <= 10, "a thirtieth of 300: {sent:?}");
        }
        assert!(sent.iter().sum::<usize>() >= 15, "{sent:?}");
        // A limit below one per second still lets one through.
        let mut pace = Pace::default();
        pace.burst(at(1));
        pace.heard(said(10, 9), Some(at(58)), at(1), at(2), true);
        assert_eq!(pace.turn(at(2)), Turn::At(at(5)));
        assert_eq!(pace.burst(at(5)), 1);
        assert_eq!(pace.turn(at(5)), Turn::At(at(9)));
    }

    #[test]
    fn a_refusal_is_waited_out_within_patience() {
        let mut pace = Pace::default();
        pace.burst(at(1));
        pace.heard(RateLimit::default(), None, at(1), at(2), false);
        assert!(pace.refused(Some(at(40)), None, 0, at(2), PATIENCE));
        assert_eq!(pace.turn(at(3)), Turn::At(at(42)));
        assert_eq!(pace.burst(at(42)), 1, "nothing is known yet");
        pace.heard(RateLimit::default(), None, at(42), at(43), false);
        assert!(!pace.refused(Some(at(560)), None, 1, at(43), PATIENCE));
        assert!(pace.refused(None, None, 2, at(43), PATIENCE));
        assert_eq!(pace.turn(at(43)), Turn::At(at(47)));
        // A success resets the patience.
        pace.burst(at(47));
        pace.heard(RateLimit::default(), None, at(47), at(48), true);
        assert!(pace.refused(Some(at(560)), None, 0, at(48), PATIENCE));
    }

    #[test]
    fn a_server_that_says_at_once_again_and_again_is_not_hammered() {
        let mut pace = Pace::default();
        assert!(pace.refused(Some(Duration::ZERO), None, 0, at(5), PATIENCE));
        assert_eq!(pace.turn(at(5)), Turn::Now);
        assert!(pace.refused(Some(Duration::ZERO), None, 1, at(5), PATIENCE));
        assert_eq!(pace.turn(at(5)), Turn::At(at(6)));
    }
}
