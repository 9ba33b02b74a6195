//! The structure of a document without its prose, in the form that `spec/` has.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Number, Value, json};

use stream_spec::{Events, Part, reference_name};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The keywords of a schema that are imported unchanged.
const FACTS: [&str; 22] = [
    "type",
    "format",
    "enum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "pattern",
    "uniqueItems",
    "readOnly",
    "writeOnly",
    "deprecated",
    "discriminator",
    "x-stream-is-event",
    "x-stream-filter-fields",
    "x-stream-sort-fields",
    "x-stream-sort-combinations",
];

/// The keywords of a schema that combine others.
const COMBINATIONS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Operations and schemas without descriptions, titles, examples and errors.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Structure {
    /// By path and method.
    pub(crate) operations: BTreeMap<(String, String), Value>,
    pub(crate) schemas: BTreeMap<String, Value>,
    /// The required headers and cookies of each operation, which are not imported.
    pub(crate) headers: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Structure {
    /// Returns the structure of the parts of a document. Broken references are omitted, as in the
    /// generated code.
    pub(crate) fn of(parts: &[Part]) -> Self {
        let mut structure = Self::default();
        for part in parts {
            let at = |key: &str| part.value.get(key).and_then(Value::as_object);
            for (path, item) in at("paths").into_iter().flatten() {
                for method in METHODS {
                    let Some(operation) = item.get(method).filter(|value| value.is_object()) else {
                        continue;
                    };
                    let path = stream_spec::balanced_path(path);
                    let endpoint = (path, method.to_owned());
                    let headers = required_headers(&part.value, item, operation);
                    structure.headers.insert(endpoint.clone(), headers);
                    let operation = self::operation(&part.value, &endpoint.0, item, operation);
                    structure.operations.insert(endpoint, operation);
                }
            }
            let schemas = part.value.pointer("/components/schemas");
            for (name, schema) in schemas.and_then(Value::as_object).into_iter().flatten() {
                structure.schemas.insert(name.clone(), component(schema));
            }
        }
        structure
    }

    /// Returns the name of the union of webhook events, if there is one, with the schema of each
    /// type of event.
    pub(crate) fn event_union(&self) -> Option<(&str, Events)> {
        stream_spec::event_union(self.schemas.iter().map(|(name, schema)| (name.as_str(), schema)))
    }

    /// Returns the schema of each type of webhook event.
    pub(crate) fn events(&self) -> Events {
        self.event_union().map(|(_, events)| events).unwrap_or_default()
    }
}

fn operation(root: &Value, path: &str, item: &Value, value: &Value) -> Value {
    let mut operation = Map::new();
    copy(value, &mut operation, "operationId");
    if is_true(value, "deprecated") {
        operation.insert("deprecated".to_owned(), true.into());
    }
    let tags: Vec<&Value> = list(value, "tags")
        .filter(|tag| tag.as_str().is_some_and(|tag| tag.starts_with("product:")))
        .collect();
    operation.insert("tags".to_owned(), json!(tags));
    let mut parameters: Vec<Value> = Vec::new();
    for parameter in list(value, "parameters").chain(list(item, "parameters")) {
        let Some(parameter) = resolve(root, parameter) else { continue };
        let key = |value: &Value| (value.get("in").cloned(), value.get("name").cloned());
        let is_known = parameters.iter().any(|other| key(other) == key(parameter));
        let place = parameter.get("in").and_then(Value::as_str);
        if !is_known && matches!(place, Some("path" | "query")) {
            parameters.push(self::parameter(parameter));
        }
    }
    // A name in the path is a parameter, even if it is not declared.
    let names = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    for name in names {
        let is_it = |parameter: &Value| {
            parameter.get("in") == Some(&"path".into())
                && parameter.get("name") == Some(&name.into())
        };
        if !parameters.iter().any(is_it) {
            let schema = json!({ "type": "string" });
            parameters
                .push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
        }
    }
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(body) = value.get("requestBody").and_then(|body| resolve(root, body)) {
        let mut clean = Map::new();
        if is_true(body, "required") {
            clean.insert("required".to_owned(), true.into());
        }
        clean.insert("content".to_owned(), content(body));
        operation.insert("requestBody".to_owned(), clean.into());
    }
    let mut responses = Map::new();
    let all = value.get("responses").and_then(Value::as_object);
    for (status, response) in all.into_iter().flatten() {
        if status.starts_with('2') {
            let Some(response) = resolve(root, response) else { continue };
            let content = content(response);
            let response = json!({ "description": "Success.", "content": content });
            responses.insert(status.clone(), response);
        }
    }
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Error" }));
    operation.insert("responses".to_owned(), responses.into());
    operation.into()
}

/// Returns the headers and cookies that callers must send, with their places.
fn required_headers(root: &Value, item: &Value, operation: &Value) -> BTreeSet<String> {
    let all = list(operation, "parameters").chain(list(item, "parameters"));
    let required = all.filter_map(|value| {
        let value = resolve(root, value).filter(|value| is_true(value, "required"))?;
        let (place, name) = (value.get("in")?.as_str()?, value.get("name")?.as_str()?);
        let is_credential = name.eq_ignore_ascii_case("authorization");
        let is_header = matches!(place, "header" | "cookie") && !is_credential;
        is_header.then(|| format!("{place} parameter {name}"))
    });
    required.collect()
}

fn parameter(value: &Value) -> Value {
    let mut parameter = Map::new();
    for key in ["name", "in", "style", "explode"] {
        copy(value, &mut parameter, key);
    }
    for flag in ["required", "deprecated"] {
        if is_true(value, flag) {
            parameter.insert(flag.to_owned(), true.into());
        }
    }
    if value.get("content").is_some() {
        parameter.insert("content".to_owned(), content(value));
    } else {
        let schema = value.get("schema").map_or_else(|| json!({}), nested);
        parameter.insert("schema".to_owned(), schema);
    }
    parameter.into()
}

fn content(value: &Value) -> Value {
    let media = value.get("content").and_then(Value::as_object);
    media
        .into_iter()
        .flatten()
        .map(|(media, value)| {
            let schema = value.get("schema").map_or_else(|| json!({}), nested);
            (media.clone(), json!({ "schema": schema }))
        })
        .collect::<Map<_, _>>()
        .into()
}

/// Returns a component. `nullable` is ignored, since any value may be null.
fn component(value: &Value) -> Value {
    let mut value = value.clone();
    // A component that is only another one may still be a variant of it.
    if let Value::Object(node) = &mut value {
        stream_spec::downgrade(node);
    }
    let mut node = facts(&value);
    if let Some(Value::Array(variants)) = node.get_mut("oneOf") {
        // In the document, they have no particular order.
        variants.sort_by_cached_key(ToString::to_string);
        variants.dedup();
    }
    node.into()
}

/// Returns a schema inside another or in an operation.
fn nested(value: &Value) -> Value {
    let value = &simple(value.clone());
    let mut node = facts(value);
    if is_true(value, "nullable") {
        node.insert("nullable".to_owned(), true.into());
    }
    let is_object = node.get("type").is_some_and(|kind| kind == "object");
    if is_object && !node.contains_key("properties") && !node.contains_key("additionalProperties") {
        node.insert("additionalProperties".to_owned(), json!({}));
    }
    node.into()
}

/// Returns a schema in the form of OpenAPI 3.0. A combination of which only one part says something
/// becomes that part, such as `allOf` of one reference, or `oneOf` of a reference and null.
fn simple(mut value: Value) -> Value {
    let Value::Object(node) = &mut value else { return value };
    stream_spec::downgrade(node);
    let mut keys = COMBINATIONS.into_iter().filter(|key| node.contains_key(*key));
    let (Some(key), None) = (keys.next(), keys.next()) else { return value };
    let Some(Value::Array(members)) = node.get_mut(key) else { return value };
    let count = members.len();
    members.retain(|member| {
        member.get("type").is_none_or(|kind| *kind != "null" && *kind != json!(["null"]))
    });
    if members.len() < count {
        node.insert("nullable".to_owned(), true.into());
    }
    let says_more = ["$ref", "additionalProperties", "enum", "items", "properties", "required"];
    let only = match node.get(key).and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) if !says_more.iter().any(|key| node.contains_key(*key)) => only.clone(),
        _ => return value,
    };
    let mut only = simple(only);
    if let Value::Object(inner) = &mut only {
        for flag in ["default", "deprecated", "nullable", "readOnly", "writeOnly"] {
            inner.extend(node.remove(flag).map(|value| (flag.to_owned(), value)));
        }
    }
    only
}

