//! Validation of responses and events against the schema in `spec/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use http::{Method, StatusCode};
use serde_json::{Map, Value};

/// The union of all files of the schema.
#[derive(Default)]
struct Document {
    paths: BTreeMap<String, Map<String, Value>>,
    schemas: BTreeMap<String, Value>,
}

fn document() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
        let mut document = Document::default();
        for file in files(&root) {
            document.add(&file);
        }
        assert!(!document.paths.is_empty(), "no paths below {root:?}");
        document
    })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

impl Document {
    fn add(&mut self, file: &Path) {
        let text = fs::read_to_string(file).unwrap();
        let fragment: Value = serde_saphyr::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for (path, operations) in fragment["paths"].as_object().into_iter().flatten() {
            let operations = operations.as_object().unwrap().clone();
            self.paths.entry(path.clone()).or_default().extend(operations);
        }
        for (name, schema) in
            fragment.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
        {
            self.schemas.insert(name.clone(), schema.clone());
        }
    }

    /// Returns the operation of a path with its parameters filled in; fixed segments take
    /// precedence over parameters.
    fn operation(&self, method: &Method, path: &str) -> &Value {
        self.find(method, path).unwrap_or_else(|| panic!("the schema has no {method} {path}"))
    }

    fn find(&self, method: &Method, path: &str) -> Option<&Value> {
        let method = method.as_str().to_lowercase();
        self.paths
            .iter()
            .filter(|(template, operations)| {
                fits(template, path) && operations.contains_key(&method)
            })
            .min_by_key(|(template, _)| template.matches('{').count())
            .map(|(_, operations)| &operations[&method])
    }
}

fn fits(template: &str, path: &str) -> bool {
    template.split('/').count() == path.split('/').count()
        && template
            .split('/')
            .zip(path.split('/'))
            .all(|(expected, segment)| expected.starts_with('{') || expected == segment)
}

/// Returns all operations as (method, path template, ID).
pub(crate) fn operations() -> Vec<(Method, String, String)> {
    let mut found = Vec::new();
    for (path, operations) in &document().paths {
        for (method, operation) in operations {
            let (Ok(method), Some(id)) = (
                Method::try_from(method.to_uppercase().as_str()),
                operation["operationId"].as_str(),
            ) else {
                continue;
            };
            found.push((method, path.clone(), id.to_owned()));
        }
    }
    found
}

/// Returns the fields of an operation's body, or of its `payload`.
pub(crate) fn input_properties(method: &Method, path: &str) -> Vec<(String, Value)> {
    let operation = &document().operation(method, path);
    let payload = operation["parameters"].as_array().into_iter().flatten();
    let mut payload = payload.filter(|parameter| parameter["name"] == "payload");
    let content = match payload.next() {
        Some(payload) => &payload["content"],
        None => &operation["requestBody"]["content"],
    };
    let schema = &content["application/json"]["schema"];
    let schema = match schema["$ref"].as_str() {
        Some(reference) => &document().schemas[reference.rsplit('/').next().unwrap()],
        None => schema,
    };
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.map(|(name, property)| (name.clone(), property.clone())).collect()
}

/// Returns the parameters of an operation's query, as names and schemas.
pub(crate) fn query_parameters(method: &Method, path: &str) -> Vec<(&'static str, &'static Value)> {
    let parameters = document().operation(method, path)["parameters"].as_array();
    let in_query = parameters.into_iter().flatten().filter(|parameter| parameter["in"] == "query");
    in_query
        .map(|parameter| {
            let schema = match parameter.pointer("/content/application~1json/schema") {
                Some(schema) => schema,
                None => &parameter["schema"],
            };
            (parameter["name"].as_str().unwrap(), schema)
        })
        .collect()
}

/// Returns the schema of an operation's body; `null` without one.
pub(crate) fn body_schema(method: &Method, path: &str) -> &'static Value {
    &document().operation(method, path)["requestBody"]["content"]["application/json"]["schema"]
}

/// Returns the schema that a reference names, or the schema itself.
pub(crate) fn resolve(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => &document().schemas[reference.rsplit('/').next().unwrap()],
        None => schema,
    }
}

/// Returns the names of the fields of an operation's body, and whether each is required.
pub(crate) fn body_fields(method: &Method, path: &str) -> Vec<(String, bool)> {
    let body = &document().operation(method, path)["requestBody"];
    let schema = &body["content"]["application/json"]["schema"];
    let schema = match schema["$ref"].as_str() {
        Some(reference) => &document().schemas[reference.rsplit('/').next().unwrap()],
        None => schema,
    };
    let required = schema["required"].as_array();
    let names = schema["properties"].as_object().into_iter().flatten();
    names
        .map(|(name, _)| {
            let is_required = required.is_some_and(|names| names.iter().any(|n| n == name));
            (name.clone(), is_required)
        })
        .collect()
}

/// Operations that the server-side schema does not list: the last segment of the path, and the
/// schema of the response.
const UNLISTED: [(&str, &str); 2] = [("draft", "GetDraftResponse"), ("unflag", "Response")];

/// Fields of responses that the schema does not have: every body has a duration, and clients of v1
/// read a new reminder from this field.
const BESIDE_THE_SCHEMA: [&str; 2] =
    ["$.duration: is not in the schema", "$.reminder: is not in the schema"];

