//! Runs every command on a chain of versions, in which items are added, renamed, removed and
//! restored.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::codegen::files;
use crate::document::responses;
use crate::{folder, printed, text, write_json, xtask};

const VERSIONS: u64 = 30;

/// Creates a small schema folder with its own descriptions.
fn spec_folder(folder: &Path) -> PathBuf {
    let spec = folder.join("spec");
    for (file, content) in [
        (
            "chat/things.yaml",
            "paths:
  /api/v2/chat/things/{id}:
    get:
      operationId: GetThing
      tags: [product:chat]
      summary: Gets a thing
      description: Returns one thing by its ID.
      parameters:
        - name: id
          in: path
          required: true
          description: ID of the thing.
          schema: { type: string }
        - name: deep
          in: query
          schema: { type: boolean }
      responses:
        '200':
          description: Success.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/GetThingResponse' }
        default: { $ref: '#/components/responses/Error' }
components:
  schemas:
    GetThingResponse:
      description: The thing that was asked for.
      type: object
      required: [duration, thing]
      properties:
        duration: { type: string }
        thing:
          description: The thing itself.
          $ref: '#/components/schemas/Thing'

    Thing:
      description: A thing of the app.
      type: object
      properties:
        color:
          description: Color in which the thing is shown.
          type: string
          enum: [red, green]
        name:
          description: Name of the thing.
          type: string
        size:
          description: Size of the thing, in bytes.
          type: integer
          format: int64
",
        ),
        (
            "glossary.yaml",
            "# What a field means everywhere.
fields:
  duration: How long the server took.
parameters:
  deep: Returns what is inside, too.
",
        ),
        (
            "enums.yaml",
            "enums:
  ThingColor:
    of: Thing.color
    description: A color of things.
",
        ),
        (
            "queries.yaml",
            "queries: {}
",
        ),
        (
            "verbs.yaml",
            "types: []
verbs: []
",
        ),
        (
            "version.yaml",
            "info:
  version: v1.0.0
",
        ),
    ] {
        let path = spec.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let verbs = stream_spec::workspace_root().join("spec/verbs.yaml");
    fs::copy(verbs, spec.join("verbs.yaml")).unwrap();
    spec
}

/// Returns the document of the folder, as the vendor would publish it.
fn first(spec: &Path) -> Value {
    let mut document = json!({ "openapi": "3.0.3", "paths": {}, "components": { "schemas": {} } });
    for part in stream_spec::parts(spec).unwrap() {
        for pointer in ["/paths", "/components/schemas"] {
            let more = part.value.pointer(pointer).and_then(Value::as_object).cloned();
            let all = document.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
            all.extend(more.unwrap_or_default());
        }
    }
    document["components"]["responses"] = json!({ "Error": { "description": "no" } });
    without_prose(&mut document);
    document
}

fn without_prose(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| {
                !(matches!(key.as_str(), "description" | "summary") && value.is_string())
            });
            map.values_mut().for_each(without_prose);
        }
        Value::Array(items) => items.iter_mut().for_each(without_prose),
        _ => {}
    }
}

/// Returns one version. Its number decides what is added, removed and renamed.
fn version(first: &Value, number: u64) -> Value {
    let mut document = first.clone();
    let has = |part: u64| number.is_multiple_of(part) && number != VERSIONS;
    let schemas = &mut document["components"]["schemas"];
    if has(2) {
        schemas["Thing"]["properties"]["added"] = json!({ "type": "string" });
    }
    if has(3) {
        schemas["Thing"]["properties"].as_object_mut().unwrap().remove("size");
        schemas["Thing"]["properties"].as_object_mut().unwrap().remove("color");
    }
    // An item that is missing in one version returns with its name.
    let is_beside_gap = number % 13 == 1 || number % 13 == 12;
    // A change of all names is a separate case.
    if has(7) && !has(3) && !has(4) && !is_beside_gap {
        let size = schemas["Thing"]["properties"].as_object_mut().unwrap().remove("name");
        schemas["Thing"]["properties"]["title"] = size.unwrap();
    }
    if has(5) {
        document["paths"]["/api/v2/chat/things/parts"] = json!({ "get": {
            "operationId": "GetThingParts", "tags": ["product:chat"], "responses": responses("GetThingResponse") } });
    }
    if has(11) {
        let item = &mut document["paths"]["/api/v2/chat/things/{id}"]["get"];
        item["parameters"].as_array_mut().unwrap().pop();
    }
    if has(4) && !is_beside_gap {
        let text = document.to_string();
        let text = text
            .replace("\"Thing\":", "\"ThingResponse\":")
            .replace("schemas/Thing\"", "schemas/ThingResponse\"");
        document = serde_json::from_str(&text).unwrap();
    }
    if has(13) {
        document["paths"] = json!({ "/api/v2/chat/others": { "get": {
            "operationId": "GetOthers", "tags": ["product:chat"], "responses": responses("GetOthersResponse") } } });
        document["components"]["schemas"] = json!({ "GetOthersResponse": { "type": "object", "properties": {
            "others": { "type": "array", "items": { "type": "string" } } } } });
    }
    document["info"] = json!({ "version": format!("v1.0.{number}") });
    document
}