fn facts(value: &Value) -> Map<String, Value> {
    let mut node = Map::new();
    if value.get("$ref").is_some() {
        copy(value, &mut node, "$ref");
        if is_true(value, "deprecated") {
            node.insert("deprecated".to_owned(), true.into());
        }
        return node;
    }
    for key in FACTS {
        copy(value, &mut node, key);
    }
    for flag in ["readOnly", "writeOnly", "deprecated", "uniqueItems"] {
        if node.get(flag) == Some(&false.into()) {
            node.remove(flag);
        }
    }
    for limit in ["minimum", "maximum"] {
        if let Some(number) = node.get(limit).and_then(Value::as_f64) {
            // This is a negative number that wrapped around.
            if number >= 9.2e18 {
                node.remove(limit);
            }
        }
    }
    for number in node.values_mut() {
        whole(number);
    }
    if let Some(default) = value.get("default").filter(|default| fits(default, value)) {
        let mut default = default.clone();
        whole(&mut default);
        node.insert("default".to_owned(), default);
    }
    if let Some(key) = value.pointer("/x-stream-map/key") {
        node.insert("x-stream-map".to_owned(), json!({ "key": key }));
    }
    if let Some(Value::Object(discriminator)) = node.get_mut("discriminator") {
        discriminator.retain(|key, _| key == "propertyName" || key == "mapping");
        if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
            mapping.values_mut().for_each(full_reference);
        }
    }
    if let Some(Value::Object(fields)) = node.get_mut("x-stream-filter-fields") {
        for field in fields.values_mut().filter_map(Value::as_object_mut) {
            field.retain(|key, _| key == "type" || key == "operators");
        }
    }
    for key in COMBINATIONS {
        if value.get(key).is_some() {
            let variants: Vec<Value> = list(value, key).map(nested).collect();
            node.insert(key.to_owned(), variants.into());
        }
    }
    match value.get("items") {
        // Items that are listed one by one.
        Some(Value::Array(items)) => {
            let same = items.first().filter(|first| items.iter().all(|item| item == *first));
            node.insert("items".to_owned(), same.map_or_else(|| json!({}), nested));
        }
        Some(items) => drop(node.insert("items".to_owned(), nested(items))),
        None => {}
    }
    match value.get("additionalProperties") {
        Some(Value::Object(inner)) => {
            let inner = nested(&Value::Object(inner.clone()));
            node.insert("additionalProperties".to_owned(), inner);
        }
        Some(Value::Bool(true)) => {
            node.insert("additionalProperties".to_owned(), json!({}));
        }
        _ => {}
    }
    if let Some(properties) = value.get("properties").and_then(Value::as_object) {
        let required: BTreeSet<&str> = list(value, "required")
            .filter_map(Value::as_str)
            .filter(|name| properties.contains_key(*name))
            .collect();
        if !required.is_empty() {
            node.insert("required".to_owned(), json!(required));
        }
        let clean: Map<_, _> =
            properties.iter().map(|(name, property)| (name.clone(), nested(property))).collect();
        if !clean.is_empty() {
            node.insert("properties".to_owned(), clean.into());
        }
    }
    let has_members = node.contains_key("properties") || node.contains_key("additionalProperties");
    if has_members && !node.contains_key("type") {
        node.insert("type".to_owned(), "object".into());
    }
    node
}

