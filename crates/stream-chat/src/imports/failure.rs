//! The errors of failed imports.

use std::error::Error as _;
use std::fmt;

use serde_json::{Map, Value};

use stream_http::Error;
use stream_models::imports::{GetImportV2TaskResponse, ImportTask};

/// The maximum number of errors in the message of a failed import, and the maximum length of each,
/// in characters.
const SHOWN: usize = 3;
const SHOWN_LENGTH: usize = 120;
/// The maximum depth at which errors are searched for.
const MAX_DEPTH: usize = 8;

/// An import that failed on the server: the source of an [`Error`] of the kind
/// [`ErrorKind::TaskFailed`](crate::ErrorKind::TaskFailed).
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// use stream_chat::models::imports::ImportMode;
/// use stream_chat::{ImportFailure, Upload};
///
/// let file = Upload::path("users.jsonl");
/// if let Err(error) = client.imports().run(file, ImportMode::Upsert).await {
///     let Some(failure) = ImportFailure::of(&error) else { return Err(error) };
///     for line in failure.errors() {
///         eprintln!("{line}");
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ImportFailure {
    /// The import as the server last returned it.
    pub import: ImportTask,
    /// The members of the response that the schema does not list, such as `result` or `error`.
    pub details: Map<String, Value>,
}

impl ImportFailure {
    /// Returns the failed import that caused an error, if there is one.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.source()?.downcast_ref()
    }

    /// Creates the failure of an import from the `body` of its response.
    pub(super) fn new(import: ImportTask, body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let shown = body.get("import_task").and_then(Value::as_object);
        let mut details = shown.cloned().unwrap_or_default();
        details.retain(|name, value| !KNOWN.contains(&name.as_str()) && !value.is_null());
        Self { import, details }
    }

    /// Returns the errors that the server lists, one for each refused line or for the whole file;
    /// empty if it gives no reason.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        errors_in(&self.details)
    }
}

/// An import task that failed: the source of an [`Error`] of the kind
/// [`ErrorKind::TaskFailed`](crate::ErrorKind::TaskFailed).
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// use stream_chat::ImportTaskFailure;
///
/// if let Err(error) = client.import_tasks().wait("task-id").await {
///     let Some(failure) = ImportTaskFailure::of(&error) else { return Err(error) };
///     eprintln!("{:?}: {:?}", failure.errors(), failure.task.result);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ImportTaskFailure {
    /// The import task as the server last returned it, with its result.
    pub task: GetImportV2TaskResponse,
}

impl ImportTaskFailure {
    /// Returns the failed import task that caused an error, if there is one.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.source()?.downcast_ref()
    }

    /// Returns the failure that the result of a task contains, if there is one.
    pub(super) fn of_task(task: &GetImportV2TaskResponse) -> Option<Self> {
        (!errors_in(&task.result).is_empty()).then(|| Self { task: task.clone() })
    }

    /// Returns the errors in the result.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        errors_in(&self.task.result)
    }
}

/// Finds the errors in the unknown members of an import.
fn errors_in(details: &Map<String, Value>) -> Vec<String> {
    let mut errors = Vec::new();
    members(details, 0, &mut errors);
    errors
}

/// The members of an import that the models know.
const KNOWN: [&str; 8] =
    ["created_at", "history", "id", "mode", "path", "size", "state", "updated_at"];

/// Collects texts and entries of members whose names denote errors.
fn collect(value: &Value, is_error: bool, depth: usize, errors: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::String(text) if is_error && !text.is_empty() => errors.push(text.clone()),
        Value::Array(entries) => {
            entries.iter().for_each(|entry| collect(entry, is_error, depth + 1, errors));
        }
        Value::Object(members) if is_error => errors.extend(entry(members)),
        Value::Object(object) => members(object, depth, errors),
        // A count of errors, or a flag.
        Value::Number(number) if is_error && number.as_f64() != Some(0.0) => {
            errors.push(number.to_string());
        }
        Value::Bool(true) if is_error => errors.push("no reason given".to_owned()),
        _ => {}
    }
}

