//! Loads the files of the schema.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_saphyr::{NonFiniteFloatPolicy, Spanned};

use super::document::{Document, Located, Operation};
use super::files;
use super::ids;
use super::lines::Node;
use super::media::{Inline, Media, resolve};
use super::parse::Source;
use super::place::{self, at};
use super::references::Pointers;
use super::unique::Unique;
use super::warning::Warnings;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The other members of a path's entry, apart from extensions.
const BESIDE_METHODS: [&str; 5] = ["$ref", "description", "parameters", "servers", "summary"];

/// The maximum length of the document's version, in characters.
const MAX_VERSION: usize = 64;

/// One file of a document.
#[derive(Debug, Clone)]
pub struct Part {
    /// The path for messages.
    pub file: String,
    /// The path in the folder without the extension (`chat/messages`); `None` if the document is
    /// one file.
    pub module: Option<String>,
    /// The content.
    pub value: Value,
}

/// Reads a JSON or YAML file, or all such files in a folder.
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

/// Loads a document from a JSON or YAML file, or from all such files in a folder.
///
/// An oddity only affects its own place; [`Document::warnings`] says how it was handled.
///
/// # Errors
/// A file cannot be read or parsed, or it contains no schema; the error names the place.
pub fn load(path: &Path) -> Result<Document> {
    let mut document = Document::default();
    let mut operations = Vec::new();
    let mut parts = parts(path)?;
    for part in &parts {
        let version = part.value.get("swagger");
        ensure!(
            version.is_none(),
            "{}: Swagger 2 is not read; convert the document to OpenAPI 3 first",
            part.file
        );
    }
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let folder = if path.is_dir() { path } else { parent.unwrap_or(Path::new(".")) };
    let shown = display_path(folder);
    let mut named: Vec<(String, &mut Value)> = parts
        .iter_mut()
        .map(|part| {
            let file = Path::new(&part.file);
            let name = file.strip_prefix(&shown).unwrap_or(file).to_string_lossy();
            (name.replace('\\', "/"), &mut part.value)
        })
        .collect();
    files::link(&mut named, folder, path.is_dir(), |path| read_value(path).ok());
    for part in parts {
        add_fragment(&mut document, &mut operations, &part);
    }
    document.operations = ids::settle(operations, &mut document.warnings);
    ensure!(
        !document.schemas.is_empty(),
        "{}: neither components.schemas nor paths with content; is it an OpenAPI document?",
        path.display()
    );
    document.mend_references();
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
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let text = String::from_utf8(bytes)
        .map_err(|error| anyhow::anyhow!("{}: {error}; save it as UTF-8", path.display()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if path.extension().is_some_and(|extension| extension == "json") {
        match serde_json::from_str::<Unique>(text) {
            // YAML has numbers of any size.
            Err(error) if error.to_string().starts_with("number out of range") => {}
            read => {
                return read.map(|Unique(value)| value).with_context(|| path.display().to_string());
            }
        }
    }
    read_yaml(text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}

/// Parses a JSON or YAML file with the places of its values; `None` if it cannot be read.
pub(crate) fn read_located(path: &Path) -> Option<Spanned<Node>> {
    let text = fs::read_to_string(path).ok()?;
    read_yaml(text.strip_prefix('\u{feff}').unwrap_or(&text)).ok()
}

/// Parses YAML 1.2, in which `no` is a string. A number that is too large for its type becomes `null`.
fn read_yaml<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    // The limits are for untrusted input; the largest published document exceeds them.
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            // As deep as JSON may be.
            max_depth: 128,
            max_events: 50_000_000,
            max_nodes: 50_000_000,
        },
        strict_booleans: true,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        // The library's advice is for its callers, not for the authors of the document.
        error
            .to_string()
            .replace(
                "cannot deserialize null into string; use Option<String>",
                "a name is null; quote it",
            )
            .replace(", set DuplicateKeyPolicy in Options if acceptable", "; write it once")
            .replace(
                "; use from_str_multiple or from_str_multiple_with_options",
                "; put each into a file of its own",
            )
    })
}

