//! What things are called in Rust. Every name of the schema gets one that is valid, that the
//! generated code does not need itself, and that nothing else beside it has.

use super::reach::rename_references;
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::{BTreeMap, BTreeSet};
use stream_spec::Document;

/// Names of types, traits and macros that the generated code uses itself. A schema that is called
/// so gets `Model` at its end, an operation `Operation`.
pub(super) const RESERVED: &[&str] = &[
    "BTreeMap",
    "Body",
    "Box",
    "Clone",
    "Custom",
    "Debug",
    "Decode",
    "DecodeObject",
    "Default",
    "Deserialize",
    "Deserializer",
    "Display",
    "EncodeObject",
    "Err",
    "Error",
    "Event",
    "Filter",
    "From",
    "Into",
    "IntoIterator",
    "InvalidRequest",
    "Iterator",
    "Map",
    "MapAccess",
    "Member",
    "Method",
    "None",
    "Object",
    "Ok",
    "Operation",
    "OperationInfo",
    "Option",
    "Optional",
    "OtherEvent",
    "Part",
    "PartContent",
    "PartialEq",
    "Query",
    "Result",
    "Secret",
    "Serialize",
    "SerializeMap",
    "Serializer",
    "Some",
    "String",
    "Timestamp",
    "ToString",
    "Upload",
    "UploadSource",
    "Value",
    "Vec",
];

/// Functions that generated types have beside their setters.
const RESERVED_FIELDS: &[&str] = &["default", "new", "parts"];

/// The name of the Rust type for a schema or an operation.
pub(super) fn type_name(name: &str) -> String {
    valid(name, ToUpperCamelCase::to_upper_camel_case)
}

/// The name of a field or an argument.
pub(super) fn field_name(name: &str) -> String {
    valid(name, ToSnakeCase::to_snake_case)
}

/// Makes an identifier of any text.
fn valid(name: &str, to_case: impl Fn(&str) -> String) -> String {
    let cased = match name {
        "+1" => to_case("plus1"),
        "-1" => to_case("minus1"),
        _ => {
            let plain: String = name.chars().filter(|c| *c != '\'').collect();
            to_case(&plain.replace(|c: char| !c.is_alphanumeric() && c != '_', "-"))
        }
    };
    let begun =
        if cased.starts_with(|c: char| c.is_alphabetic()) { cased } else { to_case("x") + &cased };
    if syn::parse_str::<syn::Ident>(&begun).is_ok() && begun != "gen" {
        begun
    } else {
        format!("{begun}_")
    }
}

/// The names of a struct's fields, of an operation's parameters: one for each name on the wire.
/// What collides once it is in snake case gets a number; the one that is its own name keeps it.
pub(super) fn fields<'a>(wires: impl IntoIterator<Item = &'a str>, used: &[&str]) -> Vec<String> {
    let reserved = |name: &str| RESERVED_FIELDS.contains(&name) || used.contains(&name);
    let mut names =
        distinct(wires, field_name, |name| if reserved(&name) { format!("{name}_") } else { name });
    // `clear_x` is the function that sends the field `x` as null.
    let present: BTreeSet<String> = names.iter().cloned().collect();
    for name in &mut names {
        let cleared = name.strip_prefix("clear_").unwrap_or_default();
        if present.contains(cleared) || present.contains(&format!("{cleared}_")) {
            name.push('_');
        }
    }
    names
}

/// The names of an enum's variants. `Unknown` is the variant for what is not listed.
pub(super) fn variants<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    distinct(values, type_name, |name| match name.as_str() {
        "Unknown" => "UnknownValue".to_owned(),
        _ => name,
    })
}

/// The names of the event enum's variants. `Other` is the variant for what is not listed.
pub(super) fn events<'a>(events: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    distinct(events, type_name, |name| match name.as_str() {
        "Other" => "OtherValue".to_owned(),
        _ => name,
    })
}

