//! Conversions from and to `time::OffsetDateTime`.

use time::{Duration, OffsetDateTime};

use crate::value::{InvalidTimestamp, Timestamp};

/// Fails outside the years 0 to 9999.
impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(timestamp: OffsetDateTime) -> Result<Self, Self::Error> {
        Self::from_unix_nanos(timestamp.unix_timestamp_nanos())
    }
}

/// Converts to UTC.
impl From<Timestamp> for OffsetDateTime {
    fn from(timestamp: Timestamp) -> Self {
        let nanos = i64::from(timestamp.subsec_nanos());
        let since = Duration::seconds(timestamp.as_unix_seconds()) + Duration::nanoseconds(nanos);
        // The range of `time` includes the years 0 to 9999.
        Self::UNIX_EPOCH.saturating_add(since)
    }
}