/// Returns whether a default is a valid value of its schema.
fn fits(default: &Value, schema: &Value) -> bool {
    let is_listed =
        schema.get("enum").and_then(Value::as_array).is_none_or(|values| values.contains(default));
    let is_kind = match schema.get("type").and_then(Value::as_str) {
        Some("string") => default.is_string(),
        Some("integer") => default.as_f64().is_some_and(|number| number.fract() == 0.0),
        Some("number") => default.is_number(),
        Some("boolean") => default.is_boolean(),
        Some("array") => default.is_array(),
        Some("object") => default.is_object(),
        _ => false,
    };
    is_kind && is_listed
}

/// Writes `3.0` as `3`.
fn whole(value: &mut Value) {
    if let Some(number) = value.as_f64().filter(|_| value.is_f64())
        && number.fract() == 0.0
        && number.abs() < 9e15
    {
        *value = Number::from(number as i64).into();
    }
}

/// Completes the name of a schema in a discriminator to a reference.
fn full_reference(target: &mut Value) {
    if let Some(name) = target.as_str().filter(|name| reference_name(name).is_none()) {
        *target = format!("#/components/schemas/{name}").into();
    }
}

fn resolve<'a>(root: &'a Value, value: &'a Value) -> Option<&'a Value> {
    match value.get("$ref").and_then(Value::as_str) {
        None => Some(value),
        Some(reference) => root.pointer(reference.strip_prefix('#')?),
    }
}

