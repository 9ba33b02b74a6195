//! Odd parts of the vendor's documents, each of which must only affect its own place.

use serde_json::{Value, json};

use crate::document::{add_event, add_operation, add_schemas, responses};

/// Adds names, types and operations of every odd kind.
pub(crate) fn add(document: &mut Value) {
    names(document);
    types(document);
    operations(document);
    events(document);
    mistakes(document);
}

/// The place of each mistake, and a part of its warning.
pub(crate) const MISTAKES: &[(&str, &str)] = &[
    ("~1odd~1undeclared~1{id}/get/parameters: ", "id of the path is not declared"),
    ("~1odd~1undeclared~1{id}/get/parameters: ", "the path has no {other}"),
    ("~1odd~1brace~1{id/get: ", "a brace of the path stands alone"),
    ("~1odd~1parameters~1{id}/post/parameters/", "the $ref leads nowhere"),
    ("~1odd~1parameters~1{id}/post/parameters/", "no name; left out"),
    (
        "~1odd~1parameters~1{id}/post/parameters/",
        "raw is in none of path, query, header and cookie",
    ),
    ("~1odd~1parameters~1{id}/post/parameters/", "bare has no schema"),
    ("/schema/$ref: ", "nothing is at #/nowhere"),
    ("~1odd~1gone/post/requestBody: ", "the $ref leads nowhere"),
    ("~1odd~1gone/post/responses: ", "none is successful"),
    ("~1odd~1gone/put: ", "there is no schema GoneRequest"),
    ("~1odd~1gone/put: ", "there is no schema GoneResponse"),
    ("~1odd~1nameless/get/operationId: ", "called GetOddNameless"),
    ("~1odd~1nameless/head: ", "not one of the methods"),
    ("#/paths/~1api~1v2~1odd~1lost: ", "the $ref leads nowhere"),
    ("~1feeds~1odd~1vote/post/operationId: ", "OddVote is taken by"),
    ("~1odd~1form/post/requestBody: ", "the form OddAny lists no fields"),
    ("#/components/schemas/OddBroken/properties/gone", "nothing is at #/components/schemas/Gone"),
    ("#/components/schemas/OddBroken/properties/elsewhere", "nothing is at other.yaml#/X"),
    ("#/components/schemas/OddBroken/properties/kind", "is not known"),
    ("#/components/schemas/OddBroken/properties/tuple", "of several types"),
    ("#/components/schemas/OddBroken/properties/nothing", "not a schema"),
    ("#/components/schemas/OddBroken/properties/text", "not a schema"),
    ("#/components/schemas/OddBroken/properties/listed/enum", "of another form"),
    ("#/components/schemas/OddBroken/properties/prose/format", "of another form"),
    ("#/components/schemas/OddBroken/properties/filled", "of what is not an object"),
    ("#/components/schemas/OddBroken/properties/deep/items/items", "too deep to read"),
    ("#/components/schemas/OddHolder/properties/held", "required, and holds its owner"),
    ("OddCircle", "stands for itself"),
    ("WHEvent", "the union of events"),
    ("#/components/schemas/WHEvent/oneOf/", "an event without a name"),
    ("WHEvent/discriminator/mapping/odd.gone", "there is no schema GoneEvent"),
];

