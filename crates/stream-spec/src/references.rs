//! References between schemas: each leads to a component, or is mended.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::document::{Document, Located, reference_name};
use super::warning::Warnings;

/// How many values may take the place of the references in one schema. Each that leads to a large part of
/// the file, of which it is one itself, would otherwise multiply with the others.
const MAX_VALUES: usize = 100_000;

/// Puts what a reference leads to in its place, where that is not a component of its own, such as
/// `#/components/schemas/A/properties/b` or `#/definitions/A`.
pub(crate) fn inline_pointers(schema: &mut Value, root: &Value) {
    let mut budget = MAX_VALUES;
    inline_at(schema, root, &mut Vec::new(), &mut budget);
}

/// `open` are the references that are being replaced: what is in the place of one does not lead there
/// again.
fn inline_at(value: &mut Value, root: &Value, open: &mut Vec<String>, budget: &mut usize) {
    let pointer = value
        .get("$ref")
        .and_then(Value::as_str)
        .filter(|reference| reference_name(reference).is_none_or(|name| name.contains('/')))
        .and_then(|reference| reference.strip_prefix('#'))
        .filter(|pointer| !open.iter().any(|open| open == pointer))
        .map(str::to_owned);
    if let Some(pointer) = pointer
        && let Some(target) = root.pointer(&pointer)
        && let Some(left) = budget.checked_sub(size(target))
    {
        *budget = left;
        *value = target.clone();
        open.push(pointer);
        inline_at(value, root, open, budget);
        open.pop();
        return;
    }
    match value {
        Value::Object(node) => {
            node.values_mut().for_each(|inner| inline_at(inner, root, open, budget));
        }
        Value::Array(items) => {
            items.iter_mut().for_each(|inner| inline_at(inner, root, open, budget));
        }
        _ => {}
    }
}

/// Returns how many values there are in a value, with itself.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(node) => node.values().map(size).sum(),
        Value::Array(items) => items.iter().map(size).sum(),
        _ => 0,
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
        assert_eq!(circle, json!({ "items": { "$ref": "#/loop" } }));
    }

    #[test]
    fn references_to_the_whole_file_do_not_multiply() {
        let reference = |to: &str| json!({ "$ref": to });
        let properties: Map<String, Value> = (0..40)
            .map(|index| (index.to_string(), reference(["#", "#/a", "#/a/b"][index % 3])))
            .collect();
        let root = json!({ "a": { "b": { "properties": properties } } });
        let mut value = root["a"]["b"].clone();
        inline_pointers(&mut value, &root);
        assert!(size(&value) <= MAX_VALUES + size(&root));
    }
}
