//! The app's settings.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Call, Outcome, check_count, operations};
use crate::document::Object;
use crate::error::ApiError;
use crate::state::Setting;

operations! {
    "GetApp" => get,
    "UpdateApp" => update,
}

/// Handles `GetApp`. Users get only the settings that a front end needs, such as the upload limits.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(Object::new().field("app", call.view().app(&call.world.app)))
}

/// Handles `UpdateApp`: absent fields are kept, `null` clears a field, an empty list empties it.
fn update(call: &mut Call<'_>, given: Map<String, Value>) -> Outcome {
    let mut changes = Vec::new();
    for (name, value) in given {
        // Like the API, this ignores unknown settings.
        let Some(setting) = Setting::find(&name) else {
            continue;
        };
        changes.push((setting, checked(call, setting, value)?));
    }
    for (setting, value) in changes {
        match value {
            Value::Null => call.world.app.clear(setting),
            value => call.world.app.set(setting, value),
        }
    }
    Ok(Object::new())
}

/// Validates a new value of a setting, and returns it as it is stored.
fn checked(call: &Call<'_>, setting: &Setting, value: Value) -> Result<Value, ApiError> {
    if value.is_null() {
        return Ok(value);
    }
    setting.check(&value)?;
    match (setting.name, value) {
        ("file_upload_config" | "image_upload_config", Value::Object(config)) => {
            check_upload_config(&config)?;
            Ok(config.into())
        }
        ("event_hooks", hooks) => complete_hooks(call, hooks),
        ("grants", Value::Object(changed)) => Ok(merged_grants(call, changed)),
        (_, value) => Ok(value),
    }
}

/// Refuses an upload configuration that has both an allow list and a block list.
fn check_upload_config(config: &Map<String, Value>) -> Result<(), ApiError> {
    let has = |name: &str| {
        config.get(name).and_then(Value::as_array).is_some_and(|items| !items.is_empty())
    };
    for (what, text) in [("mime_types", "mime types"), ("file_extensions", "file extensions")] {
        if has(&format!("allowed_{what}")) && has(&format!("blocked_{what}")) {
            return Err(ApiError::input(format!(
                "Cannot specify both allowed {text} and blocked {text}"
            )));
        }
    }
    Ok(())
}

/// Adds an ID and timestamps to new hooks.
fn complete_hooks(call: &Call<'_>, hooks: Value) -> Result<Value, ApiError> {
    let hooks: Vec<Map<String, Value>> = super::decode(hooks)?;
    check_count("event_hooks", hooks.len(), MAX_HOOKS)?;
    let now = call.now.nanoseconds();
    Ok(hooks
        .into_iter()
        .map(|mut hook| {
            hook.retain(|_, value| !value.is_null());
            hook.entry("id").or_insert_with(|| uuid::Uuid::new_v4().to_string().into());
            hook.entry("created_at").or_insert(now.into());
            hook.insert("updated_at".to_owned(), now.into());
            Value::Object(hook)
        })
        .collect())
}

/// The maximum number of hooks, since each hook has its own queue.
const MAX_HOOKS: usize = 50;

/// Merges the grants role by role; `null` resets a role to its defaults.
fn merged_grants(call: &Call<'_>, changed: Map<String, Value>) -> Value {
    let mut grants =
        call.world.app.get("grants").and_then(Value::as_object).cloned().unwrap_or_default();
    for (role, granted) in changed {
        if granted.is_null() {
            grants.remove(&role);
        } else {
            grants.insert(role, granted);
        }
    }
    grants.into()
}
