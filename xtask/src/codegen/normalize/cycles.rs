//! Breaks types without an end: an alias of itself, and an object that requires itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use stream_spec::{Document, Located, reference_name, references_in};

/// Breaks each cycle where it is found first.
pub(super) fn run(document: &mut Document) {
    aliases(document);
    required(document);
}

/// Returns whether a component is an alias of a type that is defined elsewhere.
fn is_alias(schema: &Value) -> bool {
    !schema.get("properties").is_some_and(Value::is_object) && schema.get("enum").is_none()
}

fn aliases(document: &mut Document) {
    let mut links: Links = document
        .schemas
        .iter()
        .filter(|(_, schema)| is_alias(&schema.value))
        .map(|(name, schema)| (name.clone(), references_in(&schema.value)))
        .collect();
    let names: Vec<String> = links.keys().cloned().collect();
    for name in names {
        if reaches(&links, &name, &name)
            && let Some(schema) = document.schemas.get_mut(&name)
        {
            document.warnings.add(&*schema.place, "stands for itself; taken as any JSON");
            schema.value = json!({});
            links.remove(&name);
        }
    }
}

/// Breaks cycles of required fields, since such an object has no default and cannot be decoded.
fn required(document: &mut Document) {
    let mut links = Links::new();
    let mut edges = Vec::new();
    for (name, schema) in &document.schemas {
        let properties = schema.value.get("properties").and_then(Value::as_object);
        let required = schema.value.get("required").and_then(Value::as_array);
        for property in required.into_iter().flatten().filter_map(Value::as_str) {
            let held = properties.and_then(|all| all.get(property));
            if let Some(target) = held.and_then(|schema| target(document, schema)) {
                links.entry(name.clone()).or_default().insert(target.clone());
                edges.push((name.clone(), property.to_owned(), target));
            }
        }
    }
    for (name, property, target) in edges {
        if !reaches(&links, &target, &name) && target != name {
            continue;
        }
        let Some(schema) = document.schemas.get_mut(&name) else { continue };
        let place = format!("{}.properties.{property}", schema.place);
        document.warnings.add(place, "required, and holds its owner; taken as optional");
        if let Some(Value::Array(required)) = schema.value.get_mut("required") {
            required.retain(|other| other != &Value::from(property.as_str()));
        }
        let kept =
            document.schemas.get(&name).is_some_and(|schema| holds(schema, document, &target));
        if !kept && let Some(targets) = links.get_mut(&name) {
            targets.remove(&target);
        }
    }
}

/// Returns whether an object requires `target` in one of its fields.
fn holds(owner: &Located<Value>, document: &Document, target: &str) -> bool {
    let properties = owner.value.get("properties").and_then(Value::as_object);
    let required = owner.value.get("required").and_then(Value::as_array).into_iter().flatten();
    required.filter_map(Value::as_str).any(|name| {
        let held = properties.and_then(|all| all.get(name));
        held.and_then(|schema| self::target(document, schema)).is_some_and(|name| name == target)
    })
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

type Links = BTreeMap<String, BTreeSet<String>>;

/// Returns whether `to` can be reached from `from` in one step or more.
fn reaches(links: &Links, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        for next in links.get(name).into_iter().flatten() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(schemas: Value) -> Document {
        let mut document = Document::default();
        for (name, value) in schemas.as_object().unwrap() {
            let located = Located { value: value.clone(), place: name.clone() };
            document.schemas.insert(name.clone(), located);
        }
        document
    }

    #[test]
    fn an_alias_of_itself_is_any_json() {
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
