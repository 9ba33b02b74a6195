//! The number of calls of each operation in the current minute.

use std::collections::HashMap;

use super::Timestamp;

const MINUTE: i64 = 60;

/// Counts the calls of backends, by operation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls {
    minute: i64,
    counts: HashMap<&'static str, u32>,
}

impl Calls {
    /// Counts one call.
    pub(crate) fn count(&mut self, operation: &'static str, now: Timestamp) {
        let minute = now.seconds().div_euclid(MINUTE);
        if minute != self.minute {
            self.minute = minute;
            self.counts.clear();
        }
        let count = self.counts.entry(operation).or_default();
        *count = count.saturating_add(1);
    }

    /// Returns the number of calls of an operation in the current minute.
    pub(crate) fn of(&self, operation: &str, now: Timestamp) -> u32 {
        let is_running = now.seconds().div_euclid(MINUTE) == self.minute;
        self.counts.get(operation).copied().filter(|_| is_running).unwrap_or_default()
    }
}