/// Adds mistakes that real documents have or may have.
fn mistakes(document: &mut Value) {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let deep = (0..40)
        .fold(json!({ "type": "string" }), |inner, _| json!({ "type": "array", "items": inner }));
    add_schemas(
        document,
        json!({
            "OddBroken": object(json!({
                "gone": reference("Gone"), "elsewhere": { "$ref": "other.yaml#/X" },
                "inside": { "$ref": "#/components/schemas/OddFields/properties/disabled" },
                "kind": { "type": "strin" }, "kinds": { "type": ["string", "integer"] },
                "deep": deep, "demanded": { "type": "object", "required": ["gone"] },
                "html": { "type": "string", "description": "`open <script> \\<img> ```fence\n- <div> 1. a" },
                "maybe": { "type": ["string", "null"] }, "none": { "type": "null" },
                "tuple": { "type": "array", "items": [{ "type": "string" }, { "type": "integer" }] },
                "pair": { "type": "array", "items": [{ "type": "string" }, { "type": "string" }] },
                "nothing": null, "text": "string", "anything": true,
                "listed": { "type": "string", "enum": "a" }, "filled": { "type": "string", "properties": { "x": {} } },
                "fixed": { "const": "one" }, "not": { "not": { "type": "string" } },
                "lines": { "type": "string", "enum": ["a\nb", "c\u{0}d", "\u{202e}", "`", "\\", "//", "*/"],
                    "description": "Control\u{0} \u{202e} characters, `half a code, */ and \"quotes\" \\ \r\n\tmore" },
                "a\nb": { "type": "string" }, "c\"d": { "type": "string" }, "e\\f": { "type": "string" },
                "prose": { "type": "string", "description": 7, "format": 7, "default": "12" },
                "all": { "allOf": [reference("OddHolder"), object(json!({ "more": { "type": "string" } }))] },
                "alls": { "type": "array", "items": { "allOf": [reference("OddHolder"), { "required": ["held"] }] } },
                "choice": { "oneOf": [{ "type": "string", "enum": ["x"] }, { "type": "string", "enum": ["y"] }] },
                "flag": { "type": "boolean", "enum": [true] }, "list": { "type": "array", "enum": ["a"] },
                "empty": { "type": "string", "enum": [] }, "number": { "type": "integer", "format": "date-time" },
                "closed": { "type": "object", "patternProperties": { ".*": { "type": "string" } } },
            })),
            "OddHolder": { "type": "object", "required": ["held"], "properties": { "held": reference("OddHolder") } },
            "OddCircle": reference("OddCircle"),
            "PermissionOddRequestEvent": object(json!({ "permission": reference("OddPermission") })),
            "OddPermission": object(json!({ "name": { "type": "string" } })),
            "OddGroup": object(json!({ "selector": reference("OddSelectorRequest") })),
            "OddSelectorRequest": object(json!({ "kind": { "type": "string" } })),
            "OddMixed": object(json!({ "file": { "type": "string", "format": "binary" }, "part": reference("OddPermission") })),
        }),
    );
    let broken = || responses("OddBroken");
    let simple =
        |id: &str| json!({ "operationId": id, "tags": ["product:chat"], "responses": broken() });
    let with = |mut operation: Value, key: &str, value: Value| {
        operation[key] = value;
        operation
    };
    let json_body =
        |name: &str| json!({ "content": { "application/json": { "schema": reference(name) } } });
    let text = || json!({ "type": "string" });
    let form =
        |name: &str| json!({ "content": { "multipart/form-data": { "schema": reference(name) } } });
    for (method, path, operation) in [
        (
            "get",
            "/api/v2/odd/undeclared/{id}",
            with(
                simple("OddUndeclared"),
                "parameters",
                json!([{ "in": "path", "name": "other", "schema": text() }]),
            ),
        ),
        (
            "get",
            "/api/v2/odd/twice/{id}/{type}/{id}",
            with(
                simple("OddTwice"),
                "parameters",
                json!([{ "in": "path", "name": "id", "schema": text() }, { "in": "path", "name": "type", "schema": text() }]),
            ),
        ),
        ("get", "/api/v2/odd/brace/{id", simple("OddBrace")),
        ("get", "/api/v2/odd/within/{id}.json", simple("OddWithin")),
        (
            "post",
            "/api/v2/odd/parameters/{id}",
            with(
                simple("OddParameters"),
                "parameters",
                json!([
                    { "$ref": "#/components/parameters/Gone" }, { "in": "query", "schema": text() },
                    { "in": "body", "name": "raw", "schema": text() }, { "in": "query", "name": "bare" },
                    { "in": "path", "name": "id", "schema": text() }, { "in": "path", "name": "id", "schema": text() },
                    { "in": "query", "name": "id", "schema": text() }, { "in": "query", "name": "broken", "schema": { "$ref": "#/nowhere" } },
                ]),
            ),
        ),
        (
            "get",
            "/api/v2/odd/body",
            with(simple("OddGetWithBody"), "requestBody", json_body("OddBroken")),
        ),
        (
            "post",
            "/api/v2/odd/text",
            with(
                simple("OddText"),
                "requestBody",
                json!({ "content": { "text/plain": { "schema": text() } } }),
            ),
        ),
        (
            "post",
            "/api/v2/odd/gone",
            with(
                with(
                    simple("OddGone"),
                    "requestBody",
                    json!({ "$ref": "#/components/requestBodies/Gone" }),
                ),
                "responses",
                json!({ "default": { "description": "any" }, "302": {} }),
            ),
        ),
        (
            "put",
            "/api/v2/odd/gone",
            with(
                with(simple("OddGoneSchemas"), "requestBody", json_body("GoneRequest")),
                "responses",
                responses("GoneResponse"),
            ),
        ),
        (
            "get",
            "/api/v2/odd/nameless",
            json!({ "responses": broken(), "summary": null, "tags": null }),
        ),
        (
            "head",
            "/api/v2/odd/nameless",
            json!({ "operationId": "OddHead", "responses": broken() }),
        ),
        ("post", "/api/v2/odd/vote", simple("OddVote")),
        (
            "post",
            "/api/v2/feeds/odd/vote",
            with(simple("OddVote"), "tags", json!(["product:feeds"])),
        ),
        ("post", "/api/v2/odd/form", with(simple("OddForm0"), "requestBody", form("OddAny"))),
        ("post", "/api/v2/odd/mixed", with(simple("OddForm1"), "requestBody", form("OddMixed"))),
        (
            "put",
            "/api/v2/odd/mixed",
            with(simple("OddForm2"), "requestBody", json_body("OddMixed")),
        ),
    ] {
        add_operation(document, method, path, operation);
    }
    document["paths"]["/api/v2/odd/lost"] = json!({ "$ref": "#/components/pathItems/Gone" });
    add_event(document, "odd.gone", "GoneEvent");
}

