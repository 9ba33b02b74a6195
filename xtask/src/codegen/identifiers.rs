//! Converts text to Rust identifiers.

use std::collections::BTreeSet;

use heck::{ToSnakeCase, ToUpperCamelCase};
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::GeneralSecurityProfile as _;

/// Names of types, traits and macros that the generated code uses. A schema of such a name gets the
/// suffix `Model`, an operation the suffix `Operation`.
pub(crate) const RESERVED: &[&str] = &[
    "BTreeMap",
    "Body",
    "Box",
    "Cid",
    "Clone",
    "Custom",
    "Debug",
    "Decode",
    "DecodeObject",
    "DecodeUnion",
    "Default",
    "Deserialize",
    "Deserializer",
    "Display",
    "Duration",
    "EncodeObject",
    "Err",
    "Error",
    "Event",
    "EventDetails",
    "EventMember",
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
    "Nested",
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
    "RawBody",
    "RequestInfo",
    "Result",
    "Secret",
    "Serialize",
    "Serializer",
    "Shape",
    "Some",
    "Sort",
    "String",
    "Timestamp",
    "ToString",
    "UnionForm",
    "UnionJson",
    "Upload",
    "UploadSource",
    "Value",
    "Vec",
];

/// Functions of generated types besides their setters.
const RESERVED_FIELDS: &[&str] = &["default", "new", "parts"];

/// Returns the name of the Rust type for a schema or an operation.
pub(crate) fn type_name(name: &str) -> String {
    valid(name, ToUpperCamelCase::to_upper_camel_case)
}

/// Returns the name of a field or an argument.
pub(crate) fn field_name(name: &str) -> String {
    valid(name, ToSnakeCase::to_snake_case)
}

/// Converts a text to an identifier.
///
/// A letter that stands for others, such as `Ⅷ` for `VIII`, becomes those. Only letters that the compiler accepts
/// without a warning stay.
fn valid(name: &str, to_case: impl Fn(&str) -> String) -> String {
    let cased = match name {
        "+1" => to_case("plus1"),
        "-1" => to_case("minus1"),
        _ => {
            let plain: String = name.nfkc().filter(|c| *c != '\'').collect();
            let is_letter = |c: char| c.is_alphanumeric() && c.identifier_allowed() && c != '·';
            to_case(&plain.replace(|c: char| !is_letter(c) && c != '_', "-")).nfc().collect()
        }
    };
    let begun =
        if cased.starts_with(|c: char| c.is_alphabetic()) { cased } else { to_case("x") + &cased };
    let mut short = begun;
    if short.len() > MAX_LENGTH {
        short.truncate(short.floor_char_boundary(SHORT));
    }
    if syn::parse_str::<syn::Ident>(&short).is_ok() && short != "gen" {
        short
    } else {
        format!("{short}_")
    }
}

/// The maximum length of a name, in bytes. rustdoc calls files after types, and file systems limit
/// that.
const MAX_LENGTH: usize = 180;

/// The length of a name that was longer, which leaves space for a number or a suffix.
const SHORT: usize = 150;

/// Returns the names of a struct's fields or an operation's parameters, one for each name on the
/// wire. Names that collide in snake case get a number, except for one that needs no change.
pub(crate) fn fields<'a>(wires: impl IntoIterator<Item = &'a str>, used: &[&str]) -> Vec<String> {
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

/// Returns the names of an enum's variants. `Unknown` is the variant for other values.
pub(crate) fn variants<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    distinct(values, type_name, |name| match name.as_str() {
        "Unknown" => "UnknownValue".to_owned(),
        _ => name,
    })
}

/// Returns the names of the event enum's variants. `Other` is the variant for other events.
pub(crate) fn events<'a>(events: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    distinct(events, type_name, |name| match name.as_str() {
        "Other" => "OtherValue".to_owned(),
        _ => name,
    })
}

/// Returns distinct names: first those that need no change, then the others in order, with a number
/// where necessary.
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

/// Returns the name, with the lowest number from 2 if it is taken.
pub(super) fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let separator = if name.starts_with(char::is_uppercase) { "" } else { "_" };
    let mut candidate = name.to_owned();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{}{separator}{number}", name.trim_end_matches('_'));
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_a_field() {
        let wires = ["type", "content-available", "2fa", "+1", "self", "zh-TW", "", "é", "_x"];
        assert_eq!(
            fields(wires, &[]),
            ["type_", "content_available", "x2fa", "plus1", "self_", "zh_tw", "x", "é", "x_2"]
        );
    }

    #[test]
    fn only_letters_without_a_warning_stay() {
        let odd =
            ["Ⅷ", "ﬁ", "𝐀bc", "x²", "①", "\u{212a}", "e\u{301}", "a·b", "🦀", "\u{200b}", "ª"];
        assert_eq!(
            odd.map(type_name),
            ["Viii", "Fi", "Abc", "X2", "X1", "K", "É", "AB", "X", "X", "A"]
        );
        for name in odd.map(field_name) {
            assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{name}");
        }
        // The compiler reads both as the same.
        assert_eq!(fields(["\u{e9}", "e\u{301}"], &[]), ["\u{e9}", "\u{e9}_2"]);
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
