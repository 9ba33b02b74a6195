//! Visits every schema of a document.

use serde_json::Value;

use super::alternatives::UNION;
use stream_spec::{Document, at};

/// The keywords with lists of schemas.
pub(super) const UNIONS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Returns whether a place is a member of a combination.
pub(super) fn is_member(place: &str) -> bool {
    place.rsplit('/').nth(1).is_some_and(|key| UNIONS.contains(&key))
}

/// Visits every schema with its place, outer ones first.
pub(super) fn schemas(document: &mut Document, visitor: &mut dyn FnMut(&mut Value, &str)) {
    for schema in document.schemas.values_mut() {
        node(&mut schema.value, &schema.place, visitor);
    }
    for operation in document.operations.values_mut() {
        for parameter in &mut operation.value.parameters {
            let place = at(&parameter.pointer, ["schema"]);
            node(&mut parameter.schema, &place, visitor);
        }
    }
}

/// Visits a schema and its nested ones.
pub(super) fn node(value: &mut Value, place: &str, visitor: &mut dyn FnMut(&mut Value, &str)) {
    visitor(value, place);
    let Value::Object(object) = value else { return };
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        for (name, property) in properties {
            node(property, &at(place, ["properties", name]), visitor);
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = object.get_mut(key) {
            node(inner, &at(place, [key]), visitor);
        }
    }
    for key in UNIONS.into_iter().chain([UNION]) {
        if let Some(Value::Array(members)) = object.get_mut(key) {
            for (index, member) in members.iter_mut().enumerate() {
                node(member, &at(place, [key, &index.to_string()]), visitor);
            }
        }
    }
}
