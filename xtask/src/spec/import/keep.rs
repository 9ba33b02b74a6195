//! Keeps what a newer document requires as it was, where calls and readers can do with that.
//!
//! A new required parameter would be an argument that existing calls lack, so one with a default
//! stays optional. What is no longer required would lose its argument, or become an `Option` in
//! responses, so it stays required: the server still takes it, and a response without it decodes to
//! the default of its type.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Modules;
use crate::spec::diff::reach;
use crate::spec::structure::{Structure, list};
use stream_spec::references_in;

/// Makes optional what has a default and was not required before (parameters, and members of
/// schemas that are sent), and required again what was. Returns the latter.
pub(super) fn run(modules: &mut Modules, before: &Structure) -> Vec<String> {
    let sent = sent(modules);
    let mut kept = Vec::new();
    for module in modules.values_mut() {
        for (endpoint, operation) in &mut module.operations {
            let Some(was) = before.operations.get(endpoint) else { continue };
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            let place = format!("{id}: parameter ");
            let list = operation.get_mut("parameters").and_then(Value::as_array_mut);
            for parameter in list.into_iter().flatten() {
                if keep_parameter(parameter, was) {
                    let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
                    kept.push(format!("{place}{name}"));
                }
            }
        }
        for (name, schema) in &mut module.schemas {
            // Without an earlier form, nobody calls it yet.
            let Some(was) = before.schemas.get(name) else { continue };
            let again = keep_members(schema, was, sent.contains(name));
            kept.extend(again.into_iter().map(|member| format!("{name}.{member}")));
        }
    }
    kept
}

/// Returns the schemas that requests contain.
fn sent(modules: &Modules) -> BTreeSet<String> {
    let mut links: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut roots = BTreeSet::new();
    for module in modules.values() {
        for operation in module.operations.values() {
            for key in ["requestBody", "parameters"] {
                roots.extend(operation.get(key).map(references_in).unwrap_or_default());
            }
        }
        let schemas = module.schemas.iter();
        links.extend(schemas.map(|(name, schema)| (name.as_str(), references_in(schema))));
    }
    reach(&links, roots)
}

/// Returns whether a parameter was required, and would not be any more.
fn keep_parameter(parameter: &mut Value, operation: &Value) -> bool {
    let is_same =
        |other: &&Value| ["in", "name"].iter().all(|key| other.get(*key) == parameter.get(*key));
    let known = list(operation, "parameters").find(is_same);
    let was_required = known.is_some_and(|known| known.get("required").is_some());
    let is_in_path = parameter.get("in").is_some_and(|place| place == "path");
    let has_default = parameter.pointer("/schema/default").is_some_and(|value| !value.is_null());
    let Value::Object(node) = parameter else { return false };
    if was_required {
        return node.insert("required".to_owned(), true.into()).is_none();
    }
    if has_default && !is_in_path {
        node.remove("required");
    }
    false
}

/// Returns the members that were required, and would not be any more.
fn keep_members(schema: &mut Value, before: &Value, is_sent: bool) -> Vec<String> {
    let texts = |value: &Value| -> BTreeSet<String> {
        list(value, "required").filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (was, mut is) = (texts(before), texts(schema));
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    let has_default = |name: &String| {
        let default = properties.get(name).and_then(|property| property.get("default"));
        default.is_some_and(|value| !value.is_null())
    };
    if is_sent {
        is.retain(|name| was.contains(name) || !has_default(name));
    }
    let again = was.difference(&is).filter(|name| properties.contains_key(*name));
    let again: Vec<String> = again.cloned().collect();
    is.extend(again.iter().cloned());
    if let Value::Object(node) = schema {
        if is.is_empty() {
            node.remove("required");
        } else {
            node.insert("required".to_owned(), json!(is));
        }
    }
    again
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_default_is_not_newly_required() {
        let properties = json!({ "a": { "default": 1 }, "b": { "default": 1 }, "c": {}, "d": { "default": null } });
        let schema = json!({ "required": ["a", "b", "c", "d"], "properties": properties });
        for (is_sent, required) in
            [(true, json!(["a", "c", "d"])), (false, schema["required"].clone())]
        {
            let mut schema = schema.clone();
            let again = keep_members(&mut schema, &json!({ "required": ["a"] }), is_sent);
            assert_eq!((&schema["required"], again.len()), (&required, 0));
        }
        let parameter = |place: &str| json!({ "name": "p", "in": place, "required": true, "schema": { "default": 1 } });
        let known = json!({ "parameters": [parameter("query")] });
        for (place, operation, required) in
            [("query", &Value::Null, false), ("query", &known, true), ("path", &Value::Null, true)]
        {
            let mut parameter = parameter(place);
            assert!(!keep_parameter(&mut parameter, operation));
            assert_eq!(parameter.get("required").is_some(), required, "{place}");
        }
    }

    #[test]
    fn what_was_required_stays_so() {
        let mut schema = json!({ "properties": { "a": {}, "c": {} } });
        let again = keep_members(&mut schema, &json!({ "required": ["a", "b"] }), false);
        assert_eq!((again, &schema["required"]), (vec!["a".to_owned()], &json!(["a"])));

        let required = json!({ "name": "p", "in": "query", "required": true, "schema": {} });
        let mut parameter = json!({ "name": "p", "in": "query", "schema": {} });
        assert!(keep_parameter(&mut parameter, &json!({ "parameters": [required] })));
        assert_eq!(parameter, required);
    }
}
