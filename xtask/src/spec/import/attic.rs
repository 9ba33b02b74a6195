//! Keeps the descriptions of removed items in `attic.yaml`, and restores them when the items
//! return.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Modules;
use crate::spec::structure::{Structure, list};
use stream_spec::{Document, Part};

/// The module of the file, which contains no schema.
const MODULE: &str = "attic";

/// Descriptions by item.
#[derive(Debug, Default)]
pub(super) struct Attic {
    /// By operation ID: module, summary, description, and descriptions of parameters.
    operations: Map<String, Value>,
    /// By name: module, description, and descriptions of properties.
    schemas: Map<String, Value>,
    /// Entries of the glossary and of `enums.yaml`, by their key there.
    words: BTreeMap<&'static str, Map<String, Value>>,
}

/// Keys of `glossary.yaml` and `enums.yaml`.
const WORDS: [&str; 3] = ["fields", "parameters", "enums"];

impl Attic {
    pub(super) fn of(parts: &[Part]) -> Self {
        let part = parts.iter().find(|part| part.module.as_deref() == Some(MODULE));
        let at = |key: &str| -> Map<String, Value> {
            let map = part.and_then(|part| part.value.get("attic")?.get(key)?.as_object());
            map.cloned().unwrap_or_default()
        };
        Self {
            operations: at("operations"),
            schemas: at("schemas"),
            words: WORDS.into_iter().map(|key| (key, at(key))).collect(),
        }
    }

    /// Renames kept schemas to their new names (the keys of `renames`).
    pub(super) fn rename(&mut self, renames: &BTreeMap<String, String>) {
        for (new, old) in renames {
            if let Some(Value::Object(entry)) = self.schemas.remove(old) {
                let waiting = self.schemas.entry(new.clone()).or_insert_with(|| json!({}));
                merge(waiting, entry);
            }
        }
    }

    /// Puts returning items into their former modules.
    pub(super) fn place(&self, document: &mut Document, own: &Document) {
        let module = |entries: &Map<String, Value>, name: &str| {
            entries.get(name)?.get("module")?.as_str().map(str::to_owned)
        };
        for (id, operation) in &mut document.operations {
            if !own.operations.contains_key(id)
                && let Some(module) = module(&self.operations, id)
            {
                operation.value.module = module;
            }
        }
        let back = document.schemas.keys().filter(|name| !own.schemas.contains_key(*name));
        for name in back {
            if let Some(module) = module(&self.schemas, name) {
                document.modules.insert(name.clone(), module);
            }
        }
    }

    /// Restores the descriptions of items that have none.
    pub(super) fn adopt(&self, modules: &mut Modules) {
        for module in modules.values_mut() {
            for operation in module.operations.values_mut() {
                let id = operation.get("operationId").and_then(Value::as_str);
                let Some(entry) = id.and_then(|id| self.operations.get(id)) else { continue };
                let entry = entry.clone();
                let Value::Object(node) = operation else { continue };
                fill(node, &entry, "summary");
                fill(node, &entry, "description");
                let parameters = node.get_mut("parameters").and_then(Value::as_array_mut);
                for parameter in parameters.into_iter().flatten().filter_map(Value::as_object_mut) {
                    let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
                    let name = name.to_owned();
                    describe(entry.get("parameters"), &name, parameter);
                }
            }
            for (name, schema) in &mut module.schemas {
                let (Some(entry), Value::Object(node)) = (self.schemas.get(name), schema) else {
                    continue;
                };
                fill(node, entry, "description");
                let properties = node.get_mut("properties").and_then(Value::as_object_mut);
                for (name, property) in properties.into_iter().flatten() {
                    if let Value::Object(property) = property {
                        describe(entry.get("properties"), name, property);
                    }
                }
            }
        }
    }

