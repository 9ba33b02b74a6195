//! Turns a base schema with a discriminator into a union of the schemas that extend it.
//!
//! In the form that OpenAPI calls inheritance, the base is an object with a `discriminator`, and
//! each variant is `allOf` the base and its own properties. A reference to the base means any
//! variant. The base may also list its variants as `oneOf`, and would then contain itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::codegen::identifiers::type_name;
use stream_spec::{Document, Located, reference_name};

/// Gives each base that has variants an object of its own, and makes it their union.
pub(super) fn run(document: &mut Document) {
    let extends = extends(document);
    let bases: Vec<String> = document
        .schemas
        .iter()
        .filter(|(_, schema)| schema.value.get("discriminator").is_some_and(Value::is_object))
        .filter(|(_, schema)| schema.value.get("properties").is_some_and(Value::is_object))
        .map(|(name, _)| name.clone())
        .collect();
    let mut taken: BTreeSet<String> = document.schemas.keys().map(|name| type_name(name)).collect();
    for base in bases {
        split(document, &base, &extends, &mut taken);
    }
}

/// Returns the schemas that are `allOf` each schema, directly.
fn extends(document: &Document) -> BTreeMap<String, BTreeSet<String>> {
    let mut extends: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, schema) in &document.schemas {
        let parts = schema.value.get("allOf").and_then(Value::as_array).into_iter().flatten();
        for base in parts.filter_map(|part| part.get("$ref")?.as_str().and_then(reference_name)) {
            extends.entry(base.to_owned()).or_default().insert(name.clone());
        }
    }
    extends
}

fn split(
    document: &mut Document,
    base: &str,
    extends: &BTreeMap<String, BTreeSet<String>>,
    taken: &mut BTreeSet<String>,
) {
    let mut extending: BTreeSet<&String> = BTreeSet::new();
    let mut open: Vec<&String> = extends.get(base).into_iter().flatten().collect();
    while let Some(name) = open.pop() {
        if name != base && extending.insert(name) {
            open.extend(extends.get(name).into_iter().flatten());
        }
    }
    if extending.is_empty() {
        return;
    }
    let Some(schema) = document.schemas.get_mut(base) else { return };
    let Value::Object(node) = &mut schema.value else { return };
    let listed = ["oneOf", "anyOf"].into_iter().find_map(|key| node.get(key).cloned());
    let has_mapping = node.get("discriminator").is_some_and(|all| all.get("mapping").is_some());
    let mut new = type_name(&format!("{base} base"));
    while !taken.insert(new.clone()) {
        new.push('2');
    }
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut variants: Vec<Value> = extending.iter().map(|name| reference(name)).collect();
    // Without a mapping, the base is told by its own name.
    if !has_mapping {
        variants.push(reference(&new));
    }
    let mut union = Map::new();
    for key in ["description", "discriminator"] {
        union.extend(node.get(key).cloned().map(|value| (key.to_owned(), value)));
    }
    union.insert("oneOf".to_owned(), listed.unwrap_or(Value::Array(variants)));
    if let Some(discriminator) = union.get_mut("discriminator").and_then(Value::as_object_mut) {
        let own = format!("#/components/schemas/{base}");
        match discriminator.get_mut("mapping").and_then(Value::as_object_mut) {
            Some(mapping) => {
                for target in mapping.values_mut() {
                    if target == &own || target == base {
                        *target = format!("#/components/schemas/{new}").into();
                    }
                }
            }
            None => {
                let mapping = json!({ base: format!("#/components/schemas/{new}") });
                discriminator.insert("mapping".to_owned(), mapping);
            }
        }
    }
    let mut own = std::mem::replace(node, union);
    own.retain(|key, _| !["oneOf", "anyOf", "discriminator"].contains(&key.as_str()));
    let place = schema.place.clone();
    document.schemas.insert(new.clone(), Located { value: own.into(), place });
    if let Some(module) = document.modules.get(base).cloned() {
        document.modules.insert(new.clone(), module);
    }
    let names: Vec<String> = extends.get(base).into_iter().flatten().cloned().collect();
    for name in names {
        let parts = document
            .schemas
            .get_mut(&name)
            .and_then(|schema| schema.value.get_mut("allOf").and_then(Value::as_array_mut));
        for part in parts.into_iter().flatten() {
            let target = part.get("$ref").and_then(Value::as_str).and_then(reference_name);
            if target == Some(base) {
                *part = reference(&new);
            }
        }
    }
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
    fn what_extends_a_base_is_a_variant_of_it() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let properties = json!({ "kind": { "type": "string" } });
        let cat = json!({ "allOf": [reference("Pet"), { "properties": {} }] });
        let tiger = json!({ "allOf": [reference("Cat"), { "properties": {} }] });
        let mut document = document(json!({
            "Pet": { "type": "object", "properties": properties, "discriminator": { "propertyName": "kind" } },
            "Cat": cat, "Tiger": tiger, "PetBase": {},
            "Alone": { "properties": properties, "discriminator": { "propertyName": "kind" } },
        }));
        run(&mut document);
        let value = |name: &str| &document.schemas[name].value;
        assert_eq!(
            value("Pet"),
            &json!({
                "oneOf": [reference("Cat"), reference("Tiger"), reference("PetBase2")],
                "discriminator": { "propertyName": "kind", "mapping": { "Pet": "#/components/schemas/PetBase2" } },
            })
        );
        assert_eq!(value("PetBase2"), &json!({ "type": "object", "properties": properties }));
        assert_eq!(value("Cat")["allOf"][0], reference("PetBase2"));
        assert_eq!(value("Tiger")["allOf"][0], reference("Cat"));
        assert!(value("Alone").get("properties").is_some());
    }

    #[test]
    fn a_base_that_lists_its_variants_does_not_contain_itself() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let mut document = document(json!({
            "Pet": { "properties": { "kind": {} }, "oneOf": [reference("Cat")],
                "discriminator": { "propertyName": "kind", "mapping": { "c": "Cat" } } },
            "Cat": { "allOf": [reference("Pet"), { "properties": {} }] },
        }));
        run(&mut document);
        assert_eq!(
            document.schemas["Pet"].value,
            json!({ "oneOf": [reference("Cat")],
                "discriminator": { "propertyName": "kind", "mapping": { "c": "Cat" } } })
        );
        assert_eq!(document.schemas["Cat"].value["allOf"][0], reference("PetBase"));
    }
}
