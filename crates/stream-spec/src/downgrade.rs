//! Writes what OpenAPI 3.1 says in another way in the form of OpenAPI 3.0.

use serde_json::{Map, Value, json};

/// Rewrites a schema in the form of OpenAPI 3.0, without those inside it: null is `nullable` rather
/// than a type or a value, a constant text is an enum of one value, and a list of one type is that
/// type.
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
        ] {
            let mut node = new.as_object().unwrap().clone();
            downgrade(&mut node);
            assert_eq!(Value::Object(node), old, "{new}");
        }
    }
}
