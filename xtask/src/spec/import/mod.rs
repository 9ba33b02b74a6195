//! Imports the structure of a newer document into `spec/`.
//!
//! Names, types, limits and all other facts come from the document; the descriptions remain ours.
//! `x-wants-description` marks items without one, and `x-wants-verb` marks operations without a row
//! in `verbs.yaml`. Only the products in `spec/` are imported, since the vendor's document has
//! more. A product that the document lacks is not changed.

mod attic;
mod directions;
mod keep;
mod mentions;
mod select;
mod version;
mod wanting;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

use super::diff::{self, Report};
use super::place;
use super::structure::Structure;
use attic::{Attic, Used};
use select::Selection;
use stream_spec::{Document, Part, Refinements, Verbs, Warnings, Words, leading_comment};

/// The result of an import.
pub(crate) struct Outcome {
    /// The files that were written or removed.
    pub(crate) files: Vec<String>,
    pub(crate) report: Report,
    /// The items that need a description.
    pub(crate) wanting: Vec<String>,
    /// The changes to `enums.yaml` and `glossary.yaml`.
    pub(crate) notes: Vec<String>,
    /// The products that are not imported.
    pub(crate) left_out: Vec<String>,
    /// The parameters and members that are no longer required, and stay so here.
    pub(crate) kept: Vec<String>,
    /// The schemas that are sent and received from now on.
    pub(crate) widened: Vec<String>,
    /// The places of the workspace that name what is gone.
    pub(crate) mentions: Vec<String>,
    /// The oddities of the document.
    pub(crate) warnings: Warnings,
}

/// The options of an import.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Mode {
    /// Whether to write nothing.
    pub(crate) rehearsal: bool,
    /// Whether to import an older document, too.
    pub(crate) force: bool,
}

/// Imports `new` into the schema folder.
pub(crate) fn import(new: &Path, folder: &Path, mode: Mode) -> Result<Outcome> {
    let own_parts = stream_spec::parts(folder)?;
    ensure!(
        own_parts.iter().all(|part| part.module.is_some()),
        "{}: not a folder",
        folder.display()
    );
    let own = stream_spec::load(folder)?;
    let mut document = stream_spec::load(new)?;
    if !mode.force {
        version::check(document.version.as_deref(), own.version.as_deref())?;
    }
    let before = Structure::of(&own_parts);
    let theirs = Structure::of(&stream_spec::parts(new)?);
    let renames = diff::renames(&before, &theirs);
    let mut attic = Attic::of(&own_parts);
    attic.rename(&renames);
    let settle = |document: &mut Document| {
        place(document, &own);
        for (new, old) in &renames {
            if let Some(module) =
                own.modules.get(old).filter(|_| document.schemas.contains_key(new))
            {
                document.modules.insert(new.clone(), module.clone());
            }
        }
        attic.place(document, &own);
    };
    settle(&mut document);

    let selection = Selection::of(&own, &before, &document, &theirs);
    let left_out = selection.left_out(&document);
    // Only imported items determine the modules of others.
    selection.retain(&mut document);
    settle(&mut document);
    let mut modules = selection.modules(&own, &before, &document, &theirs);
    let kept = keep::run(&mut modules, &before);
    words::adopt(&mut modules, &own_parts, &before, &renames);
    attic.adopt(&mut modules);
    let mut own_words = own_parts.clone();
    let mut notes = attic.restore_words(&mut own_words, &Used::by(&structure_of(&modules)));
    let words = words_in(&own_words)?;
    let verbs = Verbs::load(folder)?;
    let wanting = wanting::mark(&mut modules, &words, &verbs);
    let mut parts = merge(&own_words, modules);

    let after = Structure::of(&parts);
    notes.extend(wanting::tidy(&mut parts, &before, &after));
    attic.sweep(&own_parts, &parts, &renames);
    attic.put(&mut parts);
    version::set(&mut parts, document.version.as_deref());
    let files = write(folder, &own_parts, &parts, mode.rehearsal)?;
    let root = stream_spec::workspace_root();
    let mentions = if folder.canonicalize().ok() == root.join("spec").canonicalize().ok() {
        mentions::find(&root, &mentions::gone(&before, &after))?
    } else {
        Vec::new()
    };
    Ok(Outcome {
        files,
        report: diff::compare(&before, &after),
        wanting,
        notes,
        left_out,
        kept,
        widened: directions::widened(&before, &after),
        mentions,
        warnings: document.warnings,
    })
}

/// Returns the future structure of the files.
fn structure_of(modules: &Modules) -> Structure {
    let mut structure = Structure::default();
    for module in modules.values() {
        structure.operations.extend(module.operations.clone());
        structure.schemas.extend(module.schemas.clone());
    }
    structure
}

