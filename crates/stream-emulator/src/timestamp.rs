//! Timestamps in the two forms of the API.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The number of nanoseconds in a microsecond.
const MICROSECOND: i64 = 1_000;

/// The beginning of the error about a value that is not a date; the value follows.
pub(crate) const NO_DATE: &str = "expected date but got ";

/// A timestamp, in nanoseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) struct Timestamp(i64);

impl Timestamp {
    /// Returns the time of the system's clock.
    pub(crate) fn now() -> Self {
        SystemTime::now().into()
    }

    /// Parses RFC 3339, or an integer of nanoseconds since the Unix epoch.
    pub(crate) fn parse(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse_text(text),
            Value::Number(number) => number.as_i64().map(Self),
            _ => None,
        }
    }

    /// Parses RFC 3339.
    pub(crate) fn parse_text(text: &str) -> Option<Self> {
        let parsed = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(parsed.unix_timestamp_nanos()).ok().map(Self)
    }

    pub(crate) fn nanoseconds(self) -> i64 {
        self.0
    }

    pub(crate) fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// Returns the next timestamp in the precision of the service: a microsecond later.
    pub(crate) fn next(self) -> Self {
        self.plus_nanoseconds(MICROSECOND)
    }

    /// Rounds down to whole microseconds.
    pub(crate) fn whole_microseconds(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(MICROSECOND)))
    }

    /// Adds nanoseconds, which may be negative.
    pub(crate) fn plus_nanoseconds(self, nanoseconds: i64) -> Self {
        Self(self.0.saturating_add(nanoseconds))
    }

    /// Adds seconds, which may be negative.
    pub(crate) fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_nanoseconds(seconds.saturating_mul(1_000_000_000))
    }

    /// Formats RFC 3339 in UTC with six fractional digits, or with nine if it is not a whole
    /// microsecond.
    pub(crate) fn to_rfc3339(self) -> String {
        let Ok(at) = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0)) else {
            return String::new();
        };
        let (fraction, width) = match self == self.whole_microseconds() {
            true => (at.microsecond(), 6),
            false => (at.nanosecond(), 9),
        };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{fraction:0width$}Z",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
        )
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since_epoch.as_nanos()).unwrap_or(i64::MAX))
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        let nanoseconds = u64::try_from(timestamp.0).unwrap_or_default();
        UNIX_EPOCH + std::time::Duration::from_nanos(nanoseconds)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::parse(&value).ok_or_else(|| D::Error::custom(format!("{NO_DATE}{value}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_the_same_timestamp() {
        let text = Timestamp::parse(&Value::from("2026-08-22T10:11:12.000000345+02:00")).unwrap();
        assert_eq!(text.to_rfc3339(), "2026-08-22T08:11:12.000000345Z");
        assert_eq!(Timestamp::parse(&Value::from(text.nanoseconds())), Some(text));
        let stored = text.whole_microseconds().next();
        assert_eq!(stored.to_rfc3339(), "2026-08-22T08:11:12.000001Z");
    }

    #[test]
    fn every_timestamp_can_be_stored_and_shown() {
        let long_ago = Timestamp::parse_text("1969-07-20T20:17:40Z").unwrap();
        for timestamp in [long_ago, Timestamp(i64::MIN), Timestamp(i64::MAX)] {
            let stored = serde_json::to_value(timestamp).unwrap();
            assert_eq!(serde_json::from_value::<Timestamp>(stored).unwrap(), timestamp);
            assert!(timestamp.to_rfc3339().ends_with('Z'));
        }
    }

    #[test]
    fn invalid_timestamps_are_refused() {
        assert_eq!(Timestamp::parse(&Value::from("yesterday")), None);
        assert_eq!(Timestamp::parse(&Value::from(1.5)), None);
    }
}
