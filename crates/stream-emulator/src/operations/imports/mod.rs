//! Imports of users, channels and messages from files.

mod content;
mod storage;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::resources::{Default, Field, Key, Kind, Resource};
use super::{Call, Outcome, decode, operations};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::links::{file_key, file_url};
use crate::state::{File, Record};

operations! {
    "CreateImportURL" => create_url,
    "CreateImport" => create,
    "GetImport" => get,
    "ListImports" => list,
    "CreateImportV2Task" => create_v2,
    "GetImportV2Task" => get_v2,
    "ListImportV2Tasks" => list_v2,
    "CancelImportV2Task" => cancel_v2,
    "DeleteImportV2Task" => |call, input| TASKS_V2.delete(call, input),
    "UpsertImporterExternalStorage" => storage::upsert,
    "GetImporterExternalStorage" => storage::get,
    "DeleteImporterExternalStorage" => storage::delete,
    "ValidateImporterExternalStorage" => storage::validate,
}

#[derive(Deserialize)]
struct NewUrl {
    filename: Option<String>,
}

/// Handles `CreateImportURL`: returns a URL to upload a file to.
fn create_url(call: &mut Call<'_>, input: NewUrl) -> Outcome {
    let name = input.filename.filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "import.json".to_owned());
    if !name.ends_with(".json") && !name.ends_with(".jsonl") {
        return Err(ApiError::field("filename", "must end with .json or .jsonl"));
    }
    let key = uuid::Uuid::new_v4().to_string();
    let upload_url = file_url(&call.request.base_url, &key, &name);
    let path = file_url("", &key, &name);
    let content_type = "application/json".to_owned();
    call.world.files.insert(key, File { name, content_type, bytes: Vec::new(), uploaded_by: None });
    Ok(Object::new().field("path", path).field("upload_url", upload_url))
}

/// The kind under which the state stores imports.
const TASKS: &str = "import task";

#[derive(Deserialize)]
struct Create {
    path: String,
    mode: Option<String>,
    merge_custom: Option<bool>,
}

/// Returns whether an import of this mode replaces existing objects.
fn replaces_existing(mode: &str) -> Result<bool, ApiError> {
    match mode {
        "insert" => Ok(false),
        "upsert" | "" => Ok(true),
        _ => Err(ApiError::field("mode", "must be one of [insert upsert]")),
    }
}

/// Returns the uploaded file of a path.
fn file<'a>(call: &'a Call<'_>, path: &str) -> Option<&'a File> {
    let file = call.world.files.get(file_key(path)?)?;
    Some(file).filter(|file| !file.bytes.is_empty())
}

/// Handles `CreateImport`. The import runs at once, but is reported as running for a while.
fn create(call: &mut Call<'_>, input: Create) -> Outcome {
    let mode = input.mode.unwrap_or_default();
    let is_upsert = replaces_existing(&mode)?;
    let bytes = file(call, &input.path).map(|file| file.bytes.clone()).ok_or_else(|| {
        ApiError::field("path", "no file was uploaded there: create an import URL first")
    })?;
    let merges = input.merge_custom == Some(true);
    let outcome = content::import(call, &bytes, is_upsert, merges);
    let fields = json!({
        "path": input.path,
        "mode": if mode.is_empty() { "upsert" } else { mode.as_str() },
        "size": bytes.len(),
        "outcome": if outcome.is_ok() { "completed" } else { "failed" },
        "error": outcome.err().map(|error| error.message),
        "polls": call.world.task_polls,
    });
    let record = record(call, fields)?;
    let shown = task(&record);
    call.world.records.insert(TASKS, record);
    Ok(Object::new().field("import_task", shown))
}

fn record(call: &Call<'_>, fields: Value) -> Result<Record, ApiError> {
    Ok(Record {
        key: uuid::Uuid::new_v4().to_string(),
        fields: decode(fields)?,
        created_at: call.now,
        updated_at: call.now,
    })
}

/// Counts a poll: an import is reported as running for as many polls as tasks are.
fn poll(call: &mut Call<'_>, kind: &str, key: &str) {
    let Some(mut record) = call.world.records.get(kind, key).cloned() else {
        return;
    };
    let polls = record.fields.get("polls").and_then(Value::as_u64).unwrap_or_default();
    record.fields.insert("polls".to_owned(), polls.saturating_sub(1).into());
    call.world.records.insert(kind, record);
}

fn is_under_way(record: &Record) -> bool {
    record.fields.get("polls").and_then(Value::as_u64).unwrap_or_default() > 0
}

/// Renders an import (`ImportTask`).
fn task(record: &Record) -> Object {
    let field = |name: &str| record.fields.get(name).cloned().unwrap_or_default();
    let states: &[&str] = match field("outcome").as_str() {
        _ if is_under_way(record) => &["uploaded", "analyzing"],
        Some("completed") => &["uploaded", "analyzing", "importing", "completed"],
        _ => &["uploaded", "analyzing", "analyze_failed"],
    };
    let history: Node = states
        .iter()
        .zip(states.iter().skip(1))
        .map(|(before, next)| {
            Object::new()
                .field("prev_state", *before)
                .field("next_state", *next)
                .field("created_at", record.created_at)
        })
        .collect();
    Object::new()
        .field("id", record.key.as_str())
        .field("path", field("path"))
        .field("mode", field("mode"))
        .field("size", field("size"))
        .field("state", states.last().copied().unwrap_or_default())
        .field("history", history)
        .field("created_at", record.created_at)
        .field("updated_at", record.updated_at)
}

