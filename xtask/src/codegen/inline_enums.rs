use anyhow::{Result, ensure};
use heck::ToUpperCamelCase;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use stream_spec::{Document, Located, Words};

/// What the hoisted enums are called and where they go.
pub(super) struct HoistedEnums {
    pub(super) modules: BTreeMap<String, String>,
    pub(super) descriptions: BTreeMap<String, String>,
}

/// A place at which an enum stands inline.
struct Use {
    /// `Schema.property` or `operation:parameter`.
    key: String,
    property: String,
    module: String,
}

/// Makes a component of every enum that stands inline, one for each set of values.
///
/// typify would make a type for each of the 129 properties; they have 57 sets of values.
pub(super) fn hoist(document: &mut Document, words: &Words) -> Result<HoistedEnums> {
    let mut uses: BTreeMap<BTreeSet<String>, Vec<Use>> = BTreeMap::new();
    visit(document, &mut |value, key, property, module| {
        if let Some(values) = inline_values(value) {
            uses.entry(values).or_default().push(Use {
                key: key.to_owned(),
                property: property.to_owned(),
                module: module.to_owned(),
            });
        }
    });
    let named: BTreeMap<&str, &str> = words
        .enums
        .iter()
        .map(|(name, words)| (words.of.as_str(), name.as_str()))
        .collect();
    let mut taken: BTreeSet<String> = document.schemas.keys().cloned().collect();
    let mut names: BTreeMap<BTreeSet<String>, String> = BTreeMap::new();
    for (values, uses) in &uses {
        if let Some(name) = uses.iter().find_map(|used| named.get(used.key.as_str())) {
            ensure!(
                taken.insert((*name).to_owned()),
                "enums.yaml: enums.{name}: the name is taken by a schema or named twice"
            );
            names.insert(values.clone(), (*name).to_owned());
        }
    }
    let mut hoisted = HoistedEnums {
        modules: BTreeMap::new(),
        descriptions: BTreeMap::new(),
    };
    for (values, uses) in &uses {
        let Some(first) = uses.first() else { continue };
        let name = names.entry(values.clone()).or_insert_with(|| {
            let short = first.property.to_upper_camel_case();
            let long = format!(
                "{} {}",
                first.key.split(['.', ':']).next().unwrap_or_default(),
                first.property
            );
            let long = long.to_upper_camel_case();
            let free = |name: &String| !taken.contains(name);
            let name = [short, long.clone()]
                .into_iter()
                .find(free)
                .unwrap_or_else(|| format!("{long}Value"));
            taken.insert(name.clone());
            name
        });
        hoisted.modules.insert(name.clone(), first.module.clone());
        if let Some(words) = words.enums.get(name.as_str()) {
            hoisted
                .descriptions
                .insert(name.clone(), words.description.clone());
        }
        let values: Vec<&String> = values.iter().collect();
        let place = format!("{}: enum", first.key);
        let value = json!({ "type": "string", "enum": values });
        document
            .schemas
            .insert(name.clone(), Located { value, place });
    }
    visit(document, &mut |value, _, _, _| {
        if let Some(name) = inline_values(value).and_then(|values| names.get(&values))
            && let Value::Object(node) = value
        {
            node.retain(|key, _| key == "description");
            node.insert(
                "$ref".to_owned(),
                format!("#/components/schemas/{name}").into(),
            );
        }
    });
    Ok(hoisted)
}

fn inline_values(value: &Value) -> Option<BTreeSet<String>> {
    let values = value.get("enum")?.as_array()?;
    values
        .iter()
        .map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// Visits every property and parameter with the schemas inside it: value, key, property, module.
fn visit(document: &mut Document, visitor: &mut dyn FnMut(&mut Value, &str, &str, &str)) {
    for (name, schema) in &mut document.schemas {
        let module = document.modules.get(name).map_or("", String::as_str);
        let properties = schema
            .value
            .get_mut("properties")
            .and_then(Value::as_object_mut);
        for (property, value) in properties.into_iter().flatten() {
            visit_nested(
                value,
                &format!("{name}.{property}"),
                property,
                module,
                visitor,
            );
        }
    }
    for operation in document.operations.values_mut() {
        let operation = &mut operation.value;
        for parameter in &mut operation.parameters {
            let key = format!("{}:{}", operation.id, parameter.name);
            visit_nested(
                &mut parameter.schema,
                &key,
                &parameter.name,
                &operation.module,
                visitor,
            );
        }
    }
}

fn visit_nested(
    value: &mut Value,
    key: &str,
    property: &str,
    module: &str,
    visitor: &mut dyn FnMut(&mut Value, &str, &str, &str),
) {
    visitor(value, key, property, module);
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = value.get_mut(inner) {
            visit_nested(inner, key, property, module, visitor);
        }
    }
}
