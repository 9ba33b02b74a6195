//! Tasks: work that the API does after it has answered.

use super::Moment;
use serde_json::{Map, Value};

/// A task. Its work is done when it is made; it is shown as under way for some polls, so that a
/// client's polling can be tried.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) result: Map<String, Value>,
    pub(crate) pending_polls: u32,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
}

impl Task {
    /// The status to show to the one who asks now.
    pub(crate) fn poll(&mut self, now: Moment) -> &'static str {
        if self.pending_polls > 0 {
            self.pending_polls -= 1;
            return "running";
        }
        self.updated_at = self.updated_at.max(now);
        "completed"
    }
}
