//! Conversions of durations to the integers that the API takes.
//!
//! Fractions are rounded up: a ban of 30 seconds becomes one of a minute, because zero minutes
//! would be a ban without end. Setters convert by themselves; use these functions for fields that
//! you set directly.

use std::time::Duration;

/// Returns the duration in milliseconds, rounded up.
#[must_use]
pub fn milliseconds(span: Duration) -> i64 {
    whole(span, 1_000_000)
}

/// Returns the duration in seconds, rounded up.
#[must_use]
pub fn seconds(span: Duration) -> i64 {
    whole(span, 1_000_000_000)
}

/// Returns the duration in minutes, rounded up.
#[must_use]
pub fn minutes(span: Duration) -> i64 {
    whole(span, 60 * 1_000_000_000)
}

/// Returns the duration in hours, rounded up.
#[must_use]
pub fn hours(span: Duration) -> i64 {
    whole(span, 3600 * 1_000_000_000)
}

fn whole(span: Duration, nanos: u128) -> i64 {
    i64::try_from(span.as_nanos().div_ceil(nanos)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_rounded_up() {
        assert_eq!(minutes(Duration::from_secs(3600)), 60);
        assert_eq!(minutes(Duration::from_secs(61)), 2);
        assert_eq!(minutes(Duration::from_millis(1)), 1);
        assert_eq!(milliseconds(Duration::from_secs(2)), 2_000);
        assert_eq!(seconds(Duration::from_millis(1_001)), 2);
        assert_eq!(hours(Duration::from_secs(7200)), 2);
        assert_eq!(seconds(Duration::ZERO), 0);
        assert_eq!(milliseconds(Duration::MAX), i64::MAX);
    }
}