    /// Restores entries of the glossary and `enums.yaml` that are used again, and returns notes
    /// about them.
    pub(super) fn restore_words(&mut self, parts: &mut [Part], used: &Used) -> Vec<String> {
        let mut notes = Vec::new();
        for part in parts.iter_mut().filter(|part| part.value.get("paths").is_none()) {
            let file = part.module.clone().unwrap_or_default();
            if file == MODULE {
                continue;
            }
            for (key, entries) in &mut self.words {
                let Some(Value::Object(present)) = part.value.get_mut(*key) else { continue };
                let back: Vec<String> = entries
                    .iter()
                    .filter(|(name, entry)| used.has(key, name, entry))
                    .map(|(name, _)| name.clone())
                    .collect();
                for name in back {
                    if let Some(entry) = entries.remove(&name)
                        && !present.contains_key(&name)
                    {
                        notes.push(format!("{file}.yaml: {key}.{name} is back from the attic"));
                        present.insert(name, entry);
                    }
                }
            }
        }
        notes
    }

    /// Keeps the descriptions of removed items, and drops those that are in use again. `renames`
    /// maps the new names of schemas to the earlier ones.
    pub(super) fn sweep(
        &mut self,
        own: &[Part],
        parts: &[Part],
        renames: &BTreeMap<String, String>,
    ) {
        let (mut before, after) = (Sentences::of(own), Sentences::of(parts));
        for (new, old) in renames {
            if let Some(entry) = before.schemas.remove(old) {
                before.schemas.insert(new.clone(), entry);
            }
        }
        for (entries, before, after, inner) in [
            (&mut self.operations, before.operations, after.operations, "parameters"),
            (&mut self.schemas, before.schemas, after.schemas, "properties"),
        ] {
            for (name, entry) in before {
                keep(entries, &name, &entry, after.get(&name), inner);
            }
            entries.retain(|name, entry| {
                let Some(present) = after.get(name) else { return true };
                if let (Some(Value::Object(waiting)), Some(Value::Object(said))) =
                    (entry.get_mut(inner), present.get(inner))
                {
                    waiting.retain(|name, _| !said.contains_key(name));
                }
                entry.get(inner).and_then(Value::as_object).is_some_and(|left| !left.is_empty())
            });
        }
        for key in WORDS {
            let at = |parts: &[Part]| -> Map<String, Value> {
                let parts = parts.iter().filter(|part| part.module.as_deref() != Some(MODULE));
                let maps = parts.filter_map(|part| part.value.get(key)?.as_object());
                maps.flatten().map(|(name, entry)| (name.clone(), entry.clone())).collect()
            };
            let (before, after) = (at(own), at(parts));
            let gone = before.into_iter().filter(|(name, _)| !after.contains_key(name));
            self.words.entry(key).or_default().extend(gone);
        }
    }

    /// Adds the file, if anything is kept.
    pub(super) fn put(self, parts: &mut Vec<Part>) {
        let mut attic = Map::new();
        for (key, entries) in [("operations", self.operations), ("schemas", self.schemas)]
            .into_iter()
            .chain(self.words)
        {
            if !entries.is_empty() {
                attic.insert(key.to_owned(), entries.into());
            }
        }
        let value = if attic.is_empty() { json!({}) } else { json!({ "attic": attic }) };
        match parts.iter_mut().find(|part| part.module.as_deref() == Some(MODULE)) {
            Some(part) => part.value = value,
            None if value == json!({}) => {}
            None => parts.push(Part {
                file: format!("{MODULE}.yaml"),
                module: Some(MODULE.to_owned()),
                value,
            }),
        }
    }
}

/// The names in a structure.
pub(super) struct Used {
    pub(super) fields: BTreeSet<String>,
    pub(super) parameters: BTreeSet<String>,
    /// The places of inline enums.
    pub(super) enums: BTreeSet<String>,
}

impl Used {
    pub(super) fn by(structure: &Structure) -> Self {
        super::wanting::used(structure)
    }

    fn has(&self, key: &str, name: &str, entry: &Value) -> bool {
        match key {
            "fields" => self.fields.contains(name),
            "parameters" => self.parameters.contains(name),
            _ => {
                let of = entry.get("of").and_then(Value::as_str);
                of.is_some_and(|of| self.enums.contains(of))
            }
        }
    }
}