/// Returns the glossary of these files, which need not be written yet.
fn words_in(parts: &[Part]) -> Result<Words> {
    let at = |key: &str| parts.iter().find_map(|part| part.value.get(key)).cloned();
    let [fields, parameters, enums, queries] = ["fields", "parameters", "enums", "queries"]
        .map(|key| at(key).unwrap_or_else(|| json!({})));
    Ok(Words {
        fields: serde_json::from_value(fields).context("fields")?,
        parameters: serde_json::from_value(parameters).context("parameters")?,
        enums: serde_json::from_value(enums).context("enums")?,
        queries: serde_json::from_value(queries).context("queries")?,
        refinements: refinements_in(parts)?,
    })
}

/// Returns the refinements of the schema, if they are among these files.
fn refinements_in(parts: &[Part]) -> Result<Refinements> {
    let part = parts.iter().find(|part| part.module.as_deref() == Some("refinements"));
    let Some(part) = part else { return Ok(Refinements::default()) };
    serde_json::from_value(part.value.clone()).context("refinements")
}

/// The operations and schemas of one file.
#[derive(Default)]
struct Module {
    /// By path and method.
    operations: BTreeMap<(String, String), Value>,
    schemas: BTreeMap<String, Value>,
}

type Modules = BTreeMap<String, Module>;

/// Puts the operations and schemas into the files, and keeps their other content.
fn merge(own: &[Part], mut modules: Modules) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for part in own {
        let module = part.module.as_ref().and_then(|name| modules.remove(name));
        let is_fragment = ["paths", "components"].iter().any(|key| part.value.get(*key).is_some());
        let mut part = part.clone();
        if is_fragment {
            fill(&mut part.value, module.unwrap_or_default());
        }
        parts.push(part);
    }
    for (name, module) in modules {
        let mut value = json!({});
        fill(&mut value, module);
        parts.push(Part { file: format!("{name}.yaml"), module: Some(name), value });
    }
    parts
}

fn fill(value: &mut Value, module: Module) {
    let Value::Object(file) = value else { return };
    let mut paths = Map::new();
    for ((path, method), operation) in module.operations {
        let item = paths.entry(path).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(method, operation);
        }
    }
    set(file, "paths", paths);
    let mut components = match file.remove("components") {
        Some(Value::Object(components)) => components,
        _ => Map::new(),
    };
    set(&mut components, "schemas", module.schemas.into_iter().collect());
    set(file, "components", components);
}

/// Sets a member, or removes it if the value is empty.
fn set(map: &mut Map<String, Value>, key: &str, value: Map<String, Value>) {
    if value.is_empty() {
        map.remove(key);
    } else {
        map.insert(key.to_owned(), value.into());
    }
}

/// Writes the files that have changed, and removes empty ones.
fn write(folder: &Path, own: &[Part], parts: &[Part], rehearsal: bool) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    for part in parts {
        let Some(module) = &part.module else { continue };
        let before = own.iter().find(|own| own.module == part.module);
        if before.is_some_and(|before| before.value == part.value) {
            continue;
        }
        let path = folder.join(format!("{module}.yaml"));
        let is_empty = part.value.as_object().is_none_or(Map::is_empty);
        changed.push(format!("{module}.yaml{}", if is_empty { " (removed)" } else { "" }));
        if rehearsal {
            continue;
        }
        let place = || path.display().to_string();
        if is_empty {
            fs::remove_file(&path).with_context(place)?;
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(place)?;
        }
        let present = fs::read_to_string(&path).unwrap_or_default();
        fs::write(&path, part.to_yaml(leading_comment(&present))).with_context(place)?;
    }
    Ok(changed)
}

/// Writes the files with operations, schemas or words as [`write()`] does, and returns those that
/// changed.
pub(crate) fn format(folder: &Path) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    for part in stream_spec::parts(folder)? {
        let Some(module) = &part.module else { continue };
        let is_ours = ["paths", "components", "fields", "enums"]
            .iter()
            .any(|key| part.value.get(*key).is_some());
        let path = folder.join(format!("{module}.yaml"));
        let present = fs::read_to_string(&path).with_context(|| part.file.clone())?;
        let text = part.to_yaml(leading_comment(&present));
        if is_ours && text != present {
            fs::write(&path, text).with_context(|| part.file.clone())?;
            changed.push(format!("{module}.yaml"));
        }
    }
    Ok(changed)
}

/// Returns the module of an item, as [`place`] decided.
fn module_of_schema(document: &Document, name: &str) -> String {
    document.modules.get(name).cloned().unwrap_or_default()
}
