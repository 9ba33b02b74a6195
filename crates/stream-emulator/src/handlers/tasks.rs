//! Tasks.

use super::{Answer, Call};
use crate::{render::Object, server::ApiError};

/// `GetTask`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    call.server_only()?;
    let id = call.input.path.get("id");
    let now = call.now;
    let Some(task) = call.world.tasks.get_mut(id) else {
        return Err(ApiError::not_found(format!("task {id} not found")));
    };
    let status = task.poll(now);
    let task = task.clone();
    let result = (status == "completed").then_some(task.result);
    Ok(Object::new()
        .field("task_id", task.id)
        .field("status", status)
        .optional("result", result)
        .field("created_at", call.view().time(task.created_at))
        .field("updated_at", call.view().time(task.updated_at)))
}