/// The descriptions in a schema folder.
#[derive(Default)]
struct Sentences {
    operations: BTreeMap<String, Value>,
    schemas: BTreeMap<String, Value>,
}

impl Sentences {
    fn of(parts: &[Part]) -> Self {
        let mut found = Self::default();
        for part in parts {
            let map = |value: Option<&Value>| {
                value.and_then(Value::as_object).cloned().unwrap_or_default()
            };
            for (_, item) in map(part.value.get("paths")) {
                for (_, operation) in map(Some(&item)) {
                    let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
                        continue;
                    };
                    let parameters: Map<String, Value> = list(&operation, "parameters")
                        .filter_map(|parameter| {
                            let name = parameter.get("name")?.as_str()?;
                            Some((name.to_owned(), parameter.get("description")?.clone()))
                        })
                        .collect();
                    let entry = said(
                        part,
                        &operation,
                        &["summary", "description"],
                        "parameters",
                        parameters,
                    );
                    found.operations.insert(id.to_owned(), entry);
                }
            }
            for (name, schema) in map(part.value.pointer("/components/schemas")) {
                let properties = map(schema.get("properties"))
                    .into_iter()
                    .filter_map(|(name, property)| {
                        Some((name, property.get("description")?.clone()))
                    })
                    .collect();
                let entry = said(part, &schema, &["description"], "properties", properties);
                found.schemas.insert(name, entry);
            }
        }
        found
    }
}

fn said(
    part: &Part,
    value: &Value,
    keys: &[&str],
    inner: &str,
    parts: Map<String, Value>,
) -> Value {
    let mut entry = Map::new();
    entry.insert("module".to_owned(), json!(part.module));
    for key in keys {
        if let Some(text) = value.get(*key) {
            entry.insert((*key).to_owned(), text.clone());
        }
    }
    if !parts.is_empty() {
        entry.insert(inner.to_owned(), parts.into());
    }
    entry.into()
}

/// Keeps an entry, or those parts of it that `present` does not have.
fn keep(
    entries: &mut Map<String, Value>,
    name: &str,
    entry: &Value,
    present: Option<&Value>,
    inner: &str,
) {
    let Some(present) = present else {
        // The module alone is not worth keeping.
        if entry.as_object().is_some_and(|entry| entry.len() > 1) {
            // A kept entry was removed earlier.
            let mut kept = entry.clone();
            if let Some(Value::Object(waiting)) = entries.remove(name) {
                merge(&mut kept, waiting);
            }
            entries.insert(name.to_owned(), kept);
        }
        return;
    };
    let said = present.get(inner).and_then(Value::as_object);
    let parts = entry.get(inner).and_then(Value::as_object).into_iter().flatten();
    let gone: Map<String, Value> = parts
        .filter(|(name, _)| said.is_none_or(|said| !said.contains_key(*name)))
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect();
    if gone.is_empty() {
        return;
    }
    let waiting = entries.entry(name.to_owned()).or_insert_with(|| json!({}));
    if let Value::Object(waiting) = waiting {
        let parts = waiting.entry(inner.to_owned()).or_insert_with(|| json!({}));
        if let Value::Object(parts) = parts {
            parts.extend(gone);
        }
    }
}

/// Adds missing members to an entry.
fn merge(entry: &mut Value, more: Map<String, Value>) {
    let Value::Object(entry) = entry else { return };
    for (key, value) in more {
        match (entry.get_mut(&key), value) {
            (None, value) => drop(entry.insert(key, value)),
            (Some(present @ Value::Object(_)), Value::Object(more)) => merge(present, more),
            (Some(_), _) => {}
        }
    }
}

fn fill(node: &mut Map<String, Value>, entry: &Value, key: &str) {
    if let (false, Some(text)) = (node.contains_key(key), entry.get(key)) {
        node.insert(key.to_owned(), text.clone());
    }
}

fn describe(texts: Option<&Value>, name: &str, node: &mut Map<String, Value>) {
    if let (false, Some(text)) =
        (node.contains_key("description"), texts.and_then(|texts| texts.get(name)))
    {
        node.insert("description".to_owned(), text.clone());
    }
}
