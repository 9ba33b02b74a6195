//! Turns alternatives (`oneOf`, `anyOf`) without a common form into components that are marked as
//! unions.
//!
//! typify would convert them to untagged enums of `Variant0` and so on, which fail for a new
//! variant.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::tags;
use super::unions::{Components, accepts_anything, is_limit, is_nothing, plain, resolved};
use super::walk::UNIONS;
use crate::codegen::cycles::{Cycles, Links};
use crate::codegen::identifiers::type_name;
use stream_spec::{Document, Located, ParameterPlace, Warnings, at, reference_name};

/// Marks a union, with the list of its branches: references, scalars, and lists of these.
pub(in crate::codegen) const UNION: &str = "x-union";

/// The maximum depth of unions in unions.
const MAX_DEPTH: usize = 16;

/// Turns all alternatives without a common form into unions, and returns their number.
pub(super) fn run(document: &mut Document) -> Result<usize> {
    let components = Components::of(document)?;
    let mut hoist = Hoist {
        taken: document.schemas.keys().map(|name| type_name(name)).collect(),
        components: &components,
        known: BTreeMap::new(),
        found: RefCell::default(),
        open: VecDeque::new(),
        count: 0,
        warnings: std::mem::take(&mut document.warnings),
    };
    let mut schemas = std::mem::take(&mut document.schemas);
    for (name, schema) in &mut schemas {
        let owner = Owner { name, module: document.modules.get(name), place: &schema.place };
        hoist.component(&mut schema.value, owner);
    }
    for Located { value: operation, .. } in document.operations.values_mut() {
        for parameter in &mut operation.parameters {
            let name = format!("{} {}", operation.id, parameter.name);
            let place = at(&parameter.pointer, ["schema"]);
            let owner = Owner { name: &name, module: None, place: &place };
            let is_path = parameter.place == ParameterPlace::Path;
            match hoist.on_the_wire(&parameter.schema, is_path) {
                Some(schema) => parameter.schema = schema,
                None if is_path && !hoist.is_scalar(&parameter.schema) => {
                    let message = "a list or an object in a path; taken as a string, in the form that the server expects";
                    hoist.warnings.add(&*place, message);
                    parameter.schema = json!({ "type": "string" });
                }
                None => hoist.nested(&mut parameter.schema, owner),
            }
        }
    }
    while let Some(New { name, mut schema, module }) = hoist.open.pop_front() {
        let owner = Owner { name: &name, module: module.as_ref(), place: &schema.place };
        hoist.component(&mut schema.value, owner);
        if let Some(module) = module {
            document.modules.insert(name.clone(), module);
        }
        schemas.insert(name, schema);
    }
    document.schemas = schemas;
    document.warnings = hoist.warnings;
    let count = hoist.count;
    break_cycles(document);
    Ok(count)
}

/// The maximum number of unions.
const MAX_UNIONS: usize = 10_000;

/// The schema that contains a node.
#[derive(Clone, Copy)]
struct Owner<'a> {
    name: &'a str,
    module: Option<&'a String>,
    place: &'a str,
}

/// A component that is not yet visited.
struct New {
    name: String,
    schema: Located<Value>,
    module: Option<String>,
}

/// The schemas of which one holds.
#[derive(Clone)]
struct Alternatives {
    branches: Vec<Map<String, Value>>,
    discriminator: Option<Value>,
}

struct Hoist<'a> {
    taken: BTreeSet<String>,
    components: &'a Components,
    /// The names of the unions that were inline, so that equal ones have one type.
    known: BTreeMap<String, String>,
    /// The alternatives of components; `None` also for those that are being looked at.
    found: RefCell<BTreeMap<String, Option<Alternatives>>>,
    open: VecDeque<New>,
    count: usize,
    warnings: Warnings,
}

