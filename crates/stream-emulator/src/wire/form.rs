//! The wire formats of documents.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::document::{Node, Object};

/// The initial capacity for a response, in bytes; most are smaller.
const INITIAL_CAPACITY: usize = 4096;

/// The format of timestamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Times {
    /// Integers: nanoseconds since the Unix epoch.
    Nanoseconds,
    Rfc3339,
}

/// The place of custom data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Custom {
    /// Nested in the field `custom`.
    Nested,
    /// Beside the other fields, which take precedence.
    Flat,
}

/// The wire format of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    times: Times,
    custom: Custom,
}

impl Form {
    /// The format of `/api/v2`.
    pub(crate) const V2: Self = Self { times: Times::Nanoseconds, custom: Custom::Nested };
    /// The format of v1, and of events on live connections.
    pub(crate) const V1: Self = Self { times: Times::Rfc3339, custom: Custom::Flat };
    /// Returns the format of webhooks. The service sends flat custom data, whatever its schema
    /// says.
    pub(crate) const fn webhook(has_nested_custom_data: bool) -> Self {
        let custom = if has_nested_custom_data { Custom::Nested } else { Custom::Flat };
        Self { times: Times::Rfc3339, custom }
    }

    /// Encodes a document as JSON.
    pub(crate) fn write(self, object: &Object) -> Vec<u8> {
        // Documents have only string keys and finite numbers, so encoding them does not fail.
        let mut bytes = Vec::with_capacity(INITIAL_CAPACITY);
        match serde_json::to_writer(&mut bytes, &Written { object, form: self }) {
            Ok(()) => bytes,
            Err(_) => Vec::new(),
        }
    }
}

/// An object with its wire format.
struct Written<'a> {
    object: &'a Object,
    form: Form,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { object, form } = *self;
        let mut map = serializer.serialize_map(None)?;
        for (name, node) in object.fields() {
            match (node, form.custom) {
                (Node::OnlyV1(_), Custom::Nested) => {}
                _ => map.serialize_entry(name.as_ref(), &WrittenNode { node, form })?,
            }
        }
        if let Some(custom) = object.custom_data() {
            match form.custom {
                Custom::Nested => map.serialize_entry("custom", custom)?,
                Custom::Flat => {
                    for (name, value) in custom.iter().filter(|(name, _)| !object.has(name)) {
                        map.serialize_entry(name, value)?;
                    }
                }
            }
        }
        map.end()
    }
}

struct WrittenNode<'a> {
    node: &'a Node,
    form: Form,
}

impl Serialize for WrittenNode<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let form = self.form;
        match self.node {
            Node::Null => serializer.serialize_none(),
            Node::Bool(value) => serializer.serialize_bool(*value),
            Node::Integer(value) => serializer.serialize_i64(*value),
            Node::Float(value) => serializer.serialize_f64(*value),
            Node::Text(text) => serializer.serialize_str(text),
            Node::Time(time) => match form.times {
                Times::Nanoseconds => serializer.serialize_i64(time.nanoseconds()),
                Times::Rfc3339 => serializer.serialize_str(&time.to_rfc3339()),
            },
            Node::Json(value) => value.serialize(serializer),
            Node::OnlyV1(node) => WrittenNode { node, form }.serialize(serializer),
            Node::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for node in items {
                    list.serialize_element(&WrittenNode { node, form })?;
                }
                list.end()
            }
            Node::Object(object) => Written { object, form }.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::state::Timestamp;

    fn document() -> Object {
        let custom = json!({"color": "green", "id": "other"});
        let user = Object::new()
            .field("id", "jane")
            .field("created_at", Timestamp::parse_text("2026-08-22T08:11:12.5Z").unwrap())
            .only_v1("deleted_at", Node::Null)
            .custom(custom.as_object().unwrap());
        Object::new().field("users", vec![user])
    }

    fn written(form: Form) -> Value {
        serde_json::from_slice(&form.write(&document())).unwrap()
    }

    #[test]
    fn v2_nests_custom_data_and_counts_nanoseconds() {
        let user = json!({
            "id": "jane",
            "created_at": 1_787_386_272_500_000_000_i64,
            "custom": {"color": "green", "id": "other"},
        });
        assert_eq!(written(Form::V2), json!({"users": [user]}));
    }

    #[test]
    fn v1_flattens_custom_data_and_writes_text() {
        let user = json!({
            "id": "jane",
            "created_at": "2026-08-22T08:11:12.500000Z",
            "deleted_at": null,
            "color": "green",
        });
        assert_eq!(written(Form::V1), json!({"users": [user]}));
    }
}
