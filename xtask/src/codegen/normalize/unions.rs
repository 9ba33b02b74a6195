//! Replaces combined schemas: `allOf`, `oneOf` and `anyOf`.
//!
//! `allOf` becomes one object; of alternatives with a common form, that remains. The others are
//! unions already.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};
use serde_json::{Map, Value, json};

use super::alternatives::UNION;
use super::mend::is_union;
use super::walk::{self, UNIONS};
use stream_spec::{Document, reference_name};

/// The maximum depth of combined objects.
const MAX_DEPTH: usize = 128;

/// The schemas by name. Each is resolved once, since schemas that each combine others several times
/// would multiply.
#[derive(Default)]
pub(super) struct Components {
    schemas: BTreeMap<String, Value>,
    resolved: RefCell<BTreeMap<String, Progress>>,
    /// The schemas that could not be resolved while others were begun, in this order.
    failed: RefCell<Vec<String>>,
    /// The number of members of the resolved schemas.
    members: Cell<usize>,
}

/// The maximum number of members of the objects that `allOf` combines. The vendor's largest document
/// has a hundredth of it; in a chain in which each object extends the one before, they grow with the
/// square of its length.
const MAX_MEMBERS: usize = 500_000;

/// A schema at the end of all references.
#[derive(Clone)]
enum Progress {
    /// It is being resolved, so a reference to it is a cycle.
    Begun,
    Done(Option<Map<String, Value>>),
}

impl Components {
    /// # Errors
    /// The objects have too many members.
    pub(super) fn of(document: &Document) -> Result<Self> {
        let schemas = document.schemas.iter();
        let components = Self {
            schemas: schemas.map(|(name, schema)| (name.clone(), schema.value.clone())).collect(),
            ..Self::default()
        };
        components.resolve_all().map_err(|name| {
            let schema = document.schemas.get(name);
            anyhow!(
                "{}: with this one, the objects that `allOf` combines have more than {MAX_MEMBERS} \
                 members; make what it extends a property",
                schema.map_or(name, |schema| &schema.place),
            )
        })?;
        Ok(components)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Map<String, Value>> {
        self.schemas.get(name)?.as_object()
    }

    fn resolved(&self, name: &str, depth: usize) -> Option<Map<String, Value>> {
        match self.resolved.borrow().get(name) {
            Some(Progress::Done(node)) => return node.clone(),
            Some(Progress::Begun) => return None,
            None => {}
        }
        let already_failed = self.failed.borrow().len();
        self.resolved.borrow_mut().insert(name.to_owned(), Progress::Begun);
        let node = self.get(name).and_then(|node| resolved(node, self, depth + 1));
        let members = node.as_ref().and_then(|node| node.get("properties")?.as_object());
        self.members.set(self.members.get() + members.map_or(0, Map::len));
        let (mut all, mut failed) = (self.resolved.borrow_mut(), self.failed.borrow_mut());
        if node.is_some() {
            // What failed on the way may have failed only because this schema was begun.
            for other in failed.drain(already_failed..) {
                all.remove(&other);
            }
        } else {
            failed.push(name.to_owned());
        }
        all.insert(name.to_owned(), Progress::Done(node.clone()));
        if depth == 0 {
            failed.clear();
        }
        node
    }

    /// Resolves all schemas that refer to others, these first, so that a long chain is not deep.
    /// Returns the schema with which there are too many members.
    fn resolve_all(&self) -> Result<(), &str> {
        let mut begun: BTreeSet<&str> = BTreeSet::new();
        for root in self.schemas.keys() {
            let mut open = vec![(root.as_str(), false)];
            while let Some((name, are_parts_done)) = open.pop() {
                if are_parts_done {
                    self.resolved(name, 0);
                    if self.members.get() > MAX_MEMBERS {
                        return Err(name);
                    }
                } else if let Some(node) = self.get(name)
                    && (is_union(node) || node.contains_key("$ref"))
                    && begun.insert(name)
                {
                    open.push((name, true));
                    parts_of(node, &mut |part| open.push((part, false)));
                }
            }
        }
        Ok(())
    }
}

/// Calls `found` with each schema that a combination consists of.
fn parts_of<'a>(node: &'a Map<String, Value>, found: &mut impl FnMut(&'a str)) {
    if let Some(name) = node.get("$ref").and_then(Value::as_str).and_then(reference_name) {
        found(name);
    }
    for members in UNIONS.iter().filter_map(|key| node.get(*key)?.as_array()) {
        members.iter().filter_map(Value::as_object).for_each(|member| parts_of(member, found));
    }
}

/// Replaces all combined schemas by plain ones, and returns their number.
pub(super) fn run(document: &mut Document) -> Result<usize> {
    let components = Components::of(document)?;
    let mut warnings = std::mem::take(&mut document.warnings);
    let mut count = 0;
    walk::schemas(document, &mut |schema, place| {
        let Value::Object(node) = schema else { return };
        if !is_union(node) {
            return;
        }
        count += 1;
        let description = node.get("description").cloned();
        let plain = plain(node, &components, 0).unwrap_or_else(|| {
            let keys: Vec<&str> =
                UNIONS.into_iter().filter(|key| node.contains_key(*key)).collect();
            let message = format!("{}: nothing in common; taken as any JSON", keys.join(", "));
            warnings.add(place, message);
            Map::new()
        });
        *node = plain;
        if let Some(description) = description {
            node.insert("description".to_owned(), description);
        }
    });
    document.warnings = warnings;
    Ok(count)
}

/// Returns a schema without unions that accepts everything that this one accepts.
pub(super) fn plain(
    node: &Map<String, Value>,
    components: &Components,
    depth: usize,
) -> Option<Map<String, Value>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let members = |key: &str| {
        let list = node.get(key).and_then(Value::as_array).into_iter().flatten();
        let members = list.filter_map(Value::as_object);
        members.filter(|member| !is_nothing(member)).collect::<Vec<_>>()
    };
    let mut parts = members("allOf");
    // A limit beside a type says nothing of what is read.
    if parts.iter().any(|part| !is_limit(part)) {
        parts.retain(|part| !is_limit(part));
    }
    for key in ["oneOf", "anyOf"] {
        let mut members = if accepts_anything(node, key) { Vec::new() } else { members(key) };
        // Alternative limits of a type say nothing of what is read.
        if node.contains_key("type") && members.iter().all(|member| is_limit(member)) {
            members.clear();
        }
        match members.as_slice() {
            [] => {}
            [only] => parts.push(only),
            many if parts.is_empty() && !node.contains_key("properties") => {
                return common(many, components, depth);
            }
            // Other keywords of alternatives are not read.
            _ => {}
        }
    }
    let mut own = node.clone();
    own.retain(|key, _| !UNIONS.contains(&key.as_str()) && key != "discriminator");
    if parts.is_empty() && ["oneOf", "anyOf"].into_iter().any(|key| accepts_anything(node, key)) {
        return Some(own);
    }
    if let Some(scalar) = scalar(&parts, components, depth) {
        return Some(scalar);
    }
    if parts.is_empty() && own.contains_key("type") {
        return Some(own);
    }
    let says_more =
        ["additionalProperties", "properties", "required"].iter().any(|key| own.contains_key(*key));
    match parts.as_slice() {
        [only] if !says_more => resolved_once(only, components, depth),
        parts => merged(parts.iter().copied().chain([&own]), components, depth),
    }
}