impl Hoist<'_> {
    /// Visits a schema with a name.
    fn component(&mut self, value: &mut Value, owner: Owner<'_>) {
        let Value::Object(node) = value else { return };
        match self.alternatives(node, 0) {
            Some(found) => self.mark(node, found, owner),
            None => self.below(node, owner),
        }
    }

    /// Visits a schema without a name.
    fn nested(&mut self, value: &mut Value, owner: Owner<'_>) {
        let Value::Object(node) = value else { return };
        let Some(found) = self.alternatives(node, 0) else {
            return self.below(node, owner);
        };
        let mut union = std::mem::take(node);
        if let Some(description) = union.remove("description") {
            node.insert("description".to_owned(), description);
        }
        for key in ["nullable", "title"] {
            union.remove(key);
        }
        let key = Value::Object(union.clone()).to_string();
        let name = match self.known.get(&key) {
            Some(name) => name.clone(),
            None => {
                let plain = self.name_by_content(&found).unwrap_or_else(|| owner.name.to_owned());
                let name = self.add(&plain, union, owner);
                self.known.insert(key, name.clone());
                name
            }
        };
        node.insert("$ref".to_owned(), format!("#/components/schemas/{name}").into());
    }

    fn below(&mut self, node: &mut Map<String, Value>, owner: Owner<'_>) {
        if let Some(Value::Object(properties)) = node.get_mut("properties") {
            for (property, value) in properties {
                let name = format!("{} {property}", owner.name);
                let place = at(owner.place, ["properties", property]);
                self.nested(value, Owner { name: &name, place: &place, ..owner });
            }
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = node.get_mut(key) {
                let place = at(owner.place, [key]);
                self.nested(inner, Owner { place: &place, ..owner });
            }
        }
        for key in UNIONS {
            let members = node.get_mut(key).and_then(Value::as_array_mut);
            for member in members.into_iter().flatten().filter_map(Value::as_object_mut) {
                self.below(member, owner);
            }
        }
    }

    /// Adds a component, and returns its name.
    fn add(&mut self, name: &str, schema: Map<String, Value>, owner: Owner<'_>) -> String {
        let mut new = type_name(name);
        while !self.taken.insert(new.clone()) {
            new.push_str("Value");
        }
        self.open.push_back(New {
            name: new.clone(),
            schema: Located { value: schema.into(), place: owner.place.to_owned() },
            module: owner.module.cloned(),
        });
        new
    }

    /// Marks a component as a union. Branches that need a type of their own become components.
    fn mark(&mut self, node: &mut Map<String, Value>, found: Alternatives, owner: Owner<'_>) {
        self.count += 1;
        if self.count > MAX_UNIONS {
            let message = format!("more than {MAX_UNIONS} unions; taken as any JSON");
            self.warnings.add(owner.place, message);
            node.retain(|key, _| key == "description");
            return;
        }
        let tags = tags::of(&found.branches, found.discriminator.as_ref(), self.components);
        if let (Some(_), None) = (&found.discriminator, &tags) {
            let message = "its values do not tell the branches apart; told by the required members";
            self.warnings.add(at(owner.place, ["discriminator"]), message);
        }
        let mut branches = Vec::new();
        for (index, branch) in found.branches.into_iter().enumerate() {
            if stands_alone(&branch) {
                branches.push(bare(branch));
                continue;
            }
            let values = tags.as_ref().and_then(|tags| tags.values.get(index)?.first());
            let hint = hint(&branch, values.map(String::as_str));
            let name = self.add(&format!("{} {hint}", owner.name), branch, owner);
            branches.push(json!({ "$ref": format!("#/components/schemas/{name}") }));
        }
        let description = node.remove("description");
        node.clear();
        node.extend(description.map(|text| ("description".to_owned(), text)));
        node.insert(UNION.to_owned(), branches.into());
        node.extend(tags.map(|tags| (tags::TAG.to_owned(), tags.to_json())));
    }

    /// Returns whether a schema says that a value is a scalar, or nothing of it.
    fn is_scalar(&self, schema: &Value) -> bool {
        let node = schema.as_object().and_then(|node| resolved(node, self.components, 0));
        let Some(node) = node else { return false };
        match node.get("type").and_then(Value::as_str) {
            Some(kind) => kind == "date" || SCALARS.iter().any(|(scalar, ..)| *scalar == kind),
            None => !["items", "properties"].iter().any(|key| node.contains_key(*key)),
        }
    }

    /// Returns the schema of a parameter with alternatives, if these are the same on the wire:
    /// texts, or lists of texts.
    fn on_the_wire(&self, schema: &Value, is_path: bool) -> Option<Value> {
        let found = self.union_of(schema.as_object()?, 0)?;
        let is_scalar = |node: &Map<String, Value>| {
            let node = resolved(node, self.components, 0);
            let kind = node.as_ref().and_then(|node| node.get("type")?.as_str());
            kind.is_some_and(|kind| SCALARS.iter().any(|(scalar, ..)| *scalar == kind))
        };
        let is_list = |node: &Map<String, Value>| {
            let node = resolved(node, self.components, 0);
            let items = node.as_ref().and_then(|node| node.get("items")?.as_object());
            items.is_some_and(is_scalar)
        };
        let text = json!({ "type": "string" });
        let kind = if is_path || found.branches.iter().all(is_scalar) {
            text
        } else if found.branches.iter().all(|node| is_scalar(node) || is_list(node)) {
            json!({ "type": "array", "items": text })
        } else {
            return None;
        };
        Some(kind)
    }

    /// Returns the alternatives of the schema at the end of all references.
    fn union_of(&self, node: &Map<String, Value>, depth: usize) -> Option<Alternatives> {
        let target = node.get("$ref").and_then(Value::as_str).and_then(reference_name);
        let Some(name) = target else { return self.alternatives(node, depth) };
        if let Some(found) = self.found.borrow().get(name) {
            return found.clone();
        }
        if depth > MAX_DEPTH {
            return None;
        }
        self.found.borrow_mut().insert(name.to_owned(), None);
        let found = self.components.get(name).and_then(|node| self.union_of(node, depth + 1));
        self.found.borrow_mut().insert(name.to_owned(), found.clone());
        found
    }

    /// Returns the alternatives of a schema, unless they have a common form.
    fn alternatives(&self, node: &Map<String, Value>, depth: usize) -> Option<Alternatives> {
        if depth > MAX_DEPTH || !UNIONS.iter().any(|key| node.contains_key(*key)) {
            return None;
        }
        let mut own = node.clone();
        own.retain(|key, _| {
            let is_union = UNIONS.contains(&key.as_str());
            !is_union
                && !["description", "discriminator", "nullable", "title"].contains(&key.as_str())
        });
        let has_own = own.contains_key("properties");
        let discriminator = node.get("discriminator").cloned();
        let mut parts = members(node, "allOf");
        for key in ["oneOf", "anyOf"] {
            if accepts_anything(node, key) {
                continue;
            }
            let members = members(node, key);
            if members.len() < 2 {
                parts.extend(members);
                continue;
            }
            if parts.is_empty() && !has_own {
                let is_common = plain(node, self.components, 0).is_some();
                return (!is_common).then_some(Alternatives { branches: members, discriminator });
            }
            // A scalar is not also an object.
            let objects = members.into_iter().filter(|member| self.has_members(member, depth));
            let branches = distributed(&own, &parts, objects.collect());
            if !branches.is_empty() {
                return Some(Alternatives { branches, discriminator });
            }
        }
        // One union among several parts, all of which hold. Several would multiply.
        let unions = parts.iter().map(|part| self.union_of(part, depth + 1));
        let mut unions = unions.enumerate().filter_map(|(at, found)| Some((at, found?)));
        let (at, found) = unions.next()?;
        if unions.next().is_some() {
            return None;
        }
        drop(unions);
        let part = parts.remove(at);
        if parts.is_empty() && !has_own {
            // A reference stays one.
            return (!part.contains_key("$ref")).then_some(found);
        }
        let objects = found.branches.into_iter().filter(|member| self.has_members(member, depth));
        let branches = distributed(&own, &parts, objects.collect());
        let discriminator = found.discriminator;
        (!branches.is_empty()).then_some(Alternatives { branches, discriminator })
    }

    fn has_members(&self, node: &Map<String, Value>, depth: usize) -> bool {
        let plain = resolved(node, self.components, 0);
        plain.is_some_and(|node| node.contains_key("properties"))
            || self.union_of(node, depth + 1).is_some()
    }

    /// Returns a name for a union of scalars and lists of scalars: `StringOrStrings`.
    fn name_by_content(&self, found: &Alternatives) -> Option<String> {
        let mut words: Vec<&str> = Vec::new();
        for branch in &found.branches {
            let is_list = branch.get("type").is_some_and(|kind| kind == "array");
            let scalar = if is_list { branch.get("items")?.as_object()? } else { branch };
            let is_plain = scalar.keys().all(|key| key != "enum" && key != "$ref");
            let kind = scalar.get("type").filter(|_| is_plain)?;
            let (_, one, many) = SCALARS.iter().find(|(name, ..)| kind == name)?;
            let is_time = scalar.get("format").is_some_and(|format| format == "date-time");
            words.push(match (is_time, is_list) {
                (true, false) => "Timestamp",
                (true, true) => "Timestamps",
                (false, false) => one,
                (false, true) => many,
            });
        }
        words.dedup();
        Some(words.join("Or"))
    }
}