/// Adds schemas with names of Rust, of the generated code, and of each other.
fn names(document: &mut Value) {
    let plain = || json!({ "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } });
    let names = [
        "Option",
        "Event",
        "Map",
        "Value",
        "Result",
        "String",
        "Query",
        "Part",
        "Timestamp",
        "Vec",
        "Box",
        "Secret",
        "Custom",
        "Default",
        "type",
        "Self",
        "2FAConfig",
        "FeedID",
        "FeedId",
        "feed_id",
        "Feedid",
        "feeds.v3.Activity",
        "GetWidget",
        "upsert_widget",
        "UpsertWidget",
        "WidgetKind",
        "Some",
        "Error",
        "A_B",
        "AB",
        "ab",
        "a.b",
        "AB2",
    ];
    let mut all = json!({ "type": "object", "properties": {} });
    for name in names {
        add_schemas(document, json!({ name: plain() }));
        all["properties"][name] = json!({ "$ref": format!("#/components/schemas/{name}") });
    }
    add_schemas(document, json!({ "OddNamesRequest": all.clone(), "OddNamesResponse": all }));
    let operation = json!({ "operationId": "OddNames", "tags": ["product:feeds"], "responses": responses("OddNamesResponse"),
        "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/OddNamesRequest" } } } } });
    add_operation(document, "post", "/api/v2/feeds/odd_names", operation);
}

