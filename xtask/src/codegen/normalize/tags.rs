//! Finds the member that tells the branches of a union apart.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::alternatives::UNION;
use super::unions::{Components, resolved};
use stream_spec::{Document, reference_name};

/// Marks a union whose branches are told apart by a member.
pub(in crate::codegen) const TAG: &str = "x-union-tag";

/// The member that tells the branches apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tags {
    name: String,
    /// The values for each branch; empty for one that is not an object.
    pub(super) values: Vec<Vec<String>>,
}

impl Tags {
    pub(super) fn to_json(&self) -> Value {
        json!({ "name": self.name, "values": self.values })
    }
}

/// Returns the member of a discriminator, or else one with different constants in all objects.
pub(super) fn of(
    branches: &[Map<String, Value>],
    discriminator: Option<&Value>,
    components: &Components,
) -> Option<Tags> {
    let objects: Vec<Option<Map<String, Value>>> = branches
        .iter()
        .map(|branch| {
            let node = resolved(branch, components, 0)?;
            node.contains_key("properties").then_some(node)
        })
        .collect();
    let named = discriminator.and_then(|all| all.get("propertyName")?.as_str());
    if let Some(name) = named.filter(|name| !name.is_empty()) {
        let mapping = discriminator.and_then(|all| all.get("mapping")?.as_object());
        let values = branches.iter().zip(&objects).map(|(branch, object)| {
            by_discriminator(name, mapping, branch, object.as_ref(), components)
        });
        return Tags { name: name.to_owned(), values: values.collect() }.checked(&objects);
    }
    let known: Vec<&Map<String, Value>> = objects.iter().flatten().collect();
    if known.len() < 2 {
        return None;
    }
    let properties = known.first()?.get("properties")?.as_object()?;
    let mut names: Vec<&String> = properties.keys().collect();
    // The usual names come first, then what is always there.
    names.sort_by_key(|name| {
        let is_required = known.iter().all(|object| {
            let required = object.get("required").and_then(Value::as_array);
            required.is_some_and(|required| required.iter().any(|other| other == *name))
        });
        (!["type", "kind"].contains(&name.as_str()), !is_required, *name)
    });
    names.into_iter().find_map(|name| {
        let values = objects.iter().map(|object| {
            object.as_ref().map(|object| constants(object, name, components)).unwrap_or_default()
        });
        Tags { name: name.clone(), values: values.collect() }.checked(&objects)
    })
}

impl Tags {
    /// Returns the tags if each object has values, and none of them is that of another.
    fn checked(mut self, objects: &[Option<Map<String, Value>>]) -> Option<Self> {
        let mut seen = BTreeSet::new();
        for values in &mut self.values {
            values.retain(|value| seen.insert(value.clone()));
        }
        let mut all = self.values.iter().zip(objects);
        all.all(|(values, object)| object.is_some() != values.is_empty()).then_some(self)
    }
}

/// Returns the values of a branch: those of the mapping and of its own schema, or else its name.
fn by_discriminator(
    tag: &str,
    mapping: Option<&Map<String, Value>>,
    branch: &Map<String, Value>,
    object: Option<&Map<String, Value>>,
    components: &Components,
) -> Vec<String> {
    // A branch that is combined with others is called after its own schema.
    let name = branch.get("$ref").and_then(Value::as_str).and_then(reference_name).or_else(|| {
        let parts = branch.get("allOf").and_then(Value::as_array);
        parts?.last()?.get("$ref")?.as_str().and_then(reference_name)
    });
    let Some(object) = object else { return Vec::new() };
    let targets = mapping.into_iter().flatten();
    let mapped = targets.filter(|(_, target)| {
        let target = target.as_str().unwrap_or_default();
        name.is_some() && (reference_name(target) == name || last(target) == name)
    });
    let mut values: Vec<String> = mapped.map(|(value, _)| value.clone()).collect();
    for value in constants(object, tag, components) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    if values.is_empty() {
        values.extend(name.map(str::to_owned));
    }
    values
}

/// Returns the name at the end of a target that is not a reference: `cat.json` is `cat`.
fn last(target: &str) -> Option<&str> {
    let last = target.rsplit(['/', '#']).next()?;
    ["json", "yaml", "yml"]
        .iter()
        .find_map(|form| last.strip_suffix(form)?.strip_suffix('.'))
        .or(Some(last))
}

