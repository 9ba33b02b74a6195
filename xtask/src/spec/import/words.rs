//! Adds the project's descriptions to an imported structure.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Modules;
use crate::spec::structure::{Structure, list};
use stream_spec::Part;

/// Adds our descriptions, and our order of enum values, to the structure.
///
/// `renames` maps the new name of a schema to the earlier one.
pub(super) fn adopt(
    modules: &mut Modules,
    own: &[Part],
    before: &Structure,
    renames: &BTreeMap<String, String>,
) {
    let own = Own::of(own);
    for module in modules.values_mut() {
        for ((path, method), operation) in &mut module.operations {
            let id = operation.get("operationId").and_then(Value::as_str);
            let known = id
                .and_then(|id| own.by_id.get(id))
                .or_else(|| own.by_endpoint.get(&(path.as_str(), method.as_str())));
            if let Some(known) = known {
                self::operation(operation, known);
            }
        }
        for (name, schema) in &mut module.schemas {
            let earlier = renames.get(name).unwrap_or(name);
            if let Some(known) = own.schemas.get(earlier.as_str()) {
                if let Some(before) = before.schemas.get(earlier) {
                    renamed_fields(schema, before, known);
                }
                self::schema(schema, known);
            }
        }
    }
}

/// The operations and schemas of our files.
#[derive(Default)]
struct Own<'a> {
    by_id: BTreeMap<&'a str, &'a Value>,
    by_endpoint: BTreeMap<(&'a str, &'a str), &'a Value>,
    schemas: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Own<'a> {
    fn of(parts: &'a [Part]) -> Self {
        let mut own = Self::default();
        for part in parts {
            let map =
                |value: Option<&'a Value>| value.and_then(Value::as_object).into_iter().flatten();
            for (path, item) in map(part.value.get("paths")) {
                for (method, operation) in map(Some(item)) {
                    if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                        own.by_id.insert(id, operation);
                    }
                    own.by_endpoint.insert((path, method), operation);
                }
            }
            for (name, schema) in map(part.value.pointer("/components/schemas")) {
                own.schemas.insert(name, schema);
            }
        }
        own
    }
}

fn operation(operation: &mut Value, own: &Value) {
    let Value::Object(operation) = operation else {
        return;
    };
    copy(own, operation, "summary");
    copy(own, operation, "description");
    if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
        for parameter in parameters {
            let key = |value: &Value| (value.get("in").cloned(), value.get("name").cloned());
            let known = list(own, "parameters").find(|other| key(other) == key(parameter));
            if let (Some(known), Value::Object(node)) = (known, parameter) {
                copy(known, node, "description");
                if let (Some(schema), Some(known)) = (node.get_mut("schema"), known.get("schema")) {
                    self::schema(schema, known);
                }
            }
        }
    }
}

fn schema(schema: &mut Value, own: &Value) {
    let Value::Object(node) = schema else { return };
    copy(own, node, "description");
    for key in ["items", "additionalProperties"] {
        if let (Some(inner), Some(known)) = (node.get_mut(key), own.get(key)) {
            self::schema(inner, known);
        }
    }
    if let Some(Value::Object(properties)) = node.get_mut("properties") {
        for (name, property) in properties {
            if let Some(known) = own.get("properties").and_then(|map| map.get(name)) {
                self::schema(property, known);
            }
        }
    }
    let sorted = |value: Option<&Value>| {
        let mut values: Vec<String> =
            value.and_then(Value::as_array).into_iter().flatten().map(Value::to_string).collect();
        values.sort();
        values
    };
    for key in ["enum", "x-stream-sort-fields"] {
        if sorted(node.get(key)) == sorted(own.get(key)) {
            copy(own, node, key);
        }
    }
}

/// Keeps the description of a renamed field, if only one new field has its type.
fn renamed_fields(schema: &mut Value, before: &Value, own: &Value) {
    let properties = |value: &Value| {
        value.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
    };
    let (earlier, said) = (properties(before), properties(own));
    let later = properties(schema);
    // A field without a description has none to keep.
    let is_said =
        |name: &String| said.get(name).is_some_and(|own| own.get("description").is_some());
    let gone = earlier.iter().filter(|(name, _)| !later.contains_key(*name) && is_said(name));
    let gone: Vec<_> = gone.collect();
    let came: Vec<_> = later.iter().filter(|(name, _)| !earlier.contains_key(*name)).collect();
    let of_form = |list: &[(&String, &Value)], form: &Value| {
        list.iter().filter(|(_, other)| *other == form).count()
    };
    for (name, form) in &came {
        if of_form(&gone, form) != 1 || of_form(&came, form) != 1 {
            continue;
        }
        let from = gone.iter().find(|(_, other)| other == form);
        let text = from.and_then(|(name, _)| said.get(*name)?.get("description"));
        let property = schema.get_mut("properties").and_then(|all| all.get_mut(*name));
        if let (Some(text), Some(Value::Object(property))) = (text, property) {
            property.insert("description".to_owned(), text.clone());
        }
    }
}

fn copy(from: &Value, to: &mut Map<String, Value>, key: &str) {
    if let Some(value) = from.get(key) {
        to.insert(key.to_owned(), value.clone());
    }
}
