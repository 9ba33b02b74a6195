//! Marks the strings that are channel IDs.

use serde_json::{Map, Value};

use super::Marker;
use stream_spec::{Document, Refinements};

/// Marks the strings that are cids, which the schema does not mark, and returns their number.
pub(super) fn mark(document: &mut Document, refinements: &Refinements) -> usize {
    let mut count = 0;
    for (schema, located) in &mut document.schemas {
        let properties = located.value.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            let is_excepted = refinements.not_cids.contains_key(&format!("{schema}.{name}"));
            if refinements.cids.contains(name) && !is_excepted {
                count += usize::from(mark_text(property));
            }
        }
    }
    for operation in document.operations.values_mut() {
        for parameter in &mut operation.value.parameters {
            if refinements.cids.contains(&parameter.name) {
                count += usize::from(mark_text(&mut parameter.schema));
            }
        }
    }
    count
}

/// Marks a string, or the elements of a list of strings.
fn mark_text(schema: &mut Value) -> bool {
    let node = match schema.get("items") {
        Some(_) => schema.get_mut("items"),
        None => Some(schema),
    };
    match node.filter(|node| is_text(node)) {
        Some(Value::Object(node)) => {
            Marker::Cid.mark(node);
            true
        }
        _ => false,
    }
}

fn is_text(node: &Value) -> bool {
    let of_type = |node: &Map<String, Value>| node.get("type") == Some(&"string".into());
    node.as_object().is_some_and(of_type) && node.get("enum").is_none()
}
