//! `cargo xtask codegen --spec` with the vendor's documents.

use crate::{document, folder, odd, printed, synthetic, text, write_json, write_yaml};
use serde_json::Value;
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
fn the_document_of_all_products_is_read() {
    let document = synthetic::build(7);
    let (files, _) = generate("all", &document);
    let table = &files[Path::new("mod.rs")];
    let operations = table.lines().filter(|line| line.ends_with("::INFO,")).count();
    assert_eq!(operations, synthetic::OPERATIONS);
    assert_eq!(document["components"]["schemas"].as_object().unwrap().len(), synthetic::SCHEMAS);
}
