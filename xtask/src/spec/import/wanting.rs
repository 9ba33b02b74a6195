//! Marks items without a description or a method.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Modules;
use super::attic::Used;
use crate::spec::structure::{Structure, list};
use stream_spec::{Part, Verbs, WANTS_DESCRIPTION, WANTS_VERB, Words, at};

/// Marks the items without a description, neither their own nor in the glossary, and the operations
/// without a verb. Returns their places.
pub(super) fn mark(modules: &mut Modules, words: &Words, verbs: &Verbs) -> Vec<String> {
    let mut wanting = Vec::new();
    for (file, module) in modules {
        let root = stream_spec::root(&format!("{file}.yaml"));
        let mut marker = Marker { words, verbs, wanting: &mut wanting };
        for ((path, method), operation) in &mut module.operations {
            marker.operation(&at(&root, ["paths", path, method]), operation);
        }
        for (name, schema) in &mut module.schemas {
            marker.schema(&at(&root, ["components", "schemas", name]), schema);
        }
    }
    wanting
}

struct Marker<'a> {
    words: &'a Words,
    verbs: &'a Verbs,
    wanting: &'a mut Vec<String>,
}

impl Marker<'_> {
    fn operation(&mut self, place: &str, operation: &mut Value) {
        let Value::Object(node) = operation else {
            return;
        };
        if !node.contains_key("summary") || !node.contains_key("description") {
            self.want(place, node);
        }
        let id = node.get("operationId").and_then(Value::as_str).unwrap_or_default();
        if !self.verbs.has(id) {
            self.wanting.push(format!("{place}: a row in verbs.yaml"));
            node.insert(WANTS_VERB.to_owned(), true.into());
        }
        if let Some(Value::Array(parameters)) = node.get_mut("parameters") {
            let parameters = parameters.iter_mut().enumerate();
            for (index, parameter) in parameters {
                let Value::Object(parameter) = parameter else { continue };
                let name = parameter.get("name").and_then(Value::as_str);
                let name = name.unwrap_or_default().to_owned();
                let is_described = parameter.contains_key("description")
                    || self.words.parameters.contains_key(&name);
                if !is_described {
                    let place = at(place, ["parameters", &index.to_string()]);
                    self.want(&format!("{place} ({name})"), parameter);
                }
            }
        }
    }

    fn schema(&mut self, place: &str, schema: &mut Value) {
        let Value::Object(node) = schema else { return };
        if !node.contains_key("description") {
            self.want(place, node);
        }
        if let Some(Value::Object(properties)) = node.get_mut("properties") {
            for (name, property) in properties {
                let is_described =
                    property.get("description").is_some() || self.words.fields.contains_key(name);
                if let (false, Value::Object(property)) = (is_described, property) {
                    self.want(&at(place, ["properties", name]), property);
                }
            }
        }
    }

    fn want(&mut self, place: &str, node: &mut Map<String, Value>) {
        node.insert(WANTS_DESCRIPTION.to_owned(), true.into());
        self.wanting.push(place.to_owned());
    }
}

/// Removes unused names from the glossary, and moves the names of enums to the new places of their
/// values. Returns notes about the changes.
pub(super) fn tidy(parts: &mut [Part], before: &Structure, after: &Structure) -> Vec<String> {
    let mut notes = Vec::new();
    let gone = |names: fn(&Structure) -> BTreeSet<&str>| -> BTreeSet<String> {
        let after = names(after);
        let gone = names(before).into_iter().filter(|name| !after.contains(name));
        gone.map(str::to_owned).collect()
    };
    let (fields, parameters) = (gone(fields), gone(parameters));
    for part in parts {
        for (key, gone) in [("fields", &fields), ("parameters", &parameters)] {
            if let (None, Some(Value::Object(texts))) =
                (part.value.get("paths").cloned(), part.value.get_mut(key))
            {
                texts.retain(|name, _| {
                    let is_gone = gone.contains(name);
                    if is_gone {
                        notes.push(format!(
                            "glossary.yaml: {key}.{name} removed: nothing is called so"
                        ));
                    }
                    !is_gone
                });
            }
        }
        if let Some(Value::Object(enums)) = part.value.get_mut("enums") {
            let names = EnumNames { before: inline_enums(before), after: inline_enums(after) };
            names.settle(enums, &mut notes);
        }
    }
    notes
}

/// The places of enums without a name: the values by `Schema.property` or `operation:parameter`.
struct EnumNames {
    before: BTreeMap<String, BTreeSet<String>>,
    after: BTreeMap<String, BTreeSet<String>>,
}

