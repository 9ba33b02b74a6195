//! Prepares schemas for typify.

use serde_json::Value;

use crate::codegen::names::type_name;
use stream_spec::reference_name;

/// Returns a copy with references of JSON Schema in which every property is required. Whether a
/// field may be absent is decided later, by the direction of the type.
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
                // typify would add a field for the other members.
                copy.remove("additionalProperties");
            }
            Value::Object(copy)
        }
        Value::Array(items) => items.iter().map(for_typify).collect(),
        other => other.clone(),
    }
}

/// Copies properties, whose names may equal keywords of schemas.
fn copy_properties(properties: &Value) -> Value {
    properties
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), for_typify(schema)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
