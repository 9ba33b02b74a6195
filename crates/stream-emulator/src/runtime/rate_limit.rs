//! Rate limits per operation and minute.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

use crate::error::{ApiError, ErrorCode};
use crate::lock::lock;
use crate::state::Timestamp;

/// The limit in the headers if none is enforced.
const SHOWN: u32 = 10_000;
static LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
static REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
static RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

const WINDOW_SECONDS: i64 = 60;

/// Counts the calls of each operation in the current minute.
#[derive(Debug)]
pub(crate) struct RateLimit {
    enforced: Option<u32>,
    windows: Mutex<HashMap<&'static str, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends: i64,
    used: u32,
}

/// The values of the headers of one response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    limit: u32,
    remaining: u32,
    resets: i64,
    retry_after: Option<i64>,
}

impl RateLimit {
    pub(crate) fn new(enforced: Option<u32>) -> Self {
        Self { enforced, windows: Mutex::default() }
    }

    /// Counts one call.
    pub(crate) fn count(&self, operation: &'static str, now: Timestamp) -> Allowance {
        let now = now.seconds();
        let limit = self.enforced.unwrap_or(SHOWN);
        let mut windows = lock(&self.windows);
        let fresh = Window { ends: now - now.rem_euclid(WINDOW_SECONDS) + WINDOW_SECONDS, used: 0 };
        let window = windows.entry(operation).or_insert(fresh);
        if window.ends <= now {
            *window = fresh;
        }
        window.used = window.used.saturating_add(1);
        let is_over = self.enforced.is_some() && window.used > limit;
        Allowance {
            limit,
            remaining: limit.saturating_sub(window.used),
            resets: window.ends,
            retry_after: is_over.then_some(window.ends - now),
        }
    }
}

impl Allowance {
    /// Refuses a call beyond the limit.
    pub(crate) fn check(self) -> Result<(), ApiError> {
        match self.retry_after {
            None => Ok(()),
            Some(_) => Err(ApiError::new(
                ErrorCode::RateLimited,
                "Too many requests, check response headers for more information.",
            )),
        }
    }

    /// Adds the headers, unless a fault has set them.
    pub(crate) fn mark(self, response: &mut Response) {
        let headers = response.headers_mut();
        let mut add = |name: &HeaderName, value: i64| {
            headers.entry(name).or_insert_with(|| HeaderValue::from(value));
        };
        add(&LIMIT, self.limit.into());
        add(&REMAINING, self.remaining.into());
        add(&RESET, self.resets);
        if let Some(seconds) = self.retry_after {
            add(&header::RETRY_AFTER, seconds);
        }
    }
}
