use crate::value::{InvalidTimestamp, Timestamp};

/// Fails before the year 0.
impl TryFrom<jiff::Timestamp> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(moment: jiff::Timestamp) -> Result<Self, Self::Error> {
        Self::from_unix_nanos(moment.as_nanosecond())
    }
}

/// Fails in the last 26 hours of the year 9999, which jiff leaves to offsets from UTC.
impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = jiff::Error;

    fn try_from(moment: Timestamp) -> Result<Self, Self::Error> {
        Self::from_nanosecond(moment.as_unix_nanos())
    }
}
