//! Repairs references between schemas, so that each refers to a component.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use super::document::{Document, Located, reference_name};
use super::files::FILES;
use super::place::at;
use super::warning::Warnings;

/// The maximum number of values that may replace the references in one schema. Otherwise,
/// references that each contain others would multiply.
const MAX_VALUES: usize = 100_000;

/// Resolves references to values that are not components, such as
/// `#/components/schemas/A/properties/b` or `#/definitions/A`.
///
/// The referenced value replaces the reference. If it refers to itself, or is in another file, it
/// becomes a component instead.
pub(crate) struct Pointers<'a> {
    root: &'a Value,
    /// The names of the new components, by their location in the file.
    names: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    pending: VecDeque<(String, String)>,
}

impl<'a> Pointers<'a> {
    pub(crate) fn of(root: &'a Value) -> Self {
        let components = root.pointer("/components/schemas").and_then(Value::as_object);
        let components = || components.into_iter().flatten();
        let mut names = BTreeMap::new();
        for (name, schema) in components() {
            if let Some(pointer) = foreign(schema).filter(|pointer| root.pointer(pointer).is_some())
            {
                names.entry(pointer.to_owned()).or_insert_with(|| name.clone());
            }
        }
        let taken = components().map(|(name, _)| name.clone()).collect();
        Self { root, names, taken, pending: VecDeque::new() }
    }

    /// Returns a component of the document with the references in it resolved, and its location in
    /// the file. A component that is only a reference to another file is what the reference leads
    /// to.
    pub(crate) fn component(&mut self, name: &str, schema: &Value) -> (String, Value) {
        match foreign(schema).filter(|pointer| self.names.get(*pointer).is_some_and(|n| n == name))
        {
            Some(pointer) => self.at(pointer),
            None => {
                let mut schema = schema.clone();
                self.inline(&mut schema);
                (at("", ["components", "schemas", name]), schema)
            }
        }
    }

    /// Returns a location with the schema at it, in which the references are resolved.
    fn at(&mut self, pointer: &str) -> (String, Value) {
        let mut schema = self.root.pointer(pointer).cloned().unwrap_or_default();
        let mut budget = MAX_VALUES;
        self.inline_at(&mut schema, &mut vec![pointer.to_owned()], &mut budget);
        (pointer.to_owned(), schema)
    }

    /// Resolves the references in a schema.
    pub(crate) fn inline(&mut self, schema: &mut Value) {
        let mut budget = MAX_VALUES;
        self.inline_at(schema, &mut Vec::new(), &mut budget);
    }

    /// Returns the next new component: its name, its location in the file, and its schema.
    pub(crate) fn next_component(&mut self) -> Option<(String, String, Value)> {
        let (name, pointer) = self.pending.pop_front()?;
        let (pointer, schema) = self.at(&pointer);
        Some((name, pointer, schema))
    }

    /// Resolves the references in a value. `open` are the references that are being resolved, to
    /// detect cycles.
    fn inline_at(&mut self, value: &mut Value, open: &mut Vec<String>, budget: &mut usize) {
        if let Some(Value::String(reference)) = value.get_mut("$ref")
            && let Some(name) = reference_name(reference).filter(|name| name.contains('~'))
        {
            // A component whose name has a slash.
            let plain = name.replace("~1", "/").replace("~0", "~");
            if !name.contains('/') && self.taken.contains(&plain) {
                *reference = format!("#/components/schemas/{plain}");
                return;
            }
        }
        let pointer = value
            .get("$ref")
            .and_then(Value::as_str)
            .filter(|reference| {
                reference_name(reference).is_none_or(|name| name.contains(['/', '~']))
            })
            .and_then(|reference| reference.strip_prefix('#'))
            .map(str::to_owned);
        let root = self.root;
        let target = pointer.as_ref().and_then(|pointer| root.pointer(pointer));
        if let (Some(pointer), Some(target)) = (pointer, target.filter(|target| is_schema(target)))
        {
            if is_foreign(&pointer) || open.contains(&pointer) {
                let name = self.name(pointer);
                *value = json!({ "$ref": format!("#/components/schemas/{name}") });
            } else if let Some(left) = budget.checked_sub(size(target)) {
                *budget = left;
                *value = target.clone();
                open.push(pointer);
                self.inline_at(value, open, budget);
                open.pop();
            }
            return;
        }
        match value {
            Value::Object(node) => {
                node.values_mut().for_each(|inner| self.inline_at(inner, open, budget));
            }
            Value::Array(items) => {
                items.iter_mut().for_each(|inner| self.inline_at(inner, open, budget));
            }
            _ => {}
        }
    }

