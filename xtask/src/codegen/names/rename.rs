//! Renames schemas and the references to them.

use std::collections::BTreeMap;

use serde_json::Value;

use stream_spec::Document;

/// Renames schemas and all references to them. `renaming` maps old names to new ones.
pub(super) fn rename_references(
    document: &mut Document,
    events: &mut BTreeMap<String, String>,
    renaming: &BTreeMap<String, String>,
) {
    if renaming.is_empty() {
        return;
    }
    let rename = |name: &mut String| {
        if let Some(new) = renaming.get(name) {
            name.clone_from(new);
        }
    };
    document.schemas = std::mem::take(&mut document.schemas)
        .into_iter()
        .map(|(mut name, mut schema)| {
            rename(&mut name);
            rename_in(&mut schema.value, renaming);
            (name, schema)
        })
        .collect();
    document.modules = std::mem::take(&mut document.modules)
        .into_iter()
        .map(|(mut name, module)| {
            rename(&mut name);
            (name, module)
        })
        .collect();
    for operation in document.operations.values_mut() {
        let operation = &mut operation.value;
        operation.body.iter_mut().for_each(|body| rename(&mut body.schema));
        rename(&mut operation.response);
        for parameter in &mut operation.parameters {
            rename_in(&mut parameter.schema, renaming);
        }
    }
    events.values_mut().for_each(rename);
}

fn rename_in(value: &mut Value, renaming: &BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            let new = object
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(stream_spec::reference_name)
                .and_then(|name| renaming.get(name));
            if let Some(new) = new {
                let reference = format!("#/components/schemas/{new}");
                object.insert("$ref".to_owned(), reference.into());
            }
            object.values_mut().for_each(|value| rename_in(value, renaming));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_in(item, renaming)),
        _ => {}
    }
}
