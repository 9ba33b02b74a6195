//! `cargo xtask spec diff`.

use crate::{document, folder, printed, text, write_json, write_yaml, xtask};
use serde_json::{Value, json};

/// Two operations: one sends a `Body`, one reads an `Answer`; both know a `Both`.
fn base() -> Value {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let content = |name: &str| json!({ "application/json": { "schema": reference(name) } });
    json!({
        "paths": {
            "/a/{id}": { "post": {
                "operationId": "DoA", "tags": ["product:chat"], "summary": "A",
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                    { "name": "limit", "in": "query", "schema": { "type": "integer", "format": "int32", "maximum": 100 } },
                    { "name": "team", "in": "query", "required": true, "schema": { "type": "string" } },
                ],
                "requestBody": { "required": true, "content": content("Body") },
                "responses": { "201": { "content": content("Answer") }, "400": { "description": "bad" } },
            } },
            "/b": { "get": { "operationId": "GetB", "responses": { "200": { "content": content("Answer") } } } },
        },
        "components": { "schemas": {
            "Body": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string", "minLength": 1, "maxLength": 64 }, "size": { "type": "integer", "format": "int64" },
                "kind": { "type": "string", "enum": ["a", "b"] }, "tags": { "type": "array", "items": { "type": "string" }, "maxItems": 5 },
                "both": reference("Both"), "note": { "type": "string", "nullable": true },
                "filter": { "type": "object", "additionalProperties": {},
                    "x-stream-filter-fields": { "name": { "type": "string", "operators": ["$eq", "$in"] } },
                    "x-stream-sort-fields": ["name"], "x-stream-sort-combinations": [["name"]] } } },
            "Answer": { "type": "object", "required": ["id"], "properties": {
                "id": { "type": "string", "maxLength": 64 }, "count": { "type": "integer", "format": "int32" },
                "kind": { "type": "string", "enum": ["a", "b"] }, "both": reference("Both"), "sum": { "type": "integer" } } },
            "Both": { "type": "object", "properties": { "x": { "type": "string" } } },
            "FooEvent": { "type": "object", "properties": { "type": { "type": "string" } } },
            "WHEvent": { "oneOf": [reference("FooEvent")],
                "discriminator": { "propertyName": "type", "mapping": { "foo": "#/components/schemas/FooEvent" } } },
        } }
    })
}

/// Sets or removes (`null`) what is at a pointer.
fn change(document: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"));
    match (parent, value) {
        (Value::Object(map), Value::Null) => {
            drop(map.remove(&key).unwrap_or_else(|| panic!("{pointer}")));
        }
        (Value::Object(map), value) => drop(map.insert(key, value)),
        (Value::Array(items), Value::Null) => drop(items.remove(key.parse().unwrap())),
        (Value::Array(items), value) if key == "-" => items.push(value),
        (Value::Array(items), value) => items[key.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer}"),
    }
}

const A: &str = "/paths/~1a~1{id}/post";
const BODY: &str = "/components/schemas/Body";
const ANSWER: &str = "/components/schemas/Answer";
const BOTH: &str = "/components/schemas/Both";

