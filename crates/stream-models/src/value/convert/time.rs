use time::{Duration, OffsetDateTime};

use crate::value::{InvalidTimestamp, Timestamp};

/// Fails outside the years 0 to 9999.
impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(moment: OffsetDateTime) -> Result<Self, Self::Error> {
        Self::from_unix_nanos(moment.unix_timestamp_nanos())
    }
}

/// In UTC.
impl From<Timestamp> for OffsetDateTime {
    fn from(moment: Timestamp) -> Self {
        let nanos = i64::from(moment.subsec_nanos());
        let since = Duration::seconds(moment.as_unix_seconds()) + Duration::nanoseconds(nanos);
        // Every timestamp lies in the years that the crate has.
        Self::UNIX_EPOCH.saturating_add(since)
    }
}
