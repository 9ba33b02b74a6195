//! The schema in `spec/` is complete and consistent.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

#[test]
fn nothing_of_the_files_is_lost() {
    let document = stream_spec::own().unwrap();
    let mut operations = 0;
    let mut schemas = 0;
    for part in stream_spec::parts(&stream_spec::workspace_root().join("spec")).unwrap() {
        let members = |pointer| {
            let found = part.value.pointer(pointer).and_then(Value::as_object);
            found.into_iter().flat_map(|members| members.values())
        };
        let methods = members("/paths").filter_map(Value::as_object).flat_map(|path| path.values());
        operations += methods.filter(|method| method.get("operationId").is_some()).count();
        schemas += members("/components/schemas").count();
    }
    assert_ne!(operations, 0);
    assert_eq!(document.operations.len(), operations);
    assert_ne!(schemas, 0);
    assert_eq!(document.schemas.len(), schemas);
}

#[test]
fn every_event_type_has_its_schema() {
    let document = stream_spec::own().unwrap();
    let mapping = document.schemas["WHEvent"].value.pointer("/discriminator/mapping").unwrap();
    let mapping = mapping.as_object().unwrap();
    assert!(!mapping.is_empty());
    for (event, target) in mapping {
        let name = stream_spec::reference_name(target.as_str().unwrap()).unwrap();
        let schema = &document.schemas[name].value;
        assert!(schema.pointer("/properties/type").is_some(), "{event}");
        assert_eq!(schema["x-stream-is-event"], true, "{event}");
    }
}

#[test]
fn filters_and_sorts_are_there() {
    let document = stream_spec::own().unwrap();
    let mut counts = BTreeMap::<&str, usize>::new();
    for schema in document.schemas.values() {
        for (_, property) in properties(&schema.value) {
            for key in
                ["x-stream-filter-fields", "x-stream-sort-fields", "x-stream-sort-combinations"]
            {
                let entries = property.get(key).map_or(0, |entries| {
                    entries.as_object().map_or_else(
                        || entries.as_array().map_or(0, Vec::len),
                        serde_json::Map::len,
                    )
                });
                *counts.entry(key).or_default() += entries;
            }
        }
    }
    assert!(counts.values().all(|count| *count > 0), "{counts:?}");
    assert_eq!(counts.len(), 3, "{counts:?}");
}

#[test]
fn everything_has_a_description() {
    let document = stream_spec::own().unwrap();
    let words = stream_spec::Words::load(&stream_spec::workspace_root().join("spec")).unwrap();
    let mut missing = BTreeSet::new();
    for operation in document.operations.values() {
        if operation.value.summary.is_empty() || operation.value.description.is_empty() {
            missing.insert(operation.place.clone());
        }
        for parameter in &operation.value.parameters {
            if parameter.description.is_none() && !words.parameters.contains_key(&parameter.name) {
                missing.insert(format!("{}.{}", operation.place, parameter.name));
            }
        }
    }
    for (name, schema) in &document.schemas {
        if schema.value.get("description").is_none() {
            missing.insert(schema.place.clone());
        }
        for (field, property) in properties(&schema.value) {
            if property.get("description").is_none() && !words.fields.contains_key(field) {
                missing.insert(format!("{name}.{field}"));
            }
        }
    }
    assert!(missing.is_empty(), "without a description: {missing:#?}");
}

#[test]
fn the_glossary_has_no_dead_entry() {
    let document = stream_spec::own().unwrap();
    let words = stream_spec::Words::load(&stream_spec::workspace_root().join("spec")).unwrap();
    let fields: BTreeSet<&str> = document
        .schemas
        .values()
        .flat_map(|schema| properties(&schema.value).map(|(name, _)| name.as_str()))
        .collect();
    let dead: Vec<_> = words.fields.keys().filter(|name| !fields.contains(name.as_str())).collect();
    assert!(dead.is_empty(), "{dead:?}");
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}
