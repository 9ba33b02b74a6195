use http::{HeaderMap, HeaderName};
use std::time::{Duration, SystemTime};

/// What an answer says about the rate limit of its operation.
///
/// Each field is `None` if the header was missing or malformed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Calls allowed in the window (`X-RateLimit-Limit`).
    pub limit: Option<u64>,
    /// Calls left in the window (`X-RateLimit-Remaining`).
    pub remaining: Option<u64>,
    /// When the next window begins (`X-RateLimit-Reset`, Unix seconds).
    pub reset: Option<SystemTime>,
}

impl RateLimit {
    /// Reads the headers of an answer.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            limit: number(headers, &LIMIT),
            remaining: number(headers, &REMAINING),
            reset: number(headers, &RESET).and_then(|seconds| {
                SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
            }),
        }
    }
}

static LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
static REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
static RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The first value that is a number: proxies repeat headers, as lines or joined by commas.
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
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

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
    fn good_headers() {
        let limit = RateLimit::from_headers(&headers(&[
            ("x-ratelimit-limit", "100"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1700000000"),
        ]));
        assert_eq!((limit.limit, limit.remaining), (Some(100), Some(0)));
        assert_eq!(limit.reset, Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)));
    }

    #[test]
    fn repeated_and_broken_headers() {
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
