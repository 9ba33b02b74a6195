//! The window of one operation, as responses report it.

use std::time::Duration;

use super::LimitReport;

/// The length of the API's windows, and so the maximum time until a reset.
pub(super) const WINDOW: Duration = Duration::from_secs(60);
/// The maximum difference between two resets that count as the same: headers count whole seconds.
const SAME_RESET: Duration = Duration::from_secs(2);

/// The window of one operation, as responses report it. Times are those of a monotonic clock.
///
/// Responses overtake each other, also across the end of a window. One about an earlier window
/// changes nothing; of those about the same window, the latest counts. The server reported at some
/// time between the request and the response, so a window ends within a range that the responses
/// narrow down.
///
/// ```
/// use std::time::Duration;
/// use stream_http::shared_limits::{KnownWindow, LimitReport};
///
/// let at = Duration::from_secs;
/// let mut window = KnownWindow::new(LimitReport::new(99, at(59)).limit(100), at(11));
/// assert_eq!((window.remaining, window.ends), (99, at(70)));
///
/// // It took 5 seconds, and reports the window before.
/// window.observe(LimitReport::new(0, at(2)).limit(100).took(at(5)), at(13));
/// assert_eq!((window.remaining, window.ends), (99, at(70)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownWindow {
    /// The number of requests that a window allows, if it is known.
    pub limit: Option<u64>,
    /// The remaining requests by the latest response, which does not count the requests without a
    /// response.
    pub remaining: u64,
    /// When the window ends at the latest.
    pub ends: Duration,
    /// When the window ends at the earliest.
    pub ends_after: Duration,
    /// When the latest response arrived.
    as_of: Duration,
}

impl KnownWindow {
    /// Creates a window from a response that arrived at `now`.
    #[must_use]
    pub fn new(report: LimitReport, now: Duration) -> Self {
        let ends = now.saturating_add(report.resets_in.min(WINDOW));
        Self {
            limit: report.limit,
            remaining: report.remaining,
            ends,
            ends_after: ends.saturating_sub(report.took),
            as_of: now,
        }
    }

    /// Records another response, which arrived at `now`.
    pub fn observe(&mut self, report: LimitReport, now: Duration) {
        let heard = Self::new(report, now);
        let earliest = heard.ends_after.saturating_sub(SAME_RESET);
        if earliest <= self.ends.saturating_sub(WINDOW) {
            // It is about an earlier window.
            return;
        }
        let limit = heard.limit.or(self.limit);
        if earliest <= self.ends && heard.ends.saturating_add(SAME_RESET) >= self.ends_after {
            // A request that was sent after the latest response arrived was counted after it; of
            // the others, the lowest number is the latest.
            let is_later = now.saturating_sub(report.took) >= self.as_of;
            self.remaining =
                if is_later { heard.remaining } else { heard.remaining.min(self.remaining) };
            self.ends = heard.ends.min(self.ends);
            self.ends_after = heard.ends_after.max(self.ends_after);
            self.as_of = now;
            self.limit = limit;
        } else {
            // A reset in the future never belongs to an old window, so the known window was wrong
            // or is over.
            *self = Self { limit, ..heard };
        }
    }

