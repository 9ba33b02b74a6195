//! Durations in the units of the wire, rounded up: what is shorter than the unit is one of it.

use std::time::Duration;

pub(crate) fn milliseconds(duration: Duration) -> i64 {
    whole(duration.as_nanos(), 1_000_000)
}

pub(crate) fn seconds(duration: Duration) -> i64 {
    whole(duration.as_nanos(), 1_000_000_000)
}

#[cfg(feature = "moderation")]
pub(crate) fn minutes(duration: Duration) -> i64 {
    whole(duration.as_nanos(), 60 * 1_000_000_000)
}

#[cfg(feature = "admin")]
pub(crate) fn hours(duration: Duration) -> i64 {
    whole(duration.as_nanos(), 60 * 60 * 1_000_000_000)
}

fn whole(nanos: u128, unit: u128) -> i64 {
    i64::try_from(nanos.div_ceil(unit)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_over_counts_as_one_more() {
        let duration = Duration::from_millis(60_001);
        assert_eq!(milliseconds(duration), 60_001);
        assert_eq!((seconds(duration), whole(duration.as_nanos(), 60_000_000_000)), (61, 2));
        assert_eq!((seconds(Duration::ZERO), seconds(Duration::from_secs(1))), (0, 1));
        assert_eq!(milliseconds(Duration::MAX), i64::MAX);
    }
}