fn types(document: &mut Value) {
    let fields = json!({ "type": "object", "nullable": true, "required": ["new", "2fa"],
        "additionalProperties": { "type": "string" },
        "properties": {
            "Disabled": { "type": "boolean" }, "disabled": { "type": "boolean" },
            "content-available": { "type": "integer", "format": "int32" }, "2fa": { "type": "string" },
            "+1": { "type": "number" }, "-1": { "type": "number" }, "new": { "type": "string" },
            "default": { "type": "string" }, "self": { "type": "string" }, "crate": { "type": "string" },
            "async": { "type": "boolean" }, "gen": { "type": "string" }, "name": { "type": "string" },
            "clear_name": { "type": "boolean" }, "parts": { "type": "string" }, "": { "type": "string" },
            "birthday": { "type": "date", "example": "2000-01-01" },
            "since": { "type": "string", "format": "date-time", "default": 7 },
            "any": {}, "anything": { "description": "Whatever it is", "nullable": true },
            "free": { "type": "object" }, "freer": { "additionalProperties": {} },
            "frees": { "type": "array", "items": { "type": "object", "additionalProperties": {} } },
            "closed": { "type": "object", "additionalProperties": false },
            "list": { "type": "array" },
            "lists": { "type": "array", "items": { "type": "array", "items": { "type": "integer" } } },
            "maps": { "type": "object", "additionalProperties": { "type": "object", "additionalProperties": { "type": "boolean" } } },
            "channels": { "type": "integer", "enum": ["1", "2"] },
            "ratio": { "type": "number", "enum": [0.5, 1] },
            "latitude": { "type": "number", "format": "float", "minimum": 18_446_744_073_709_552_000_f64 },
            "language": { "type": "string", "default": "xx", "enum": ["zh-TW", "zh_TW", "+1", "-1", "1080p", "Asc", "asc", "", "unknown", "self", "a\"b", "é", "asc"] },
            "untyped": { "enum": ["a", null, "b"] },
            "none": { "type": "string", "enum": [null] },
            "method": { "type": "string", "enum": ["get", "post"] },
            "kind": { "$ref": "#/components/schemas/OddKind", "description": "Beside it", "title": "T", "deprecated": true },
            "one": { "allOf": [{ "$ref": "#/components/schemas/OddKind" }], "nullable": true },
            "either": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
            "both": { "anyOf": [{ "$ref": "#/components/schemas/OddKind" }, { "type": "string" }] },
            "inside": { "type": "object", "properties": { "deep": { "type": "object", "properties": { "x": { "type": "string", "enum": ["in"] } } } } },
            "insides": { "type": "array", "items": { "properties": { "y": { "type": "boolean" } } } },
            "empty": { "type": "object", "properties": {} },
            "loop": { "$ref": "#/components/schemas/OddFields" },
            "loops": { "type": "array", "items": { "$ref": "#/components/schemas/OddFields" } },
            "alias": { "$ref": "#/components/schemas/OddAlias" }, "texts": { "$ref": "#/components/schemas/OddTexts" },
            "moment": { "$ref": "#/components/schemas/OddMoment" }, "event": { "$ref": "#/components/schemas/WHEvent" },
            "socket": { "$ref": "#/components/schemas/WSEvent" }, "file": { "type": "string", "format": "binary" },
            "custom": { "type": "object", "additionalProperties": {} }, "secret": { "type": "string" },
        } });
    add_schemas(
        document,
        json!({
            "OddFields": fields.clone(),
            "OddKind": { "type": "string", "nullable": true, "enum": ["A", "a", "OK", "Ok"], "title": "Kind" },
            "OddUntyped": { "enum": ["x", "y"] },
            "OddNumber": { "type": "integer", "enum": [1, 2], "nullable": true },
            "OddAlias": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/OddFields" }, "nullable": true },
            "OddTexts": { "type": "array", "items": { "type": "string" } },
            "OddMoment": { "type": "number", "format": "date-time", "nullable": true },
            "OddFree": { "type": "object", "additionalProperties": {}, "nullable": true },
            "OddEmpty": { "type": "object", "nullable": true },
            "OddAny": {},
            "OddResponse": { "type": "object", "required": ["fields"], "properties": {
                "fields": { "$ref": "#/components/schemas/OddFields" }, "empty": { "$ref": "#/components/schemas/OddEmpty" },
                "any": { "$ref": "#/components/schemas/OddAny" }, "free": { "$ref": "#/components/schemas/OddFree" },
                "number": { "$ref": "#/components/schemas/OddNumber" }, "untyped": { "$ref": "#/components/schemas/OddUntyped" } } },
            "WSEvent": { "oneOf": [{ "$ref": "#/components/schemas/CustomEvent" }, { "$ref": "#/components/schemas/OddFields" }],
                "discriminator": { "propertyName": "type", "mapping": { "*": "#/components/schemas/CustomEvent" } } },
        }),
    );
    let filter = json!({ "type": "object", "additionalProperties": {},
        "x-stream-filter-fields": {
            "2fa": { "type": "string", "operators": ["$eq", "$new"] }, "type": { "type": "geo", "operators": ["$near"] },
            "a.b": { "type": "date", "operators": ["$gt"] }, "a_b": { "type": "integer", "operators": [] }, "new": {},
            "zh-TW": { "type": "boolean", "operators": ["$eq"] }, "and": { "type": "string", "operators": ["$eq"] } },
        "x-stream-sort-fields": ["2fa", "a.b", "a_b", "type"], "x-stream-sort-combinations": [["2fa"], ["gone", "type"], []] });
    add_schemas(
        document,
        json!({
            "Filter": { "type": "object", "properties": { "operator": { "type": "string", "enum": ["$eq"] } } },
            "Sort": { "type": "object" }, "OddFilter": { "type": "object" },
            "QueryOddRequest": { "type": "object", "properties": { "filter": filter.clone(), "filter_conditions": filter.clone(),
                "sort": { "type": "array", "items": { "$ref": "#/components/schemas/SortParamRequest" }, "x-stream-sort-fields": ["2fa", "x"] },
                "a": { "$ref": "#/components/schemas/Filter" }, "b": { "$ref": "#/components/schemas/Field" },
                "c": { "$ref": "#/components/schemas/Sort" }, "d": { "$ref": "#/components/schemas/OddFilter" } } },
            "QueryEmptyRequest": { "type": "object", "properties": { "filter": { "type": "object", "x-stream-filter-fields": {} } } },
        }),
    );
    for name in ["QueryOdd", "QueryEmpty"] {
        let operation = json!({ "operationId": name, "tags": ["product:video"], "responses": responses("OddResponse"),
            "requestBody": { "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}Request") } } } } });
        add_operation(document, "post", &format!("/api/v2/video/query/{name}"), operation);
    }
    let mut form = fields;
    form["required"] = json!(["file", "name"]);
    form["properties"]
        .as_object_mut()
        .unwrap()
        .retain(|name, _| ["file", "name", "kind", "disabled", "parts"].contains(&name.as_str()));
    add_schemas(document, json!({ "OddForm": form }));
}

