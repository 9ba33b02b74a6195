//! Conversions from and to `jiff::Timestamp`.

use crate::value::{InvalidTimestamp, Timestamp};

/// Fails before the year 0.
impl TryFrom<jiff::Timestamp> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(timestamp: jiff::Timestamp) -> Result<Self, Self::Error> {
        Self::from_unix_nanos(timestamp.as_nanosecond())
    }
}

/// Fails in the last 26 hours of the year 9999, which jiff reserves for offsets from UTC.
impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = jiff::Error;

    fn try_from(timestamp: Timestamp) -> Result<Self, Self::Error> {
        Self::from_nanosecond(timestamp.as_unix_nanos())
    }
}
