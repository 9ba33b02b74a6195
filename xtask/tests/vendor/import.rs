//! `cargo xtask spec import` imports every fact and keeps every description.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::codegen::files;
use crate::document::{add_event, add_operation, add_schemas, responses};
use crate::{document, folder, printed, synthetic, text, write_json, write_yaml};

/// A copy of the workspace's schema folder, with documents beside it.
pub(crate) struct Copy {
    pub(crate) folder: PathBuf,
    spec: PathBuf,
}

impl Copy {
    pub(crate) fn new(name: &str) -> Self {
        let folder = folder(&format!("import-{name}"));
        let spec = folder.join("spec");
        for (path, text) in files(&stream_spec::workspace_root().join("spec")) {
            let path = spec.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self { folder, spec }
    }

    fn import(&self, document: &Value) -> String {
        let file = self.folder.join("vendor.json");
        write_json(&file, document);
        self.import_file(&file)
    }

    pub(crate) fn import_file(&self, file: &Path) -> String {
        printed(&["spec", "import", text(file), "--spec", text(&self.spec)])
    }

    pub(crate) fn files(&self) -> BTreeMap<PathBuf, String> {
        files(&self.spec)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.spec.join(file)).unwrap()
    }
}

/// Returns the lines of a text that begin with the one that contains `begin`.
fn after<'a>(text: &'a str, begin: &str, lines: usize) -> Vec<&'a str> {
    let found =
        text.lines().skip_while(|line| !line.contains(begin)).take(lines).collect::<Vec<_>>();
    assert!(!found.is_empty(), "{begin} is not there");
    found
}

#[test]
fn the_own_schema_changes_nothing() {
    let copy = Copy::new("own");
    let before = copy.files();
    assert_eq!(copy.import(&document::own()), "nothing changed\n");
    assert!(copy.files() == before, "a file is another");
    let yaml = copy.folder.join("vendor.yaml");
    write_yaml(&yaml, &document::own());
    assert_eq!(
        printed(&["spec", "import", text(&yaml), "--spec", text(&copy.spec)]),
        "nothing changed\n"
    );
    assert!(copy.files() == before, "a file is another");
}

