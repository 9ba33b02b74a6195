//! Tasks: work that continues after the response.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Timestamp;

/// The maximum number of stored tasks.
const MAX_TASKS: usize = 10_000;

/// A task. Its work is done when it is created, but it is reported as running for some polls, so
/// that polling can be tested.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) result: Map<String, Value>,
    pub(crate) pending_polls: u32,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Task {
    /// Counts a poll, and returns the status to report.
    pub(crate) fn poll(&mut self, now: Timestamp) -> &'static str {
        if self.pending_polls > 0 {
            self.pending_polls -= 1;
            return "running";
        }
        self.updated_at = self.updated_at.max(now);
        "completed"
    }
}

/// The latest tasks; beyond the limit, the oldest are removed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Tasks {
    by_id: HashMap<String, Task>,
    order: VecDeque<String>,
}

impl Tasks {
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Task> {
        self.by_id.get_mut(id)
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// Returns the tasks, from the oldest to the newest.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Task> {
        self.order.iter().filter_map(|id| self.by_id.get(id))
    }

    pub(super) fn add(&mut self, task: Task) {
        self.order.push_back(task.id.clone());
        self.by_id.insert(task.id.clone(), task);
        while self.order.len() > MAX_TASKS {
            if let Some(oldest) = self.order.pop_front() {
                self.by_id.remove(&oldest);
            }
        }
    }
}