fn operations(document: &mut Value) {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let body =
        |name: &str| json!({ "content": { "application/json": { "schema": reference(name) } } });
    let parameter = |place: &str, name: &str, schema: Value| json!({ "in": place, "name": name, "required": place == "path", "schema": schema });
    document["components"]["parameters"] =
        json!({ "Page": parameter("query", "page", json!({ "type": "integer" })) });
    let text = || json!({ "type": "string" });

    let all = json!({ "operationId": "odd_parameters", "tags": [], "deprecated": true, "responses": responses("OddResponse"),
        "parameters": [
            parameter("path", "type", json!({ "type": "string", "enum": ["zh-TW", "en"] })),
            parameter("path", "number", json!({ "type": "integer" })), parameter("path", "kind", reference("OddKind")),
            parameter("path", "body", text()), parameter("query", "body", text()), parameter("query", "type", text()),
            parameter("query", "new", text()), parameter("query", "default", json!({ "type": "boolean" })),
            parameter("query", "object", json!({ "type": "object", "properties": { "a": text() } })),
            parameter("query", "free", json!({ "type": "object" })), parameter("query", "fields", reference("OddFields")),
            parameter("query", "texts", reference("OddTexts")), parameter("query", "moment", reference("OddMoment")),
            parameter("query", "kinds", json!({ "type": "array", "items": reference("OddKind") })),
            parameter("query", "ids[]", json!({ "type": "array" })),
            parameter("query", "either", json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] })),
            parameter("query", "until", json!({ "type": "date" })), parameter("header", "X-Header", text()),
            parameter("cookie", "session", text()), { "$ref": "#/components/parameters/Page" },
            { "in": "query", "name": "payload", "content": { "application/json": { "schema": reference("OddFields") } } },
        ], "requestBody": body("OddFields") });
    add_operation(document, "put", "/api/v2/video/odd/{type}/{number}/{kind}/{body}", all);

    let simple = |id: &str, product: &str| json!({ "operationId": id, "tags": [format!("product:{product}")], "responses": responses("OddResponse") });
    add_operation(document, "post", "/api/v2/feeds/feeds", simple("GetWidget", "feeds"));
    add_operation(document, "get", "/api/v2/chat/type", simple("Query", "chat"));
    add_operation(document, "delete", "/api/v2/video/call", simple("DeleteCall", "video"));

    let mut optional = simple("OddOptionalBody", "video");
    optional["requestBody"] = body("OddFields");
    optional["requestBody"]["required"] = false.into();
    add_operation(document, "post", "/api/v2/video/call/optional", optional);
    let mut nothing = simple("OddEmptyBody", "video");
    nothing["requestBody"] = json!({ "description": "none" });
    add_operation(document, "post", "/api/v2/video/call/nothing", nothing);
    let mut form = simple("OddUpload", "feeds");
    form["requestBody"] =
        json!({ "content": { "multipart/form-data": { "schema": reference("OddForm") } } });
    add_operation(document, "post", "/api/v2/feeds/upload", form);
    let mut inline = simple("OddInline", "feeds");
    inline["requestBody"] = json!({ "content": { "application/json": { "schema": { "type": "object", "properties": { "a": text() } } } } });
    inline["responses"] = json!({ "200": { "description": "", "content": { "application/json": { "schema": { "type": "array", "items": reference("OddFields") } } } } });
    add_operation(document, "post", "/api/v2/feeds/inline", inline);
    for (index, schema) in
        ["OddAlias", "OddTexts", "OddAny", "OddEmpty", "OddFree"].into_iter().enumerate()
    {
        let mut operation = simple(&format!("OddBody{index}"), "feeds");
        operation["requestBody"] = body(schema);
        operation["responses"] = responses(schema);
        add_operation(document, "patch", &format!("/api/v2/feeds/bodies/{index}"), operation);
    }
    for (index, responses) in [
        json!({ "204": { "description": "nothing" }, "default": { "$ref": "#/components/responses/Error" } }),
        json!({ "200": { "description": "csv", "content": { "text/csv": { "schema": text() } } } }),
        json!({ "200": { "description": "" }, "202": responses("OddResponse")["200"] }),
        json!({ "200": { "description": "", "content": { "text/html": {}, "application/json; charset=utf-8": { "schema": reference("OddResponse") } } } }),
    ].into_iter().enumerate() {
        let mut operation = simple(&format!("OddAnswer{index}"), "video");
        operation["responses"] = responses;
        add_operation(document, "get", &format!("/api/v2/video/responses/{index}"), operation);
    }
    document["paths"]["/api/v2/video/shared/{id}"] = json!({
        "parameters": [parameter("path", "id", text())], "summary": "Of the path", "get": simple("OddShared", "video"),
    });
}

/// Adds events without a timestamp, with one as text, of the same schema, and with colliding names.
fn events(document: &mut Value) {
    let event = |created_at: Value, required: Value| {
        json!({ "type": "object", "x-stream-is-event": true, "nullable": true, "required": required,
        "properties": { "created_at": created_at, "type": { "type": "string", "default": "odd" } } })
    };
    add_schemas(
        document,
        json!({
            "OddTextEvent": event(json!({ "type": "string", "format": "date-time" }), json!(["type"])),
            "OddSilentEvent": { "type": "object", "properties": { "type": { "type": "string" } } },
            "OddNumberEvent": event(json!({ "type": "integer" }), json!(["created_at"])),
        }),
    );
    for (event, schema) in [
        ("odd.text", "OddTextEvent"),
        ("odd_text", "OddTextEvent"),
        ("odd.silent", "OddSilentEvent"),
        ("other", "OddSilentEvent"),
        ("odd.number", "OddNumberEvent"),
        ("2odd", "OddNumberEvent"),
        ("self", "CustomEvent"),
    ] {
        add_event(document, event, schema);
    }
}
