//! Finds the handwritten places of the workspace that name what an import removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::spec::structure::Structure;

/// The folders with handwritten files.
const FOLDERS: [&str; 5] = ["crates", "docs", "examples", "spec", "xtask"];

/// The folders in them with other files.
const SKIPPED: [&str; 4] = ["generated", "golden", "node_modules", "target"];

/// The maximum number of places that are listed for one name.
const MAX_PLACES: usize = 10;

/// Returns the operations, schemas and events that are gone, each with what replaces it.
pub(super) fn gone(before: &Structure, after: &Structure) -> BTreeMap<String, Option<String>> {
    let id = |operation: &Value| {
        operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let left: BTreeSet<String> = after.operations.values().map(id).collect();
    let mut gone = BTreeMap::new();
    for (endpoint, operation) in &before.operations {
        let old = id(operation);
        if !left.contains(&old) {
            gone.insert(old, after.operations.get(endpoint).map(id));
        }
    }
    let schemas = before.schemas.keys().filter(|name| !after.schemas.contains_key(*name));
    gone.extend(schemas.map(|name| (name.clone(), None)));
    let events = after.events();
    let old = before.events().into_keys().filter(|event| !events.contains_key(event));
    gone.extend(old.map(|event| (event, None)));
    gone
}

/// Returns the lines that contain a name as a whole word.
pub(super) fn find(root: &Path, gone: &BTreeMap<String, Option<String>>) -> Result<Vec<String>> {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut open: Vec<_> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    while let Some(path) = open.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !SKIPPED.contains(&&*name) {
                let entries = fs::read_dir(&path).with_context(|| path.display().to_string())?;
                for entry in entries {
                    open.push(entry?.path());
                }
            }
            continue;
        }
        let is_text = [".md", ".rs", ".yaml"].iter().any(|form| name.ends_with(form));
        if !is_text || gone.is_empty() {
            continue;
        }
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let file = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        for (index, line) in text.lines().enumerate() {
            let words = line.split(|c: char| !c.is_alphanumeric() && !"_.".contains(c));
            let words: BTreeSet<&str> = words.map(|word| word.trim_matches('.')).collect();
            for word in words {
                if let Some((name, _)) = gone.get_key_value(word) {
                    found.entry(name).or_default().push(format!("{file}:{}", index + 1));
                }
            }
        }
    }
    let mut lines = Vec::new();
    for (name, mut places) in found {
        places.sort();
        let more = places.len().saturating_sub(MAX_PLACES);
        places.truncate(MAX_PLACES);
        let new = gone.get(name).and_then(Option::as_ref);
        let new = new.map(|new| format!(" (now {new})")).unwrap_or_default();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push(format!("{name}{new}: {}{more}", places.join(", ")));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_that_names_what_is_gone_is_found() {
        let root = stream_spec::workspace_root();
        let gone = BTreeMap::from([
            ("SendMessage".to_owned(), Some("PostMessage".to_owned())),
            (["Se", "n"].concat(), None),
        ]);
        let found = find(&root, &gone).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("SendMessage (now PostMessage): crates/"), "{found:?}");
        let verbs = find(&root, &BTreeMap::from([("EphemeralMessageUpdate".to_owned(), None)]));
        assert!(verbs.unwrap()[0].contains("spec/verbs.yaml:"));
    }
}