/// Adds the paths and components of one file. Without a module, each operation goes to that of its
/// product tag.
fn add_fragment(document: &mut Document, operations: &mut Vec<Located<Operation>>, part: &Part) {
    let Part { file, module, value } = part;
    let root = place::root(file);
    if let Some(version) = value.pointer("/info/version").and_then(Value::as_str) {
        // It appears in comments and in a manifest.
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || " .+-_".contains(*c);
        let plain: String = version.chars().filter(is_plain).take(MAX_VERSION).collect();
        document.version = Some(plain).filter(|plain| !plain.is_empty());
    }
    let warnings = &mut document.warnings;
    if let Some(Value::String(version)) = value.get("openapi")
        && !version.starts_with("3.")
    {
        let message = format!("{version} is not known; read as 3.1");
        warnings.add(at(&root, ["openapi"]), message);
    }
    let mut inline = Inline::new();
    let mut pointers = Pointers::of(value);
    for (url, entry) in object(value, &["paths"]) {
        let Some(item) = resolve(value, entry) else {
            warnings.add(at(&root, ["paths", url]), "the $ref leads nowhere; left out");
            continue;
        };
        // In OpenAPI 3.1, the members beside a reference count too.
        let mut both = item.clone();
        if let (Value::Object(both), Value::Object(beside)) = (&mut both, entry) {
            let beside = beside.iter().filter(|(key, _)| *key != "$ref");
            both.extend(beside.map(|(key, value)| (key.clone(), value.clone())));
        }
        let item = &both;
        for (method, operation) in item.as_object().into_iter().flatten() {
            let place = at(&root, ["paths", url, method]);
            if !METHODS.contains(&method.as_str()) {
                if !BESIDE_METHODS.contains(&method.as_str()) && !method.starts_with("x-") {
                    warnings.add(place, "not one of the methods that are generated; left out");
                }
                continue;
            }
            let source = Source {
                root: value,
                path: url,
                method,
                item,
                operation,
                module: module.as_deref(),
                place: &place,
            };
            let mut operation = source.parse(&mut inline, warnings);
            for parameter in &mut operation.parameters {
                pointers.inline(&mut parameter.schema);
            }
            operations.push(Located { value: operation, place });
        }
    }
    notifications(part, &mut inline, warnings);
    for (name, schema) in object(value, &["components", "schemas"]) {
        let place = at(&root, ["components", "schemas", name]);
        if let Some(other) = document.schemas.get(name) {
            warnings.add(place, format!("defined at {} too; left out", other.place));
            continue;
        }
        if let Some(module) = module {
            document.modules.insert(name.clone(), module.clone());
        }
        let (pointer, value) = pointers.component(name, schema);
        document.schemas.insert(name.clone(), Located { value, place: root.clone() + &pointer });
    }
    for (name, mut schema) in inline {
        pointers.inline(&mut schema.value);
        document.schemas.entry(name).or_insert(schema);
    }
    while let Some((name, pointer, schema)) = pointers.next_component() {
        let place = root.clone() + &pointer;
        document.schemas.entry(name).or_insert(Located { value: schema, place });
    }
}

/// Adds the inline schemas of webhooks and callbacks, which have types but no operations.
fn notifications(part: &Part, inline: &mut Inline, warnings: &mut Warnings) {
    let root = &part.value;
    let file = place::root(&part.file);
    let mut add = |name: &str, item: &Value| {
        let Some(item) = resolve(root, item) else { return };
        for (_, operation) in object(item, &[]).filter(|(key, _)| METHODS.contains(&key.as_str())) {
            let mut media = Media {
                root,
                id: name,
                place: &file,
                inline: &mut *inline,
                warnings: &mut *warnings,
            };
            media.notification(operation);
        }
    };
    for (name, item) in object(root, &["webhooks"]) {
        add(&format!("{name} webhook"), item);
    }
    let operations = object(root, &["paths"]).flat_map(|(_, item)| object(item, &[]));
    let callbacks = operations.flat_map(|(_, operation)| object(operation, &["callbacks"]));
    for (name, callback) in callbacks.chain(object(root, &["components", "callbacks"])) {
        let callback = resolve(root, callback).unwrap_or(&Value::Null);
        for (_, item) in object(callback, &[]) {
            add(&format!("{name} callback"), item);
        }
    }
}

fn object<'a>(value: &'a Value, keys: &[&str]) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let mut value = Some(value);
    for key in keys {
        value = value.and_then(|value| value.get(key));
    }
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// Returns the path for messages, relative to the current folder.
fn display_path(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
