//! The fixups for the habits of the published document.

use serde_json::{Map, Value, json};

/// A habit of the published document and its remedy, applied to every schema node.
pub(super) struct Fixup {
    pub(super) name: &'static str,
    pub(super) apply: fn(&mut Map<String, Value>),
}

/// A node that becomes a type of `stream-models`.
///
/// Written as a string of a format of our own, which typify is told to convert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Timestamp,
    Cid,
    Custom,
    Secret,
}

impl Marker {
    pub(crate) const ALL: [Self; 4] = [Self::Timestamp, Self::Cid, Self::Custom, Self::Secret];

    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Timestamp => "Timestamp",
            Self::Cid => "Cid",
            Self::Custom => "Custom",
            Self::Secret => "Secret",
        }
    }

    pub(crate) fn schema(self) -> Value {
        json!({ "type": "string", "format": format!("x-{}", self.type_name()) })
    }

    pub(super) fn mark(self, node: &mut Map<String, Value>) {
        if let Value::Object(schema) = self.schema() {
            node.extend(schema);
        }
    }
}

/// In the order in which they are applied.
pub(super) const FIXUPS: &[Fixup] = &[
    // 461 components are themselves nullable: typify wraps each into a newtype around an Option.
    // Null is read everywhere anyway.
    Fixup { name: "nullable", apply: |node| drop(node.remove("nullable")) },
    // 300 references have a description or title beside them: typify makes a merged copy of the
    // type that is referred to.
    Fixup {
        name: "reference siblings",
        apply: |node| {
            if node.contains_key("$ref") {
                node.retain(|key, _| key == "$ref" || key == "description");
            }
        },
    },
    // Moments are numbers in the schema: typify makes an f64 of nanoseconds that need 64 bits.
    Fixup {
        name: "times",
        apply: |node| {
            if node.get("format").is_some_and(|format| format == "date-time") {
                Marker::Timestamp.mark(node);
            }
        },
    },
    // There is no such type in JSON Schema.
    Fixup {
        name: "type date",
        apply: |node| {
            if node.get("type").is_some_and(|kind| kind == "date") {
                Marker::Timestamp.mark(node);
            }
        },
    },
    // Integers whose values are listed as texts: no value would ever fit.
    Fixup {
        name: "integer enums",
        apply: |node| {
            if node.get("type").is_some_and(|kind| kind == "integer") {
                node.remove("enum");
            }
        },
    },
    // Values that are no texts, that are listed twice, or that lack a type.
    Fixup {
        name: "odd enums",
        apply: |node| {
            let Some(values) = node.get("enum").and_then(Value::as_array) else {
                return;
            };
            let mut texts: Vec<Value> = Vec::new();
            for value in values.iter().filter(|value| value.is_string()) {
                if !texts.contains(value) {
                    texts.push(value.clone());
                }
            }
            let is_text = node.get("type").is_none_or(|kind| kind == "string");
            if texts.is_empty() || !is_text {
                node.remove("enum");
            } else {
                node.insert("enum".to_owned(), texts.into());
                node.insert("type".to_owned(), "string".into());
            }
        },
    },
    // Widths, which the server may widen without notice: typify refuses what does not fit.
    Fixup {
        name: "number widths",
        apply: |node| {
            let format = match node.get("type").and_then(Value::as_str) {
                Some("integer") => "int64",
                Some("number") => "double",
                _ => return,
            };
            node.insert("format".to_owned(), format.into());
        },
    },
    // Formats of texts (`duration`): the wire form is a Go duration, not what typify's type reads.
    Fixup {
        name: "text formats",
        apply: |node| {
            let is_text = node.get("type").is_some_and(|kind| kind == "string");
            let is_marker = node
                .get("format")
                .and_then(Value::as_str)
                .is_some_and(|format| format.starts_with("x-"));
            if is_text && !is_marker {
                node.remove("format");
            }
        },
    },
    // Limits become newtypes that refuse what the server says, though they bind only what it is
    // sent; some are wrong (18446744073709552000 for a negative number).
    Fixup {
        name: "limits",
        apply: |node| {
            for limit in [
                "minLength",
                "maxLength",
                "minItems",
                "maxItems",
                "minimum",
                "maximum",
                "pattern",
                "minProperties",
                "maxProperties",
                "uniqueItems",
                "exclusiveMinimum",
                "exclusiveMaximum",
            ] {
                node.remove(limit);
            }
        },
    },
    // Defaults that do not fit their type make typify fail, and those that do make it fill in what
    // was not said.
    Fixup {
        name: "defaults and examples",
        apply: |node| {
            node.remove("default");
            node.remove("example");
            node.remove("examples");
        },
    },
    // Titles rename types, and writeOnly and readOnly split them.
    Fixup {
        name: "annotations",
        apply: |node| {
            for key in ["title", "readOnly", "writeOnly", "deprecated", "externalDocs", "xml"] {
                node.remove(key);
            }
            if node.get("required").is_some_and(|required| !required.is_array()) {
                node.remove("required");
            }
        },
    },
    // What else a schema may have, which no stage reads and typify may stumble over.
    Fixup { name: "unknown keywords", apply: super::mend::strip },
    // Objects of which some members are listed: typify adds a field for the rest, or refuses what
    // is not listed. Only those that are listed are read.
    Fixup {
        name: "members beyond those listed",
        apply: |node| {
            let is_closed = node.get("additionalProperties") == Some(&false.into());
            if node.contains_key("properties") || is_closed {
                node.remove("additionalProperties");
            }
        },
    },
    // An object with neither properties nor additionalProperties holds anything.
    Fixup {
        name: "free-form objects",
        apply: |node| {
            let has_members =
                node.contains_key("additionalProperties") || node.contains_key("properties");
            let is_object = match node.get("type") {
                None => has_members,
                Some(kind) => kind == "object",
            };
            if !is_object {
                return;
            }
            node.insert("type".to_owned(), "object".into());
            let holds_anything = match node.get("additionalProperties") {
                None => !node.contains_key("properties"),
                Some(Value::Object(inner)) => inner.is_empty(),
                Some(_) => false,
            };
            if holds_anything {
                node.insert("additionalProperties".to_owned(), true.into());
            }
        },
    },
];

