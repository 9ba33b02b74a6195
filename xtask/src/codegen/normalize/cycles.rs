//! Breaks types without an end: an alias of itself, and an object that requires itself.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use super::alternatives::UNION;
use crate::codegen::cycles::{Cycles, Links};
use stream_spec::{Document, at, reference_name, references_in};

/// Breaks each cycle where it is found first.
pub(super) fn run(document: &mut Document) {
    aliases(document);
    required(document);
}

/// Returns whether a component is an alias of a type that is defined elsewhere.
fn is_alias(schema: &Value) -> bool {
    let is_type = ["enum", UNION].iter().any(|key| schema.get(*key).is_some());
    !is_type && !schema.get("properties").is_some_and(Value::is_object)
}

fn aliases(document: &mut Document) {
    let links: Links = document
        .schemas
        .iter()
        .filter(|(_, schema)| is_alias(&schema.value))
        .map(|(name, schema)| (name.clone(), references_in(&schema.value)))
        .collect();
    let mut open = vec![links];
    while let Some(links) = open.pop() {
        let cycles = Cycles::of(&links);
        let mut groups: BTreeMap<usize, Links> = BTreeMap::new();
        for (name, mut targets) in links {
            targets.retain(|target| cycles.join(&name, target));
            if let Some(group) = cycles.group(&name).filter(|_| !targets.is_empty()) {
                groups.entry(group).or_default().insert(name, targets);
            }
        }
        for mut group in groups.into_values() {
            let Some((name, _)) = group.pop_first() else { continue };
            if let Some(schema) = document.schemas.get_mut(&name) {
                document.warnings.add(&*schema.place, "stands for itself; taken as any JSON");
                schema.value = json!({});
            }
            for targets in group.values_mut() {
                targets.remove(&name);
            }
            open.push(group);
        }
    }
}

/// A field that an object must have, and the object that it holds.
struct Edge {
    owner: String,
    property: String,
    target: String,
}

/// Breaks cycles of required fields, since such an object has no default and cannot be decoded.
fn required(document: &mut Document) {
    let mut open = vec![required_fields(document)];
    while let Some(edges) = open.pop() {
        let mut links = Links::new();
        for edge in &edges {
            links.entry(edge.owner.clone()).or_default().insert(edge.target.clone());
        }
        let cycles = Cycles::of(&links);
        let mut groups: BTreeMap<usize, VecDeque<Edge>> = BTreeMap::new();
        for edge in edges.into_iter().filter(|edge| cycles.join(&edge.owner, &edge.target)) {
            let group = cycles.group(&edge.owner).unwrap_or_default();
            groups.entry(group).or_default().push_back(edge);
        }
        for mut group in groups.into_values() {
            if let Some(first) = group.pop_front() {
                make_optional(document, &first);
                open.push(group.into());
            }
        }
    }
}

/// Returns the fields that hold an object and must be there.
fn required_fields(document: &Document) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (owner, schema) in &document.schemas {
        let properties = schema.value.get("properties").and_then(Value::as_object);
        let required = schema.value.get("required").and_then(Value::as_array);
        for property in required.into_iter().flatten().filter_map(Value::as_str) {
            let held = properties.and_then(|all| all.get(property));
            if let Some(target) = held.and_then(|schema| target(document, schema)) {
                edges.push(Edge { owner: owner.clone(), property: property.to_owned(), target });
            }
        }
    }
    edges
}

fn make_optional(document: &mut Document, Edge { owner, property, .. }: &Edge) {
    let Some(schema) = document.schemas.get_mut(owner) else { return };
    let place = at(&schema.place, ["properties", property]);
    document.warnings.add(place, "required, and holds its owner; taken as optional");
    if let Some(Value::Array(required)) = schema.value.get_mut("required") {
        required.retain(|other| other != &Value::from(property.as_str()));
    }
}

/// Returns the object that a schema refers to, through aliases.
fn target(document: &Document, schema: &Value) -> Option<String> {
    let mut schema = schema;
    // There are at most as many steps as components.
    for _ in 0..=document.schemas.len() {
        let name = schema.get("$ref")?.as_str().and_then(reference_name)?;
        schema = &document.schemas.get(name)?.value;
        if schema.get("properties").is_some() {
            return Some(name.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use stream_spec::Located;

    fn document(schemas: Value) -> Document {
        let mut document = Document::default();
        for (name, value) in schemas.as_object().unwrap() {
            let located = Located { value: value.clone(), place: name.clone() };
            document.schemas.insert(name.clone(), located);
        }
        document
    }

    #[test]
    fn an_alias_of_itself_becomes_any_json() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let mut document = document(json!({
            "A": reference("B"), "B": { "type": "array", "items": reference("A") },
            "C": { "type": "array", "items": reference("C") },
            "D": { "type": "array", "items": reference("E") },
            "E": { "type": "object", "properties": { "d": reference("D") } },
        }));
        run(&mut document);
        assert_eq!(document.schemas["A"].value, json!({}));
        assert!(document.schemas["B"].value.get("items").is_some());
        assert_eq!(document.schemas["C"].value, json!({}));
        assert!(document.schemas["D"].value.get("items").is_some());
        assert_eq!(document.warnings.len(), 2);
    }

    #[test]
    fn what_must_hold_itself_need_not() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let object = |required: Value, properties: Value| json!({ "type": "object", "required": required, "properties": properties });
        let mut document = document(json!({
            "A": object(json!(["b", "x"]), json!({ "b": reference("Alias"), "x": {} })),
            "Alias": reference("B"),
            "B": object(json!(["a"]), json!({ "a": reference("A") })),
            "C": object(json!(["c"]), json!({ "c": reference("C") })),
            "D": object(json!(["d", "a"]), json!({ "d": { "type": "array", "items": reference("D") }, "a": reference("A") })),
        }));
        run(&mut document);
        assert_eq!(document.schemas["A"].value["required"], json!(["x"]));
        assert_eq!(document.schemas["B"].value["required"], json!(["a"]));
        assert_eq!(document.schemas["C"].value["required"], json!([]));
        assert_eq!(document.schemas["D"].value["required"], json!(["d", "a"]));
        assert_eq!(document.warnings.len(), 2);
    }
}
