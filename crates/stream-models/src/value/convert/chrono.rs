//! Conversions from and to `chrono::DateTime`.

use chrono::{DateTime, TimeZone, Utc};

use crate::value::{InvalidTimestamp, Timestamp};

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// Fails outside the years 0 to 9999. A leap second is the second before it, as in RFC 3339.
impl<Z: TimeZone> TryFrom<DateTime<Z>> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(timestamp: DateTime<Z>) -> Result<Self, Self::Error> {
        let nanos = timestamp.timestamp_subsec_nanos() % NANOS_PER_SECOND;
        let seconds = i128::from(timestamp.timestamp());
        Self::from_unix_nanos(seconds * i128::from(NANOS_PER_SECOND) + i128::from(nanos))
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(timestamp: Timestamp) -> Self {
        // chrono's range includes the years 0 to 9999.
        Self::from_timestamp(timestamp.as_unix_seconds(), timestamp.subsec_nanos())
            .unwrap_or_default()
    }
}
