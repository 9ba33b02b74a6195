use super::document::{Document, Located, Operation};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};
use std::fs;
use std::path::{Path, PathBuf};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Reads a document from a JSON or YAML file, or from all such files below a folder.
///
/// # Errors
/// A file cannot be read or parsed, something is defined twice, or a reference leads nowhere; the
/// error names the place.
pub fn load(path: &Path) -> Result<Document> {
    let mut document = Document::default();
    if path.is_dir() {
        let mut files = Vec::new();
        collect_files(path, &mut files)?;
        files.sort();
        ensure!(
            !files.is_empty(),
            "{}: no .json, .yaml or .yml file in it",
            path.display()
        );
        for file in files {
            let relative = file.strip_prefix(path).unwrap_or(&file);
            let module = relative
                .with_extension("")
                .to_string_lossy()
                .replace('\\', "/");
            add_fragment(&mut document, &file, Some(&module))?;
        }
    } else {
        add_fragment(&mut document, path, None)?;
    }
    ensure!(
        !document.schemas.is_empty(),
        "{}: no components.schemas",
        path.display()
    );
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
    let value = if path
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        serde_json::from_str(&text).with_context(|| path.display().to_string())?
    } else {
        serde_saphyr::from_str(&text)
            .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?
    };
    Ok(value)
}

/// Adds the paths and components of one file. Without a `module`, everything goes where its
/// product tag says.
fn add_fragment(document: &mut Document, path: &Path, module: Option<&str>) -> Result<()> {
    let file = display_path(path);
    let value = read_value(path)?;
    for (url, item) in object(&value, &["paths"]) {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let place = format!("{file}: paths.{url}.{method}");
            let operation =
                Operation::parse(url, method, operation, module).with_context(|| place.clone())?;
            let id = operation.id.clone();
            let located = Located {
                value: operation,
                place: place.clone(),
            };
            if let Some(other) = document.operations.insert(id.clone(), located) {
                bail!("{place}: the operation id {id} is taken by {}", other.place);
            }
        }
    }
    for (name, schema) in object(&value, &["components", "schemas"]) {
        let place = format!("{file}: components.schemas.{name}");
        if let Some(module) = module {
            document.modules.insert(name.clone(), module.to_owned());
        }
        let located = Located {
            value: schema.clone(),
            place: place.clone(),
        };
        if let Some(other) = document.schemas.insert(name.clone(), located) {
            bail!("{place}: defined at {} too", other.place);
        }
    }
    Ok(())
}

fn object<'a>(value: &'a Value, keys: &[&str]) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let mut value = Some(value);
    for key in keys {
        value = value.and_then(|value| value.get(key));
    }
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

/// The path as a person would name it: relative to the folder the command was called in.
fn display_path(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here)
        .unwrap_or(path)
        .display()
        .to_string()
}
