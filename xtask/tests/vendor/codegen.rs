//! `cargo xtask codegen --spec` with the vendor's documents.

use crate::{document, folder, odd, printed, synthetic, text, write_json, write_yaml, xtask};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The files below a folder with their texts.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(current) = open.pop() {
        for entry in fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// Generates from the document as JSON and as YAML: the same code each time. Gives how many places
/// each fixup changed.
fn generate(name: &str, document: &Value) -> (BTreeMap<PathBuf, String>, BTreeMap<String, usize>) {
    let folder = folder(name);
    let (json, yaml) = (folder.join("vendor.json"), folder.join("vendor.yaml"));
    // The same format as in the workspace.
    fs::copy(stream_spec::workspace_root().join("rustfmt.toml"), folder.join("rustfmt.toml"))
        .unwrap();
    write_json(&json, document);
    write_yaml(&yaml, document);
    let mut made = Vec::new();
    for (spec, out) in [(&json, "first"), (&yaml, "second")] {
        let out = folder.join(out);
        let changes = printed(&["codegen", "--verbose", "--spec", text(spec), "--out", text(&out)]);
        made.push((files(&out), changes));
    }
    let (first, changes) = made.swap_remove(0);
    for (again, _) in made {
        assert!(first == again, "{name}: another run gave other code");
    }
    let changes = changes
        .lines()
        .filter_map(|line| {
            let (count, fixup) = line.trim().split_once(' ')?;
            Some((fixup.to_owned(), count.parse().ok()?))
        })
        .collect();
    (first, changes)
}

#[test]
fn the_own_schema_in_the_vendors_form_gives_the_same_modules() {
    let (files, _) = generate("own", &document::own());
    let own = crate::codegen::files(
        &stream_spec::workspace_root().join("crates/stream-models/src/generated"),
    );
    let names = |files: &BTreeMap<PathBuf, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&files), names(&own));
    // Only the docs differ.
    let code = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim_start);
        lines.filter(|line| !line.starts_with("//")).map(str::to_owned).collect()
    };
    for (name, text) in &files {
        assert!(code(text) == code(&own[name]), "{}", name.display());
    }
}

#[test]
fn every_fixup_has_something_to_do() {
    let mut document = document::own();
    odd::add(&mut document);
    let (files, changes) = generate("odd", &document);
    assert!(changes.len() >= 14, "{changes:?}");
    for (fixup, count) in &changes {
        assert!(*count > 0, "{fixup} changed nothing");
    }
    assert!(files.contains_key(Path::new("video_product/call.rs")), "{:?}", files.keys());
}

#[test]
fn every_mistake_is_told_with_its_place_and_costs_nothing_else() {
    let mut document = document::own();
    odd::add(&mut document);
    let folder = folder("mistakes");
    let (spec, out) = (folder.join("vendor.json"), folder.join("out"));
    write_json(&spec, &document);
    let output = xtask(&["codegen", "--spec", text(&spec), "--out", text(&out)]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    for (place, message) in odd::MISTAKES {
        let is_told = |line: &str| {
            line.starts_with("warning: ")
                && line.contains("vendor.json: ")
                && line.contains(place)
                && line.contains(message)
        };
        let is_union = *place == "WHEvent";
        assert!(
            told.lines().any(|line| is_told(line) || is_union && line.contains(message)),
            "{place}: {message}\n{told}"
        );
    }
    // A warning stands for a mistake that is meant.
    let unexpected: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with("warning: "))
        .filter(|line| !odd::MISTAKES.iter().any(|(_, message)| line.contains(message)))
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    let output = xtask(&["codegen", "--strict", "--spec", text(&spec), "--out", text(&out)]);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("error: "));
}

#[test]
fn names_of_operations_stay_as_the_document_grows() {
    let names = |document: &Value, name: &str| -> Vec<String> {
        let (files, _) = generate(name, document);
        let lines = files[Path::new("mod.rs")].lines();
        let lines = lines.filter_map(|line| line.trim().strip_suffix("::INFO,"));
        lines.map(|line| line.rsplit("::").next().unwrap().to_owned()).collect()
    };
    let mut document = document::own();
    let vote =
        &document["paths"]["/api/v2/chat/messages/{message_id}/polls/{poll_id}/vote"]["post"];
    let mut vote = vote.clone();
    assert_eq!(vote["operationId"], "CastPollVote");
    vote["tags"] = json!(["product:feeds"]);
    for path in ["/api/v2/feeds/{message_id}/{poll_id}/vote", "/api/v2/a/{message_id}/{poll_id}"] {
        document::add_operation(&mut document, "post", path, vote.clone());
    }
    let before = names(&document, "names-before");
    for name in ["CastPollVote", "FeedsCastPollVote"] {
        assert!(before.iter().any(|other| other == name), "{name}: {before:?}");
    }
    document::add_operation(&mut document, "get", "/api/v2/feeds/more", vote);
    let after = names(&document, "names-after");
    assert_eq!(after.len(), before.len() + 1);
    assert!(before.iter().all(|name| after.contains(name)), "{after:?}");
}

#[test]
fn older_documents_have_no_events_and_no_facts_about_queries() {
    let mut document = document::own();
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    schemas.remove("WHEvent");
    schemas.remove("CustomEvent");
    for schema in schemas.values_mut() {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for property in
            properties.into_iter().flatten().filter_map(|(_, value)| value.as_object_mut())
        {
            property.retain(|key, _| !key.starts_with("x-stream-"));
        }
    }
    let (files, _) = generate("older", &document);
    let events = &files[Path::new("events.rs")];
    assert!(events.contains("Other(OtherEvent)"), "{events}");
    assert!(!events.contains("CustomEvent"), "{events}");
    assert!(!files.values().any(|text| text.contains("filter_fields! {")));
    // Under another name, it is the same union.
    let mut document = document::own();
    let (own, _) = generate("own-events", &document);
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    let union = schemas.remove("WHEvent").unwrap();
    schemas.insert("WebhookEvent".to_owned(), union);
    let (renamed, _) = generate("renamed-events", &document);
    assert_eq!(renamed[Path::new("events.rs")], own[Path::new("events.rs")]);
}

#[test]
fn the_document_of_all_products_is_read() {
    let document = synthetic::build(7);
    let (files, _) = generate("all", &document);
    let table = &files[Path::new("mod.rs")];
    let operations = table.lines().filter(|line| line.ends_with("::INFO,")).count();
    assert_eq!(operations, synthetic::OPERATIONS);
    assert_eq!(document["components"]["schemas"].as_object().unwrap().len(), synthetic::SCHEMAS);
}