    /// Returns the name of the component for the value at a location.
    fn name(&mut self, pointer: String) -> String {
        if let Some(name) = self.names.get(&pointer) {
            return name.clone();
        }
        let last = pointer.rsplit('/').next().unwrap_or_default();
        let is_file = pointer == format!("/{FILES}/{last}");
        let last = last.replace("~1", "/").replace("~0", "~");
        let last = last.rsplit('/').next().unwrap_or_default();
        let stem = last.split('.').next().filter(|stem| is_file && !stem.is_empty());
        let plain = stem.unwrap_or(last).to_owned();
        let numbered = (2..).map(|number| format!("{plain}{number}"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        let name = names.find(|name| !self.taken.contains(name)).unwrap_or_else(|| plain.clone());
        self.taken.insert(name.clone());
        self.names.insert(pointer.clone(), name.clone());
        self.pending.push_back((name.clone(), pointer));
        name
    }
}

/// Returns the location in another file that a schema is only a reference to.
fn foreign(schema: &Value) -> Option<&str> {
    let pointer = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    let is_alone = schema.as_object().is_some_and(|node| node.len() == 1);
    (is_alone && is_foreign(pointer)).then_some(pointer)
}

/// Returns whether a location is in another file.
fn is_foreign(pointer: &str) -> bool {
    pointer.strip_prefix('/').is_some_and(|rest| rest.starts_with(FILES))
}

/// Returns whether a value looks like a schema, rather than another part of a document.
fn is_schema(value: &Value) -> bool {
    const KEYS: [&str; 10] = [
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "enum",
        "items",
        "oneOf",
        "properties",
        "type",
    ];
    let Value::Object(node) = value else { return value.is_boolean() };
    node.is_empty() || KEYS.iter().any(|key| node.contains_key(*key))
}

/// Returns the number of values in a value, including itself.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(node) => node.values().map(size).sum(),
        Value::Array(items) => items.iter().map(size).sum(),
        _ => 0,
    }
}

impl Document {
    /// Makes every reference lead to a component. A broken one becomes any JSON.
    pub(crate) fn mend_references(&mut self) {
        let known: BTreeSet<String> = self.schemas.keys().cloned().collect();
        let warnings = &mut self.warnings;
        for Located { value, place } in self.schemas.values_mut() {
            mend(value, place, &known, warnings);
        }
        let mut missing = BTreeSet::new();
        for Located { value: operation, place } in self.operations.values_mut() {
            for parameter in &mut operation.parameters {
                let place = at(&parameter.pointer, ["schema"]);
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
            let place = format!("#/components/schemas/{name} (missing)");
            self.schemas.insert(name, Located { value, place });
        }
    }
}

fn mend(value: &mut Value, place: &str, known: &BTreeSet<String>, warnings: &mut Warnings) {
    match value {
        Value::Object(node) => {
            if let Some(reference) = node.get("$ref") {
                if !leads_to(reference, known) {
                    let text =
                        reference.as_str().map_or_else(|| reference.to_string(), str::to_owned);
                    let message = format!("{}; taken as any JSON", why_broken(&text));
                    warnings.add(at(place, ["$ref"]), message);
                    node.retain(|key, _| key == "description");
                }
                return;
            }
            for (key, inner) in node.iter_mut() {
                match (key.as_str(), inner) {
                    // Examples and defaults may contain anything.
                    ("example" | "examples" | "default" | "enum", _) => {}
                    // A property may be called `$ref`.
                    ("properties", Value::Object(properties)) => {
                        each(properties, &at(place, ["properties"]), known, warnings);
                    }
                    // The event union names its members a second time.
                    ("discriminator", _) => {}
                    (_, inner) => mend(inner, &at(place, [key]), known, warnings),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                mend(item, &at(place, [&index.to_string()]), known, warnings);
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
        mend(property, &at(place, [name]), known, warnings);
    }
}

/// Returns why a reference leads nowhere, and what to do.
fn why_broken(reference: &str) -> String {
    let file = reference.split('#').next().unwrap_or_default();
    if file.contains("://") || file.starts_with("//") {
        return format!(
            "{reference} is not read, since documents are not downloaded; save it beside the document and refer to the file"
        );
    }
    let is_outside = file.starts_with('/')
        || file.contains(['\\', ':'])
        || file.split('/').any(|part| part == "..");
    if is_outside {
        return format!(
            "nothing is at {reference}; only files in the folder of the document or below are read"
        );
    }
    format!("nothing is at {reference}")
}

fn leads_to(reference: &Value, known: &BTreeSet<String>) -> bool {
    reference.as_str().and_then(reference_name).is_some_and(|name| known.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inline_pointers(schema: &mut Value, root: &Value) {
        Pointers::of(root).inline(schema);
    }

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
        // A reference to itself becomes a component.
        let mut circle = json!({ "$ref": "#/loop" });
        let mut pointers = Pointers::of(&root);
        pointers.inline(&mut circle);
        let looped = json!({ "items": { "$ref": "#/components/schemas/loop" } });
        assert_eq!(circle, looped);
        let made = pointers.next_component().unwrap();
        assert_eq!(made, ("loop".to_owned(), "/loop".to_owned(), looped));
        assert_eq!(pointers.next_component(), None);
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
