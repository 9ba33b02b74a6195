//! References between schemas: each leads to a component, or is mended.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::document::{Document, Located, reference_name};
use super::warning::Warnings;

/// How deep references that lead into the file are replaced by what is there.
const MAX_DEPTH: usize = 8;

/// Puts what a reference leads to in its place, where that is not a component of its own, such as
/// `#/components/schemas/A/properties/b` or `#/definitions/A`.
pub(crate) fn inline_pointers(schema: &mut Value, root: &Value) {
    inline_at(schema, root, 0);
}

fn inline_at(value: &mut Value, root: &Value, depth: usize) {
    let pointer = value
        .get("$ref")
        .and_then(Value::as_str)
        .filter(|reference| reference_name(reference).is_none_or(|name| name.contains('/')))
        .and_then(|reference| reference.strip_prefix('#'));
    if depth < MAX_DEPTH
        && let Some(target) = pointer.and_then(|pointer| root.pointer(pointer))
    {
        *value = target.clone();
        inline_at(value, root, depth + 1);
        return;
    }
    match value {
        Value::Object(node) => node.values_mut().for_each(|inner| inline_at(inner, root, depth)),
        Value::Array(items) => items.iter_mut().for_each(|inner| inline_at(inner, root, depth)),
        _ => {}
    }
}

impl Document {
    /// Makes every reference lead to a component. What leads nowhere stands for any JSON.
    pub(crate) fn mend_references(&mut self) {
        let known: BTreeSet<String> = self.schemas.keys().cloned().collect();
        let warnings = &mut self.warnings;
        for Located { value, place } in self.schemas.values_mut() {
            mend(value, place, &known, warnings);
        }
        let mut missing = BTreeSet::new();
        for Located { value: operation, place } in self.operations.values_mut() {
            for parameter in &mut operation.parameters {
                let place = format!("{place}.parameters.{}", parameter.name);
                mend(&mut parameter.schema, &place, &known, warnings);
            }
            let named = operation.body.iter().map(|body| &body.schema);
            for name in named.chain([&operation.response]) {
                if !known.contains(name) {
                    let message = format!("there is no schema {name}; taken as any JSON");
                    warnings.add(place.as_str(), message);
                    missing.insert(name.clone());
                }
            }
        }
        for name in missing {
            let value = json!({ "description": "JSON of which the document does not say more." });
            let place = format!("{name} (missing)");
            self.schemas.insert(name, Located { value, place });
        }
    }
}

fn mend(value: &mut Value, place: &str, known: &BTreeSet<String>, warnings: &mut Warnings) {
    match value {
        Value::Object(node) => {
            if let Some(reference) = node.get("$ref") {
                if !leads_to(reference, known) {
                    let message = format!("$ref: nothing is at {reference}; taken as any JSON");
                    warnings.add(place, message.replace('"', ""));
                    node.retain(|key, _| key == "description");
                }
                return;
            }
            for (key, inner) in node.iter_mut() {
                match (key.as_str(), inner) {
                    // Examples and defaults may hold anything.
                    ("example" | "examples" | "default" | "enum", _) => {}
                    // A property may be called `$ref`.
                    ("properties", Value::Object(properties)) => {
                        each(properties, &format!("{place}.properties"), known, warnings);
                    }
                    // The event union names its members a second time.
                    ("discriminator", _) => {}
                    (_, inner) => mend(inner, &format!("{place}.{key}"), known, warnings),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                mend(item, &format!("{place}[{index}]"), known, warnings);
            }
        }
        _ => {}
    }
}

fn each(
    properties: &mut Map<String, Value>,
    place: &str,
    known: &BTreeSet<String>,
    warnings: &mut Warnings,
) {
    for (name, property) in properties {
        mend(property, &format!("{place}.{name}"), known, warnings);
    }
}

fn leads_to(reference: &Value, known: &BTreeSet<String>) -> bool {
    reference.as_str().and_then(reference_name).is_some_and(|name| known.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_into_the_file_are_followed() {
        let root = json!({ "definitions": { "A": { "type": "string" }, "B": { "$ref": "#/definitions/A" } },
            "components": { "schemas": { "C": { "properties": { "d": { "type": "integer" } } } } },
            "loop": { "items": { "$ref": "#/loop" } } });
        let mut value = json!({ "properties": {
            "a": { "$ref": "#/definitions/B" },
            "c": { "$ref": "#/components/schemas/C" },
            "d": { "$ref": "#/components/schemas/C/properties/d" },
            "gone": { "$ref": "#/nowhere" },
        } });
        inline_pointers(&mut value, &root);
        assert_eq!(
            value["properties"],
            json!({ "a": { "type": "string" }, "c": { "$ref": "#/components/schemas/C" },
                "d": { "type": "integer" }, "gone": { "$ref": "#/nowhere" } })
        );
        // It ends, even so.
        let mut circle = json!({ "$ref": "#/loop" });
        inline_pointers(&mut circle, &root);
        assert!(circle.get("items").is_some());
    }
}
