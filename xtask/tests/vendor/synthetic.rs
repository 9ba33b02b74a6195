//! A synthetic document of the size of the vendor's largest, with all products.

use serde_json::{Map, Value, json};

use crate::document::{Habits, add_event, add_operation, add_schemas, responses};
use crate::{document, odd};

pub(crate) const OPERATIONS: usize = 420;
pub(crate) const SCHEMAS: usize = 1_445;

/// Returns our own schema with everything odd, and with enough of two other products to be as
/// large.
pub(crate) fn build(seed: u64) -> Value {
    let mut document = document::own();
    odd::add(&mut document);
    let mut random = Random(seed);
    let mut habits = Habits::default();
    let mut number = 0;
    while operations(&document) < OPERATIONS {
        number += 1;
        let product = random.of(&["video", "feeds"]);
        let domain =
            random.of(&["calls", "activities", "recordings", "comments", "members", "follows"]);
        let (request, response) = (format!("Made{number}Request"), format!("Made{number}Response"));
        let mut operation = json!({ "operationId": format!("Made{number}"), "tags": [format!("product:{product}")],
            "summary": "Made", "responses": responses(&response), "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }] });
        let method = random.of(&["get", "post", "put", "patch", "delete"]);
        if matches!(method, "post" | "put" | "patch") {
            operation["requestBody"] = json!({ "required": true, "content": { "application/json": {
                "schema": { "$ref": format!("#/components/schemas/{request}") } } } });
            add_schemas(
                &mut document,
                json!({ request.clone(): random.schema(number, &mut habits, &request) }),
            );
        }
        add_schemas(
            &mut document,
            json!({ response.clone(): random.schema(number, &mut habits, &response) }),
        );
        add_operation(
            &mut document,
            method,
            &format!("/api/v2/{product}/{domain}/{{id}}/made{number}"),
            operation,
        );
    }
    let mut number = 0;
    while schemas(&document) < SCHEMAS {
        number += 1;
        let name = format!("Part{number}");
        let mut schema = random.schema(number, &mut habits, &name);
        if number <= 80 {
            schema["properties"]["type"] =
                json!({ "type": "string", "default": format!("made.event{number}") });
            schema["properties"]["created_at"] = json!({ "type": "number", "format": "date-time" });
            schema["required"] = json!(["created_at", "type"]);
        }
        add_schemas(&mut document, json!({ name.clone(): schema }));
        if number <= 80 {
            add_event(&mut document, &format!("made.event{number}"), &name);
        }
    }
    document
}

fn operations(document: &Value) -> usize {
    let paths = document["paths"].as_object().unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    paths
        .values()
        .map(|item| methods.iter().filter(|method| item.get(**method).is_some()).count())
        .sum()
}

fn schemas(document: &Value) -> usize {
    document["components"]["schemas"].as_object().unwrap().len()
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// Returns an object with up to 12 fields; the schemas it refers to always exist.
    fn schema(&mut self, number: usize, habits: &mut Habits, name: &str) -> Value {
        let mut properties = Map::new();
        for index in 0..=self.below(12) {
            let base = self.of(&[
                "user", "call", "Stats", "type", "feed_id", "activity", "zh-TW", "count",
                "settings",
            ]);
            properties.insert(format!("{base}{index}"), self.field(number));
        }
        let required: Vec<String> =
            properties.keys().filter(|_| self.below(2) == 0).cloned().collect();
        let mut schema =
            json!({ "type": "object", "required": required, "properties": properties });
        habits.component(name, &mut schema);
        schema
    }

    fn field(&mut self, number: usize) -> Value {
        let target = match self.below(4) {
            0 => "UserResponse".to_owned(),
            1 => "OddFields".to_owned(),
            2 => "OddKind".to_owned(),
            _ => format!("Made{}Response", 1 + self.below(number.min(100))),
        };
        match self.below(12) {
            0..3 => json!({ "type": "string" }),
            3 => json!({ "type": "boolean" }),
            4 => json!({ "type": "integer", "format": "int32" }),
            5 => json!({ "type": "number", "format": "date-time" }),
            6 => json!({ "type": "object", "additionalProperties": {} }),
            7 => json!({ "type": "array", "items": { "type": "string" } }),
            8 => {
                json!({ "type": "string", "enum": [format!("a{}", self.below(40)), "b-c", "B_C"] })
            }
            9 => {
                json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{target}") } })
            }
            _ => json!({ "$ref": format!("#/components/schemas/{target}") }),
        }
    }
}