/// Returns whether a node only says that it is nullable, or has only a name.
pub(super) fn is_nothing(node: &Map<String, Value>) -> bool {
    let is_null = node.get("type").is_some_and(|kind| kind == "null");
    is_null || node.keys().all(|key| ["nullable", "description", "title"].contains(&key.as_str()))
}

/// Returns whether one of the alternatives accepts anything, so that the others say nothing.
pub(super) fn accepts_anything(node: &Map<String, Value>, key: &str) -> bool {
    let members = node.get(key).and_then(Value::as_array).into_iter().flatten();
    members
        .filter_map(Value::as_object)
        .any(|member| member.keys().all(|key| key == "description" || key == "title"))
}

/// Returns the schema of a scalar that several parts describe: of lists of values, those that all
/// have.
fn scalar(
    parts: &[&Map<String, Value>],
    components: &Components,
    depth: usize,
) -> Option<Map<String, Value>> {
    let (first, rest) = parts.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let mut whole = resolved(first, components, depth + 1)?;
    let kind = whole.get("type").and_then(Value::as_str).map(str::to_owned)?;
    if !["boolean", "integer", "number", "string"].contains(&kind.as_str()) {
        return None;
    }
    for part in rest {
        let part = resolved(part, components, depth + 1)?;
        if part.get("type").is_some_and(|other| *other != kind) || part.contains_key("properties") {
            return None;
        }
        for (key, value) in part {
            match (whole.get_mut(&key), &value) {
                (Some(Value::Array(values)), Value::Array(others)) if key == "enum" => {
                    values.retain(|value| others.contains(value));
                }
                _ => drop(whole.insert(key, value)),
            }
        }
    }
    // No value meets all parts; each of the type is read.
    if whole.get("enum").is_some_and(|values| values == &json!([])) {
        whole.remove("enum");
    }
    Some(whole)
}

/// Returns whether a schema only limits the values of a type, and does not say which type.
pub(super) fn is_limit(node: &Map<String, Value>) -> bool {
    const FORMS: [&str; 10] = [
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "enum",
        "items",
        "oneOf",
        "properties",
        "required",
        "type",
    ];
    !FORMS.iter().any(|key| node.contains_key(*key))
}

