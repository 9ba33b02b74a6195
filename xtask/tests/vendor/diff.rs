//! `cargo xtask spec diff` finds every change, and knows which are breaking.

use serde_json::{Value, json};

use crate::{document, folder, printed, text, write_json, write_yaml, xtask};

/// Returns two operations: one sends a `Body`, one returns an `Answer`; both contain a `Both`.
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

/// Sets the value at a pointer, or removes it if it is `null`.
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
    // Each case is a pointer, a new value, whether that breaks callers, and the report, which is
    // empty for the last ones.
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
            "query parameter team: no longer required; `spec import` keeps it required",
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
        (
            format!("{BODY}/required"),
            json!([]),
            false,
            "Body.name: no longer required; `spec import` keeps it required",
        ),
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
        (
            format!("{ANSWER}/required"),
            json!([]),
            false,
            "Answer.id: no longer required; `spec import` keeps it required",
        ),
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
        (format!("{BODY}/properties/size/multipleOf"), 5.into(), true, "Body.size: multipleOf 5"),
        (
            format!("{BODY}/additionalProperties"),
            text_of("string"),
            false,
            "Body: has members beyond those listed",
        ),
        (format!("{A}/parameters/1/explode"), true.into(), false, ""),
        (
            format!("{A}/parameters/-"),
            json!({ "name": "X-New", "in": "header", "required": true }),
            true,
            "header parameter X-New: added, and required",
        ),
        (format!("{A}/parameters/-"), json!({ "name": "X-New", "in": "header" }), false, ""),
        (format!("{A}/summary"), "Other".into(), false, ""),
        (format!("{A}/responses/400"), json!({ "description": "worse" }), false, ""),
        (format!("{BODY}/description"), "Other".into(), false, ""),
        (format!("{BODY}/properties/kind/enum"), json!(["b", "a"]), false, ""),
        (format!("{ANSWER}/nullable"), true.into(), false, ""),
        (format!("{ANSWER}/properties/count/default"), 7.into(), false, ""),
        (format!("{BODY}/properties/size/default"), 7.into(), false, "Body.size: default is 7 now"),
    ];
    for (pointer, value, is_breaking, told) in cases {
        let mut document = base();
        change(&mut document, &pointer, value);
        // Required fields that were removed.
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

/// Compares two documents, and returns the lines of each side.
fn compared(name: &str, old: &Value, new: &Value) -> (Vec<String>, Vec<String>) {
    let folder = folder(&format!("diff-{name}"));
    let (before, after) = (folder.join("old.json"), folder.join("new.yaml"));
    write_json(&before, old);
    write_yaml(&after, new);
    let output = xtask(&["spec", "diff", text(&before), text(&after), "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lines = |side: &str| {
        let changes = report[side].as_array().unwrap().iter();
        let text = |change: &Value, key: &str| change[key].as_str().unwrap().to_owned();
        changes.map(|one| format!("{}: {}", text(one, "place"), text(one, "change"))).collect()
    };
    (lines("breaking"), lines("non_breaking"))
}

/// Returns the same document with another name for a schema.
fn renamed(document: &Value, from: &str, to: &str) -> Value {
    let text = document.to_string();
    let text = text.replace(&format!("\"{from}\":"), &format!("\"{to}\":"));
    let text = text.replace(&format!("schemas/{from}\""), &format!("schemas/{to}\""));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn another_name_is_no_change() {
    let old = base();
    let mut new = old.clone();
    for (from, to) in [
        ("Body", "DoARequest"),
        ("Answer", "DoAResponse"),
        ("Both", "Shared"),
        ("WHEvent", "WebhookEvent"),
        ("FooEvent", "FooWebhook"),
    ] {
        new = renamed(&new, from, to);
    }
    assert_eq!(compared("renamed", &old, &new), (vec![], vec![]));
    // A narrower type is reported once, at its place.
    new["components"]["schemas"]["DoARequest"]["required"] = json!(["name", "size"]);
    new["components"]["schemas"]["Shared"]["properties"] =
        json!({ "x": { "type": "string", "enum": ["a"] }, "y": {} });
    let (breaking, harmless) = compared("narrower", &old, &new);
    assert_eq!(
        breaking,
        [
            "POST /a/{id} (DoA): body.both.x: type string became string enum",
            "POST /a/{id} (DoA): body.size: now required",
        ]
    );
    assert_eq!(harmless, ["POST /a/{id} (DoA): body.both.y: added"]);
}

#[test]
fn another_style_of_a_list_is_a_break() {
    let mut old = base();
    old["paths"]["/a/{id}"]["post"]["parameters"][1]["schema"] =
        json!({ "type": "array", "items": { "type": "string" } });
    let mut new = old.clone();
    new["paths"]["/a/{id}"]["post"]["parameters"][1]["explode"] = true.into();
    let (breaking, harmless) = compared("style", &old, &new);
    assert_eq!(breaking, ["POST /a/{id} (DoA): query parameter limit: is sent in another style"]);
    assert_eq!(harmless, Vec::<String>::new());
    new["paths"]["/a/{id}"]["post"]["parameters"][1]["style"] = "form".into();
    old["paths"]["/a/{id}"]["post"]["parameters"][1]["explode"] = true.into();
    assert_eq!(compared("style", &old, &new), (Vec::new(), Vec::new()));
}

#[test]
fn another_name_of_a_path_parameter_is_no_break() {
    let mut new = base();
    let mut item = new["paths"]["/a/{id}"].take();
    item["post"]["parameters"][0]["name"] = "thing".into();
    new["paths"].as_object_mut().unwrap().remove("/a/{id}");
    new["paths"]["/a/{thing}"] = item;
    let (breaking, harmless) = compared("path-parameter", &base(), &new);
    assert_eq!(breaking, Vec::<String>::new());
    assert_eq!(harmless, ["POST /a/{id} (DoA): path became /a/{thing}"]);
}

#[test]
fn a_schema_that_moves_inline_is_the_same() {
    let old = base();
    let mut new = old.clone();
    let both = old["components"]["schemas"]["Both"].clone();
    for owner in ["Body", "Answer"] {
        new["components"]["schemas"][owner]["properties"]["both"] = both.clone();
    }
    new["components"]["schemas"].as_object_mut().unwrap().remove("Both");
    assert_eq!(compared("inline", &old, &new), (vec![], vec![]));
    assert_eq!(compared("named", &new, &old), (vec![], vec![]));
}

#[test]
fn each_version_says_which_way_a_schema_travels() {
    let mut old = base();
    // In the earlier version, nothing sends it, so its required fields are not breaking.
    old["components"]["schemas"]["Body"]["properties"].as_object_mut().unwrap().remove("both");
    let mut new = base();
    new["components"]["schemas"]["Both"]["required"] = json!(["x"]);
    let (breaking, harmless) = compared("ways", &old, &new);
    assert_eq!(breaking, Vec::<String>::new());
    assert_eq!(harmless, ["Body.both: added", "Both.x: now required"]);
}

#[test]
fn what_says_nothing_new_is_no_change() {
    let numbers = |format: Option<&str>| {
        let mut document = base();
        for owner in ["Body", "Answer"] {
            let field = &mut document["components"]["schemas"][owner]["properties"]["level"];
            *field = json!({ "type": "integer", "enum": ["1", "2"] });
            if let Some(format) = format {
                field["format"] = format.into();
            }
        }
        document
    };
    assert_eq!(compared("format", &numbers(None), &numbers(Some("int32"))), (vec![], vec![]));
    // A path parameter exists even if it is not declared.
    let mut undeclared = base();
    change(&mut undeclared, &format!("{A}/parameters/0"), Value::Null);
    assert_eq!(compared("declared", &undeclared, &base()), (vec![], vec![]));
}

#[test]
fn documents_with_the_same_id_twice_are_compared() {
    let mut old = base();
    old["paths"]["/feeds/b"] = old["paths"]["/b"].clone();
    let mut new = old.clone();
    new["paths"]["/c"] = new["paths"]["/b"].clone();
    new["paths"].as_object_mut().unwrap().remove("/feeds/b");
    let (breaking, harmless) = compared("twice", &old, &new);
    assert_eq!(breaking, ["GET /feeds/b (GetB): operation removed"]);
    assert_eq!(harmless, ["GET /c (GetB): operation added"]);
}

#[test]
fn a_change_at_many_places_is_one_line() {
    let folder = folder("diff-many");
    let (old, new) = (folder.join("old.json"), folder.join("new.json"));
    let made = |required: &Value| {
        let mut document = base();
        for number in 0..30 {
            document["components"]["schemas"][format!("Made{number}")] = json!({ "type": "object",
                "required": required, "properties": { "duration": { "type": "string" } } });
        }
        document
    };
    write_json(&old, &made(&json!(["duration"])));
    write_json(&new, &made(&json!([])));
    let told = printed(&["spec", "diff", text(&old), text(&new)]);
    assert_eq!(
        told,
        "not breaking (30)\n  duration no longer required; `spec import` keeps it required: at 30 places: Made0.duration, Made1.duration, Made10.duration, ...\n"
    );
    let told = printed(&["spec", "diff", "--all", text(&old), text(&new)]);
    assert_eq!(told.lines().count(), 31, "{told}");
}

#[test]
fn the_report_has_two_groups() {
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
