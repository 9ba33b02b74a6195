//! The `Retry-After` header.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::rate_limit::date;

/// Returns the wait that the server asks for: seconds, or a date in the future. A date counts by
/// the clock of the server if the response has a `Date`, otherwise by `now`. Returns `None` for a
/// value that is past, negative or malformed.
pub(crate) fn parse(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let now = date(headers).unwrap_or(now);
    headers
        .get_all(RETRY_AFTER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|value| parse_one(value.trim(), now))
}

fn parse_one(value: &str, now: SystemTime) -> Option<Duration> {
    // A repeated header of seconds arrives as `12,12`, but dates contain a comma as well.
    let first = value.split(',').next().unwrap_or(value).trim();
    if first.starts_with(|character: char| character.is_ascii_digit()) && first.len() <= 20 {
        if let Ok(seconds) = first.parse::<u64>() {
            return (seconds > 0).then(|| Duration::from_secs(seconds));
        }
        if let Ok(seconds) = first.parse::<f64>() {
            return Duration::try_from_secs_f64(seconds).ok().filter(|wait| !wait.is_zero());
        }
    }
    let date = httpdate::parse_http_date(value).ok()?;
    date.duration_since(now).ok().filter(|wait| !wait.is_zero())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::DATE;
    use proptest::prelude::*;

    use super::*;

    fn now() -> SystemTime {
        httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap()
    }

    fn read(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.append(RETRY_AFTER, value.parse().unwrap());
        parse(&headers, now())
    }

    #[test]
    fn seconds_and_dates_are_read() {
        assert_eq!(read("12"), Some(Duration::from_secs(12)));
        assert_eq!(read(" 12,12"), Some(Duration::from_secs(12)));
        assert_eq!(read("1.5"), Some(Duration::from_millis(1500)));
        assert_eq!(read("Sun, 06 Nov 1994 08:50:00 GMT"), Some(Duration::from_secs(23)));
        assert_eq!(read("18446744073709551615"), Some(Duration::from_secs(u64::MAX)));
    }

    #[test]
    fn invalid_and_past_values_give_no_wait() {
        for value in [
            "",
            "0",
            "-3",
            "soon",
            "Sun, 06 Nov 1994 08:49:00 GMT",
            "99999999999999999999999",
            "1e400",
            "NaN",
            "inf",
        ] {
            assert_eq!(read(value), None, "{value}");
        }
    }

    #[test]
    fn a_date_counts_by_the_clock_of_the_server() {
        let mut headers = HeaderMap::new();
        headers.append(RETRY_AFTER, HeaderValue::from_static("Sun, 06 Nov 1994 08:50:00 GMT"));
        headers.append(DATE, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"));
        let hours = Duration::from_secs(5 * 3600);
        for now in [now(), now() + hours, now() - hours, SystemTime::UNIX_EPOCH] {
            assert_eq!(parse(&headers, now), Some(Duration::from_secs(23)));
        }
        // A `Date` that is not one is ignored.
        headers.insert(DATE, HeaderValue::from_static("now"));
        assert_eq!(parse(&headers, now()), Some(Duration::from_secs(23)));
    }

    #[test]
    fn the_first_good_value_counts() {
        let mut headers = HeaderMap::new();
        headers.append(RETRY_AFTER, HeaderValue::from_static("later"));
        headers.append(RETRY_AFTER, HeaderValue::from_static("3"));
        assert_eq!(parse(&headers, now()), Some(Duration::from_secs(3)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_ignored(text in "[ -~]{0,40}") {
            let _ = parse_one(&text, now());
        }
    }
}
