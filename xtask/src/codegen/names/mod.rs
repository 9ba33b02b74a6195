//! Chooses Rust names. Every name in the schema gets one that is valid, distinct, and not used by
//! the generated code itself.

mod rename;

pub(crate) use super::identifiers::{events, field_name, fields, type_name, variants};

use std::collections::{BTreeMap, BTreeSet};

use super::identifiers::{RESERVED, free};
use rename::rename_references;
use stream_spec::Document;

/// The Rust names that differ from those in the document.
#[derive(Default)]
pub(crate) struct Names {
    /// The name in the document for each new name of a schema.
    pub(crate) renamed: BTreeMap<String, String>,
    /// The name of the type for each operation ID.
    operations: BTreeMap<String, String>,
}

impl Names {
    /// Renames the schemas whose names cannot stay, and names the operations.
    pub(crate) fn settle(document: &mut Document, events: &mut BTreeMap<String, String>) -> Self {
        let mut names = Self::default();
        let mut taken = BTreeSet::new();
        // A schema with the name of its type takes precedence.
        let (exact, other): (Vec<&String>, Vec<&String>) =
            document.schemas.keys().partition(|name| type_name(name) == **name);
        for old in exact.into_iter().chain(other) {
            let plain = type_name(old);
            let wanted = if RESERVED.contains(&plain.as_str()) {
                format!("{plain}Model")
            } else {
                plain.clone()
            };
            let new = free(&stable(wanted), &mut taken);
            if new != plain {
                names.renamed.insert(new, old.clone());
            }
        }
        for id in document.operations.keys() {
            let plain = type_name(id);
            let wanted = if RESERVED.contains(&plain.as_str()) || taken.contains(&plain) {
                format!("{}Operation", plain.trim_end_matches('_'))
            } else {
                plain
            };
            names.operations.insert(id.clone(), free(&wanted, &mut taken));
        }
        let renaming: BTreeMap<String, String> =
            names.renamed.iter().map(|(new, old)| (old.clone(), new.clone())).collect();
        rename_references(document, events, &renaming);
        names
    }

    /// Returns the name of an operation's type.
    pub(crate) fn operation(&self, id: &str) -> String {
        self.operations.get(id).cloned().unwrap_or_else(|| type_name(id))
    }
}

/// Returns a name that does not change when it is converted to a type name again, as typify does:
/// the type of `a_b` is `AB`, and that of `AB` is `Ab`.
fn stable(mut name: String) -> String {
    // Letters that change in upper case do so once or twice.
    for _ in 0..4 {
        let next = type_name(&name);
        if next == name {
            break;
        }
        name = next;
    }
    name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use stream_spec::Located;

    #[test]
    fn schemas_that_differ_in_case_alone_have_types_of_their_own() {
        let olds = ["a-b", "aB", "A_B", "AB", "ab", "Ab", "a.b", "AB2", "Ab2", "ß", "SS", "ſ", "s"];
        let mut document = Document::default();
        for old in olds {
            let value = json!({ "type": "object", "description": old });
            document.schemas.insert(old.to_owned(), Located { value, place: old.to_owned() });
        }
        Names::settle(&mut document, &mut BTreeMap::new());
        let types: BTreeSet<String> = document.schemas.keys().map(|name| type_name(name)).collect();
        assert_eq!(types.len(), olds.len(), "{types:?}");
    }

    #[test]
    fn what_the_generated_code_imports_is_reserved() {
        let folder = stream_spec::workspace_root().join("crates/stream-models/src/generated");
        let mut open = vec![folder];
        let mut missing = BTreeSet::new();
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let imports = text.split("\nuse ").skip(1).filter_map(|rest| rest.split(';').next());
            for import in imports.filter(|import| !import.starts_with("crate::generated")) {
                let names = import.split(|c: char| !c.is_alphanumeric() && c != '_');
                let types = names.filter(|name| name.starts_with(char::is_uppercase));
                missing.extend(types.filter(|name| !RESERVED.contains(name)).map(str::to_owned));
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
