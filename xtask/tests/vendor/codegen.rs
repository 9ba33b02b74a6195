//! `cargo xtask codegen --spec` generates code from the vendor's documents.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::{document, folder, odd, text, write_json, write_yaml, xtask};

/// Returns the texts of the files in a folder.
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

/// The output of a run: the modules, how many places each fixup changed, and the warnings.
struct Made {
    files: BTreeMap<PathBuf, String>,
    changes: BTreeMap<String, usize>,
    told: String,
}

fn generate(name: &str, document: &Value) -> Made {
    let folder = folder(name);
    let spec = folder.join("vendor.json");
    write_json(&spec, document);
    generate_from(&folder, &spec)
}

fn generate_from(folder: &Path, spec: &Path) -> Made {
    // The layout is that of the workspace.
    let format = stream_spec::workspace_root().join("rustfmt.toml");
    fs::copy(format, folder.join("rustfmt.toml")).unwrap();
    let out = folder.join("out");
    let output = xtask(&["codegen", "--verbose", "--spec", text(spec), "--out", text(&out)]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    let changes = String::from_utf8(output.stdout).unwrap();
    let changes = changes
        .lines()
        .filter_map(|line| {
            let (count, fixup) = line.trim().split_once(' ')?;
            Some((fixup.to_owned(), count.parse().ok()?))
        })
        .collect();
    Made { files: files(&out), changes, told }
}

/// Returns the modules for our own schema in the vendor's form, which several tests use.
fn own() -> &'static BTreeMap<PathBuf, String> {
    static OWN: OnceLock<BTreeMap<PathBuf, String>> = OnceLock::new();
    OWN.get_or_init(|| generate("own", &document::own()).files)
}

#[test]
fn yaml_gives_the_same_code_as_json() {
    let folder = folder("own-yaml");
    let spec = folder.join("vendor.yaml");
    write_yaml(&spec, &document::own());
    let made = generate_from(&folder, &spec);
    assert!(made.files == *own(), "JSON and YAML gave other code");
}

#[test]
fn the_own_schema_in_the_vendors_form_gives_the_same_modules() {
    let files = own();
    let own = crate::codegen::files(
        &stream_spec::workspace_root().join("crates/stream-models/src/generated"),
    );
    let names = |files: &BTreeMap<PathBuf, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(files), names(&own));
    // Only the docs differ.
    let code = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim_start);
        lines.filter(|line| !line.starts_with("//")).map(str::to_owned).collect()
    };
    for (name, text) in files {
        assert!(code(text) == code(&own[name]), "{}", name.display());
    }
}

#[test]
fn every_mistake_is_told_with_its_place_and_costs_nothing_else() {
    let mut document = document::own();
    odd::add(&mut document);
    let Made { files, changes, told } = generate("odd", &document);
    // Every fixup applies somewhere.
    assert!(changes.len() >= 14, "{changes:?}");
    for (fixup, count) in &changes {
        assert!(*count > 0, "{fixup} changed nothing");
    }
    assert!(files.contains_key(Path::new("video_product/call.rs")), "{:?}", files.keys());
    for (place, message) in odd::MISTAKES {
        let is_told = |line: &str| {
            line.starts_with("warning: ")
                && line.contains("vendor.json#/")
                && line.contains(place)
                && line.contains(message)
        };
        let is_union = *place == "WHEvent";
        assert!(
            told.lines().any(|line| is_told(line) || is_union && line.contains(message)),
            "{place}: {message}\n{told}"
        );
    }
    // A warning is expected for each intended mistake.
    let unexpected: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with("warning: "))
        .filter(|line| !odd::MISTAKES.iter().any(|(_, message)| line.contains(message)))
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
}

#[test]
fn names_of_operations_stay_as_the_document_grows() {
    let names = |document: &Value, name: &str| -> Vec<String> {
        let Made { files, .. } = generate(name, document);
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
    let Made { files, .. } = generate("older", &document);
    let events = &files[Path::new("events.rs")];
    assert!(events.contains("Other(OtherEvent)"), "{events}");
    assert!(!events.contains("CustomEvent"), "{events}");
    assert!(!files.values().any(|text| text.contains("filter_fields! {")));
    // The union is recognized under another name.
    let mut document = document::own();
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    let union = schemas.remove("WHEvent").unwrap();
    schemas.insert("WebhookEvent".to_owned(), union);
    let renamed = generate("renamed-events", &document).files;
    assert_eq!(renamed[Path::new("events.rs")], own()[Path::new("events.rs")]);
}

#[test]
fn a_missing_rustfmt_is_reported() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/enum.yaml");
    let out = folder("no-rustfmt").join("out");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--spec", text(&golden), "--crate", text(&out)])
        .env("RUSTFMT", "/nowhere/rustfmt")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(told.contains("/nowhere/rustfmt is missing"), "{told}");
    assert!(told.contains("rustup component add rustfmt"), "{told}");
    assert!(!out.exists());
}
