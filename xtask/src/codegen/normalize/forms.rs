//! Separates form bodies. A form is sent in parts and not as JSON, so its object must not be used
//! elsewhere.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use stream_spec::{Document, Located, at, reference_name, references_in};

/// Gives each form its own object.
pub(super) fn run(document: &mut Document) {
    let mut used: BTreeSet<String> =
        document.schemas.values().flat_map(|schema| references_in(&schema.value)).collect();
    for operation in document.operations.values() {
        let operation = &operation.value;
        used.insert(operation.response.clone());
        used.extend(operation.parameters.iter().flat_map(|one| references_in(&one.schema)));
        let body = operation.body.iter().filter(|body| !body.multipart);
        used.extend(body.map(|body| body.schema.clone()));
    }
    for operation in document.operations.values_mut() {
        let Some(body) = operation.value.body.as_mut().filter(|body| body.multipart) else {
            continue;
        };
        let Some(schema) = document.schemas.get(&body.schema) else { continue };
        let properties = schema.value.get("properties").and_then(Value::as_object);
        let is_object = properties.is_some_and(|properties| !properties.is_empty());
        if is_object && !used.contains(&body.schema) {
            continue;
        }
        let mut value = schema.value.clone();
        for _ in 0..document.schemas.len() {
            let target = value.get("$ref").and_then(Value::as_str).and_then(reference_name);
            match target.and_then(|name| document.schemas.get(name)) {
                Some(target) => value = target.value.clone(),
                None => break,
            }
        }
        let properties = value.get("properties").and_then(Value::as_object);
        if properties.is_none_or(Map::is_empty) {
            let message = format!("the form {} lists no fields; left out", body.schema);
            document.warnings.add(at(&operation.place, ["requestBody"]), message);
            operation.value.body = None;
            continue;
        }
        let mut name = format!("{}Form", body.schema);
        while document.schemas.contains_key(&name) {
            name.push('2');
        }
        if let Some(module) = document.modules.get(&body.schema).cloned() {
            document.modules.insert(name.clone(), module);
        }
        let place = schema.place.clone();
        document.schemas.insert(name.clone(), Located { value, place });
        body.schema = name;
    }
}
