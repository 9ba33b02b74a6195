use crate::rate_limit::RateLimit;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Holds calls back that would run into the rate limit.
///
/// It reads the rate-limit headers of the answers, per operation. When the calls of a window are
/// used up, further ones wait for the next window, each at most for the limiter's longest wait; then
/// they are sent and the server decides. Waiting counts towards the deadline of the call.
pub struct RateLimiter {
    max_wait: Duration,
    windows: Mutex<HashMap<&'static str, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    remaining: u64,
    reset: SystemTime,
}

impl RateLimiter {
    /// A limiter that lets a call wait for `max_wait` at most.
    #[must_use]
    pub fn new(max_wait: Duration) -> Self {
        Self { max_wait, windows: Mutex::default() }
    }

    /// Takes one call of `operation` from its window, and returns how long it has to wait.
    #[must_use]
    pub fn acquire(&self, operation: &'static str, now: SystemTime) -> Duration {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(window) = windows.get_mut(operation) else { return Duration::ZERO };
        let Some(until_reset) =
            window.reset.duration_since(now).ok().filter(|wait| !wait.is_zero())
        else {
            windows.remove(operation);
            return Duration::ZERO;
        };
        match window.remaining.checked_sub(1) {
            Some(remaining) => {
                window.remaining = remaining;
                Duration::ZERO
            }
            None => until_reset.min(self.max_wait),
        }
    }

    /// Learns from the headers of an answer.
    pub fn observe(&self, operation: &'static str, limit: RateLimit, now: SystemTime) {
        let (Some(remaining), Some(reset)) = (limit.remaining, limit.reset) else { return };
        if reset <= now {
            return;
        }
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(operation).or_insert(Window { remaining, reset });
        if reset > window.reset {
            *window = Window { remaining, reset };
        } else if reset == window.reset {
            // Answers overtake each other: the lowest number is the latest.
            window.remaining = window.remaining.min(remaining);
        }
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter").field("max_wait", &self.max_wait).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn said(remaining: u64, reset: u64) -> RateLimit {
        RateLimit { limit: Some(100), remaining: Some(remaining), reset: Some(at(reset)) }
    }

    #[test]
    fn calls_beyond_the_window_wait_for_the_next() {
        let limiter = RateLimiter::new(SECOND * 30);
        assert_eq!(limiter.acquire("A", at(100)), Duration::ZERO);
        limiter.observe("A", said(2, 110), at(100));
        assert_eq!(limiter.acquire("A", at(101)), Duration::ZERO);
        assert_eq!(limiter.acquire("A", at(101)), Duration::ZERO);
        assert_eq!(limiter.acquire("A", at(101)), SECOND * 9);
        assert_eq!(limiter.acquire("B", at(101)), Duration::ZERO);
        assert_eq!(limiter.acquire("A", at(110)), Duration::ZERO);
    }

    #[test]
    fn waits_are_bounded() {
        let limiter = RateLimiter::new(SECOND * 5);
        limiter.observe("A", said(0, 10_000), at(100));
        assert_eq!(limiter.acquire("A", at(100)), SECOND * 5);
    }

    #[test]
    fn late_and_incomplete_answers_do_not_open_the_window() {
        let limiter = RateLimiter::new(SECOND * 30);
        limiter.observe("A", said(0, 110), at(100));
        limiter.observe("A", said(5, 110), at(100));
        limiter.observe("A", said(50, 105), at(100));
        limiter.observe("A", said(50, 99), at(100));
        limiter.observe("A", RateLimit::default(), at(100));
        assert_eq!(limiter.acquire("A", at(100)), SECOND * 10);
        limiter.observe("A", said(50, 120), at(100));
        assert_eq!(limiter.acquire("A", at(100)), Duration::ZERO);
    }
}
