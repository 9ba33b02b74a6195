//! Writes the files of the schema in their one style.

use serde_json::{Map, Value};

use super::load::Part;

/// The maximum width of a line, if it can be broken.
const WIDTH: usize = 100;

/// The kind of a mapping, which determines the order and the content of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fragment,
    Components,
    Paths,
    PathItem,
    Operation,
    Parameter,
    Body,
    Responses,
    Response,
    Content,
    Media,
    /// Components: schemas with blank lines between them.
    Schemas,
    Properties,
    Schema,
    FilterFields,
    /// `enums.yaml` and its entries.
    Enums,
    EnumWords,
    /// Names with descriptions.
    Texts,
    Plain,
}

impl Kind {
    /// Returns the keys that come first; the others follow in alphabetical order.
    fn order(self) -> &'static [&'static str] {
        match self {
            Self::Fragment => &["paths", "components", "fields", "parameters"],
            Self::Components => &["schemas", "responses"],
            Self::Operation => &[
                "operationId",
                "tags",
                "summary",
                "description",
                WANTS_DESCRIPTION,
                WANTS_VERB,
                "deprecated",
                "parameters",
                "requestBody",
                "responses",
            ],
            Self::Parameter => &[
                "name",
                "in",
                "required",
                "deprecated",
                "description",
                WANTS_DESCRIPTION,
                "content",
                "schema",
            ],
            Self::Body => &["required", "content"],
            Self::Response => &["description", "content"],
            Self::Schema => &[
                "description",
                WANTS_DESCRIPTION,
                "$ref",
                "oneOf",
                "anyOf",
                "allOf",
                "discriminator",
                "type",
                "format",
                "enum",
                "items",
                "additionalProperties",
                "default",
                "minLength",
                "maxLength",
                "minItems",
                "maxItems",
                "minimum",
                "maximum",
                "pattern",
                "nullable",
                "readOnly",
                "writeOnly",
                "deprecated",
                "x-stream-is-event",
                "required",
                "properties",
                "x-stream-map",
                "x-stream-filter-fields",
                "x-stream-sort-fields",
                "x-stream-sort-combinations",
            ],
            Self::EnumWords => &["of", "also", "module", "description"],
            Self::Plain => &["propertyName", "mapping", "type", "operators"],
            _ => &[],
        }
    }

    /// Returns the kind of a key's value.
    fn inner(self, key: &str) -> Self {
        match (self, key) {
            (Self::Fragment, "paths") => Self::Paths,
            (Self::Fragment, "components") => Self::Components,
            (Self::Fragment, "fields" | "parameters") => Self::Texts,
            (Self::Fragment, "enums") => Self::Enums,
            (Self::Enums, _) => Self::EnumWords,
            (Self::Components, "schemas") => Self::Schemas,
            (Self::Components | Self::Operation, "responses") => Self::Responses,
            (Self::Paths, _) => Self::PathItem,
            (Self::PathItem, _) => Self::Operation,
            (Self::Operation, "parameters") => Self::Parameter,
            (Self::Operation, "requestBody") => Self::Body,
            (Self::Responses, _) => Self::Response,
            (Self::Body | Self::Response | Self::Parameter, "content") => Self::Content,
            (Self::Content, _) => Self::Media,
            (Self::Parameter | Self::Media, "schema") | (Self::Schemas | Self::Properties, _) => {
                Self::Schema
            }
            (Self::Schema, "items" | "additionalProperties" | "oneOf" | "anyOf" | "allOf") => {
                Self::Schema
            }
            (Self::Schema, "properties") => Self::Properties,
            (Self::Schema, "x-stream-filter-fields") => Self::FilterFields,
            _ => Self::Plain,
        }
    }

    /// Returns whether there are blank lines between the entries.
    fn is_spaced(self) -> bool {
        matches!(self, Self::Paths | Self::Schemas)
    }
}

/// Marks an item without a description.
pub const WANTS_DESCRIPTION: &str = "x-wants-description";

/// Marks an operation without a method in the chat layer.
pub const WANTS_VERB: &str = "x-wants-verb";

/// Writes a part of the schema, or any other value, as YAML in the style of `spec/`.
#[must_use]
pub fn to_yaml(value: &Value) -> String {
    let mut writer = Writer { text: String::new() };
    match value {
        Value::Object(map) => writer.mapping(map, Kind::Fragment, 0),
        _ => writer.value(value, Kind::Plain, 0),
    }
    writer.text
}

impl Part {
    /// Returns the text of the file in the style of `spec/`, after its leading comment.
    #[must_use]
    pub fn to_yaml(&self, comment: &str) -> String {
        comment.to_owned() + &to_yaml(&self.value)
    }
}

