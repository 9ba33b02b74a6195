//! References to other files, which are converted to references within the same file.
//!
//! The files that a file refers to, directly or indirectly, are stored under its key [`FILES`]. All
//! of them must be in the document's folder or below, so that a document cannot make other files be
//! read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::anchors::Anchors;
use super::place::escaped;

/// The key with the files that a file refers to.
pub(crate) const FILES: &str = "x-files";

/// The maximum number of files that a document may refer to.
const MAX_FILES: usize = 1_000;

type IsRight = fn(&Value) -> bool;

/// The members beside a reference that add to what it refers to.
const BESIDE: [(&str, IsRight); 5] = [
    ("allOf", Value::is_array),
    ("anyOf", Value::is_array),
    ("oneOf", Value::is_array),
    ("properties", Value::is_object),
    ("required", Value::is_array),
];

/// A part of the document: its path below the folder, with `/` as the separator, and its content.
pub(crate) type Part<'a> = (String, &'a mut Value);

/// Reads a file.
pub(crate) type Reader = fn(&Path) -> Option<Value>;

/// The files of a document by their paths below its folder, with `/` as the separator.
struct Files<'a> {
    folder: &'a Path,
    /// The files that are parts of the document, so that their components belong to it.
    parts: BTreeSet<String>,
    read: BTreeMap<String, Option<Value>>,
    /// The anchors of each file.
    anchors: BTreeMap<String, Anchors>,
    reader: Reader,
}

/// Converts the references of all parts to references within their own file, if the target exists.
/// `is_whole` says whether the parts are all files of the folder, whose components belong to the
/// document.
pub(crate) fn link(parts: &mut [Part<'_>], folder: &Path, is_whole: bool, reader: Reader) {
    let names: BTreeSet<String> = parts.iter().map(|(name, _)| name.clone()).collect();
    let mut files = Files {
        folder,
        parts: if is_whole { names } else { BTreeSet::new() },
        read: BTreeMap::new(),
        anchors: parts.iter().map(|(name, value)| (name.clone(), Anchors::of(value))).collect(),
        reader,
    };
    for (root, value) in parts {
        let mut open = BTreeSet::new();
        files.rewrite(value, Place { root, file: root }, &mut open);
        let mut held: Map<String, Value> = Map::new();
        while let Some(name) = open.pop_first() {
            if held.contains_key(&name) {
                continue;
            }
            let Some(mut value) = files.value(&name).cloned() else { continue };
            files.rewrite(&mut value, Place { root, file: &name }, &mut open);
            held.insert(name, value);
        }
        if let Value::Object(root) = &mut **value
            && !held.is_empty()
        {
            root.insert(FILES.to_owned(), held.into());
        }
    }
}

/// Returns the pointer to a file within the file that refers to it.
fn pointer(name: &str) -> String {
    format!("/{FILES}/{}", escaped(name))
}

/// The file of a value, and the part of the document that will contain the value.
#[derive(Clone, Copy)]
struct Place<'a> {
    root: &'a str,
    file: &'a str,
}

