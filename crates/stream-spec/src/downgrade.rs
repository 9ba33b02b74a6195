//! Writes what OpenAPI 3.1 says in another way in the form of OpenAPI 3.0.

use serde_json::{Map, Value, json};

/// Rewrites a schema in the form of OpenAPI 3.0, without those inside it: null is `nullable` rather
/// than a type or a value, a constant text is an enum of one value, a list of one type is that type,
/// `prefixItems` are a list of `items`, and members by patterns of their names, or that no part of
/// the schema evaluates, are `additionalProperties`.
pub fn downgrade(node: &mut Map<String, Value>) {
    let mut is_nullable = false;
    if let Some(Value::Array(kinds)) = node.get("type") {
        let mut kinds: Vec<String> =
            kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.iter().any(|kind| kind == "number") {
            kinds.retain(|kind| kind != "integer");
        }
        if kinds.len() > 1 {
            is_nullable = kinds.iter().any(|kind| kind == "null");
            kinds.retain(|kind| kind != "null");
        }
        let kinds = match kinds.as_slice() {
            [only] => only.as_str().into(),
            several => json!(several),
        };
        node.insert("type".to_owned(), kinds);
    }
    if let Some(Value::Array(values)) = node.get_mut("enum")
        && values.iter().any(|value| !value.is_null())
    {
        let count = values.len();
        values.retain(|value| !value.is_null());
        is_nullable |= values.len() < count;
    }
    if let Some(only @ Value::String(_)) = node.get("const").cloned() {
        node.entry("enum").or_insert_with(|| json!([only]));
    }
    if is_nullable {
        node.insert("nullable".to_owned(), true.into());
    }
    if let Some(Value::Array(mut first)) = node.remove("prefixItems") {
        // What follows these is as `items` says.
        first.extend(node.remove("items").filter(Value::is_object));
        node.insert("items".to_owned(), first.into());
    }
    others(node);
}

/// Takes members by patterns of their names, and those that no part of the schema evaluates, as the
/// members that are not listed.
fn others(node: &mut Map<String, Value>) {
    let has_others = |node: &Map<String, Value>| {
        node.get("additionalProperties").is_some_and(|others| *others != json!(false))
    };
    if let Some(Value::Object(patterns)) = node.remove("patternProperties")
        && !patterns.is_empty()
    {
        let mut values = patterns.into_values();
        let first = values.next().filter(Value::is_object).unwrap_or_else(|| json!({}));
        let others =
            if has_others(node) || values.any(|other| other != first) { json!({}) } else { first };
        node.insert("additionalProperties".to_owned(), others);
    }
    if let Some(others) = node.remove("unevaluatedProperties").filter(Value::is_object)
        && !has_others(node)
    {
        node.insert("additionalProperties".to_owned(), others);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_a_flag() {
        for (new, old) in [
            (json!({ "type": ["null", "string"] }), json!({ "type": "string", "nullable": true })),
            (json!({ "type": ["number", "integer"] }), json!({ "type": "number" })),
            (json!({ "type": ["null"] }), json!({ "type": "null" })),
            (json!({ "type": ["string", "array"] }), json!({ "type": ["array", "string"] })),
            (json!({ "enum": ["a", null] }), json!({ "enum": ["a"], "nullable": true })),
            (json!({ "enum": [null] }), json!({ "enum": [null] })),
            (json!({ "const": "a" }), json!({ "const": "a", "enum": ["a"] })),
            (json!({ "prefixItems": [{}, true], "items": false }), json!({ "items": [{}, true] })),
            (json!({ "prefixItems": [{}], "items": {} }), json!({ "items": [{}, {}] })),
            (
                json!({ "patternProperties": { "^a": { "type": "string" } }, "additionalProperties": false }),
                json!({ "additionalProperties": { "type": "string" } }),
            ),
            (
                json!({ "patternProperties": { "^a": { "type": "string" }, "^b": {} } }),
                json!({ "additionalProperties": {} }),
            ),
            (
                json!({ "unevaluatedProperties": { "type": "null" } }),
                json!({ "additionalProperties": { "type": "null" } }),
            ),
            (json!({ "unevaluatedProperties": false }), json!({})),
        ] {
            let mut node = new.as_object().unwrap().clone();
            downgrade(&mut node);
            assert_eq!(Value::Object(node), old, "{new}");
        }
    }
}