fn members(object: &Map<String, Value>, depth: usize, errors: &mut Vec<String>) {
    for (name, value) in object {
        let is_error = matches!(&**name, "error" | "errors" | "error_message");
        collect(value, is_error, depth + 1, errors);
    }
}

/// Formats an error as one line: its location, if it is known, and its message.
fn entry(members: &Map<String, Value>) -> Option<String> {
    if members.is_empty() {
        return None;
    }
    let of = |names: &[&str]| names.iter().find_map(|name| members.get(*name));
    let place = of(&["line", "line_number", "row", "index"]);
    let message = of(&["message", "error", "description", "reason"]).and_then(Value::as_str);
    Some(match (place, message) {
        (Some(place), Some(message)) => format!("line {place}: {message}"),
        (None, Some(message)) => message.to_owned(),
        _ => Value::Object(members.clone()).to_string(),
    })
}

impl fmt::Display for ImportFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ImportTask { id, state, .. } = &self.import;
        write!(f, "import {id} is {state}")?;
        write_first(f, &self.errors())
    }
}

impl fmt::Display for ImportTaskFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "import task {} failed", self.task.id)?;
        write_first(f, &self.errors())
    }
}

/// Writes the first errors, shortened, and the number of the others.
fn write_first(f: &mut fmt::Formatter<'_>, errors: &[String]) -> fmt::Result {
    for (number, error) in errors.iter().take(SHOWN).enumerate() {
        let short: String = error.chars().take(SHOWN_LENGTH).collect();
        let mark = if number == 0 { ":" } else { ";" };
        write!(f, "{mark} {short}")?;
    }
    match errors.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, "; and {more} more"),
    }
}

impl std::error::Error for ImportFailure {}

impl std::error::Error for ImportTaskFailure {}

impl From<ImportTaskFailure> for Error {
    fn from(failure: ImportTaskFailure) -> Self {
        Self::task_failed(failure.to_string()).caused_by(failure)
    }
}

impl From<ImportFailure> for Error {
    fn from(failure: ImportFailure) -> Self {
        Self::task_failed(failure.to_string()).caused_by(failure)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn failure(details: &Value) -> ImportFailure {
        let mut import = json!({ "id": "i", "state": "failed", "history": [], "path": "p" });
        import.as_object_mut().unwrap().extend(details.as_object().unwrap().clone());
        let body = json!({ "import_task": import }).to_string();
        ImportFailure::new(serde_json::from_value(import).unwrap(), body.as_bytes())
    }

    #[test]
    fn errors_are_found_in_whatever_form_they_come() {
        for (details, expected) in [
            (json!({}), vec![]),
            (json!({ "error": null, "result": {} }), vec![]),
            (json!({ "error": "no" }), vec!["no"]),
            (json!({ "error": false, "errors": 0, "result": { "errors": 0.0 } }), vec![]),
            (json!({ "error": true, "errors": 2 }), vec!["no reason given", "2"]),
            (json!({ "result": { "errors": ["a", "b"] } }), vec!["a", "b"]),
            (
                json!({ "result": { "errors": [{ "line": 7, "message": "no id" }, { "x": 1 }] } }),
                vec!["line 7: no id", "{\"x\":1}"],
            ),
        ] {
            assert_eq!(failure(&details).errors(), expected, "{details}");
        }
    }

    #[test]
    fn the_message_is_short_however_many_errors_there_are() {
        let errors: Vec<_> = (0..1000).map(|_| "e".repeat(500)).collect();
        let text = failure(&json!({ "errors": errors })).to_string();
        assert!(text.starts_with("import i is failed: eee"), "{text}");
        assert!(text.ends_with("; and 997 more") && text.len() < 500, "{text}");
    }

    #[test]
    fn a_body_that_is_not_json_has_no_details() {
        let import = serde_json::from_value(json!({ "id": "i", "state": "failed" })).unwrap();
        assert!(ImportFailure::new(import, b"<html>").details.is_empty());
    }
}