/// Returns the leading comment lines of a text.
#[must_use]
pub fn leading_comment(text: &str) -> &str {
    let length: usize = text
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('#') || line.trim().is_empty())
        .map(str::len)
        .sum();
    text.get(..length).unwrap_or_default()
}

struct Writer {
    text: String,
}

impl Writer {
    /// Writes a block mapping with one entry per line.
    fn mapping(&mut self, map: &Map<String, Value>, kind: Kind, indent: usize) {
        for (index, key) in ordered(map, kind).into_iter().enumerate() {
            let Some(value) = map.get(key) else { continue };
            let is_section = kind == Kind::Fragment && key == "components";
            if index > 0 && (kind.is_spaced() || is_section) {
                self.text.push('\n');
            }
            self.pad(indent);
            self.entry(key, value, kind, indent);
        }
    }

    /// Writes `key: value` at the current position.
    fn entry(&mut self, key: &str, value: &Value, kind: Kind, indent: usize) {
        let key = scalar_text(key, false);
        self.text.push_str(&key);
        self.text.push(':');
        let column = indent + key.chars().count() + 1;
        let is_prose = kind == Kind::Texts || matches!(key.as_str(), "description" | "summary");
        match value {
            Value::String(text) if is_prose => self.prose(text, column, indent),
            _ => self.value_after(value, kind.inner(key.trim_matches('\'')), column, indent),
        }
    }

    /// Writes a value after `key:` or `-`, on the same line if it is short.
    fn value_after(&mut self, value: &Value, kind: Kind, column: usize, indent: usize) {
        if let Some(flow) = flow(value, kind, column) {
            self.text.push(' ');
            self.text.push_str(&flow);
            self.text.push('\n');
            return;
        }
        self.text.push('\n');
        self.value(value, kind, indent + 2);
    }

    /// Writes a collection in block form.
    fn value(&mut self, value: &Value, kind: Kind, indent: usize) {
        match value {
            Value::Object(map) => self.mapping(map, kind, indent),
            Value::Array(items) => {
                for item in items {
                    self.item(item, kind, indent);
                }
            }
            scalar => {
                self.pad(indent);
                self.text.push_str(&scalar_value(scalar, false));
                self.text.push('\n');
            }
        }
    }

    fn item(&mut self, item: &Value, kind: Kind, indent: usize) {
        self.pad(indent);
        self.text.push('-');
        match (item, flow(item, kind, indent + 1)) {
            (Value::Object(map), None) => {
                self.text.push(' ');
                for (index, key) in ordered(map, kind).into_iter().enumerate() {
                    let Some(value) = map.get(key) else { continue };
                    if index > 0 {
                        self.pad(indent + 2);
                    }
                    self.entry(key, value, kind, indent + 2);
                }
            }
            _ => self.value_after(item, kind, indent + 1, indent),
        }
    }

    /// Writes prose: on one line if it fits, or else folded.
    fn prose(&mut self, text: &str, column: usize, indent: usize) {
        let is_one_line = !text.contains('\n');
        if is_one_line && column + 1 + text.chars().count() <= WIDTH {
            self.text.push(' ');
            self.text.push_str(&scalar_text(text, false));
            self.text.push('\n');
            return;
        }
        // Folding does not keep spaces at the ends of lines and escaped characters.
        let is_plain = |line: &str| line.trim() == line && !line.contains(must_be_escaped);
        if !text.split('\n').all(is_plain) {
            self.text.push_str(&format!(" {}\n", escaped(text)));
            return;
        }
        self.text.push_str(" >-\n");
        for (index, paragraph) in text.split('\n').enumerate() {
            // A line break of the text is an empty line between folded ones.
            if index > 0 {
                self.text.push('\n');
            }
            for line in wrap(paragraph, WIDTH - indent - 2) {
                self.pad(indent + 2);
                self.text.push_str(&line);
                self.text.push('\n');
            }
        }
    }

    fn pad(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }
}

fn ordered(map: &Map<String, Value>, kind: Kind) -> Vec<&str> {
    let rank = |key: &str| {
        let order = kind.order();
        order.iter().position(|known| *known == key).unwrap_or(order.len())
    };
    let mut keys: Vec<&str> = map.keys().map(String::as_str).collect();
    match kind {
        Kind::Texts => keys.sort_by_key(|key| (key.to_lowercase(), *key)),
        _ => keys.sort_by_key(|key| (rank(key), *key)),
    }
    keys
}

