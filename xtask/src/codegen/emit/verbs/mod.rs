//! Emits the chat layer: a method for every operation, on the handle that `spec/verbs.yaml` names,
//! and setters for the fields of the operation.

mod call;
mod handles;
mod index;
mod method;
mod pages;
mod proof;
mod setters;
mod site;
mod tasks;
mod text;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::HEADER;
use crate::codegen::ir::Ir;
use crate::codegen::output::Files;
use call::Call;
use index::Index;
use stream_spec::Verbs;

/// Returns the generated files of `stream-chat`, by their path in the generated folder.
pub(in crate::codegen) fn files(ir: &Ir, verbs: &Verbs) -> Result<Files> {
    let index = Index::of(ir);
    let calls = calls(&index, verbs)?;
    let mut files = Files::new();
    handles::add(&index, verbs, &calls, &mut files)?;
    setters::add(&index, verbs, &calls, &mut files)?;
    pages::add(&index, &calls, &mut files)?;
    tasks::add(&index, &calls, &mut files)?;
    let modules = format!(
        "{HEADER}//! The generated part of the crate: a method for each operation.\n\n\
         pub(crate) mod handles;\nmod pages;\nmod setters;\nmod tasks;\n"
    );
    files.insert(PathBuf::from("mod.rs"), modules);
    Ok(files)
}

/// Returns the file of the conformance tests that calls every method.
pub(super) fn proof(ir: &Ir, verbs: &Verbs) -> Result<String> {
    let index = Index::of(ir);
    proof::text(&index, verbs, &calls(&index, verbs)?)
}

/// Returns every row of the table with its operation.
fn calls<'a>(index: &Index<'a>, verbs: &'a Verbs) -> Result<Vec<Call<'a>>> {
    let gone: Vec<String> = verbs
        .iter()
        .filter(|(_, _, verb)| index.operation(&verb.operation).is_none())
        .map(|(handle, method, verb)| {
            format!("#/handles/{handle}/verbs/{method}: {}", verb.operation)
        })
        .collect();
    if !gone.is_empty() {
        let new: Vec<&str> = index.operation_ids().filter(|id| !verbs.has(id)).collect();
        let new = if new.is_empty() { "none".to_owned() } else { new.join(", ") };
        bail!(
            "verbs.yaml: the schema does not have the operations of these rows; remove each, or name the operation that took its place:\n  {}\noperations without a row: {new}",
            gone.join("\n  ")
        );
    }
    verbs
        .iter()
        .map(|(handle, method, verb)| Call::of(index, verbs, handle, method, verb))
        .collect()
}

/// Returns the file `mod.rs` of modules with their features.
fn modules(header: &str, names: &BTreeSet<(String, Option<&'static str>)>) -> String {
    format!("{HEADER}{header}{}", lines("mod", names))
}

/// Returns a line for each name, such as `mod name;`, with its feature.
fn lines(word: &str, names: &BTreeSet<(String, Option<&'static str>)>) -> String {
    let mut text = String::new();
    for (name, feature) in names {
        if let Some(feature) = feature {
            text.push_str(&format!("#[cfg(feature = {feature:?})]\n"));
        }
        text.push_str(&format!("{word} {name};\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fs;

    use stream_spec::{Verbs, workspace_root};

    #[test]
    fn every_operation_has_a_verb() {
        let verbs = Verbs::load(&workspace_root().join("spec")).unwrap();
        let document = stream_spec::own().unwrap();
        let missing: Vec<_> = document.operations.keys().filter(|id| !verbs.has(id)).collect();
        assert!(missing.is_empty(), "give these a row in spec/verbs.yaml: {missing:?}");
        assert_eq!(verbs.iter().count(), document.operations.len());
    }

    #[test]
    fn every_operation_has_a_chapter_that_exists() {
        let root = workspace_root();
        let verbs = Verbs::load(&root.join("spec")).unwrap();
        for product in ["chat", "common", "moderation"] {
            for entry in fs::read_dir(root.join("spec").join(product)).unwrap() {
                let path = entry.unwrap().path();
                let file = path.file_stem().unwrap().to_string_lossy().into_owned();
                if fs::read_to_string(&path).unwrap().contains("operationId:") {
                    let missing = format!("give {file} a chapter under `guide` of spec/verbs.yaml");
                    assert!(verbs.chapter(&file).is_some(), "{missing}");
                }
            }
        }
        let chapters =
            fs::read_to_string(root.join("crates/stream-chat/src/guide/mod.rs")).unwrap();
        for chapter in verbs.guide.keys() {
            assert!(chapters.contains(&format!("    {chapter} \"")), "the guide has no {chapter}");
        }
    }
}
