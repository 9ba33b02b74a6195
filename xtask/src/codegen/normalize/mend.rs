//! Repairs schemas that are invalid or contradict themselves. Each becomes one that can be decoded,
//! with a warning.

use serde_json::{Map, Value, json};

use super::walk::{self, UNIONS};
use stream_spec::{Document, Warnings, at};

/// The types that the later stages support.
const TYPES: [&str; 7] = ["array", "boolean", "date", "integer", "number", "object", "string"];

/// The maximum nesting of lists and maps. A deeper type does not fit on a line, and rustfmt fails
/// on it.
const MAX_NESTING: usize = 8;

fn nesting(place: &str) -> usize {
    let is_list = |key: &&str| matches!(*key, "items" | "additionalProperties");
    place.rsplit('/').take_while(is_list).count()
}

/// Repairs every schema of the document.
pub(super) fn run(document: &mut Document) {
    let mut warnings = std::mem::take(&mut document.warnings);
    walk::schemas(document, &mut |schema, place| {
        let is_flag = place.ends_with("/additionalProperties") && schema.is_boolean();
        match schema {
            _ if nesting(place) > MAX_NESTING => {
                warnings.add(place, "lists of lists too deep to read; taken as any JSON");
                *schema = json!({});
            }
            Value::Object(node) => self::node(node, place, &mut warnings),
            _ if is_flag => {}
            other => {
                // In JSON Schema, `true` accepts anything.
                match other {
                    Value::Bool(true) => {}
                    Value::Bool(false) => {
                        warnings.add(place, "accepts no value; taken as any JSON");
                    }
                    _ => warnings.add(place, "not a schema; taken as any JSON"),
                }
                *other = json!({});
            }
        }
    });
    document.warnings = warnings;
}

fn node(node: &mut Map<String, Value>, place: &str, warnings: &mut Warnings) {
    for (key, is_right) in KINDS {
        if node.get(key).is_some_and(|value| !is_right(value)) {
            node.remove(key);
            // An invalid description needs no warning.
            if key != "description" {
                warnings.add(at(place, [key]), "of another form than it has; left out");
            }
        }
    }
    stream_spec::downgrade(node);
    if node.get("const").is_some_and(Value::is_null) {
        node.retain(|key, _| key == "description");
        node.insert("type".to_owned(), "null".into());
    }
    // A constant has the type of its value.
    if let Some(constant) = node.get("const").filter(|_| !node.contains_key("type")) {
        let kind = match constant {
            Value::Bool(_) => Some("boolean"),
            Value::Number(number) if number.is_f64() => Some("number"),
            Value::Number(_) => Some("integer"),
            _ => None,
        };
        node.extend(kind.map(|kind| ("type".to_owned(), kind.into())));
    }
    if node.get("format").is_some_and(|format| format == "uint64") {
        let message = "values above 9223372036854775807 are refused";
        warnings.note(at(place, ["format"]), message);
    }
    if is_file(node) {
        node.insert(FILE.to_owned(), true.into());
    }
    kind(node, place, warnings);
    // An object without properties cannot require any, unless others are merged with it.
    if !node.contains_key("properties") && !is_union(node) && !walk::is_member(place) {
        node.remove("required");
    }
    tuple(node, place, warnings);
    if node.contains_key("properties") && node.get("type").is_some_and(|kind| kind != "object") {
        let message = "of what is not an object; taken as an object";
        warnings.add(at(place, ["properties"]), message);
        node.insert("type".to_owned(), "object".into());
        node.remove("enum");
    }
}

/// Marks a text of a form that is the content of a file.
pub(in crate::codegen) const FILE: &str = "x-file";

/// Returns whether it is the content of a file: `binary` in OpenAPI 3.0, and a media type without
/// another encoding in 3.1.
fn is_file(node: &Map<String, Value>) -> bool {
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    let is_bare = text("contentEncoding").is_none_or(|encoding| encoding == "binary");
    text("format") == Some("binary") || (node.contains_key("contentMediaType") && is_bare)
}

type IsRight = fn(&Value) -> bool;

/// Keywords that must have one type.
const KINDS: [(&str, IsRight); 9] = [
    ("additionalProperties", |value| value.is_object() || value.is_boolean()),
    ("allOf", Value::is_array),
    ("anyOf", Value::is_array),
    ("description", Value::is_string),
    ("enum", Value::is_array),
    ("format", Value::is_string),
    ("oneOf", Value::is_array),
    ("properties", Value::is_object),
    ("type", |value| value.is_string() || value.is_array()),
];

/// Reduces the type to one that is supported, or removes it.
fn kind(node: &mut Map<String, Value>, place: &str, warnings: &mut Warnings) {
    let Some(kind) = node.get("type").cloned() else {
        return;
    };
    let is_known = |kind: &Value| kind.as_str().is_some_and(|kind| TYPES.contains(&kind));
    match &kind {
        kind if is_known(kind) => {}
        // A branch that is null makes the others nullable.
        Value::String(kind) if kind == "null" && walk::is_member(place) => {}
        // Nothing but null, or of any type.
        Value::String(kind) if kind == "null" => drop(node.remove("type")),
        Value::Array(several) if several.is_empty() => drop(node.remove("type")),
        Value::Array(several) if several.iter().all(is_known) => {
            let several = several.iter().filter_map(Value::as_str);
            let several = several.map(|kind| of_one_type(node, kind)).collect();
            node.retain(|key, _| key == "description");
            node.insert("anyOf".to_owned(), Value::Array(several));
        }
        _ => {
            warnings.add(at(place, ["type"]), format!("{kind} is not known; taken as any JSON"));
            node.retain(|key, _| key == "description");
        }
    }
}

/// Returns the part of a schema of several types that concerns one of them.
fn of_one_type(node: &Map<String, Value>, kind: &str) -> Value {
    let mut part = node.clone();
    part.retain(|key, _| match key.as_str() {
        "items" => kind == "array",
        "additionalProperties" | "properties" | "required" => kind == "object",
        "enum" => kind == "string",
        "format" => ["integer", "number", "string"].contains(&kind),
        "description" | "nullable" => false,
        _ => true,
    });
    if let Some(Value::Array(values)) = part.get_mut("enum") {
        values.retain(Value::is_string);
        if values.is_empty() {
            part.remove("enum");
        }
    }
    part.insert("type".to_owned(), kind.into());
    part.into()
}

/// Converts items that are listed one by one.
fn tuple(node: &mut Map<String, Value>, place: &str, warnings: &mut Warnings) {
    let Some(Value::Array(items)) = node.get("items") else {
        return;
    };
    let same = match items.as_slice() {
        [first, rest @ ..] if rest.iter().all(|item| item == first) => first.clone(),
        _ => {
            warnings.add(at(place, ["items"]), "of several types; each taken as any JSON");
            json!({})
        }
    };
    node.insert("items".to_owned(), same);
}

/// The keywords that the later stages read, besides the vendor's extensions.
const KNOWN: [&str; 8] = [
    "$ref",
    "additionalProperties",
    "description",
    "enum",
    "format",
    "items",
    "properties",
    "type",
];

/// Removes the keywords that the later stages do not read, so that typify does not see them.
pub(super) fn strip(node: &mut Map<String, Value>) {
    node.retain(|key, _| {
        KNOWN.contains(&key.as_str()) || key == "required" || key.starts_with("x-")
    });
}

/// Returns whether a schema combines others.
pub(super) fn is_union(node: &Map<String, Value>) -> bool {
    UNIONS.iter().any(|key| node.contains_key(*key))
}