fn copy(from: &Value, to: &mut Map<String, Value>, key: &str) {
    if let Some(value) = from.get(key) {
        to.insert(key.to_owned(), value.clone());
    }
}

fn is_true(value: &Value, key: &str) -> bool {
    value.get(key) == Some(&true.into())
}

pub(super) fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_and_quirks_are_left_out() {
        let vendor = json!({
            "type": "object", "nullable": true, "title": "T", "description": "D", "x-stream-index": "1",
            "required": ["b", "a", "gone"],
            "properties": {
                "b": { "$ref": "#/components/schemas/B", "description": "D", "title": "T" },
                "a": { "type": "number", "minimum": 18_446_744_073_709_552_000_f64, "maximum": 90.0, "example": 1 },
                "c": { "type": "object" },
                "d": { "type": "boolean", "default": "no", "nullable": true },
                "e": { "additionalProperties": true },
                "pairs": { "type": "array", "prefixItems": [{ "type": "string" }, { "type": "string" }] },
                "mixed": { "type": "array", "prefixItems": [{ "type": "string" }], "items": { "type": "integer" } },
                "by_pattern": { "type": "object", "patternProperties": { "^x": { "type": "integer" } } },
            }
        });
        let own = json!({
            "type": "object", "required": ["a", "b"],
            "properties": {
                "a": { "type": "number", "maximum": 90 },
                "b": { "$ref": "#/components/schemas/B" },
                "c": { "type": "object", "additionalProperties": {} },
                "d": { "type": "boolean", "nullable": true },
                "e": { "type": "object", "additionalProperties": {} },
                "pairs": { "type": "array", "items": { "type": "string" } },
                "mixed": { "type": "array", "items": {} },
                "by_pattern": { "type": "object", "additionalProperties": { "type": "integer" } },
            }
        });
        assert_eq!(component(&vendor), own);
        assert_eq!(component(&own), own);
    }

    #[test]
    fn other_ways_to_say_the_same_are_the_same() {
        let reference = || json!({ "$ref": "#/components/schemas/B" });
        let nullable = json!({ "$ref": "#/components/schemas/B", "nullable": true });
        for (new, old) in [
            (json!({ "allOf": [reference()], "description": "D" }), reference()),
            (
                json!({ "allOf": [reference()], "type": "object", "nullable": true }),
                nullable.clone(),
            ),
            (json!({ "oneOf": [{ "type": "null" }, reference()] }), nullable.clone()),
            (json!({ "anyOf": [{ "allOf": [reference()] }, { "type": ["null"] }] }), nullable),
            (
                json!({ "type": ["string", "null"], "enum": ["a", null] }),
                json!({ "type": "string", "enum": ["a"], "nullable": true }),
            ),
            (json!({ "const": "a", "type": "string" }), json!({ "type": "string", "enum": ["a"] })),
            (
                json!({ "oneOf": [reference(), { "type": "string" }, { "type": "null" }] }),
                json!({ "oneOf": [reference(), { "type": "string" }], "nullable": true }),
            ),
        ] {
            assert_eq!(nested(&new), old, "{new}");
            assert_eq!(nested(&old), old, "{old}");
        }
        let more = json!({ "allOf": [reference()], "type": "object", "properties": { "a": {} } });
        assert_eq!(nested(&more)["allOf"], json!([reference()]));
    }
}
