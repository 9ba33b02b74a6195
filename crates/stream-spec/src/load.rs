use super::document::{Document, Located, Operation, Source};
use super::media::Inline;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};
use std::fs;
use std::path::{Path, PathBuf};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One file of a document, as it stands.
#[derive(Debug, Clone)]
pub struct Part {
    /// Where it is, as a person would name it.
    pub file: String,
    /// Its path below the folder without the ending (`chat/messages`); nothing if the document is
    /// one file.
    pub module: Option<String>,
    /// What it holds.
    pub value: Value,
}

/// Reads a JSON or YAML file, or all such files below a folder, as they stand.
///
/// # Errors
/// A file cannot be read or parsed, or there is none.
pub fn parts(path: &Path) -> Result<Vec<Part>> {
    if !path.is_dir() {
        return Ok(vec![Part { file: display_path(path), module: None, value: read_value(path)? }]);
    }
    let mut files = Vec::new();
    collect_files(path, &mut files)?;
    files.sort();
    ensure!(!files.is_empty(), "{}: no .json, .yaml or .yml file in it", path.display());
    let part = |file: &PathBuf| {
        let relative = file.strip_prefix(path).unwrap_or(file);
        let module = relative.with_extension("").to_string_lossy().replace('\\', "/");
        Ok(Part { file: display_path(file), module: Some(module), value: read_value(file)? })
    };
    files.iter().map(part).collect()
}

/// Reads a document from a JSON or YAML file, or from all such files below a folder.
///
/// # Errors
/// A file cannot be read or parsed, something is defined twice, or a reference leads nowhere; the
/// error names the place.
pub fn load(path: &Path) -> Result<Document> {
    let mut document = Document::default();
    for part in parts(path)? {
        add_fragment(&mut document, &part)?;
    }
    ensure!(!document.schemas.is_empty(), "{}: no components.schemas", path.display());
    document.check_references()?;
    Ok(document)
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect_files(&path, files)?;
        } else if matches!(
            path.extension().and_then(|extension| extension.to_str()),
            Some("json" | "yaml" | "yml")
        ) {
            files.push(path);
        }
    }
    Ok(())
}

/// Parses a JSON or YAML file.
pub(crate) fn read_value(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let value = if path.extension().is_some_and(|extension| extension == "json") {
        serde_json::from_str(&text).with_context(|| path.display().to_string())?
    } else {
        // The limits are for input from strangers; the largest published document exceeds them.
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_events: 50_000_000,
                max_nodes: 50_000_000,
            },
        };
        serde_saphyr::from_str_with_options(&text, options)
            .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?
    };
    Ok(value)
}

/// Adds the paths and components of one file. Without a module, everything goes where its product
/// tag says.
fn add_fragment(document: &mut Document, part: &Part) -> Result<()> {
    let Part { file, module, value } = part;
    let mut inline = Inline::new();
    for (url, item) in object(value, &["paths"]) {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let place = format!("{file}: paths.{url}.{method}");
            let source = Source {
                root: value,
                path: url,
                method,
                item,
                operation,
                module: module.as_deref(),
            };
            let operation =
                Operation::parse(&source, &mut inline).with_context(|| place.clone())?;
            let id = operation.id.clone();
            let located = Located { value: operation, place: place.clone() };
            if let Some(other) = document.operations.insert(id.clone(), located) {
                bail!("{place}: the operation id {id} is taken by {}", other.place);
            }
        }
    }
    for (name, schema) in object(value, &["components", "schemas"]) {
        let place = format!("{file}: components.schemas.{name}");
        inline.remove(name);
        if let Some(module) = module {
            document.modules.insert(name.clone(), module.clone());
        }
        let located = Located { value: schema.clone(), place: place.clone() };
        if let Some(other) = document.schemas.insert(name.clone(), located) {
            bail!("{place}: defined at {} too", other.place);
        }
    }
    for (name, value) in inline {
        let place = format!("{file}: {name}");
        document.schemas.entry(name).or_insert(Located { value, place });
    }
    Ok(())
}

fn object<'a>(value: &'a Value, keys: &[&str]) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let mut value = Some(value);
    for key in keys {
        value = value.and_then(|value| value.get(key));
    }
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// The path as a person would name it: relative to the folder the command was called in.
fn display_path(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