/// Panics unless a success has the status and the body of the schema.
pub(crate) fn check_response(method: &Method, path: &str, status: StatusCode, body: &Value) {
    let Some(operation) = document().find(method, path) else {
        let unlisted = UNLISTED.iter().find(|(segment, _)| path.ends_with(segment));
        let Some((_, schema)) = unlisted else {
            panic!("the schema has no {method} {path}");
        };
        return check(schema, body);
    };
    let response = &operation["responses"][status.as_str()];
    assert!(response.is_object(), "{method} {path}: the schema has no response {status}");
    let schema = &response["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {path}: no schema");
    let mut problems = Vec::new();
    check_value(schema, body, "$", Form::V2, &mut problems);
    problems.retain(|problem| !BESIDE_THE_SCHEMA.contains(&problem.as_str()));
    assert!(problems.is_empty(), "{method} {path}:\n{}", problems.join("\n"));
}

/// Panics unless a success of v1 has the status and the body of the schema, with timestamps as text
/// and flat custom data. Paths that only v1 has are not in the schema.
pub(crate) fn check_v1_response(method: &Method, path: &str, status: StatusCode, body: &Value) {
    // It is older than v2, where the path has another meaning.
    if path == "/moderation/flags" {
        return;
    }
    let found = ["/api/v2/chat", "/api/v2"]
        .iter()
        .find_map(|prefix| document().find(method, &format!("{prefix}{path}")));
    let Some(operation) = found else {
        return;
    };
    // The SDK for .NET accepts no other status.
    let is_permission = *method == Method::PUT && path.starts_with("/permissions/");
    let status = match status {
        StatusCode::OK if is_permission => StatusCode::CREATED,
        status => status,
    };
    let response = &operation["responses"][status.as_str()];
    assert!(response.is_object(), "{method} {path}: the schema has no response {status}");
    let schema = &response["content"]["application/json"]["schema"];
    let mut problems = Vec::new();
    check_value(schema, body, "$", Form::V1, &mut problems);
    problems.retain(|problem| !BESIDE_THE_SCHEMA.contains(&problem.as_str()));
    assert!(problems.is_empty(), "{method} {path}:\n{}", problems.join("\n"));
}

/// Panics unless a value matches a schema.
pub(crate) fn check(name: &str, value: &Value) {
    check_named(name, value, Form::V2);
}

/// Panics unless a webhook matches a schema, with timestamps as text and flat custom data.
pub(crate) fn check_event(name: &str, value: &Value) {
    check_named(name, value, Form::V1);
}

fn check_named(name: &str, value: &Value, form: Form) {
    let schema = &document().schemas[name];
    let mut problems = Vec::new();
    check_value(schema, value, name, form, &mut problems);
    assert!(problems.is_empty(), "{value:#}\n{}", problems.join("\n"));
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    V2,
    /// Timestamps as text and flat custom data: v1, and webhooks.
    V1,
}

fn check_value(schema: &Value, value: &Value, at: &str, form: Form, problems: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        let target =
            document().schemas.get(name).unwrap_or_else(|| panic!("{at}: no schema {name}"));
        return check_value(target, value, at, form, problems);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check_value(part, value, at, form, problems);
    }
    if value.is_null() {
        // Unset fields are absent; only free-form JSON may contain nulls.
        if form == Form::V2 && schema["type"].is_string() && schema["nullable"] != true {
            problems.push(format!("{at}: is null"));
        }
        return;
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        problems.push(format!("{at}: {value} is not one of {allowed:?}"));
    }
    let is_time = schema["format"] == "date-time";
    let is_right = match schema["type"].as_str() {
        None => true,
        Some(_) if is_time => match form {
            Form::V2 => value.as_i64().is_some_and(|n| n > 1_500_000_000_000_000_000),
            Form::V1 => value.as_str().is_some_and(is_rfc3339),
        },
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("{at}: the schema has the type {other}"),
    };
    if !is_right {
        problems.push(format!("{at}: {value} is not {}", schema["type"]));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        check_value(&schema["items"], item, &format!("{at}[{index}]"), form, problems);
    }
    if let Some(object) = value.as_object() {
        check_object(schema, object, at, form, problems);
    }
}

fn check_object(
    schema: &Value,
    object: &Map<String, Value>,
    at: &str,
    form: Form,
    problems: &mut Vec<String>,
) {
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        if !object.contains_key(name) && (form == Form::V2 || name != "custom") {
            problems.push(format!("{at}: lacks {name}"));
        }
    }
    for (name, value) in object {
        let at = format!("{at}.{name}");
        match schema["properties"].get(name) {
            Some(property) => check_value(property, value, &at, form, problems),
            None if schema["additionalProperties"].is_object() => {
                check_value(&schema["additionalProperties"], value, &at, form, problems);
            }
            // A member that the schema does not have is custom data.
            None if form != Form::V2 => {}
            None if schema["properties"].is_object() => {
                problems.push(format!("{at}: is not in the schema"));
            }
            None => {}
        }
    }
}

fn is_rfc3339(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let end = text.len().saturating_sub(1);
    matches!(end, 26 | 29) && digits(0..4) && digits(20..end) && text.ends_with('Z')
}