/// Returns the schema itself; a reference is not followed.
fn resolved_once(
    node: &Map<String, Value>,
    components: &Components,
    depth: usize,
) -> Option<Map<String, Value>> {
    if is_union(node) { plain(node, components, depth + 1) } else { Some(node.clone()) }
}

/// Returns the schema at the end of all references.
pub(super) fn resolved(
    node: &Map<String, Value>,
    components: &Components,
    depth: usize,
) -> Option<Map<String, Value>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let target = node.get("$ref").and_then(Value::as_str).and_then(reference_name);
    match target {
        Some(name) => components.resolved(name, depth),
        None if is_union(node) => {
            resolved(&plain(node, components, depth + 1)?, components, depth + 1)
        }
        None => Some(node.clone()),
    }
}

/// Merges objects into one with all their members.
fn merged<'a>(
    parts: impl Iterator<Item = &'a Map<String, Value>>,
    components: &Components,
    depth: usize,
) -> Option<Map<String, Value>> {
    let mut whole = Map::new();
    let mut properties = Map::new();
    let mut required = BTreeSet::new();
    for part in parts {
        let part = resolved(part, components, depth + 1)?;
        let is_object = part.get("type").is_none_or(|kind| kind == "object");
        if !is_object || part.contains_key("enum") || part.contains_key(UNION) {
            return None;
        }
        let texts = part.get("required").and_then(Value::as_array).into_iter().flatten();
        required.extend(texts.filter_map(Value::as_str).map(str::to_owned));
        for (key, value) in part {
            match (key.as_str(), value) {
                ("properties", Value::Object(more)) => {
                    for (name, property) in more {
                        let both = match properties.remove(&name) {
                            Some(other) => of_both(other, property, components, depth),
                            None => property,
                        };
                        properties.insert(name, both);
                    }
                }
                ("required" | "properties" | "description", _) => {}
                (_, value) => drop(whole.insert(key, value)),
            }
        }
    }
    whole.insert("type".to_owned(), "object".into());
    if !properties.is_empty() {
        whole.insert("properties".to_owned(), properties.into());
    }
    whole.insert("required".to_owned(), json!(required));
    Some(whole)
}

/// Returns the schema of a member that two parts describe: the later one, which may add to the other. Two different
/// types make it any JSON.
fn of_both(one: Value, other: Value, components: &Components, depth: usize) -> Value {
    let kind = |value: &Value| {
        let node = resolved(value.as_object()?, components, depth + 1)?;
        let is_object = node.contains_key("properties");
        let kind = node.get("type").and_then(Value::as_str).map(str::to_owned);
        kind.or_else(|| is_object.then(|| "object".to_owned()))
    };
    match (kind(&one), kind(&other)) {
        (Some(_), None) => one,
        (Some(first), Some(second)) if first != second => json!({}),
        _ => other,
    }
}