/// Returns our schema as the vendor would have it some versions later.
fn newer() -> Value {
    let mut document = document::own();
    let schemas = &mut document["components"]["schemas"];
    schemas["MessageResponse"]["properties"]["mood_of_message"] =
        json!({ "type": "string", "description": "Vendor's text", "enum": ["glad", "sad"] });
    schemas["MessageResponse"]["properties"]["team"] =
        json!({ "type": "string", "description": "Vendor's text" });
    schemas["MessageResponse"]["properties"].as_object_mut().unwrap().remove("mml");
    schemas["MessageResponse"]["properties"]["text"]["maxLength"] = 9.into();
    schemas["MessageResponse"]["properties"]["html"]["nullable"] = true.into();
    let id = || json!({ "name": "poll_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let mut close = json!({ "operationId": "ClosePoll", "tags": ["product:common"], "summary": "Vendor's text", "description": "Vendor's text",
        "parameters": [id(), { "name": "reason_for_closing", "in": "query", "required": false, "schema": { "type": "string" } }],
        "responses": responses("ClosePollResponse") });
    close["requestBody"] = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ClosePollRequest" } } }, "required": true });
    add_operation(&mut document, "post", "/api/v2/polls/{poll_id}/close", close);
    add_operation(
        &mut document,
        "get",
        "/api/v2/chat/stickers",
        json!({ "operationId": "ListStickers", "tags": [],
        "responses": responses("ListStickersResponse") }),
    );
    add_operation(
        &mut document,
        "get",
        "/api/v2/video/calls",
        json!({ "operationId": "ListCalls", "tags": ["product:video"],
        "responses": responses("ListCallsResponse") }),
    );
    document["paths"].as_object_mut().unwrap().remove("/api/v2/og").unwrap();
    // A value that only one place of an enum has, and a second status.
    let deletion = &mut document["components"]["schemas"]["DeleteUsersRequest"]["properties"];
    deletion["messages"]["enum"].as_array_mut().unwrap().push("later".into());
    let channel = &mut document["paths"]["/api/v2/chat/channels/{type}/{id}"]["delete"];
    channel["responses"]["202"] = channel["responses"]["200"].clone();
    add_schemas(
        &mut document,
        json!({
            "ClosePollRequest": { "type": "object", "nullable": true, "description": "Vendor's text", "properties": {
                "user_id": { "type": "string" }, "closing": { "$ref": "#/components/schemas/PollClosing", "title": "Vendor's text" } } },
            "PollClosing": { "type": "object", "properties": { "id": { "type": "string" } } },
            "ClosePollResponse": { "type": "object", "properties": { "duration": { "type": "string" } } },
            "ListStickersResponse": { "type": "object", "properties": { "message": { "$ref": "#/components/schemas/MessageResponse" } } },
            "ListCallsResponse": { "type": "object", "properties": { "call": { "$ref": "#/components/schemas/VideoCall" } } },
            "VideoCall": { "type": "object", "properties": { "id": { "type": "string" } } },
            "CallMadeEvent": { "type": "object", "properties": { "type": { "type": "string" }, "call": { "$ref": "#/components/schemas/VideoCall" } } },
            "PollTornEvent": { "type": "object", "x-stream-is-event": true, "properties": { "type": { "type": "string", "default": "poll.torn" },
                "created_at": { "type": "number", "format": "date-time" }, "poll": { "$ref": "#/components/schemas/PollResponseData" } }, "required": ["type", "created_at"] },
            "NeverUsed": { "type": "object" },
        }),
    );
    add_event(&mut document, "call.made", "CallMadeEvent");
    add_event(&mut document, "poll.torn", "PollTornEvent");
    document
}

