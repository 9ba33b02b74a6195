//! The time at which a token is replaced.

use std::time::{Duration, SystemTime};

use stream_auth::token::dangerous_decode_unverified;
use stream_http::{Clock, Token};

/// The maximum use of a token that seems to have expired on arrival: longer than a burst of
/// requests, and short enough to retry soon.
const MAX_GRACE: Duration = Duration::from_secs(60);

/// The tolerated difference by which the wall clock is set back: tokens are backdated by as much.
const MAX_SET_BACK: Duration = Duration::from_secs(5);

/// The minimum age of a token that is replaced because the server refused it: the next one would be
/// refused as well if the clock of its issuer is wrong.
const MIN_AGE: Duration = Duration::from_secs(10);

/// A token with the times at which it is replaced.
#[derive(Debug, Clone)]
pub(super) struct Validity {
    pub(super) token: Token,
    received: Now,
    /// `None` if it has no expiration.
    times: Option<Times>,
}

#[derive(Debug, Clone, Copy)]
struct Times {
    received: Now,
    refresh_after: Duration,
    expires_after: Duration,
}

/// The time on both clocks: the wall clock may be set, and the monotonic one may stand still while
/// the machine sleeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    monotonic: Duration,
    utc: SystemTime,
}

impl Now {
    pub(super) fn of(clock: &dyn Clock) -> Self {
        Self { monotonic: clock.monotonic(), utc: clock.utc() }
    }

    pub(super) fn utc(self) -> SystemTime {
        self.utc
    }

    /// Returns the elapsed time, by the clock that shows more.
    fn since(self, earlier: Self) -> Duration {
        let by_wall_clock = self.utc.duration_since(earlier.utc).unwrap_or_default();
        self.monotonic.saturating_sub(earlier.monotonic).max(by_wall_clock)
    }

    /// Returns whether the wall clock was set back after `earlier`: what was signed then may have
    /// an `iat` in the future, which the server refuses.
    fn is_set_back_since(self, earlier: Self) -> bool {
        let elapsed = self.monotonic.saturating_sub(earlier.monotonic);
        let expected = earlier.utc.checked_add(elapsed).unwrap_or(earlier.utc);
        expected.duration_since(self.utc).is_ok_and(|by| by > MAX_SET_BACK)
    }
}

impl Validity {
    /// Reads the expiration of the token without verifying it, which the server does.
    ///
    /// The token is replaced `margin` before it expires, or after half of its remaining lifetime if
    /// that is later.
    ///
    /// The issuer's clock may differ from the local one. A token lives no longer than from its
    /// `iat` to its `exp`. A token that has already expired by the local clock was valid for its
    /// issuer: it is used for half of its lifetime, at most for a minute, before the next refresh.
    pub(super) fn new(token: Token, now: Now, margin: Duration) -> Self {
        let claims = dangerous_decode_unverified(token.expose_secret()).ok();
        let times = claims.and_then(|claims| {
            let expires_at = claims.expires_at?;
            let life = claims.issued_at.map(|at| expires_at.duration_since(at).unwrap_or_default());
            let left = expires_at.duration_since(now.utc).unwrap_or_default();
            let left = life.map_or(left, |life| left.min(life));
            let (refresh_after, expires_after) = if left.is_zero() {
                let grace = life.map_or(MAX_GRACE, |life| (life / 2).min(MAX_GRACE));
                (grace, grace)
            } else {
                (left - margin.min(left / 2), left)
            };
            Some(Times { received: now, refresh_after, expires_after })
        });
        Self { token, received: now, times }
    }

    /// Discards a token that the server refused, unless it is too young to be replaced. Returns
    /// whether the next token is another one.
    pub(super) fn discard(current: &mut Option<Self>, token: &Token, now: Now) -> bool {
        let Some(kept) = current.as_ref().filter(|kept| kept.token == *token) else { return true };
        let is_old = now.since(kept.received) >= MIN_AGE || now.is_set_back_since(kept.received);
        if is_old {
            *current = None;
        }
        is_old
    }

    pub(super) fn is_fresh(&self, now: Now) -> bool {
        self.times.is_none_or(|times| {
            now.since(times.received) < times.refresh_after
                && !now.is_set_back_since(times.received)
        })
    }

    pub(super) fn is_valid(&self, now: Now) -> bool {
        self.times.is_none_or(|times| now.since(times.received) < times.expires_after)
    }

    /// Postpones the replacement after a failure by half of the remaining time.
    pub(super) fn postpone(&mut self, now: Now) {
        if let Some(times) = &mut self.times {
            let left = times.expires_after.saturating_sub(now.since(times.received));
            *times = Times { received: now, refresh_after: left / 2, expires_after: left };
        }
    }
}
