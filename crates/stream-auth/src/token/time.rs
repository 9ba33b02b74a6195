//! JSON Web Tokens count time in whole seconds since the Unix epoch.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The whole seconds since the epoch; `None` for an instant before it.
pub(super) fn to_unix_seconds(instant: SystemTime) -> Option<u64> {
    instant.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// The instant that lies `since` after the epoch; `None` when the platform's clock cannot express
/// it.
pub(super) fn from_unix(since: Duration) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(since)
}
