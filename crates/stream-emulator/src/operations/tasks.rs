//! Tasks.

use serde::de::IgnoredAny;

use super::{Call, Outcome, operations};
use crate::document::Object;
use crate::error::ApiError;

operations! {
    "GetTask" => get,
}

/// Handles `GetTask`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("id");
    let now = call.now;
    let Some(task) = call.world.tasks.get_mut(id) else {
        return Err(ApiError::not_found(format!("Can't find task with id {id}")));
    };
    let status = task.poll(now);
    let task = task.clone();
    let result = (status == "completed").then_some(task.result);
    Ok(Object::new()
        .field("task_id", task.id)
        .field("status", status)
        .optional("result", result)
        .field("created_at", task.created_at)
        .field("updated_at", task.updated_at))
}
