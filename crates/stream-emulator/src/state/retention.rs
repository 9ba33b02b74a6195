//! What is deleted when it has become old.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The policies that are switched on, and what they have done.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Retention {
    /// By name.
    pub(crate) policies: BTreeMap<String, Policy>,
    /// From the oldest to the newest.
    pub(crate) runs: VecDeque<Run>,
}

/// A policy that is switched on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Policy {
    /// After how many hours something is old.
    pub(crate) max_age_hours: i32,
    /// Since when that holds.
    pub(crate) enabled_at: Timestamp,
    /// When the policy runs next.
    pub(crate) next_run: Timestamp,
}

/// What a run of a policy has deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) policy: String,
    pub(crate) at: Timestamp,
    pub(crate) messages_deleted: usize,
    pub(crate) channels_deleted: usize,
}

/// How long it takes from one run to the next, in seconds: a day.
const INTERVAL: i64 = 24 * 3600;
/// How many runs are remembered.
const MAX_RUNS: usize = 1000;

impl Policy {
    /// Creates a policy that runs in a day for the first time.
    pub(crate) fn new(max_age_hours: i32, now: Timestamp) -> Self {
        Self { max_age_hours, enabled_at: now, next_run: now.plus_seconds(INTERVAL) }
    }

    /// Up to when something must have happened last to be old.
    pub(crate) fn old_before(&self, now: Timestamp) -> Timestamp {
        now.plus_seconds(-i64::from(self.max_age_hours) * 3600)
    }
}

impl Retention {
    /// Returns when a policy runs next.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.policies.values().map(|policy| policy.next_run).min()
    }

    /// Returns the policies that are to run now, which run again in a day.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Vec<(String, Policy)> {
        let due = self.policies.iter_mut().filter(|(_, policy)| policy.next_run <= now);
        due.map(|(name, policy)| {
            policy.next_run = now.plus_seconds(INTERVAL);
            (name.clone(), *policy)
        })
        .collect()
    }

    /// Remembers a run.
    pub(crate) fn note(&mut self, run: Run) {
        self.runs.push_back(run);
        while self.runs.len() > MAX_RUNS {
            self.runs.pop_front();
        }
    }
}
