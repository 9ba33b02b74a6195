//! Operations that need external services: image moderation, storage, and Stream's moderators.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Outcome;
use crate::document::Object;
use crate::error::ApiError;
use crate::operations::Call;
use crate::state::Record;

#[derive(Deserialize)]
pub(super) struct Images {
    csv_file: String,
}

/// Handles `bulk_image_moderation`: the task ends at once without results, since there is no model.
pub(super) fn moderate_images(call: &mut Call<'_>, input: Images) -> Outcome {
    if !input.csv_file.contains("://") {
        return Err(ApiError::field("csv_file", "must be a URL"));
    }
    let result = json!({"csv_file": input.csv_file, "images": 0});
    let result = result.as_object().cloned().unwrap_or_default();
    let task_id = call.world.finish_task(result, call.now);
    Ok(Object::new().field("task_id", task_id))
}

#[derive(Deserialize)]
pub(super) struct Access {
    s3_url: Option<String>,
}

/// Handles `check_s3_access`: reports that the storage cannot be reached, or that the app has
/// configured no role for reading it.
pub(super) fn check_s3_access(call: &mut Call<'_>, input: Access) -> Outcome {
    let url = input.s3_url.unwrap_or_default();
    if !url.is_empty() && !url.starts_with("s3://") && !url.starts_with("https://") {
        return Err(ApiError::field("s3_url", "must be a URL of S3"));
    }
    let message = match call.world.app.text("moderation_s3_image_access_role_arn") {
        Some(_) => "the emulator does not reach S3",
        None => "S3 is not configured: moderation_s3_image_access_role_arn is missing",
    };
    Ok(Object::new().field("success", false).field("message", message))
}

/// The kind under which the state stores feedback.
const FEEDBACK: &str = "moderation feedback";

/// The maximum number of stored feedback records.
const MAX_FEEDBACK: usize = 1000;

/// Handles `submit_moderation_feedback`. Only snapshots contain the feedback.
pub(super) fn submit_feedback(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    for name in ["message", "published_at", "reference"] {
        if input.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(ApiError::field(name, format!("{name} is a required field")));
        }
    }
    if call.world.records.of_kind(FEEDBACK).count() >= MAX_FEEDBACK {
        let oldest = call.world.records.of_kind(FEEDBACK).next().map(|it| it.key.clone());
        if let Some(oldest) = oldest {
            call.world.records.remove(FEEDBACK, &oldest);
        }
    }
    let key = format!("{:020}", call.now.nanoseconds());
    let record = Record { key, fields: input, created_at: call.now, updated_at: call.now };
    call.world.records.insert(FEEDBACK, record);
    Ok(Object::new())
}
