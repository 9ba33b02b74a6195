//! Prepares schemas for typify.

use serde_json::Value;

use crate::codegen::names::type_name;
use stream_spec::reference_name;

/// Returns a copy in which references are those of JSON Schema and every property is required:
/// whether a field may be absent is decided later, by the direction in which the type travels.
pub(super) fn for_typify(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut copy: serde_json::Map<String, Value> = object
                .iter()
                .filter(|(key, _)| !key.starts_with("x-") && *key != "description")
                .map(|(key, value)| {
                    let reference =
                        (key == "$ref").then(|| value.as_str().and_then(reference_name)).flatten();
                    let value = match reference {
                        Some(name) => format!("#/definitions/{}", type_name(name)).into(),
                        None if key == "properties" => copy_properties(value),
                        None => for_typify(value),
                    };
                    (key.clone(), value)
                })
                .collect();
            if let Some(properties) = object.get("properties").and_then(Value::as_object) {
                copy.insert("required".to_owned(), properties.keys().cloned().collect());
            }
            Value::Object(copy)
        }
        Value::Array(items) => items.iter().map(for_typify).collect(),
        other => other.clone(),
    }
}

/// Properties may have any name, also one that is a keyword of schemas.
fn copy_properties(properties: &Value) -> Value {
    properties
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), for_typify(schema)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