/// Returns the value on one line, if that is its form.
fn flow(value: &Value, kind: Kind, column: usize) -> Option<String> {
    match value {
        Value::Object(map) if map.is_empty() => Some("{}".to_owned()),
        Value::Object(map) => {
            let is_short = map.keys().all(|key| matches!(key.as_str(), "type" | "format" | "$ref"));
            (is_short && matches!(kind, Kind::Schema | Kind::Response)).then(|| {
                let entries: Vec<String> = ordered(map, kind)
                    .into_iter()
                    .filter_map(|key| Some((key, map.get(key)?)))
                    .map(|(key, value)| format!("{key}: {}", scalar_value(value, true)))
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            })
        }
        Value::Array(items) => {
            if items.iter().any(|item| item.is_object() || item.is_array()) {
                return None;
            }
            let items: Vec<String> = items.iter().map(|item| scalar_value(item, true)).collect();
            let list = format!("[{}]", items.join(", "));
            (column + 1 + list.chars().count() <= WIDTH).then_some(list)
        }
        scalar => Some(scalar_value(scalar, false)),
    }
}

fn scalar_value(value: &Value, in_flow: bool) -> String {
    match value {
        Value::String(text) => scalar_text(text, in_flow),
        other => other.to_string(),
    }
}

/// Returns a string, quoted if it would otherwise be parsed as another value.
fn scalar_text(text: &str, in_flow: bool) -> String {
    if text.contains(must_be_escaped) {
        return escaped(text);
    }
    if needs_quotes(text, in_flow) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        text.to_owned()
    }
}

/// Returns whether a character must be escaped: YAML cannot contain it, or it changes the display
/// of the line.
pub(crate) fn must_be_escaped(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns a string in double quotes, in which control characters can be written.
fn escaped(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if must_be_escaped(character) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

fn needs_quotes(text: &str, in_flow: bool) -> bool {
    const WORDS: [&str; 10] = ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let begins_odd = text.starts_with(|c: char| "!&*|>@`\"'%#{}[],".contains(c))
        || (text.starts_with(['-', '?', ':'])
            && text.chars().nth(1).is_none_or(char::is_whitespace));
    let is_number = text.parse::<f64>().is_ok()
        || text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_hexdigit() || "xo_.:+-T".contains(c));
    text.is_empty()
        || text.trim() != text
        || begins_odd
        || is_number
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':')
        || WORDS.contains(&text.to_ascii_lowercase().as_str())
        || (in_flow && text.contains(['{', '}', '[', ']', ',']))
}

/// Divides words into lines of at most `width`.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;
    use crate::workspace_root;

    #[test]
    fn the_files_of_the_schema_are_written_as_they_are() {
        let spec = workspace_root().join("spec");
        let mut different = Vec::new();
        for part in crate::parts(&spec).unwrap() {
            let Some(module) = &part.module else { continue };
            let is_known = ["paths", "components", "fields", "enums"];
            if !is_known.iter().any(|key| part.value.get(*key).is_some()) {
                continue;
            }
            let present = fs::read_to_string(spec.join(format!("{module}.yaml"))).unwrap();
            let written = part.to_yaml(leading_comment(&present));
            for (number, (old, new)) in present.lines().zip(written.lines()).enumerate() {
                if old != new {
                    different.push(format!("{module}:{}:\n{old}\n{new}", number + 1));
                    break;
                }
            }
            if present.lines().count() != written.lines().count() {
                different.push(format!("{module}: the number of lines"));
            }
        }
        assert!(different.is_empty(), "{}", different.join("\n"));
    }

    #[test]
    fn written_yaml_reads_back_unchanged() {
        let odd = json!([
            "",
            " a",
            "a ",
            "no",
            "1.5",
            "0x1f",
            "1:30",
            "2026-01-01",
            "a: b",
            "a #b",
            "'",
            "\"",
            "-",
            "- a",
            "-a",
            "*",
            "a\nb",
            "\t",
            "{a}",
            "[",
            "a,b",
            "~",
            "null",
            "é\u{7f}",
            ":a",
            "a:",
            "%",
            "@",
            "`x`",
            "12e3",
            "+1",
            ".5",
            "1_000",
            "?",
            "? a",
            "|",
            ">",
            "a\\b"
        ]);
        let value = json!({ "components": { "schemas": {
            "A": { "enum": odd, "description": "long words ".repeat(20).trim(), "default": 0.5 },
            "C": { "description": "a\u{0} \u{202e} b \\ \r\n\tc".repeat(9), "title": "\u{feff}" },
            "D": { "description": " indented\n  more\n" },
            "B": { "description": "first\nsecond: \"x\" # y", "properties": { "no": {}, "1": { "type": "string" }, "": {} } },
        } }, "paths": {} });
        let mut short = value.clone();
        short["components"]["schemas"]["A"]["enum"] = json!(["a, b", "no", "]", "1"]);
        for value in [value, short] {
            let text = to_yaml(&value);
            let read: Value =
                serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(read, value, "{text}");
        }
    }
}
