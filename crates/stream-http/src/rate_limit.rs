//! The rate limit in the headers of a response.

use std::time::{Duration, SystemTime};

use http::header::DATE;
use http::{HeaderMap, HeaderName};

/// The rate limit that a response reported for its operation.
///
/// A field is `None` if its header is missing or malformed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of calls that the window allows (`X-RateLimit-Limit`).
    pub limit: Option<u64>,
    /// The number of calls that remain in the window (`X-RateLimit-Remaining`).
    pub remaining: Option<u64>,
    /// When the next window begins (`X-RateLimit-Reset`, Unix seconds).
    pub reset: Option<SystemTime>,
    /// The server's time (`Date`), which the reset refers to.
    pub(crate) date: Option<SystemTime>,
}

/// The length of the API's windows, and so the maximum time until a reset.
const MAX_WINDOW: Duration = Duration::from_secs(60);

impl RateLimit {
    /// Reads the headers of a response.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            limit: number(headers, &LIMIT),
            remaining: number(headers, &REMAINING),
            reset: number(headers, &RESET).and_then(|seconds| {
                SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
            }),
            date: date(headers),
        }
    }

    /// Returns the time from the response to the next window, at most a minute. It is computed with
    /// the clock of the server if the response has a `Date`, otherwise with `now`. `None` if the
    /// reset is unknown or past.
    #[must_use]
    pub fn reset_in(&self, now: SystemTime) -> Option<Duration> {
        let reset = self.reset?;
        let ahead = [self.date, Some(now)]
            .map(|now| reset.duration_since(now?).ok().filter(|wait| !wait.is_zero()));
        let ahead = ahead.into_iter().flatten();
        ahead.clone().find(|wait| *wait <= MAX_WINDOW).or_else(|| {
            let mut ahead = ahead;
            ahead.next().map(|_| MAX_WINDOW)
        })
    }
}

/// Returns the server's time when it sent the response (`Date`).
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

static LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
static REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
static RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Returns the first value that is a number: proxies repeat headers, as lines or joined by commas.
fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    let first = headers.get(name)?;
    if let Some(number) = first.to_str().ok().and_then(|text| text.parse().ok()) {
        return Some(number);
    }
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|value| value.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(values: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = values.iter();
        pairs.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).fold(
            HeaderMap::new(),
            |mut headers, (name, value): (http::HeaderName, HeaderValue)| {
                headers.append(name, value);
                headers
            },
        )
    }

    #[test]
    fn valid_headers_are_read() {
        let limit = RateLimit::from_headers(&headers(&[
            ("x-ratelimit-limit", "100"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1700000000"),
        ]));
        assert_eq!((limit.limit, limit.remaining), (Some(100), Some(0)));
        assert_eq!(limit.reset, Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)));
    }

    #[test]
    fn repeated_and_broken_headers_are_read_as_far_as_possible() {
        let limit = RateLimit::from_headers(&headers(&[
            ("x-ratelimit-limit", "abc, 100,100"),
            ("x-ratelimit-remaining", "-5"),
            ("x-ratelimit-remaining", " 7 "),
            ("x-ratelimit-reset", "99999999999999999999999"),
        ]));
        assert_eq!((limit.limit, limit.remaining, limit.reset), (Some(100), Some(7), None));
        let absurd =
            RateLimit::from_headers(&headers(&[("x-ratelimit-reset", "18446744073709551615")]));
        assert_eq!(absurd.reset, None);
    }

    #[test]
    fn a_reset_counts_by_the_clock_of_the_server() {
        let unix = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let now = 1_700_000_000;
        for (reset, date, expected) in [
            (now + 20, None, Some(20)),
            (now + 20, Some(now + 5), Some(15)),
            // A clock that is wrong by hours, on either side.
            (now + 7220, Some(now + 7200), Some(20)),
            (now - 7180, Some(now - 7200), Some(20)),
            (now + 20, Some(0), Some(20)),
            // A reset that is wrong by hours, or in milliseconds.
            (now + 3600, Some(now), Some(60)),
            (now * 1000, None, Some(60)),
            (now, None, None),
            (now - 1, Some(now), None),
        ] {
            let limit = RateLimit {
                reset: Some(unix(reset)),
                date: date.map(unix),
                ..RateLimit::default()
            };
            let expected = expected.map(Duration::from_secs);
            assert_eq!(limit.reset_in(unix(now)), expected, "{reset} {date:?}");
        }
        assert_eq!(RateLimit::default().reset_in(unix(now)), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_ignored(values in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..4)) {
            let mut headers = HeaderMap::new();
            for value in values {
                if let Ok(value) = HeaderValue::from_bytes(&value) {
                    headers.append("x-ratelimit-limit", value.clone());
                    headers.append("x-ratelimit-reset", value);
                }
            }
            let _ = RateLimit::from_headers(&headers);
        }
    }
}