/// Returns the values that a member can have, if the schema lists them.
fn constants(object: &Map<String, Value>, name: &str, components: &Components) -> Vec<String> {
    let property = object.get("properties").and_then(|all| all.get(name)?.as_object());
    let Some(property) = property.and_then(|node| resolved(node, components, 0)) else {
        return Vec::new();
    };
    let listed = property.get("enum").and_then(Value::as_array).cloned();
    let only = property.get("const").map(|only| vec![only.clone()]);
    let values = listed.or(only).unwrap_or_default();
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    values.iter().filter_map(text).collect()
}

/// Declares the tag in each branch with several values that lacks it, so that the value is not
/// lost.
pub(super) fn declare(document: &mut Document) {
    let mut missing: Vec<(String, String)> = Vec::new();
    for schema in document.schemas.values() {
        let Some(tag) = schema.value.get(TAG) else { continue };
        let name = tag.get("name").and_then(Value::as_str).unwrap_or_default();
        let list =
            |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let branches = list(schema.value.get(UNION)).into_iter().zip(list(tag.get("values")));
        for (branch, values) in branches {
            let target = branch.get("$ref").and_then(Value::as_str).and_then(reference_name);
            if let Some(target) = target.filter(|_| list(Some(&values)).len() > 1) {
                missing.push((target.to_owned(), name.to_owned()));
            }
        }
    }
    for (mut owner, name) in missing {
        // There are at most as many steps as components.
        for _ in 0..document.schemas.len() {
            let Some(schema) = document.schemas.get_mut(&owner) else { break };
            if let Some(Value::Object(properties)) = schema.value.get_mut("properties") {
                properties.entry(name).or_insert_with(|| json!({ "type": "string" }));
                break;
            }
            let target = schema.value.get("$ref").and_then(Value::as_str).and_then(reference_name);
            let Some(target) = target.map(str::to_owned) else { break };
            owner = target;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_all(discriminator: Value, branches: &[&str]) -> Option<Tags> {
        let object = |properties: Value| json!({ "type": "object", "properties": properties });
        let components = json!({
            "Cat": object(json!({ "kind": { "type": "string", "enum": ["cat", "kitten"] }, "lives": {} })),
            "Dog": object(json!({ "kind": { "const": "dog" } })),
            "Fish": object(json!({ "kind": { "type": "string" } })),
            "Yes": object(json!({ "ok": { "type": "boolean", "const": true } })),
            "No": object(json!({ "ok": { "type": "boolean", "enum": [false] } })),
            "Text": { "type": "string" },
        });
        let components: Components = components.as_object().unwrap().clone().into_iter().collect();
        let reference = |name: &&str| {
            let node = json!({ "$ref": format!("#/components/schemas/{name}") });
            node.as_object().unwrap().clone()
        };
        let branches: Vec<Map<String, Value>> = branches.iter().map(reference).collect();
        of(&branches, Some(&discriminator).filter(|value| value.is_object()), &components)
    }

    #[test]
    fn constants_tell_branches_apart() {
        let tags = of_all(Value::Null, &["Cat", "Text", "Dog"]).unwrap();
        assert_eq!(tags.name, "kind");
        assert_eq!(tags.values, [vec!["cat", "kitten"], vec![], vec!["dog"]]);
        let tags = of_all(Value::Null, &["Yes", "No"]).unwrap();
        assert_eq!(
            (tags.name.as_str(), tags.values),
            ("ok", vec![vec!["true".to_owned()], vec!["false".to_owned()]])
        );
        assert_eq!(of_all(Value::Null, &["Cat", "Fish"]), None);
        assert_eq!(of_all(Value::Null, &["Cat", "Text"]), None);
    }

    #[test]
    fn a_discriminator_maps_values_or_names_to_branches() {
        let mapping =
            json!({ "f": "#/components/schemas/Fish", "trout": "Fish", "d": "./Dog.yaml" });
        let discriminator = json!({ "propertyName": "kind", "mapping": mapping });
        let tags = of_all(discriminator, &["Cat", "Dog", "Fish"]).unwrap();
        assert_eq!(tags.values, [vec!["cat", "kitten"], vec!["d", "dog"], vec!["f", "trout"]]);
        let named = json!({ "propertyName": "type" });
        assert_eq!(of_all(named.clone(), &["Cat", "Dog"]).unwrap().values, [["Cat"], ["Dog"]]);
        // The same branch twice has no values left.
        assert_eq!(of_all(named, &["Cat", "Cat"]), None);
    }
}
