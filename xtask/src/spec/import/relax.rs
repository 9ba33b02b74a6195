//! Keeps requests as they are when a newer document requires more of them and has a default for it.
//!
//! A new required parameter would be an argument that existing calls lack, although the server
//! does without it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Modules;
use crate::spec::diff::reach;
use crate::spec::structure::Structure;
use stream_spec::references_in;

/// Makes optional what has a default and was not required before: parameters, and members of
/// schemas that are sent.
pub(super) fn run(modules: &mut Modules, before: &Structure) {
    let mut links: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut roots = BTreeSet::new();
    for module in modules.values() {
        for operation in module.operations.values() {
            for key in ["requestBody", "parameters"] {
                roots.extend(operation.get(key).map(references_in).unwrap_or_default());
            }
        }
        let schemas = module.schemas.iter();
        links.extend(schemas.map(|(name, schema)| (name.clone(), references_in(schema))));
    }
    let links = links.iter().map(|(name, next)| (name.as_str(), next.clone())).collect();
    let sent = reach(&links, roots);
    for module in modules.values_mut() {
        for (endpoint, operation) in &mut module.operations {
            let was = before.operations.get(endpoint);
            let list = operation.get_mut("parameters").and_then(Value::as_array_mut);
            for parameter in list.into_iter().flatten() {
                relax_parameter(parameter, was);
            }
        }
        for (name, schema) in module.schemas.iter_mut().filter(|(name, _)| sent.contains(*name)) {
            relax_members(schema, before.schemas.get(name));
        }
    }
}

fn relax_parameter(parameter: &mut Value, operation: Option<&Value>) {
    let is_same =
        |other: &&Value| ["in", "name"].iter().all(|key| other.get(*key) == parameter.get(*key));
    let known = operation.and_then(|operation| operation.get("parameters")?.as_array());
    let known = known.into_iter().flatten().find(is_same);
    let was_required = known.is_some_and(|known| known.get("required").is_some());
    let is_in_path = parameter.get("in").is_some_and(|place| place == "path");
    let has_default = parameter.pointer("/schema/default").is_some_and(|value| !value.is_null());
    if let Value::Object(node) = parameter
        && has_default
        && !is_in_path
        && !was_required
    {
        node.remove("required");
    }
}

fn relax_members(schema: &mut Value, before: Option<&Value>) {
    // Without an earlier form, nobody calls it yet.
    let Some(before) = before else { return };
    let was_required = |name: &Value| {
        let required = before.get("required").and_then(Value::as_array);
        required.is_some_and(|required| required.contains(name))
    };
    let properties = schema.get("properties").cloned().unwrap_or_default();
    let has_default = |name: &Value| {
        let property = name.as_str().and_then(|name| properties.get(name));
        property.and_then(|property| property.get("default")).is_some_and(|value| !value.is_null())
    };
    let required = schema.get_mut("required").and_then(Value::as_array_mut);
    if let Some(required) = required {
        required.retain(|name| was_required(name) || !has_default(name));
        if required.is_empty()
            && let Value::Object(node) = schema
        {
            node.remove("required");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_a_default_is_not_newly_required() {
        let properties = json!({ "a": { "default": 1 }, "b": { "default": 1 }, "c": {}, "d": { "default": null } });
        let mut schema = json!({ "required": ["a", "b", "c", "d"], "properties": properties });
        let mut new = schema.clone();
        relax_members(&mut new, None);
        assert_eq!(new, schema);
        relax_members(&mut schema, Some(&json!({ "required": ["a"] })));
        assert_eq!(schema["required"], json!(["a", "c", "d"]));

        let parameter = |place: &str| json!({ "name": "p", "in": place, "required": true, "schema": { "default": 1 } });
        let known = json!({ "parameters": [parameter("query")] });
        for (place, operation, required) in
            [("query", None, false), ("query", Some(&known), true), ("path", None, true)]
        {
            let mut parameter = parameter(place);
            relax_parameter(&mut parameter, operation);
            assert_eq!(parameter.get("required").is_some(), required, "{place}");
        }
    }
}
