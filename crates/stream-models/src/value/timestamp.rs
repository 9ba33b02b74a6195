//! A timestamp.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

use stream_core::{ErrorClass, SdkError};

const NANOS_PER_SECOND: i128 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// 0000-01-01T00:00:00Z, the first timestamp of RFC 3339.
const MIN_SECONDS: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59Z, the last second of RFC 3339.
const MAX_SECONDS: i64 = 253_402_300_799;

/// A timestamp, exact to the nanosecond, in the years 0 to 9999.
///
/// Stream sends timestamps as Unix nanoseconds in responses and as RFC 3339 in webhooks; both are
/// decoded everywhere. Requests contain RFC 3339, and so does the text of `Display`. Whatever takes
/// a timestamp also takes a [`SystemTime`]; the features `chrono`, `jiff` and `time` add conversions
/// from and to the timestamps of these crates.
///
/// ```
/// use std::time::Duration;
/// use stream_models::Timestamp;
///
/// let tomorrow = Timestamp::now() + Duration::from_secs(24 * 60 * 60);
/// assert!(tomorrow > Timestamp::now());
///
/// let timestamp: Timestamp = "2026-08-22T10:00:00.123456789+02:00".parse()?;
/// assert_eq!(timestamp.to_string(), "2026-08-22T08:00:00.123456789Z");
/// assert_eq!(timestamp, Timestamp::from_unix_nanos(1_787_385_600_123_456_789)?);
/// # Ok::<(), stream_models::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

/// A string or number that is not a timestamp in the years 0 to 9999.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTimestamp(String);

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is not an RFC 3339 time or a number of Unix nanoseconds in the years 0 to 9999",
            self.0
        )
    }
}

impl std::error::Error for InvalidTimestamp {}

impl SdkError for InvalidTimestamp {
    fn class(&self) -> ErrorClass {
        ErrorClass::InvalidInput
    }
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z, which is also the value of a required timestamp that a response left
    /// out.
    pub const UNIX_EPOCH: Self = Self { seconds: 0, nanos: 0 };

    /// The first timestamp: 0000-01-01T00:00:00Z.
    pub const MIN: Self = Self { seconds: MIN_SECONDS, nanos: 0 };

    /// The last timestamp: 9999-12-31T23:59:59.999999999Z.
    pub const MAX: Self = Self { seconds: MAX_SECONDS, nanos: 999_999_999 };

    /// Returns the current time of the system clock.
    ///
    /// # Panics
    /// On a platform without a clock, such as `wasm32-unknown-unknown`.
    #[must_use]
    pub fn now() -> Self {
        Self::from(SystemTime::now())
    }

    /// Returns the timestamp `nanos` nanoseconds after (or, if negative, before) the Unix epoch.
    ///
    /// # Errors
    /// The timestamp is outside the years 0 to 9999.
    pub fn from_unix_nanos(nanos: i128) -> Result<Self, InvalidTimestamp> {
        let seconds = i64::try_from(nanos.div_euclid(NANOS_PER_SECOND)).ok();
        let rest = u32::try_from(nanos.rem_euclid(NANOS_PER_SECOND)).ok();
        match (seconds, rest) {
            (Some(seconds @ MIN_SECONDS..=MAX_SECONDS), Some(nanos)) => Ok(Self { seconds, nanos }),
            _ => Err(InvalidTimestamp(nanos.to_string())),
        }
    }

    /// Returns the timestamp `seconds` seconds after (or, if negative, before) the Unix epoch.
    ///
    /// # Errors
    /// The timestamp is outside the years 0 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidTimestamp> {
        Self::from_unix_nanos(i128::from(seconds) * NANOS_PER_SECOND)
    }

    /// Returns the nanoseconds since the Unix epoch, negative before it.
    #[must_use]
    pub fn as_unix_nanos(self) -> i128 {
        i128::from(self.seconds) * NANOS_PER_SECOND + i128::from(self.nanos)
    }

    /// Returns the whole seconds since the Unix epoch, rounded down.
    #[must_use]
    pub const fn as_unix_seconds(self) -> i64 {
        self.seconds
    }

    /// Returns the nanoseconds within the second, from 0 to 999,999,999.
    #[must_use]
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Returns the timestamp `duration` later; `None` after the year 9999.
    #[must_use]
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let nanos = i128::try_from(duration.as_nanos()).ok()?;
        Self::from_unix_nanos(self.as_unix_nanos().checked_add(nanos)?).ok()
    }

    /// Returns the timestamp `duration` earlier; `None` before the year 0.
    #[must_use]
    pub fn checked_sub(self, duration: Duration) -> Option<Self> {
        let nanos = i128::try_from(duration.as_nanos()).ok()?;
        Self::from_unix_nanos(self.as_unix_nanos().checked_sub(nanos)?).ok()
    }

    /// Returns how much later than `earlier` this timestamp is; `None` if it is not.
    #[must_use]
    pub fn duration_since(self, earlier: Self) -> Option<Duration> {
        let nanos = u128::try_from(self.as_unix_nanos() - earlier.as_unix_nanos()).ok()?;
        let seconds = u64::try_from(nanos / NANOS_PER_SECOND.unsigned_abs()).ok()?;
        let rest = u32::try_from(nanos % NANOS_PER_SECOND.unsigned_abs()).ok()?;
        Some(Duration::new(seconds, rest))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(SECONDS_PER_DAY));
        let second_of_day = self.seconds.rem_euclid(SECONDS_PER_DAY);
        let (hour, minute, second) =
            (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos > 0 {
            let digits = format!("{:09}", self.nanos);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_rfc3339(text.as_bytes()).ok_or_else(|| InvalidTimestamp(format!("{text:?}")))
    }
}

