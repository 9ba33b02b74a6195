//! Conversions between timestamps and the seconds since the Unix epoch of JSON Web Tokens.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Returns the current time.
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub(super) fn now() -> SystemTime {
    SystemTime::now()
}

/// Returns the current time from JavaScript, because `SystemTime::now` panics on this target.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub(super) fn now() -> SystemTime {
    let since = Duration::try_from_secs_f64(js_sys::Date::now() / 1000.0).unwrap_or_default();
    from_unix(since).unwrap_or(UNIX_EPOCH)
}

/// Returns the whole seconds since the epoch; `None` for a timestamp before it.
pub(super) fn to_unix_seconds(timestamp: SystemTime) -> Option<u64> {
    timestamp.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// Returns the timestamp `since` after the epoch; `None` if the platform's clock cannot represent
/// it.
pub(super) fn from_unix(since: Duration) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(since)
}
