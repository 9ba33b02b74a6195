use std::time::{Duration, SystemTime};
use stream_auth::token::dangerous_decode_unverified;
use stream_http::Token;

/// A token with the times at which it is to be replaced.
#[derive(Debug, Clone)]
pub(super) struct Validity {
    pub(super) token: Token,
    /// `None` if it does not expire, or does not say so.
    times: Option<Times>,
}

#[derive(Debug, Clone, Copy)]
struct Times {
    refresh_at: SystemTime,
    expires_at: SystemTime,
}

impl Validity {
    /// Reads the expiry from the token, which nobody verifies here: the server does.
    ///
    /// The token is to be replaced `margin` before it expires, or after half of the life that it
    /// has left if that is later.
    pub(super) fn new(token: Token, now: SystemTime, margin: Duration) -> Self {
        let claims = dangerous_decode_unverified(token.expose()).ok();
        let expires_at = claims.and_then(|claims| claims.expires_at);
        let times = expires_at.map(|expires_at| {
            let left = expires_at.duration_since(now).unwrap_or_default();
            Times {
                refresh_at: expires_at.checked_sub(margin.min(left / 2)).unwrap_or(expires_at),
                expires_at,
            }
        });
        Self { token, times }
    }

    pub(super) fn is_fresh(&self, now: SystemTime) -> bool {
        self.times.is_none_or(|times| now < times.refresh_at)
    }

    pub(super) fn is_valid(&self, now: SystemTime) -> bool {
        self.times.is_none_or(|times| now < times.expires_at)
    }

    /// Replacing it has failed: it is good for half of the time that is left before the next try.
    pub(super) fn postpone(&mut self, now: SystemTime) {
        if let Some(times) = &mut self.times {
            let left = times.expires_at.duration_since(now).unwrap_or_default();
            times.refresh_at = now.checked_add(left / 2).unwrap_or(times.expires_at);
        }
    }
}