/// A component without properties is an object to which properties may come, not a map of anything.
pub(super) fn component(schema: &mut Value) {
    let Value::Object(node) = schema else { return };
    let is_object = node.get("type").is_some_and(|kind| kind == "object");
    if is_object && !node.contains_key("properties") && !node.contains_key("additionalProperties") {
        node.insert("properties".to_owned(), json!({}));
    }
}

/// Fields that hold data of the application.
const CUSTOM_FIELDS: [&str; 4] = ["channel_custom", "custom", "custom_set", "set"];

/// Fields that hold credentials.
const SECRET_FIELDS: [&str; 23] = [
    "abs_client_secret",
    "access_token",
    "api_key",
    "apn_auth_key",
    "apn_p12_cert",
    "auth_key",
    "credentials",
    "credentials_json",
    "firebase_credentials",
    "firebase_server_key",
    "gcs_credentials",
    "huawei_app_secret",
    "p12_cert",
    "s3_api_key",
    "s3_secret",
    "secret",
    "server_key",
    "sns_secret",
    "sns_key",
    "sqs_key",
    "sqs_secret",
    "stream_key",
    "xiaomi_app_secret",
];

/// Fixups that need to know a property's name.
pub(super) fn property(name: &str, schema: &mut Value) {
    let Value::Object(node) = schema else { return };
    let is_free_form = node.get("type").is_some_and(|kind| kind == "object")
        && !node.contains_key("properties")
        && node
            .get("additionalProperties")
            .is_none_or(|inner| inner.as_object().is_some_and(Map::is_empty) || inner == true);
    let is_text =
        node.get("type").is_some_and(|kind| kind == "string") && !node.contains_key("enum");
    if is_free_form && CUSTOM_FIELDS.contains(&name) {
        node.remove("additionalProperties");
        Marker::Custom.mark(node);
    } else if is_text && SECRET_FIELDS.contains(&name) {
        Marker::Secret.mark(node);
    }
}
