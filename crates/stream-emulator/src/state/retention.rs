//! Retention policies and their runs.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The enabled policies and their runs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Retention {
    /// The policies, by name.
    pub(crate) policies: BTreeMap<String, Policy>,
    /// The runs, from the oldest to the newest.
    pub(crate) runs: VecDeque<Run>,
}

/// An enabled policy.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Policy {
    /// The maximum age in hours.
    pub(crate) max_age_hours: i32,
    /// The time at which it was enabled.
    pub(crate) enabled_at: Timestamp,
    /// The time of the next run.
    pub(crate) next_run: Timestamp,
}

/// A run of a policy, with the number of deleted objects.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) policy: String,
    pub(crate) at: Timestamp,
    pub(crate) messages_deleted: usize,
    pub(crate) channels_deleted: usize,
}

/// The interval of runs, in seconds: a day.
const INTERVAL: i64 = 24 * 3600;
/// The maximum number of stored runs.
const MAX_RUNS: usize = 1000;

impl Policy {
    /// Creates a policy whose first run is in a day.
    pub(crate) fn new(max_age_hours: i32, now: Timestamp) -> Self {
        Self { max_age_hours, enabled_at: now, next_run: now.plus_seconds(INTERVAL) }
    }

    /// Returns the timestamp before which objects are deleted.
    pub(crate) fn old_before(&self, now: Timestamp) -> Timestamp {
        now.plus_seconds(-i64::from(self.max_age_hours) * 3600)
    }
}

impl Retention {
    /// Returns the time of the next run of any policy.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.policies.values().map(|policy| policy.next_run).min()
    }

    /// Returns the policies that are due, and schedules their next run.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Vec<(String, Policy)> {
        let due = self.policies.iter_mut().filter(|(_, policy)| policy.next_run <= now);
        due.map(|(name, policy)| {
            policy.next_run = now.plus_seconds(INTERVAL);
            (name.clone(), *policy)
        })
        .collect()
    }

    /// Stores a run.
    pub(crate) fn note(&mut self, run: Run) {
        self.runs.push_back(run);
        while self.runs.len() > MAX_RUNS {
            self.runs.pop_front();
        }
    }
}