/// Names that differ from each other: first those that need no change, then in their order the
/// others, with a number where that is needed.
fn distinct<'a>(
    wires: impl IntoIterator<Item = &'a str>,
    to_name: fn(&str) -> String,
    adjust: impl Fn(String) -> String,
) -> Vec<String> {
    let mut named: Vec<(&str, String)> =
        wires.into_iter().map(|wire| (wire, adjust(to_name(wire)))).collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut kept: BTreeSet<usize> = BTreeSet::new();
    for (index, (wire, name)) in named.iter().enumerate() {
        if *wire == name && taken.insert(name.clone()) {
            kept.insert(index);
        }
    }
    for (index, (_, name)) in named.iter_mut().enumerate() {
        if !kept.contains(&index) {
            *name = free(name, &mut taken);
        }
    }
    named.into_iter().map(|(_, name)| name).collect()
}

/// The name, with the lowest number from 2 that makes it one that is not taken.
fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let separator = if name.starts_with(char::is_uppercase) { "" } else { "_" };
    let mut candidate = name.to_owned();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{}{separator}{number}", name.trim_end_matches('_'));
        number += 1;
    }
    candidate
}

/// What the types are called where that is not what the document calls them.
#[derive(Default)]
pub(super) struct Names {
    /// From the new name of a schema to the one in the document.
    pub(super) renamed: BTreeMap<String, String>,
    /// From the id of an operation to the name of its type.
    operations: BTreeMap<String, String>,
}

impl Names {
    /// Renames the schemas whose names cannot stay, and finds names for the operations.
    pub(super) fn settle(document: &mut Document, events: &mut BTreeMap<String, String>) -> Self {
        let mut names = Self::default();
        let mut taken = BTreeSet::new();
        // A schema that is called what its type would be called goes first.
        let (exact, other): (Vec<&String>, Vec<&String>) =
            document.schemas.keys().partition(|name| type_name(name) == **name);
        for old in exact.into_iter().chain(other) {
            let plain = type_name(old);
            let wanted = if RESERVED.contains(&plain.as_str()) {
                format!("{plain}Model")
            } else {
                plain.clone()
            };
            let new = free(&wanted, &mut taken);
            if new != plain {
                names.renamed.insert(new, old.clone());
            }
        }
        for id in document.operations.keys() {
            let plain = type_name(id);
            let wanted = if RESERVED.contains(&plain.as_str()) || taken.contains(&plain) {
                format!("{plain}Operation")
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

    /// The name of an operation's type.
    pub(super) fn operation(&self, id: &str) -> String {
        self.operations.get(id).cloned().unwrap_or_else(|| type_name(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn any_text_becomes_a_field() {
        let wires = ["type", "content-available", "2fa", "+1", "self", "zh-TW", "", "é", "_x"];
        assert_eq!(
            fields(wires, &[]),
            ["type_", "content_available", "x2fa", "plus1", "self_", "zh_tw", "x", "é", "x_2"]
        );
    }

    #[test]
    fn fields_that_collide_are_numbered() {
        assert_eq!(
            fields(["Disabled", "DisableD", "disabled", "new", "type", "Type"], &[]),
            ["disabled_2", "disable_d", "disabled", "new_", "type_", "type_2"]
        );
        assert_eq!(fields(["clear_a", "a", "clear_b"], &[]), ["clear_a_", "a", "clear_b"]);
        assert_eq!(fields(["id", "body", "id"], &["body"]), ["id", "body_", "id_2"]);
    }

    #[test]
    fn any_text_becomes_a_variant() {
        let values = ["asc", "ASC", "Asc", "+1", "-1", "zh-TW", "1080p", "unknown", "", "*"];
        assert_eq!(
            variants(values),
            ["Asc2", "Asc3", "Asc", "Plus1", "Minus1", "ZhTw", "X1080p", "UnknownValue", "X", "X2"]
        );
    }
}