    /// Advances to the window that contains `now`. Returns `false` if its limit is not known.
    #[must_use]
    pub fn roll(&mut self, now: Duration) -> bool {
        let Some(past) = now.checked_sub(self.ends) else { return true };
        let Some(limit) = self.limit else { return false };
        let windows = u32::try_from(past.as_secs() / WINDOW.as_secs()).unwrap_or(u32::MAX);
        let further = WINDOW.saturating_mul(windows.saturating_add(1));
        self.remaining = limit;
        self.as_of = self.ends;
        self.ends = self.ends.saturating_add(further);
        self.ends_after = self.ends_after.saturating_add(further);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// A response of a server with windows of a minute, and its way.
    #[derive(Debug, Clone, Copy)]
    struct Heard {
        window: u64,
        sent: u64,
        arrived: u64,
        report: LimitReport,
    }

    /// Counts requests, given as the time of sending, the way to the server and the way back.
    fn respond(mut requests: Vec<(u64, u64, u64)>) -> Vec<Heard> {
        requests.sort_by_key(|(sent, way, _)| sent + way);
        let mut used = std::collections::HashMap::new();
        let respond = |(sent, way, back): (u64, u64, u64)| {
            let counted = sent + way;
            let (window, arrived) = (counted / 60_000, counted + back);
            let used = used.entry(window).or_insert(0);
            *used += 1;
            // The `Date` is in whole seconds, as is the reset.
            let resets_in = (window + 1) * 60 - counted / 1000;
            let report = LimitReport::new(1000 - *used, Duration::from_secs(resets_in))
                .limit(1000)
                .took(at(arrived - sent));
            Heard { window, sent, arrived, report }
        };
        let mut heard: Vec<_> = requests.into_iter().map(respond).collect();
        heard.sort_by_key(|heard| heard.arrived);
        heard
    }

    proptest! {
        #[test]
        fn the_latest_response_about_the_latest_window_counts(
            requests in proptest::collection::vec((0..200_000_u64, 0..12_000_u64, 0..12_000_u64), 1..300)
        ) {
            let mut known: Option<KnownWindow> = None;
            let mut latest = (0, u64::MAX);
            for Heard { window, arrived, report, sent } in respond(requests) {
                let now = at(arrived);
                match &mut known {
                    None => known = Some(KnownWindow::new(report, now)),
                    Some(known) => {
                        prop_assert!(known.roll(now));
                        known.observe(report, now);
                    }
                }
                if window > latest.0 || latest.1 == u64::MAX {
                    latest = (window, report.remaining);
                } else if window == latest.0 {
                    latest.1 = latest.1.min(report.remaining);
                }
                let known = known.unwrap();
                // No response about a window that has begun by the clock alone is there yet.
                let has_rolled = known.ends > at((latest.0 + 1) * 60_000 + 30_000);
                let expected = if has_rolled { 1000 } else { latest.1 };
                prop_assert_eq!(known.remaining, expected, "at {}, sent {}: {:?}", arrived, sent, known);
            }
        }
    }

    #[test]
    fn a_late_response_about_the_window_before_changes_nothing() {
        let seconds = Duration::from_secs;
        let mut window = KnownWindow::new(LimitReport::new(40, seconds(10)).limit(50), seconds(50));
        assert!(window.roll(seconds(61)));
        window.observe(LimitReport::new(45, seconds(58)).took(seconds(1)), seconds(62));
        let known = window;
        for (remaining, resets_in, took, now) in
            [(3, 1, 4, 63), (0, 2, 8, 66), (49, 1, 20, 79), (7, 1, 59, 118)]
        {
            let late = LimitReport::new(remaining, seconds(resets_in)).took(seconds(took));
            window.observe(late, seconds(now));
            assert_eq!(window, known, "{late:?}");
        }
    }

    #[test]
    fn responses_that_take_unequally_long_are_about_one_window() {
        let seconds = Duration::from_secs;
        // It was counted at any time in 9 s, and the others quickly.
        let slow = LimitReport::new(9, seconds(30)).took(seconds(9));
        let mut window = KnownWindow::new(slow, seconds(40));
        window.observe(LimitReport::new(5, seconds(24)), seconds(41));
        assert_eq!((window.remaining, window.ends), (5, seconds(65)));
        // It was sent before the latest response arrived.
        window.observe(LimitReport::new(8, seconds(25)).took(seconds(4)), seconds(43));
        assert_eq!((window.remaining, window.ends), (5, seconds(65)));
        window.observe(LimitReport::new(8, seconds(20)), seconds(45));
        assert_eq!(window.remaining, 8, "it was sent after the latest response arrived");
    }
}
