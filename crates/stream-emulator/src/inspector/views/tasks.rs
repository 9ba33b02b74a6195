//! Tasks.

use serde_json::{Value, json};

use super::super::listing::Listing;
use crate::error::ApiError;
use crate::parameters::QueryParameters;
use crate::runtime::Shared;

/// Returns the tasks, newest first. This does not count as polling.
pub(in super::super) fn list(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let world = shared.world();
    let tasks = world.tasks.iter().rev().filter(|task| listing.matches([task.id.as_str()]));
    Ok(listing.part(tasks, |task| {
        json!({
            "id": task.id,
            "status": if task.pending_polls > 0 { "running" } else { "completed" },
            "pending_polls": task.pending_polls,
            "result": task.result,
            "created_at": task.created_at.to_rfc3339(),
            "updated_at": task.updated_at.to_rfc3339(),
        })
    }))
}