#[test]
fn each_change_is_on_its_side() {
    let folder = folder("diff");
    let (old, new) = (folder.join("old.json"), folder.join("new.yaml"));
    write_json(&old, &base());
    let text_of = |kind: &str| json!({ "type": kind });
    // Where, to what, whether it breaks, and what is told; nothing is told for the last ones.
    let cases: Vec<(String, Value, bool, &str)> = vec![
        ("/paths/~1b".into(), Value::Null, true, "GET /b (GetB): operation removed"),
        (
            "/paths/~1c".into(),
            json!({ "get": { "operationId": "GetC", "responses": { "204": {} } } }),
            false,
            "GET /c (GetC): operation added",
        ),
        (format!("{A}/operationId"), "RunA".into(), false, "operation id became RunA"),
        (format!("{A}/deprecated"), true.into(), false, "deprecated"),
        (format!("{A}/parameters/1"), Value::Null, true, "query parameter limit: removed"),
        (
            format!("{A}/parameters/1/required"),
            true.into(),
            true,
            "query parameter limit: now required",
        ),
        (
            format!("{A}/parameters/2/required"),
            Value::Null,
            false,
            "query parameter team: no longer required",
        ),
        (format!("{A}/parameters/1/schema/maximum"), 50.into(), true, "maximum 100 became 50"),
        (format!("{A}/parameters/1/schema/maximum"), 500.into(), false, "maximum 100 became 500"),
        (format!("{A}/parameters/1/schema/minimum"), 1.into(), true, "minimum 1 added"),
        (
            format!("{A}/parameters/1/schema/format"),
            "int64".into(),
            false,
            "type integer int32 became integer int64",
        ),
        (
            format!("{A}/parameters/1/schema"),
            text_of("string"),
            true,
            "type integer int32 became string",
        ),
        (
            format!("{A}/parameters/-"),
            json!({ "name": "x", "in": "query", "schema": {} }),
            false,
            "query parameter x: added",
        ),
        (
            format!("{A}/parameters/-"),
            json!({ "name": "x", "in": "query", "required": true, "schema": text_of("string") }),
            true,
            "query parameter x: added, and required",
        ),
        (
            format!("{A}/parameters/-"),
            json!({ "name": "x", "in": "query", "required": true, "schema": { "type": "string", "default": "y" } }),
            false,
            "query parameter x: added",
        ),
        (format!("{A}/requestBody"), Value::Null, true, "body: removed"),
        (
            "/paths/~1b/get/requestBody".into(),
            json!({ "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Body" } } } }),
            true,
            "body: added, and required",
        ),
        (
            "/paths/~1b/get/responses".into(),
            json!({ "201": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Answer" } } } } }),
            false,
            "status 200 became 201",
        ),
        (format!("{BODY}/required/-"), "size".into(), true, "Body.size: now required"),
        (format!("{BODY}/required"), json!([]), false, "Body.name: no longer required"),
        (format!("{BODY}/properties/size"), Value::Null, true, "Body.size: removed"),
        (
            format!("{BODY}/properties/size/format"),
            "int32".into(),
            true,
            "Body.size: type integer int64 became integer int32",
        ),
        (
            format!("{BODY}/properties/size"),
            text_of("number"),
            false,
            "Body.size: type integer int64 became number",
        ),
        (format!("{BODY}/properties/more"), text_of("string"), false, "Body.more: added"),
        (
            format!("{BODY}/properties/kind/enum"),
            json!(["a"]),
            true,
            "Body.kind: enum value b removed",
        ),
        (
            format!("{BODY}/properties/kind/enum"),
            json!(["c", "b", "a"]),
            false,
            "Body.kind: enum value c added",
        ),
        (
            format!("{BODY}/properties/kind/enum"),
            Value::Null,
            false,
            "Body.kind: type string enum became string",
        ),
        (
            format!("{BODY}/properties/name/enum"),
            json!(["a"]),
            true,
            "Body.name: type string became string enum",
        ),
        (
            format!("{BODY}/properties/name/maxLength"),
            32.into(),
            true,
            "Body.name: maxLength 64 became 32",
        ),
        (
            format!("{BODY}/properties/name/maxLength"),
            Value::Null,
            false,
            "Body.name: maxLength 64 removed",
        ),
        (
            format!("{BODY}/properties/name/minLength"),
            0.into(),
            false,
            "Body.name: minLength 1 became 0",
        ),
        (format!("{BODY}/properties/name/pattern"), "^a".into(), true, "Body.name: pattern \"^a\""),
        (
            format!("{BODY}/properties/tags/items"),
            text_of("integer"),
            true,
            "Body.tags[]: type string became integer",
        ),
        (
            format!("{BODY}/properties/note/nullable"),
            Value::Null,
            true,
            "Body.note: may not be null any more",
        ),
        (format!("{BODY}/properties/name/readOnly"), true.into(), true, "Body.name: readOnly now"),
        (
            format!("{BODY}/properties/filter/x-stream-filter-fields/name"),
            Value::Null,
            true,
            "Body.filter: filter name: removed",
        ),
        (
            format!("{BODY}/properties/filter/x-stream-filter-fields/name/operators"),
            json!(["$eq"]),
            true,
            "filter name: operator $in removed",
        ),
        (
            format!("{BODY}/properties/filter/x-stream-filter-fields/name/operators/-"),
            "$gt".into(),
            false,
            "filter name: operator $gt added",
        ),
        (
            format!("{BODY}/properties/filter/x-stream-filter-fields/more"),
            json!({ "type": "string", "operators": [] }),
            false,
            "filter more: added",
        ),
        (
            format!("{BODY}/properties/filter/x-stream-sort-fields"),
            json!([]),
            true,
            "sort field name removed",
        ),
        (
            format!("{BODY}/properties/filter/x-stream-sort-combinations"),
            json!([["name"], ["name", "id"]]),
            false,
            "sort combination name, id added",
        ),
        (format!("{ANSWER}/properties/count"), Value::Null, true, "Answer.count: removed"),
        (format!("{ANSWER}/properties/more"), text_of("string"), false, "Answer.more: added"),
        (format!("{ANSWER}/required/-"), "count".into(), false, "Answer.count: now required"),
        (format!("{ANSWER}/required"), json!([]), true, "Answer.id: no longer required"),
        (
            format!("{ANSWER}/properties/id/maxLength"),
            32.into(),
            false,
            "Answer.id: maxLength 64 became 32",
        ),
        (
            format!("{ANSWER}/properties/kind/enum/-"),
            "c".into(),
            false,
            "Answer.kind: enum value c added",
        ),
        (
            format!("{ANSWER}/properties/kind/enum/0"),
            Value::Null,
            true,
            "Answer.kind: enum value a removed",
        ),
        (
            format!("{ANSWER}/properties/sum"),
            text_of("number"),
            true,
            "Answer.sum: type integer became number",
        ),
        (
            format!("{ANSWER}/properties/both"),
            json!({ "$ref": "#/components/schemas/Body" }),
            true,
            "Answer.both: type Both became Body",
        ),
        (format!("{BOTH}/required"), json!(["x"]), true, "Both.x: now required"),
        (
            "/components/schemas/WHEvent/discriminator/mapping/foo".into(),
            Value::Null,
            true,
            "event foo: removed",
        ),
        (
            "/components/schemas/WHEvent/discriminator/mapping/bar".into(),
            "#/components/schemas/FooEvent".into(),
            false,
            "event bar: added, with FooEvent",
        ),
        (format!("{A}/summary"), "Other".into(), false, ""),
        (format!("{A}/responses/400"), json!({ "description": "worse" }), false, ""),
        (format!("{BODY}/description"), "Other".into(), false, ""),
        (format!("{BODY}/properties/kind/enum"), json!(["b", "a"]), false, ""),
        (format!("{ANSWER}/nullable"), true.into(), false, ""),
    ];
    for (pointer, value, is_breaking, told) in cases {
        let mut document = base();
        change(&mut document, &pointer, value);
        // Required fields that are gone.
        write_yaml(&new, &document);
        let output = xtask(&["spec", "diff", text(&old), text(&new), "--json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{pointer}: {error} {}", String::from_utf8_lossy(&output.stderr))
        });
        let (breaking, harmless) = (&report["breaking"], &report["non_breaking"]);
        let side = if is_breaking { breaking } else { harmless };
        let lines = |side: &Value| -> Vec<String> {
            let changes = side.as_array().unwrap().iter();
            changes
                .map(|change| {
                    format!(
                        "{}: {}",
                        change["place"].as_str().unwrap(),
                        change["change"].as_str().unwrap()
                    )
                })
                .collect()
        };
        if told.is_empty() {
            assert_eq!(report, json!({ "breaking": [], "non_breaking": [] }), "{pointer}");
        } else {
            assert!(lines(side).iter().any(|line| line.ends_with(told)), "{pointer}: {report:#}");
        }
        assert_eq!(breaking.as_array().unwrap().is_empty(), !is_breaking, "{pointer}: {report:#}");
        assert_eq!(output.status.code(), Some(i32::from(is_breaking)), "{pointer}");
    }
}

#[test]
fn prose_and_the_vendors_habits_are_no_change() {
    let folder = folder("diff-own");
    let file = folder.join("vendor.yaml");
    write_yaml(&file, &document::own());
    let spec = stream_spec::workspace_root().join("spec");
    assert_eq!(printed(&["spec", "diff", text(&spec), text(&file)]), "nothing changed\n");
}

#[test]
fn the_text_is_in_two_groups() {
    let folder = folder("diff-text");
    let (old, new) = (folder.join("old.json"), folder.join("new.json"));
    write_json(&old, &base());
    let mut document = base();
    change(&mut document, "/paths/~1b", Value::Null);
    change(&mut document, "/components/schemas/Body/properties/more", json!({ "type": "string" }));
    write_json(&new, &document);
    let output = xtask(&["spec", "diff", text(&old), text(&new)]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "breaking (1)\n  GET /b (GetB): operation removed\n\nnot breaking (1)\n  Body.more: added\n"
    );
    let broken = folder.join("broken.json");
    std::fs::write(&broken, "{").unwrap();
    let output = xtask(&["spec", "diff", text(&old), text(&broken)]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("broken.json"));
}