/// Handles `GetImport`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("id");
    let record = call.world.records.get(TASKS, id);
    let shown =
        record.map(task).ok_or_else(|| ApiError::not_found(format!("import {id} not found")))?;
    poll(call, TASKS, id);
    Ok(Object::new().field("import_task", shown))
}

/// Handles `ListImports`, sorted from the newest to the oldest.
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let mut records: Vec<&Record> = call.world.records.of_kind(TASKS).collect();
    records.sort_by_key(|record| std::cmp::Reverse(record.created_at));
    let tasks: Node = records.into_iter().map(task).collect();
    Ok(Object::new().field("import_tasks", tasks))
}

const TASKS_V2: Resource = Resource {
    kind: "import task of v2",
    key: Key::Made("id"),
    fields: &[
        Field::new("product", Kind::Choice(&["chat", "feeds"])).required(),
        Field::new("settings", Kind::Object).required(),
        Field::new("app_pk", Kind::Integer).default(Default::Integer(1)),
        Field::new("result", Kind::Object).secret(),
    ],
    many: "import_tasks",
    ..Resource::DEFAULT
};

/// The numeric states of an import task of v2.
mod state {
    pub(super) const UNDER_WAY: i64 = 1;
    pub(super) const COMPLETED: i64 = 2;
    pub(super) const FAILED: i64 = 3;
    pub(super) const CANCELED: i64 = 4;
}

/// Handles `CreateImportV2Task`: imports an uploaded file. The emulator reads no external storage.
fn create_v2(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    let settings = input.get("settings").and_then(Value::as_object);
    let setting = |name: &str| settings.and_then(|settings| settings.get(name));
    let text = |name: &str| setting(name).and_then(Value::as_str).unwrap_or_default();
    let is_upsert = replaces_existing(text("mode"))?;
    let merges = setting("merge_custom") == Some(&Value::Bool(true));
    let bytes = file(call, text("path")).map(|file| file.bytes.clone());
    let mut record = TASKS_V2.add(call, &input)?;
    let outcome = match bytes {
        Some(bytes) => content::import(call, &bytes, is_upsert, merges),
        None => Err(ApiError::field("settings", "there is no uploaded file at the path")),
    };
    let (outcome, result) = match outcome {
        Ok(count) => (state::COMPLETED, json!({"imported": count})),
        Err(error) => (state::FAILED, json!({"error": error.message})),
    };
    record.fields.insert("outcome".to_owned(), outcome.into());
    record.fields.insert("result".to_owned(), result);
    record.fields.insert("polls".to_owned(), call.world.task_polls.into());
    call.world.records.insert(TASKS_V2.kind, record.clone());
    Ok(task_v2(&record))
}

fn state_v2(record: &Record) -> i64 {
    let outcome = record.fields.get("outcome").and_then(Value::as_i64);
    match outcome {
        Some(state::CANCELED) => state::CANCELED,
        _ if is_under_way(record) => state::UNDER_WAY,
        outcome => outcome.unwrap_or(state::UNDER_WAY),
    }
}

fn task_v2(record: &Record) -> Object {
    TASKS_V2.document(record).field("state", state_v2(record))
}

/// Renders an import task as [`task_v2`] does, with its result.
fn finished_v2(record: &Record) -> Object {
    let result = record.fields.get("result").filter(|_| state_v2(record) != state::UNDER_WAY);
    task_v2(record).optional("result", result.cloned())
}

/// Handles `GetImportV2Task`.
fn get_v2(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let record = TASKS_V2.find(call)?;
    let shown = finished_v2(record);
    let key = record.key.clone();
    poll(call, TASKS_V2.kind, &key);
    Ok(shown)
}

/// Handles `ListImportV2Tasks`.
fn list_v2(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let wanted = call.request.query.number("state")?.and_then(|it| i64::try_from(it).ok());
    let records = call.world.records.of_kind(TASKS_V2.kind);
    let tasks: Node = records
        .filter(|record| wanted.is_none_or(|wanted| state_v2(record) == wanted))
        .map(finished_v2)
        .collect();
    Ok(Object::new().field("import_tasks", tasks))
}

/// Handles `CancelImportV2Task`, while the task is running. Imported objects are kept.
fn cancel_v2(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let mut record = TASKS_V2.find(call)?.clone();
    if state_v2(&record) != state::UNDER_WAY {
        return Err(ApiError::input(format!("import {} is not under way", record.key)));
    }
    record.fields.insert("outcome".to_owned(), state::CANCELED.into());
    record.updated_at = call.now;
    call.world.records.insert(TASKS_V2.kind, record);
    Ok(Object::new())
}
