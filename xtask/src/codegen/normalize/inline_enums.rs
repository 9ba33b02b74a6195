//! Turns inline enums into components.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::codegen::identifiers::{RESERVED, type_name};
use stream_spec::{Document, Located, Words};

/// The names of the new enums, and their modules.
pub(crate) struct HoistedEnums {
    pub(crate) modules: BTreeMap<String, String>,
    pub(crate) descriptions: BTreeMap<String, String>,
}

/// The place of an inline enum.
struct Use {
    /// `Schema.property` or `operation:parameter`.
    key: String,
    property: String,
    module: String,
}

/// Creates a component for each set of values of the inline enums.
///
/// typify would create a type for each of the 129 properties, which have 57 sets of values.
pub(super) fn hoist(document: &mut Document, words: &Words) -> HoistedEnums {
    // Places of an enum with values of their own.
    let also = |key: &str| {
        let mut enums = words.enums.iter();
        enums.find(|(_, words)| words.also.iter().any(|place| place == key)).map(|(name, _)| name)
    };
    let mut uses: BTreeMap<BTreeSet<String>, Vec<Use>> = BTreeMap::new();
    let mut more: BTreeMap<&String, Vec<BTreeSet<String>>> = BTreeMap::new();
    visit(document, &mut |value, key, property, module| {
        if let Some(values) = inline_values(value) {
            if let Some(name) = also(key) {
                more.entry(name).or_default().push(values);
                return;
            }
            uses.entry(values).or_default().push(Use {
                key: key.to_owned(),
                property: property.to_owned(),
                module: module.to_owned(),
            });
        }
    });
    let named: BTreeMap<&str, &str> =
        words.enums.iter().map(|(name, words)| (words.of.as_str(), name.as_str())).collect();
    let mut taken: BTreeSet<String> = document
        .schemas
        .keys()
        .chain(document.operations.keys())
        .map(|name| type_name(name))
        .chain(RESERVED.iter().map(|name| (*name).to_owned()))
        .collect();
    let mut names: BTreeMap<BTreeSet<String>, String> = BTreeMap::new();
    for (values, uses) in &uses {
        let mut known = uses.iter().filter_map(|used| named.get(used.key.as_str()));
        // In a newer document, a schema may already have the name, or one set may have become two.
        if let Some(name) = known.find(|name| taken.insert((**name).to_owned())) {
            names.insert(values.clone(), (*name).to_owned());
        }
    }
    let mut hoisted = HoistedEnums { modules: BTreeMap::new(), descriptions: BTreeMap::new() };
    for (values, uses) in &uses {
        let Some(first) = uses.first() else { continue };
        let name = names.entry(values.clone()).or_insert_with(|| {
            let short = type_name(&first.property);
            let long = format!(
                "{} {}",
                first.key.split(['.', ':']).next().unwrap_or_default(),
                first.property
            );
            let long = type_name(&long);
            let numbered = (2..).map(|number| format!("{long}{number}"));
            [short, long.clone()]
                .into_iter()
                .chain(numbered)
                .find(|name| taken.insert(name.clone()))
                .unwrap_or(long)
        });
        let mut module = first.module.clone();
        if let Some(words) = words.enums.get(name.as_str()) {
            hoisted.descriptions.insert(name.clone(), words.description.clone());
            // A document of one file has no such modules.
            if let Some(chosen) = words.module.as_ref().filter(|_| module.contains('/')) {
                module.clone_from(chosen);
            }
        }
        hoisted.modules.insert(name.clone(), module);
        let values = together(values, more.get(name).map_or(&[], Vec::as_slice));
        let place = format!("{}: enum", first.key);
        let value = json!({ "type": "string", "enum": values });
        document.schemas.insert(name.clone(), Located { value, place });
    }
    visit(document, &mut |value, key, _, _| {
        let name = inline_values(value).and_then(|values| {
            let also = also(key).filter(|name| hoisted.modules.contains_key(*name));
            also.or_else(|| names.get(&values))
        });
        if let (Some(name), Value::Object(node)) = (name, value) {
            node.retain(|key, _| key == "description");
            node.insert("$ref".to_owned(), format!("#/components/schemas/{name}").into());
        }
    });
    hoisted
}

/// Returns the values of all places, first those that every place has.
fn together<'a>(values: &'a BTreeSet<String>, more: &'a [BTreeSet<String>]) -> Vec<&'a String> {
    let is_common = |value: &&String| more.iter().all(|others| others.contains(*value));
    let mut all: Vec<&String> = values.iter().filter(is_common).collect();
    for value in values.iter().chain(more.iter().flatten()) {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

fn inline_values(value: &Value) -> Option<BTreeSet<String>> {
    let values = value.get("enum")?.as_array()?;
    values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Visits every property and parameter with its nested schemas: value, key, property, module.
fn visit(document: &mut Document, visitor: &mut dyn FnMut(&mut Value, &str, &str, &str)) {
    for (name, schema) in &mut document.schemas {
        let module = document.modules.get(name).map_or("", String::as_str);
        let properties = schema.value.get_mut("properties").and_then(Value::as_object_mut);
        for (property, value) in properties.into_iter().flatten() {
            visit_nested(value, &format!("{name}.{property}"), property, module, visitor);
        }
    }
    for operation in document.operations.values_mut() {
        let operation = &mut operation.value;
        for parameter in &mut operation.parameters {
            let key = format!("{}:{}", operation.id, parameter.name);
            visit_nested(&mut parameter.schema, &key, &parameter.name, &operation.module, visitor);
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

#[cfg(test)]
mod tests {
    use super::*;
    use stream_spec::EnumWords;

    #[test]
    fn a_value_in_one_place_does_not_make_two_types_of_one() {
        let kind = |values: &[&str]| json!({ "type": "string", "enum": values });
        let object = |properties: Value| json!({ "type": "object", "properties": properties });
        let mut document = Document::default();
        for (name, value) in [
            ("A", object(json!({ "kind": kind(&["x", "y"]), "other": kind(&["z"]) }))),
            (
                "B",
                object(json!({ "kinds": { "type": "array", "items": kind(&["x", "y", "new"]) } })),
            ),
        ] {
            document.schemas.insert(name.to_owned(), Located { value, place: name.to_owned() });
        }
        let mut words = Words::default();
        words.enums.insert(
            "Named".to_owned(),
            EnumWords {
                of: "A.kind".to_owned(),
                also: vec!["B.kinds".to_owned()],
                module: None,
                description: "Described.".to_owned(),
            },
        );
        hoist(&mut document, &words);
        let named = json!({ "$ref": "#/components/schemas/Named" });
        assert_eq!(document.schemas["Named"].value["enum"], json!(["x", "y", "new"]));
        assert_eq!(document.schemas["A"].value["properties"]["kind"], named);
        assert_eq!(document.schemas["B"].value["properties"]["kinds"]["items"], named);
        assert_eq!(document.schemas["Other"].value["enum"], json!(["z"]));
        assert_eq!(document.schemas.len(), 4);
    }
}
