//! The fixups for the quirks of the published document.

use serde_json::{Map, Value, json};

/// A quirk of the published document with its remedy, which is applied to every schema node.
pub(super) struct Fixup {
    pub(super) name: &'static str,
    pub(super) apply: fn(&mut Map<String, Value>),
}

/// A node that becomes a type of `stream-models`.
///
/// It is written as a string with a custom format, which typify is configured to convert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Timestamp,
    Cid,
    Custom,
    Secret,
    /// Content that is neither JSON nor a form.
    RawBody,
}

impl Marker {
    pub(crate) const ALL: [Self; 5] =
        [Self::Timestamp, Self::Cid, Self::Custom, Self::Secret, Self::RawBody];

    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Timestamp => "Timestamp",
            Self::Cid => "Cid",
            Self::Custom => "Custom",
            Self::Secret => "Secret",
            Self::RawBody => "RawBody",
        }
    }

    pub(crate) fn schema(self) -> Value {
        json!({ "type": "string", "format": self.format() })
    }

    fn format(self) -> String {
        format!("x-{}", self.type_name())
    }

    pub(super) fn mark(self, node: &mut Map<String, Value>) {
        if let Value::Object(schema) = self.schema() {
            node.extend(schema);
        }
    }
}

/// The fixups in the order in which they are applied.
pub(super) const FIXUPS: &[Fixup] = &[
    // 461 components are nullable, and typify wraps each into a newtype with an Option. Null is
    // decoded everywhere anyway.
    Fixup { name: "nullable", apply: |node| drop(node.remove("nullable")) },
    // 300 references have a description or title, and typify creates a merged copy of the type that
    // they refer to.
    Fixup {
        name: "reference siblings",
        apply: |node| {
            if node.contains_key("$ref") {
                node.retain(|key, _| key == "$ref" || key == "description");
            }
        },
    },
    // Timestamps are numbers in the schema, and typify converts them to `f64`, but nanoseconds need
    // 64 bits.
    Fixup {
        name: "times",
        apply: |node| {
            if node.get("format").is_some_and(|format| format == "date-time") {
                Marker::Timestamp.mark(node);
            }
        },
    },
    // JSON Schema has no such type.
    Fixup {
        name: "type date",
        apply: |node| {
            if node.get("type").is_some_and(|kind| kind == "date") {
                Marker::Timestamp.mark(node);
            }
        },
    },
    // No value matches integers whose values are listed as strings.
    Fixup {
        name: "integer enums",
        apply: |node| {
            if node.get("type").is_some_and(|kind| kind == "integer") {
                node.remove("enum");
            }
        },
    },
    // Enum values that are not strings, that are listed twice, or that have no type. YAML reads `1080` as a number;
    // such a value of an enum without a type makes it any JSON.
    Fixup {
        name: "odd enums",
        apply: |node| {
            let Some(values) = node.get("enum").and_then(Value::as_array) else {
                return;
            };
            let is_text = node.get("type").is_some_and(|kind| kind == "string");
            let mut texts: Vec<Value> = Vec::new();
            for value in values {
                let text = match value {
                    Value::Number(_) | Value::Bool(_) if is_text => value.to_string().into(),
                    value => value.clone(),
                };
                if !text.is_null() && !texts.contains(&text) {
                    texts.push(text);
                }
            }
            let are_texts = texts.iter().all(Value::is_string) && !texts.is_empty();
            if are_texts && (is_text || !node.contains_key("type")) {
                node.insert("enum".to_owned(), texts.into());
                node.insert("type".to_owned(), "string".into());
            } else {
                node.remove("enum");
            }
        },
    },
    // typify refuses numbers beyond their width, which the server may increase without notice.
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
    // The wire form of `duration` is that of Go, which typify's type does not decode. A list or an object that has a
    // format stops typify.
    Fixup {
        name: "text formats",
        apply: |node| {
            let is_number =
                node.get("type").is_some_and(|kind| kind == "integer" || kind == "number");
            let format = node.get("format").and_then(Value::as_str).unwrap_or_default();
            let is_marker = Marker::ALL.iter().any(|marker| marker.format() == format);
            if !is_number && !is_marker {
                node.remove("format");
            }
        },
    },
    // typify converts limits to newtypes that refuse responses, although limits only apply to
    // requests; some are wrong (18446744073709552000 for a negative number).
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
    // typify fails on defaults that do not match their type, and sets the others in requests.
    Fixup {
        name: "defaults and examples",
        apply: |node| {
            node.remove("default");
            node.remove("example");
            node.remove("examples");
        },
    },
    // typify renames types by titles, and splits them for writeOnly and readOnly.
    Fixup {
        name: "annotations",
        apply: |node| {
            if node.get("readOnly").is_some_and(|flag| flag == true) {
                node.insert(READ_ONLY.to_owned(), true.into());
            }
            for key in ["title", "readOnly", "writeOnly", "deprecated", "externalDocs", "xml"] {
                node.remove(key);
            }
            if node.get("required").is_some_and(|required| !required.is_array()) {
                node.remove("required");
            }
        },
    },
    // No stage reads the other keywords, and typify may fail on them.
    Fixup { name: "unknown keywords", apply: super::mend::strip },
    // Members that are not listed are skipped unless the document says that there are some.
    Fixup {
        name: "members beyond those listed",
        apply: |node| {
            let lists_none =
                node.get("properties").and_then(Value::as_object).is_some_and(Map::is_empty);
            match node.get("additionalProperties") {
                Some(Value::Bool(false)) => drop(node.remove("additionalProperties")),
                Some(_) if lists_none => drop(node.remove("properties")),
                _ => {}
            }
        },
    },
    // An object with neither properties nor additionalProperties may contain anything.
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

/// Marks a property that only the server sets. One that is required is only in responses.
pub(in crate::codegen) const READ_ONLY: &str = "x-read-only";

/// A component without properties is an object that may get properties, not a map.
pub(super) fn component(schema: &mut Value) {
    let Value::Object(node) = schema else { return };
    let is_object = node.get("type").is_some_and(|kind| kind == "object");
    if is_object && !node.contains_key("properties") && !node.contains_key("additionalProperties") {
        node.insert("properties".to_owned(), json!({}));
    }
}

/// Fields with custom data.
const CUSTOM_FIELDS: [&str; 4] = ["channel_custom", "custom", "custom_set", "set"];

/// Fields with credentials.
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

/// Applies the fixups that depend on the name of a property.
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