/// The types without parts, with the words for one and for several.
const SCALARS: [(&str, &str, &str); 4] = [
    ("boolean", "Boolean", "Booleans"),
    ("integer", "Integer", "Integers"),
    ("number", "Number", "Numbers"),
    ("string", "String", "Strings"),
];

/// Returns the distinct members of a list of schemas that say what a value is.
fn members(node: &Map<String, Value>, key: &str) -> Vec<Map<String, Value>> {
    let list = node.get(key).and_then(Value::as_array).into_iter().flatten();
    let mut members: Vec<Map<String, Value>> = Vec::new();
    for member in list.filter_map(Value::as_object) {
        // Which members are required together is for the server to check.
        let is_demand = key != "allOf"
            && member
                .keys()
                .all(|key| ["description", "not", "required", "title"].contains(&key.as_str()));
        if !is_nothing(member) && !is_limit(member) && !is_demand && !members.contains(member) {
            members.push(member.clone());
        }
    }
    members
}

/// Returns each member combined with what holds for all of them.
fn distributed(
    own: &Map<String, Value>,
    parts: &[Map<String, Value>],
    members: Vec<Map<String, Value>>,
) -> Vec<Map<String, Value>> {
    let combine = |member: Map<String, Value>| {
        let hint = hint(&member, None);
        let mut all: Vec<Map<String, Value>> = parts.to_vec();
        all.push(member);
        let mut branch = own.clone();
        branch.insert("allOf".to_owned(), json!(all));
        branch.insert("title".to_owned(), hint.into());
        branch
    };
    members.into_iter().map(combine).collect()
}