#[test]
fn nothing_is_lost_over_a_chain_of_versions() {
    let folder = folder("chain");
    let spec = spec_folder(&folder);
    let first = first(&spec);
    let file = |number: u64| folder.join(format!("v{number}.json"));
    let mut base = version(&first, VERSIONS);
    base["info"]["version"] = "v1.0.0".into();
    write_json(&file(0), &base);
    printed(&["spec", "import", text(&file(0)), "--spec", text(&spec)]);
    let original = files(&spec);
    for number in 1..=VERSIONS {
        write_json(&file(number), &version(&first, number));
        let import = |arguments: &[&str]| {
            let new = file(number);
            printed(&[&["spec", "import", text(&new), "--spec", text(&spec)], arguments].concat())
        };
        let before = files(&spec);
        let rehearsed = import(&["--dry-run"]);
        assert!(files(&spec) == before, "{number}: a rehearsal wrote something");
        assert_eq!(rehearsed, import(&[]), "{number}");
        // The folder agrees with the document, and a second import changes nothing.
        let same = printed(&["spec", "diff", text(&file(number)), text(&spec)]);
        assert_eq!(same, "nothing changed\n", "{number}");
        let after = files(&spec);
        assert_eq!(import(&[]).lines().next(), Some("nothing changed"), "{number}");
        assert!(files(&spec) == after, "{number}: the second time changed something");
        // An item that has kept its description is not marked.
        let things = after.get(Path::new("chat/things.yaml"));
        if number % 13 != 0 {
            let things = things.unwrap_or_else(|| panic!("{number}: {:?}", after.keys()));
            assert!(things.contains("A thing of the app."), "{number}: {things}");
            assert!(things.contains("Name of the thing."), "{number}: {things}");
            assert!(!things.contains("Thing:\n      x-wants"), "{number}: {things}");
        }
        // Neighboring and distant versions can be compared, and code can be generated from them.
        for other in [number - 1, 0] {
            let output =
                xtask(&["spec", "diff", text(&file(other)), text(&file(number)), "--json"]);
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            let breaks = !report["breaking"].as_array().unwrap().is_empty();
            assert_eq!(output.status.code(), Some(i32::from(breaks)), "{number}: {report:#}");
        }
        let out = folder.join("crate");
        printed(&["codegen", "--strict", "--spec", text(&file(number)), "--crate", text(&out)]);
    }
    // The last version equals the first one, and every description is back. What is still kept
    // belongs to a field that has another name again.
    let mut last = files(&spec);
    let version = last.remove(Path::new("version.yaml")).unwrap();
    assert!(version.contains("v1.0.30"), "{version}");
    let attic = last.remove(Path::new("attic.yaml")).unwrap();
    assert_eq!(attic.matches("Name of the thing.").count(), 1, "{attic}");
    assert!(!attic.contains("Size of") && !attic.contains("Color in"), "{attic}");
    for (path, text) in &last {
        assert_eq!(Some(text), original.get(path), "{}", path.display());
    }
    assert_eq!(last.len() + 1, original.len());
    // An older document is imported only with `--force`.
    let old = xtask(&["spec", "import", text(&file(3)), "--spec", text(&spec)]);
    let error = String::from_utf8(old.stderr).unwrap();
    assert!(!old.status.success() && error.contains("--force"), "{error}");
    printed(&["spec", "import", text(&file(3)), "--spec", text(&spec), "--force"]);
    assert!(files(&spec)[Path::new("attic.yaml")].contains("Size of the thing, in bytes."));
}