impl Files<'_> {
    /// Rewrites the references in a value, and adds the files that they name to `used`.
    fn rewrite(&mut self, value: &mut Value, place: Place<'_>, used: &mut BTreeSet<String>) {
        match value {
            Value::Object(node) => {
                // Without a `$dynamicAnchor` elsewhere, it is an ordinary reference.
                if node.get("$dynamicRef").is_some_and(Value::is_string)
                    && let Some(reference) = node.remove("$dynamicRef")
                {
                    node.entry("$ref").or_insert(reference);
                }
                if let Some(Value::String(reference)) = node.get_mut("$ref") {
                    self.rewrite_reference(reference, place, used);
                    // In OpenAPI 3.1, the members beside a reference count too.
                    if BESIDE.iter().any(|(key, is_right)| node.get(*key).is_some_and(is_right)) {
                        let reference = node.remove("$ref");
                        let beside = std::mem::take(node);
                        node.insert("allOf".to_owned(), json!([{ "$ref": reference }, beside]));
                    }
                }
                for inner in node.values_mut() {
                    self.rewrite(inner, place, used);
                }
            }
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.rewrite(item, place, used));
            }
            _ => {}
        }
    }

    fn rewrite_reference(
        &mut self,
        reference: &mut String,
        place: Place<'_>,
        used: &mut BTreeSet<String>,
    ) {
        let decoded = percent_decode_str(reference).decode_utf8_lossy().into_owned();
        // A schema may have a name of its own.
        if let Some((target, pointer)) = self.named(&decoded, place) {
            return self.point(reference, &target, &pointer, place, used);
        }
        let (file, pointer) = decoded.split_once('#').unwrap_or((&decoded, ""));
        let target = match file {
            "" => Some(place.file.to_owned()),
            file => relative(place.file, file),
        };
        let Some(target) = target else { return };
        if pointer.is_empty() || pointer.starts_with('/') {
            return self.point(reference, &target, pointer, place, used);
        }
        if let Some(pointer) = self.anchor(&target, pointer) {
            self.point(reference, &target, &pointer, place, used);
        }
    }

    /// Returns the file and the location of a schema with this `$id`, in the file itself or in the
    /// part that refers to it.
    fn named(&self, id: &str, place: Place<'_>) -> Option<(String, String)> {
        let files = [place.file, place.root];
        files.into_iter().find_map(|file| {
            let pointer = self.anchors.get(file)?.id(id)?;
            Some((file.to_owned(), pointer.to_owned()))
        })
    }

    /// Returns the location of an anchor in a file.
    fn anchor(&mut self, file: &str, name: &str) -> Option<String> {
        self.value(file);
        self.anchors.get(file)?.anchor(name).map(str::to_owned)
    }

    /// Makes a reference lead to a location in a file.
    fn point(
        &mut self,
        reference: &mut String,
        target: &str,
        pointer: &str,
        place: Place<'_>,
        used: &mut BTreeSet<String>,
    ) {
        let is_component = || pointer.starts_with("/components/schemas/");
        if target == place.root || self.parts.contains(target) && is_component() {
            *reference = format!("#{pointer}");
        } else if self.value(target).is_some() {
            *reference = format!("#{}{pointer}", self::pointer(target));
            used.insert(target.to_owned());
        }
    }

    /// Returns the content of a file below the folder, if it can be read.
    fn value(&mut self, name: &str) -> Option<&Value> {
        if !self.read.contains_key(name) {
            let is_known_form = [".json", ".yaml", ".yml"].iter().any(|form| name.ends_with(form));
            let path = self.folder.join(name);
            // A symbolic link may lead out of the folder.
            let is_inside = || {
                let (path, folder) = (path.canonicalize().ok()?, self.folder.canonicalize().ok()?);
                Some(path.starts_with(folder))
            };
            let may_read = is_known_form && self.read.len() < MAX_FILES;
            let value = (may_read && is_inside() == Some(true)).then(|| (self.reader)(&path));
            if let Some(Some(value)) = &value {
                self.anchors.entry(name.to_owned()).or_insert_with(|| Anchors::of(value));
            }
            self.read.insert(name.to_owned(), value.flatten());
        }
        self.read.get(name)?.as_ref()
    }
}

/// Returns the path below the folder of `file`, relative to `from`; `None` if it is outside.
fn relative(from: &str, file: &str) -> Option<String> {
    if file.starts_with('/') || file.contains(['\\', ':']) {
        return None;
    }
    let mut segments: Vec<&str> = from.split('/').collect();
    segments.pop();
    for segment in file.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            segment => segments.push(segment),
        }
    }
    Some(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_folder() {
        assert_eq!(relative("a.yaml", "./b.yaml").as_deref(), Some("b.yaml"));
        assert_eq!(relative("sub/a.yaml", "../b.yaml").as_deref(), Some("b.yaml"));
        for elsewhere in ["../b.yaml", "/etc/b.yaml", "https://host/b.yaml", "c:\\b.yaml"] {
            assert_eq!(relative("a.yaml", elsewhere), None, "{elsewhere}");
        }
    }
}