/// Converts a time outside the years 0 to 9999 to the nearest timestamp.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self::UNIX_EPOCH + since,
            Err(before) => Self::UNIX_EPOCH - before.duration(),
        }
    }
}

/// Returns the timestamp `duration` later, at most [`Timestamp::MAX`]; see
/// [`Timestamp::checked_add`].
impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        self.checked_add(duration).unwrap_or(Self::MAX)
    }
}

/// Returns the timestamp `duration` earlier, at least [`Timestamp::MIN`]; see
/// [`Timestamp::checked_sub`].
impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        self.checked_sub(duration).unwrap_or(Self::MIN)
    }
}

/// Fails outside the range of the platform's clock: on Windows before the year 1601.
impl TryFrom<Timestamp> for SystemTime {
    type Error = InvalidTimestamp;

    fn try_from(timestamp: Timestamp) -> Result<Self, Self::Error> {
        let whole = Duration::from_secs(timestamp.seconds.unsigned_abs());
        let start = if timestamp.seconds < 0 {
            UNIX_EPOCH.checked_sub(whole)
        } else {
            UNIX_EPOCH.checked_add(whole)
        };
        start
            .and_then(|start| start.checked_add(Duration::from_nanos(timestamp.nanos.into())))
            .ok_or_else(|| InvalidTimestamp(timestamp.to_string()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Returns the year, month and day of a day counted from 1970-01-01 in the proleptic Gregorian
/// calendar.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    // Counted from 0000-03-01, so that the leap day is the last of its year: every four-year and
    // 400-year cycle then has the same shape.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

/// Returns the number of a day, the inverse of [`civil_from_days`].
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn parse_rfc3339(text: &[u8]) -> Option<Timestamp> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    literal(&mut rest, b"-")?;
    let month = digits(&mut rest, 2)?;
    literal(&mut rest, b"-")?;
    let day = digits(&mut rest, 2)?;
    literal(&mut rest, b"Tt ")?;
    let hour = digits(&mut rest, 2)?;
    literal(&mut rest, b":")?;
    let minute = digits(&mut rest, 2)?;
    literal(&mut rest, b":")?;
    let second = digits(&mut rest, 2)?;
    let nanos = fraction(&mut rest)?;
    let offset = offset(&mut rest)?;
    let in_range = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 60;
    if !in_range || !rest.is_empty() {
        return None;
    }
    let seconds = days_from_civil(year, month, day) * SECONDS_PER_DAY
        + hour * 3600
        + minute * 60
        // A leap second counts as the second before it.
        + second.min(59)
        - offset;
    (MIN_SECONDS..=MAX_SECONDS).contains(&seconds).then_some(Timestamp { seconds, nanos })
}

fn digits(rest: &mut &[u8], count: usize) -> Option<i64> {
    let (head, tail) = rest.split_at_checked(count)?;
    let mut number = 0;
    for byte in head {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(byte - b'0');
    }
    *rest = tail;
    Some(number)
}

fn literal(rest: &mut &[u8], any_of: &[u8]) -> Option<u8> {
    let (first, tail) = rest.split_first()?;
    any_of.contains(first).then(|| {
        *rest = tail;
        *first
    })
}

/// Parses a fraction of any length to nanoseconds; digits beyond the ninth are dropped.
fn fraction(rest: &mut &[u8]) -> Option<u32> {
    if literal(rest, b".,").is_none() {
        return Some(0);
    }
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, tail) = rest.split_at_checked(length)?;
    if digits.is_empty() {
        return None;
    }
    *rest = tail;
    let padded = digits.iter().copied().chain(std::iter::repeat(b'0'));
    Some(padded.take(9).fold(0, |nanos, byte| nanos * 10 + u32::from(byte - b'0')))
}

/// Parses an offset to seconds east of UTC.
fn offset(rest: &mut &[u8]) -> Option<i64> {
    let sign = match literal(rest, b"Zz+-")? {
        b'+' => 1,
        b'-' => -1,
        _ => return Some(0),
    };
    let hours = digits(rest, 2)?;
    literal(rest, b":")?;
    let minutes = digits(rest, 2)?;
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nanos(text: &str) -> i128 {
        text.parse::<Timestamp>().unwrap().as_unix_nanos()
    }

    #[test]
    fn all_forms_of_rfc_3339_are_read() {
        assert_eq!(nanos("1970-01-01T00:00:00Z"), 0);
        assert_eq!(nanos("1970-01-01T00:00:00.000000001Z"), 1);
        assert_eq!(nanos("1969-12-31T23:59:59.5Z"), -500_000_000);
        assert_eq!(nanos("2000-02-29t12:30:00z"), 951_827_400_000_000_000);
        assert_eq!(nanos("2024-01-01 00:00:00-01:30"), 1_704_072_600_000_000_000);
        assert_eq!(nanos("1970-01-01T00:00:00.1234567899Z"), 123_456_789);
        assert_eq!(nanos("0001-01-01T00:00:00Z"), -62_135_596_800_000_000_000);
        assert_eq!(nanos("1990-12-31T23:59:60Z"), nanos("1990-12-31T23:59:59Z"));
    }

    #[test]
    fn what_is_not_a_timestamp_is_refused() {
        for text in [
            "",
            "2024",
            "2024-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00Z ",
            "2024-01-01T00:00:00+2:00",
            "0000-01-01T00:00:00+01:00",
            "２024-01-01T00:00:00Z",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        assert!(Timestamp::from_unix_nanos(i128::MAX).is_err());
        assert!(Timestamp::from_unix_seconds(MAX_SECONDS + 1).is_err());
        assert!(Timestamp::from_unix_seconds(MIN_SECONDS).is_ok());
    }

    #[test]
    fn what_is_out_of_range_becomes_the_nearest_timestamp() {
        let ages = Duration::from_secs(400_000_000_000);
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999999999Z");
        assert_eq!(Timestamp::UNIX_EPOCH + ages, Timestamp::MAX);
        assert_eq!(Timestamp::UNIX_EPOCH - ages, Timestamp::MIN);
        assert_eq!(Timestamp::UNIX_EPOCH + Duration::MAX, Timestamp::MAX);
        // Where the platform's clock goes as far.
        if let Some(late) = UNIX_EPOCH.checked_add(ages) {
            assert_eq!(Timestamp::from(late), Timestamp::MAX);
        }
        if let Some(early) = UNIX_EPOCH.checked_sub(ages) {
            assert_eq!(Timestamp::from(early), Timestamp::MIN);
        }
        let second = Duration::from_secs(1);
        assert_eq!((Timestamp::MIN + second - second).to_string(), "0000-01-01T00:00:00Z");
    }

    proptest! {
        #[test]
        fn printing_and_parsing_agree(seconds in MIN_SECONDS..=MAX_SECONDS, nanos in 0u32..1_000_000_000) {
            let timestamp = Timestamp { seconds, nanos };
            prop_assert_eq!(timestamp.to_string().parse::<Timestamp>().unwrap(), timestamp);
            prop_assert_eq!(Timestamp::from_unix_nanos(timestamp.as_unix_nanos()).unwrap(), timestamp);
            prop_assert_eq!(Timestamp::from(SystemTime::try_from(timestamp).unwrap()), timestamp);
        }

        #[test]
        fn the_order_is_that_of_time(a in any::<i64>(), b in any::<i64>()) {
            let (x, y) = (Timestamp::from_unix_nanos(a.into()).unwrap(), Timestamp::from_unix_nanos(b.into()).unwrap());
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(x.duration_since(y).is_some(), a >= b);
        }

        #[test]
        fn days_follow_one_another(days in -719_528i64..2_932_896) {
            let (year, month, day) = civil_from_days(days);
            prop_assert_eq!(days_from_civil(year, month, day), days);
            let next = civil_from_days(days + 1);
            let expected = if day < days_in_month(year, month) { (year, month, day + 1) }
                else if month < 12 { (year, month + 1, 1) } else { (year + 1, 1, 1) };
            prop_assert_eq!(next, expected);
        }
    }
}