impl EnumNames {
    fn settle(&self, enums: &mut Map<String, Value>, notes: &mut Vec<String>) {
        let mut named: BTreeSet<&BTreeSet<String>> = BTreeSet::new();
        let mut gone = Vec::new();
        for (name, words) in &mut *enums {
            let of = words.get("of").and_then(Value::as_str).unwrap_or_default();
            if let Some(values) = self.after.get(of) {
                named.insert(values);
                continue;
            }
            // A place that was not there before is not changed by the import.
            let Some(values) = self.before.get(of) else {
                continue;
            };
            let other = self.after.iter().find(|(_, others)| *others == values);
            match other {
                Some((place, values)) => {
                    named.insert(values);
                    notes.push(format!("enums.yaml: enums.{name}.of is {place} now"));
                    if let Value::Object(words) = words {
                        words.insert("of".to_owned(), place.clone().into());
                    }
                }
                None => gone.push(name.clone()),
            }
        }
        for name in gone {
            notes.push(format!("enums.yaml: enums.{name} removed: its values stand nowhere"));
            enums.remove(&name);
        }
        let also = self.keep_together(enums, notes);
        let known: BTreeSet<&BTreeSet<String>> = self.before.values().collect();
        let mut told = BTreeSet::new();
        for (place, values) in &self.after {
            let is_named = named.contains(values) || also.contains(place);
            if !known.contains(values) && !is_named && told.insert(values) {
                notes.push(format!("enums.yaml: the enum at {place} wants a name"));
            }
        }
    }
}

impl EnumNames {
    /// Adds the places to each enum whose values were the same and are others now, so that they
    /// keep its type. Returns all such places.
    fn keep_together(
        &self,
        enums: &mut Map<String, Value>,
        notes: &mut Vec<String>,
    ) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (name, words) in enums {
            let Value::Object(words) = words else { continue };
            let of = words.get("of").and_then(Value::as_str).unwrap_or_default();
            let (was, is) = (self.before.get(of), self.after.get(of));
            let listed = words.get("also").and_then(Value::as_array).into_iter().flatten();
            let mut also: BTreeSet<String> =
                listed.filter_map(Value::as_str).map(str::to_owned).collect();
            let known = also.clone();
            also.extend(
                self.before
                    .iter()
                    .filter(|(_, values)| Some(*values) == was)
                    .map(|(place, _)| place.clone()),
            );
            also.retain(|place| self.after.get(place).is_some_and(|values| Some(values) != is));
            let new = also.difference(&known).count();
            if new > 0 {
                notes.push(format!(
                    "enums.yaml: enums.{name}.also has {new} more places, whose values are others now"
                ));
            }
            if also.is_empty() {
                words.remove("also");
            } else {
                words.insert("also".to_owned(), also.iter().cloned().collect());
            }
            all.extend(also);
        }
        all
    }
}

/// Returns the names in a structure.
pub(super) fn used(structure: &Structure) -> Used {
    let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
    Used {
        fields: owned(fields(structure)),
        parameters: owned(parameters(structure)),
        enums: inline_enums(structure).into_keys().collect(),
    }
}

fn fields(structure: &Structure) -> BTreeSet<&str> {
    let schemas = structure.schemas.values();
    schemas
        .filter_map(|schema| schema.get("properties")?.as_object())
        .flat_map(|properties| properties.keys().map(String::as_str))
        .collect()
}

fn parameters(structure: &Structure) -> BTreeSet<&str> {
    let operations = structure.operations.values();
    operations
        .flat_map(|operation| list(operation, "parameters"))
        .filter_map(|parameter| parameter.get("name")?.as_str())
        .collect()
}

fn inline_enums(structure: &Structure) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for (name, schema) in &structure.schemas {
        let properties = schema.get("properties").and_then(Value::as_object);
        for (property, value) in properties.into_iter().flatten() {
            collect(&format!("{name}.{property}"), value, &mut found);
        }
    }
    for operation in structure.operations.values() {
        let id = operation.get("operationId").and_then(Value::as_str);
        for parameter in list(operation, "parameters") {
            let name = parameter.get("name").and_then(Value::as_str);
            if let (Some(id), Some(name), Some(schema)) = (id, name, parameter.get("schema")) {
                collect(&format!("{id}:{name}"), schema, &mut found);
            }
        }
    }
    found
}

fn collect(place: &str, value: &Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
    if value.get("enum").is_some() {
        let values = list(value, "enum").filter_map(Value::as_str);
        found.insert(place.to_owned(), values.map(str::to_owned).collect());
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = value.get(key) {
            collect(place, inner, found);
        }
    }
}