#[test]
fn a_newer_document_is_taken_over() {
    let copy = Copy::new("newer");
    let before = copy.files();
    let told = copy.import(&newer());
    for line in [
        "breaking (",
        "MessageResponse.mml: removed",
        "GET /api/v2/og (GetOG): operation removed",
        "not breaking (",
        "MessageResponse.mood_of_message: added",
        "MessageResponse.text: maxLength 9 added",
        "POST /api/v2/polls/{poll_id}/close (ClosePoll): operation added",
        "event poll.torn: added, with PollTornEvent",
        "(DeleteChannel): response: status 202 added; decoded as that of 200",
        "enums.yaml: enums.DeletionMode.also has 1 more places, whose values are others now",
        "left out (1)\n  video: 1 operations",
        "wants a description (",
        "common/polls.yaml#/paths/~1api~1v2~1polls~1{poll_id}~1close/post",
        "common/polls.yaml#/paths/~1api~1v2~1polls~1{poll_id}~1close/post/parameters/1 (reason_for_closing)",
        "chat/messages.yaml#/components/schemas/MessageResponse/properties/mood_of_message",
        "events.yaml#/components/schemas/PollTornEvent",
        "the enum at MessageResponse.mood_of_message wants a name",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert!(!told.contains("MessageResponse/properties/team\n"), "the glossary has it:\n{told}");

    let after_all = copy.files();
    let everything: String = after_all.values().cloned().collect();
    for unwanted in [
        "Vendor",
        "VideoCall",
        "ListCalls",
        "call.made",
        "NeverUsed",
        "18446744073709552000",
        "title:\n  ",
    ] {
        let known = before.values().any(|text| text.contains(unwanted));
        assert!(known || !everything.contains(unwanted), "{unwanted}");
    }
    // Unchanged items keep their lines.
    let (old, new) = (&before[Path::new("chat/messages.yaml")], copy.read("chat/messages.yaml"));
    let removed: Vec<&str> = old.lines().filter(|line| !new.contains(*line)).collect();
    assert!(removed.is_empty(), "{removed:?}");
    let count = |text: &str| text.matches("  mml:").count();
    assert_eq!((count(old) - count(&new), new.lines().count() - old.lines().count()), (1, 6));
    assert_eq!(
        after(&new, "mood_of_message", 4),
        [
            "        mood_of_message:",
            "          x-wants-description: true",
            "          type: string",
            "          enum: [glad, sad]"
        ]
    );
    let polls = copy.read("common/polls.yaml");
    assert_eq!(
        after(&polls, "/api/v2/polls/{poll_id}/close:", 19),
        [
            "  /api/v2/polls/{poll_id}/close:",
            "    post:",
            "      operationId: ClosePoll",
            "      tags: [product:common]",
            "      x-wants-description: true",
            "      x-wants-verb: true",
            "      parameters:",
            "        - name: poll_id",
            "          in: path",
            "          required: true",
            "          schema: { type: string }",
            "        - name: reason_for_closing",
            "          in: query",
            "          x-wants-description: true",
            "          schema: { type: string }",
            "      requestBody:",
            "        required: true",
            "        content:",
            "          application/json:",
        ]
    );
    assert_eq!(
        after(&polls, "    PollClosing:", 5),
        [
            "    PollClosing:",
            "      x-wants-description: true",
            "      type: object",
            "      properties:",
            "        id: { type: string }"
        ]
    );
    assert!(copy.read("chat/stickers.yaml").contains("tags: [product:chat]"));
    assert!(copy.read("enums.yaml").contains("    also: [DeleteUsersRequest.messages]\n"));
    assert!(
        copy.read("events.yaml")
            .contains("          poll.torn: '#/components/schemas/PollTornEvent'")
    );

    // A second import changes nothing. With a description, the mark disappears.
    assert_eq!(copy.import(&newer()).lines().next(), Some("nothing changed"));
    assert!(copy.files() == after_all, "the second time changed something");
    let described = polls.replace(
        "    PollClosing:\n      x-wants-description: true",
        "    PollClosing:\n      x-wants-description: true\n      description: Ours.",
    );
    fs::write(copy.spec.join("common/polls.yaml"), described).unwrap();
    copy.import(&newer());
    assert_eq!(
        after(&copy.read("common/polls.yaml"), "    PollClosing:", 3)[1..],
        ["      description: Ours.", "      type: object"]
    );
}

#[test]
fn what_was_imported_generates() {
    let copy = Copy::new("generates");
    copy.import(&newer());
    let out = copy.folder.join("out");
    printed(&["codegen", "--spec", text(&copy.spec), "--out", text(&out)]);
    assert!(files(&out)[Path::new("common/polls.rs")].contains("pub struct ClosePoll "));
}

#[test]
fn a_dry_run_writes_nothing() {
    let copy = Copy::new("rehearsal");
    let before = copy.files();
    let file = copy.folder.join("vendor.json");
    write_json(&file, &newer());
    let told = printed(&["spec", "import", text(&file), "--spec", text(&copy.spec), "--dry-run"]);
    assert!(told.contains("common/polls.yaml"), "{told}");
    assert!(copy.files() == before);
}

#[test]
fn products_that_a_document_lacks_stay() {
    let copy = Copy::new("chat");
    let mut document = document::own();
    for item in document["paths"].as_object_mut().unwrap().values_mut() {
        item.as_object_mut()
            .unwrap()
            .retain(|_, operation| operation["tags"][0] != "product:moderation");
    }
    let told = copy.import(&document);
    assert!(!told.contains("operation removed"), "{told}");
}

#[test]
fn the_document_of_all_products_is_taken_over_once() {
    let copy = Copy::new("all");
    let document = synthetic::build(7);
    copy.import(&document);
    let first = copy.files();
    assert!(
        !first
            .keys()
            .any(|path| { path.starts_with("video_product") || path.starts_with("feeds_product") })
    );
    assert_eq!(copy.import(&document).lines().next(), Some("nothing changed"));
    assert!(copy.files() == first, "the second time changed something");
}
