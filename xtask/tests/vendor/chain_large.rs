//! Runs a chain of versions of the size of the real documents, including the first against the
//! last.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::codegen::files;
use crate::document::{add_operation, add_schemas, responses};
use crate::import::Copy;
use crate::{printed, synthetic, text, xtask};

const VERSIONS: usize = 30;

/// Schemas of our own products that get more fields in turn.
const GROWING: [&str; 3] = ["ChannelResponse", "UserResponse", "MessageResponse"];

/// Returns the optional items of a version. The last version equals the first.
fn things(number: usize) -> BTreeSet<String> {
    let mut things = BTreeSet::new();
    if number < VERSIONS {
        things.extend((1..=number).map(|number| format!("Added{number}")));
    }
    if !(8..12).contains(&number) {
        things.insert("GetDraft".to_owned());
    }
    things
        .extend([6, 12, 18, 24].iter().filter(|gone| **gone != number).map(|n| format!("Made{n}")));
    things
}

/// Returns the names of a schema in a version; another name is not a change.
fn renames(number: usize) -> Vec<(&'static str, &'static str)> {
    let mut renames = Vec::new();
    if (5..20).contains(&number) {
        renames.push(("DraftResponse", "DraftView"));
    }
    if (14..VERSIONS).contains(&number) {
        renames.push(("Made3Response", "MadeThree"));
    }
    renames
}

/// Returns the text of a version.
fn version(first: &Value, number: usize) -> String {
    let mut document = first.clone();
    let things = things(number);
    for added in 1..=number {
        let name = format!("Added{added}");
        if !things.contains(&name) {
            continue;
        }
        let response = format!("{name}Response");
        let schema = json!({ "type": "object", "properties": { "count": { "type": "integer" },
            "user": { "$ref": "#/components/schemas/UserResponse" } } });
        add_schemas(&mut document, json!({ response.clone(): schema }));
        let operation = json!({ "operationId": name, "tags": ["product:video"], "responses": responses(&response) });
        add_operation(&mut document, "get", &format!("/api/v2/video/added{added}"), operation);
        let grown = &mut document["components"]["schemas"][GROWING[added % GROWING.len()]];
        grown["properties"][format!("added_{added}")] = json!({ "type": "string" });
    }
    for item in document["paths"].as_object_mut().unwrap().values_mut() {
        item.as_object_mut().unwrap().retain(|_, operation| {
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            let comes_and_goes =
                id == "GetDraft" || ["Made6", "Made12", "Made18", "Made24"].contains(&id);
            !comes_and_goes || things.contains(id)
        });
    }
    document["info"]["version"] = format!("v236.1.{number}").into();
    let mut text = document.to_string();
    for (old, new) in renames(number) {
        text = text
            .replace(&format!("\"{old}\":"), &format!("\"{new}\":"))
            .replace(&format!("schemas/{old}\""), &format!("schemas/{new}\""));
    }
    text
}

#[test]
#[ignore = "it takes a minute: `cargo xtask ci long` runs it"]
fn every_tool_follows_thirty_versions_of_the_real_size() {
    let copy = Copy::new("chain-large");
    let first = synthetic::build(11);
    let file = |number: usize| copy.folder.join(format!("v{number}.json"));
    fs::write(file(0), version(&first, 0)).unwrap();
    copy.import_file(&file(0));
    let original = copy.files();
    let diff = |old: usize, new: usize| {
        let output = xtask(&["spec", "diff", text(&file(old)), text(&file(new)), "--json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let breaking = report["breaking"].as_array().unwrap();
        let gone = things(old).difference(&things(new)).count();
        assert_eq!(output.status.code(), Some(i32::from(gone > 0)), "{old} to {new}");
        assert_eq!(breaking.is_empty(), gone == 0, "{old} to {new}: {breaking:#?}");
        // A renamed item is neither removed nor new.
        let report = report.to_string();
        for name in ["DraftView", "MadeThree", "DraftResponse", "Made3Response"] {
            for told in ["schema removed", "schema added"] {
                let told = format!("\"change\":\"{told}\",\"place\":\"{name}\"");
                assert!(!report.contains(&told), "{old} to {new}: {told}");
            }
        }
    };
    for number in 1..=VERSIONS {
        fs::write(file(number), version(&first, number)).unwrap();
        copy.import_file(&file(number));
        diff(number - 1, number);
    }
    for (old, new) in [(0, VERSIONS - 1), (VERSIONS - 1, 0), (0, VERSIONS), (3, 16), (16, 3)] {
        diff(old, new);
    }
    // The last version equals the first, with all our descriptions.
    let last = copy.files();
    for (path, text) in &original {
        if path != Path::new("version.yaml") && path != Path::new("attic.yaml") {
            assert_eq!(last.get(path), Some(text), "{}", path.display());
        }
    }
    assert_eq!(last.len(), original.len());

    let crates = [1, VERSIONS - 1].map(|number| {
        let out = copy.folder.join(format!("crate{number}"));
        printed(&["codegen", "--spec", text(&file(number)), "--crate", text(&out)]);
        files(&out)
    });
    let operations = crates.map(|files| {
        let lines = files[Path::new("src/lib.rs")].lines();
        let lines = lines.filter_map(|line| Some(line.trim().strip_suffix("::INFO,")?.to_owned()));
        lines.collect::<BTreeSet<String>>()
    });
    let [before, after] = operations;
    assert!(before.is_subset(&after), "{:?}", before.difference(&after));
    assert_eq!(after.len(), synthetic::OPERATIONS + VERSIONS - 1);
}