/// Returns whether a branch needs no component: it is a reference, a scalar, or a list of these.
fn stands_alone(node: &Map<String, Value>) -> bool {
    if node.contains_key("$ref") {
        return true;
    }
    let kind = node.get("type").and_then(Value::as_str).unwrap_or_default();
    let is_bare = !UNIONS.iter().chain(&["enum", "properties"]).any(|key| node.contains_key(*key));
    match kind {
        "array" => node.get("items").and_then(Value::as_object).is_some_and(stands_alone),
        kind => is_bare && SCALARS.iter().any(|(scalar, ..)| *scalar == kind),
    }
}

/// Returns a branch that stands alone with nothing but its type.
fn bare(mut node: Map<String, Value>) -> Value {
    if let Some(reference) = node.remove("$ref") {
        return json!({ "$ref": reference });
    }
    node.retain(|key, _| ["type", "format", "items"].contains(&key.as_str()));
    if let Some(Value::Object(items)) = node.get_mut("items").map(Value::take) {
        node.insert("items".to_owned(), bare(items));
    }
    node.into()
}

/// Returns a word for a branch that becomes a component: its title, its tag, the schema that it
/// refers to, its first required member, or its type.
fn hint(node: &Map<String, Value>, tag: Option<&str>) -> String {
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    let is_word = |text: &&str| text.contains(char::is_alphanumeric);
    let reference = text("$ref").and_then(reference_name);
    let kind = match text("type") {
        Some("array") => "list",
        _ if node.contains_key("enum") => "kind",
        _ if node.contains_key("properties") || node.contains_key("allOf") => "object",
        Some("object") => "map",
        _ => "value",
    };
    let required = node.get("required").and_then(Value::as_array);
    let required = required.and_then(|names| names.first()?.as_str());
    text("title").or(tag).or(reference).or(required).filter(is_word).unwrap_or(kind).to_owned()
}

/// Removes branches that lead back to their own union without an object or a list in between.
fn break_cycles(document: &mut Document) {
    let is_step = |value: &Value| value.get(UNION).is_some() || value.get("$ref").is_some();
    let target =
        |value: &Value| value.get("$ref")?.as_str().and_then(reference_name).map(str::to_owned);
    let branches = |value: &Value| -> Vec<Value> {
        value.get(UNION).and_then(Value::as_array).cloned().unwrap_or_else(|| vec![value.clone()])
    };
    let links: Links = document
        .schemas
        .iter()
        .filter(|(_, schema)| is_step(&schema.value))
        .map(|(name, schema)| {
            (name.clone(), branches(&schema.value).iter().filter_map(target).collect())
        })
        .collect();
    let cycles = Cycles::of(&links);
    let leads_back = |name: &str, branch: &Value| {
        target(branch)
            .is_some_and(|target| cycles.join(name, &target) && links.contains_key(&target))
    };
    for (name, schema) in &mut document.schemas {
        let Value::Object(node) = &mut schema.value else { continue };
        let Some(Value::Array(branches)) = node.get_mut(UNION) else { continue };
        let kept: Vec<bool> = branches.iter().map(|branch| !leads_back(name, branch)).collect();
        if kept.iter().all(|kept| *kept) {
            continue;
        }
        document.warnings.add(&*schema.place, "a branch is the union itself; left out");
        retain(branches, &kept);
        if let Some(values) = node.get_mut(tags::TAG).and_then(|tags| tags.get_mut("values"))
            && let Value::Array(values) = values
        {
            retain(values, &kept);
        }
    }
}

fn retain(values: &mut Vec<Value>, kept: &[bool]) {
    let mut kept = kept.iter();
    values.retain(|_| kept.next().copied().unwrap_or(true));
}
