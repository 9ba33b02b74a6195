//! `Timestamp` converts from and to the timestamps of other crates, exact to the nanosecond.

use chrono::{DateTime, FixedOffset, Utc};
use proptest::prelude::*;
use time::{OffsetDateTime, UtcOffset};

use stream_models::Timestamp;

/// Generates nanoseconds in the range of `Timestamp`.
fn nanos() -> impl Strategy<Value = i128> {
    let (first, last) = (-62_167_219_200_000_000_000_i128, 253_402_300_799_999_999_999_i128);
    prop_oneof![first..=last, any::<i64>().prop_map(i128::from), Just(first), Just(last)]
}

proptest! {
    #[test]
    fn timestamps_convert_to_the_time_crate_and_back(nanos in nanos(), hours in -23i8..=23) {
        let ours = Timestamp::from_unix_nanos(nanos).unwrap();
        let theirs = OffsetDateTime::from(ours);
        prop_assert_eq!(theirs.unix_timestamp_nanos(), nanos);
        prop_assert_eq!(Timestamp::try_from(theirs).unwrap(), ours);
        let offset = UtcOffset::from_hms(hours, 0, 0).unwrap();
        if let Some(local) = theirs.checked_to_offset(offset) {
            prop_assert_eq!(Timestamp::try_from(local).unwrap(), ours);
        }
    }

    #[test]
    fn timestamps_convert_to_chrono_and_back(nanos in nanos(), hours in -23i32..=23) {
        let ours = Timestamp::from_unix_nanos(nanos).unwrap();
        let theirs = DateTime::<Utc>::from(ours);
        let (seconds, rest) = (theirs.timestamp(), theirs.timestamp_subsec_nanos());
        prop_assert_eq!(i128::from(seconds) * 1_000_000_000 + i128::from(rest), nanos);
        prop_assert_eq!(Timestamp::try_from(theirs).unwrap(), ours);
        let offset = FixedOffset::east_opt(hours * 3600).unwrap();
        prop_assert_eq!(Timestamp::try_from(theirs.with_timezone(&offset)).unwrap(), ours);
    }

    #[test]
    fn timestamps_convert_to_jiff_and_back(nanos in nanos()) {
        let ours = Timestamp::from_unix_nanos(nanos).unwrap();
        match jiff::Timestamp::try_from(ours) {
            Ok(theirs) => {
                prop_assert_eq!(theirs.as_nanosecond(), nanos);
                prop_assert_eq!(Timestamp::try_from(theirs).unwrap(), ours);
            }
            Err(_) => prop_assert!(nanos > jiff::Timestamp::MAX.as_nanosecond()),
        }
    }
}

#[test]
fn timestamps_outside_the_years_are_refused() {
    assert!(Timestamp::try_from(DateTime::<Utc>::MAX_UTC).is_err());
    assert!(Timestamp::try_from(DateTime::<Utc>::MIN_UTC).is_err());
    assert!(Timestamp::try_from(jiff::Timestamp::MIN).is_err());
    let before = OffsetDateTime::UNIX_EPOCH - time::Duration::days(366 * 1971);
    assert!(Timestamp::try_from(before).is_err());
}

#[test]
fn a_leap_second_is_the_second_before_it() {
    let text = "2016-12-31T23:59:60.5Z";
    let theirs = DateTime::parse_from_rfc3339(text).unwrap();
    assert_eq!(Timestamp::try_from(theirs).unwrap(), text.parse().unwrap());
}
