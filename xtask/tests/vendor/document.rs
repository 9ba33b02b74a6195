//! The workspace's own schema in the form of the vendor's documents.

use serde_json::{Map, Value, json};

/// Returns our schema as one file, with quirks of the vendor that do not change its meaning, and
/// with other prose.
pub(crate) fn own() -> Value {
    let mut paths = Map::new();
    let mut components = json!({ "schemas": {}, "responses": {} });
    for part in stream_spec::parts(&stream_spec::workspace_root().join("spec")).unwrap() {
        let map = |pointer: &str| part.value.pointer(pointer).and_then(Value::as_object).cloned();
        for (path, item) in map("/paths").unwrap_or_default() {
            let all = paths.entry(path).or_insert_with(|| json!({}));
            all.as_object_mut().unwrap().extend(item.as_object().unwrap().clone());
        }
        for kind in ["schemas", "responses"] {
            let found = map(&format!("/components/{kind}")).unwrap_or_default();
            components[kind].as_object_mut().unwrap().extend(found);
        }
    }
    let mut habits = Habits::default();
    for item in paths.values_mut() {
        for operation in item.as_object_mut().unwrap().values_mut() {
            habits.operation(operation);
        }
    }
    for (name, schema) in components["schemas"].as_object_mut().unwrap() {
        habits.component(name, schema);
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Vendor", "version": "v236.0.4" },
        "servers": [{ "url": "https://example.com" }],
        "security": [{ "api_key": [] }],
        "tags": [{ "name": "product:chat" }],
        "paths": paths,
        "components": components,
    })
}

/// Adds quirks, each to some of the possible places.
#[derive(Default)]
pub(crate) struct Habits(u64);

impl Habits {
    /// Returns true in about `share` of 100 cases.
    fn some(&mut self, share: u64) -> bool {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % 100 < share
    }

    fn operation(&mut self, operation: &mut Value) {
        operation["summary"] = "Vendor's summary".into();
        operation["description"] =
            "Vendor's text: `code`, [link](https://example.com)\n\n- <b>a</b>\n- b".into();
        operation["tags"].as_array_mut().unwrap().push("Vendor".into());
        operation["x-stream-docs-page-id"] = "page".into();
        operation["responses"]["400"] = json!({ "description": "Bad request", "content": {
            "application/json": { "schema": { "$ref": "#/components/schemas/APIError" } } } });
        operation["responses"]["429"] = operation["responses"]["400"].clone();
        let parameters = operation["parameters"].take();
        let mut parameters = parameters.as_array().cloned().unwrap_or_default();
        for parameter in &mut parameters {
            if parameter.get("required").is_none() {
                parameter["required"] = false.into();
            }
            parameter["description"] = "Vendor's parameter".into();
            if let Some(schema) = parameter.get_mut("schema") {
                self.node(schema);
            }
        }
        let header = json!({ "name": "X-Vendor", "in": "header", "schema": { "type": "string" } });
        parameters.push(header);
        operation["parameters"] = parameters.into();
    }

    pub(crate) fn component(&mut self, name: &str, schema: &mut Value) {
        let node = schema.as_object_mut().unwrap();
        node.remove("description");
        if let Some(variants) = node.get_mut("oneOf").and_then(Value::as_array_mut) {
            variants.reverse();
            return;
        }
        if self.some(60) {
            node.insert("nullable".to_owned(), true.into());
        }
        if self.some(50) {
            node.insert("title".to_owned(), format!("{name} title").into());
        }
        if self.some(50) {
            node.insert("description".to_owned(), "Vendor's schema".into());
        }
        node.insert("x-stream-index".to_owned(), "001".into());
        self.below(schema);
    }

    fn node(&mut self, schema: &mut Value) {
        let node = schema.as_object_mut().unwrap();
        node.remove("description");
        if self.some(50) {
            node.insert("description".to_owned(), "Vendor's field".into());
        }
        if self.some(20) {
            node.insert("title".to_owned(), "Vendor's title".into());
        }
        if node.contains_key("$ref") {
            return;
        }
        if self.some(20) {
            node.insert("example".to_owned(), json!([1, "x"]));
        }
        let kind = node.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_plain = !node.contains_key("default") && !node.contains_key("enum");
        if is_plain && self.some(10) && matches!(kind.as_str(), "boolean" | "integer") {
            node.insert("default".to_owned(), "a text".into());
        }
        if !node.contains_key("default") && node.contains_key("enum") && self.some(30) {
            node.insert("default".to_owned(), "no such value".into());
        }
        if kind == "number" && !node.contains_key("minimum") && self.some(30) {
            node.insert("minimum".to_owned(), json!(18_446_744_073_709_552_000_f64));
        }
        let is_free = node.get("additionalProperties") == Some(&json!({}));
        if is_free && self.some(30) {
            node.remove("additionalProperties");
        }
        self.below(schema);
    }

    fn below(&mut self, schema: &mut Value) {
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = schema.get_mut(key).filter(|inner| **inner != json!({})) {
                self.node(inner);
            }
        }
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.values_mut().for_each(|property| self.node(property));
        }
    }
}

/// Adds schemas to a document.
pub(crate) fn add_schemas(document: &mut Value, schemas: Value) {
    let Value::Object(schemas) = schemas else { panic!() };
    for (name, schema) in schemas {
        let old =
            document["components"]["schemas"].as_object_mut().unwrap().insert(name.clone(), schema);
        assert!(old.is_none() || name == "WSEvent", "{name} is there already");
    }
}

/// Adds an operation to a document.
pub(crate) fn add_operation(document: &mut Value, method: &str, path: &str, operation: Value) {
    let paths = document["paths"].as_object_mut().unwrap();
    let item = paths.entry(path).or_insert_with(|| json!({}));
    item[method] = operation;
}

/// Adds an event to the union.
pub(crate) fn add_event(document: &mut Value, event: &str, schema: &str) {
    let union = &mut document["components"]["schemas"]["WHEvent"];
    let reference = format!("#/components/schemas/{schema}");
    union["discriminator"]["mapping"][event] = reference.clone().into();
    union["oneOf"].as_array_mut().unwrap().push(json!({ "$ref": reference }));
}

/// Returns success responses with a schema.
pub(crate) fn responses(schema: &str) -> Value {
    json!({ "200": { "description": "OK", "content": { "application/json": {
        "schema": { "$ref": format!("#/components/schemas/{schema}") } } } } })
}