/// Returns a schema that accepts everything that one of several accepts.
fn common(
    members: &[&Map<String, Value>],
    components: &Components,
    depth: usize,
) -> Option<Map<String, Value>> {
    if let [first, rest @ ..] = members
        && rest.iter().all(|member| member == first)
    {
        return resolved_once(first, components, depth);
    }
    let members: Vec<Map<String, Value>> = members
        .iter()
        .map(|member| resolved(member, components, depth + 1))
        .collect::<Option<_>>()?;
    let kinds: BTreeSet<&str> = members
        .iter()
        .map(|member| member.get("type").and_then(Value::as_str).unwrap_or("string"))
        .collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let kind = match kinds.as_slice() {
        ["string"] => "string",
        ["integer"] => "integer",
        ["boolean"] => "boolean",
        ["number"] | ["integer", "number"] => "number",
        _ => return None,
    };
    let enums: Option<Vec<&Vec<Value>>> =
        members.iter().map(|member| member.get("enum")?.as_array()).collect();
    let is_typed = members.iter().all(|member| member.contains_key("type"));
    let mut node = Map::new();
    node.insert("type".to_owned(), kind.into());
    match enums {
        Some(enums) => {
            let values: Vec<&Value> = enums.into_iter().flatten().collect();
            node.insert("enum".to_owned(), json!(values));
        }
        None if !is_typed => return None,
        None => {}
    }
    // The result is a timestamp only if each alternative is one.
    let format = members.iter().map(|member| member.get("format")).collect::<Vec<_>>();
    if let [Some(first), rest @ ..] = format.as_slice()
        && rest.iter().all(|format| *format == Some(first))
    {
        node.insert("format".to_owned(), (*first).clone());
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl FromIterator<(String, Value)> for Components {
        fn from_iter<T: IntoIterator<Item = (String, Value)>>(schemas: T) -> Self {
            let components = Self { schemas: schemas.into_iter().collect(), ..Self::default() };
            components.resolve_all().unwrap();
            components
        }
    }

    fn plain_of(node: Value) -> Option<Value> {
        let components = json!({
            "Base": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } },
            "More": { "allOf": [{ "$ref": "#/components/schemas/Base" }, { "properties": { "more": { "type": "boolean" } } }] },
            "Kind": { "type": "string", "enum": ["a"] },
            "Circle": { "allOf": [{ "$ref": "#/components/schemas/Circle" }, { "properties": {} }] },
        });
        let components: Components = components.as_object().unwrap().clone().into_iter().collect();
        plain(node.as_object().unwrap(), &components, 0).map(Value::from)
    }

    #[test]
    fn objects_of_which_all_hold_are_one_object() {
        let node = json!({ "required": ["own"], "properties": { "own": { "type": "integer" } },
            "allOf": [{ "$ref": "#/components/schemas/More" }, { "nullable": true }] });
        assert_eq!(
            plain_of(node).unwrap(),
            json!({ "type": "object", "required": ["id", "own"], "properties": {
                "id": { "type": "string" }, "more": { "type": "boolean" }, "own": { "type": "integer" } } })
        );
        let one = json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }], "nullable": true });
        assert_eq!(plain_of(one).unwrap(), json!({ "$ref": "#/components/schemas/Base" }));
        // What one part says of a member holds with what another says.
        let node = json!({ "allOf": [{ "$ref": "#/components/schemas/More" }, { "properties": {
            "id": { "description": "Its id." }, "more": { "type": "string" } } }] });
        assert_eq!(
            plain_of(node).unwrap()["properties"],
            json!({ "id": { "type": "string" }, "more": {} })
        );
        let limited = json!({ "allOf": [{ "type": "array", "items": { "type": "string" } }, { "minItems": 1 }] });
        assert_eq!(
            plain_of(limited).unwrap(),
            json!({ "type": "array", "items": { "type": "string" } })
        );
        assert_eq!(
            plain_of(
                json!({ "allOf": [{ "$ref": "#/components/schemas/Circle" }, { "type": "object" }] })
            ),
            None
        );
    }

    #[test]
    fn parts_that_are_there_several_times_do_not_multiply() {
        let chain = |length: usize| {
            (0..length).map(|index| {
                let next = json!({ "$ref": format!("#/components/schemas/E{}", index + 1) });
                let own = json!({ "properties": { format!("p{index}"): {} } });
                (format!("E{index}"), json!({ "allOf": [next, { "allOf": [next] }, own] }))
            })
        };
        // It is longer than the maximum depth.
        let end = ("E200".to_owned(), json!({ "properties": { "z": {} } }));
        let components: Components = chain(200).chain([end]).collect();
        let node = components.resolved("E0", 0).unwrap();
        assert_eq!(node["properties"].as_object().unwrap().len(), 201);
        let end = ("E100".to_owned(), json!({ "$ref": "#/components/schemas/E0" }));
        let components: Components = chain(100).chain([end]).collect();
        assert_eq!(components.resolved("E0", 0), None);
    }

    #[test]
    fn what_failed_in_a_cycle_is_resolved_by_itself() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let components: Components = [
            ("A", json!({ "allOf": [{ "properties": { "a": reference("B") } }, { "properties": { "a": reference("B") } }] })),
            ("B", json!({ "allOf": [reference("A"), { "properties": { "b": {} } }] })),
        ]
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
        for (name, count) in [("A", 1), ("B", 2)] {
            let node = components.resolved(name, 0).unwrap();
            assert_eq!(node["properties"].as_object().unwrap().len(), count, "{name}");
        }
    }

    #[test]
    fn alternatives_keep_their_common_part() {
        let kind = json!({ "$ref": "#/components/schemas/Kind" });
        for (node, expected) in [
            (
                json!({ "oneOf": [kind, { "type": "string", "enum": ["b"] }] }),
                json!({ "type": "string", "enum": ["a", "b"] }),
            ),
            (json!({ "anyOf": [kind, { "type": "string" }] }), json!({ "type": "string" })),
            (json!({ "anyOf": [kind, { "type": "null" }] }), kind.clone()),
            (
                json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }] }),
                json!({ "type": "number" }),
            ),
            (json!({ "anyOf": [{}, { "type": "string" }] }), json!({})),
            (
                json!({ "allOf": [kind, { "type": "string", "enum": ["b", "a"] }] }),
                json!({ "type": "string", "enum": ["a"] }),
            ),
        ] {
            assert_eq!(plain_of(node.clone()), Some(expected), "{node}");
        }
        for node in [
            json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
            json!({ "oneOf": [{ "$ref": "#/components/schemas/Base" }, { "type": "object" }] }),
        ] {
            assert_eq!(plain_of(node.clone()), None, "{node}");
        }
    }
}
