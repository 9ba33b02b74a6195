//! The wire formats of documents.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::document::{Field, Node, Object};

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
        let json = Vec::with_capacity(INITIAL_CAPACITY);
        let mut writer = Writer { form: self, json, shared: BTreeMap::new() };
        writer.object(object);
        writer.json
    }
}

/// Writes a document as JSON. Writing to memory does not fail.
struct Writer {
    form: Form,
    json: Vec<u8>,
    /// The places of the shared objects that are written, which are copied from there.
    shared: BTreeMap<*const Object, Range<usize>>,
}

impl Writer {
    fn object(&mut self, object: &Object) {
        self.json.push(b'{');
        for Field { name, value, is_only_v1 } in object.fields() {
            if *is_only_v1 && self.form.custom == Custom::Nested {
                continue;
            }
            self.separate();
            match name {
                // Names in the code have no characters to escape.
                Cow::Borrowed(name) => self.quote(name),
                Cow::Owned(name) => self.text(name),
            }
            self.json.push(b':');
            self.node(value);
        }
        if let Some(custom) = object.custom_data() {
            match self.form.custom {
                Custom::Nested => {
                    self.separate();
                    self.quote("custom");
                    self.json.push(b':');
                    self.value(custom);
                }
                Custom::Flat => {
                    for (name, value) in custom.iter().filter(|(name, _)| !object.has(name)) {
                        self.separate();
                        self.text(name);
                        self.json.push(b':');
                        self.value(value);
                    }
                }
            }
        }
        self.json.push(b'}');
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Null => self.json.extend_from_slice(b"null"),
            Node::Bool(value) => self.value(value),
            Node::Integer(value) => self.value(value),
            Node::Float(value) => self.value(value),
            Node::Text(text) => self.text(text),
            Node::Time(time) => match self.form.times {
                Times::Nanoseconds => self.value(&time.nanoseconds()),
                Times::Rfc3339 => self.quote(&time.to_rfc3339()),
            },
            Node::Json(value) => self.value(value),
            Node::List(items) => {
                self.json.push(b'[');
                for node in items {
                    self.separate();
                    self.node(node);
                }
                self.json.push(b']');
            }
            Node::Object(object) => self.object(object),
            Node::Shared(object) => self.shared(object),
        }
    }

    fn shared(&mut self, object: &Arc<Object>) {
        match self.shared.get(&Arc::as_ptr(object)) {
            Some(written) => self.json.extend_from_within(written.clone()),
            None => {
                let start = self.json.len();
                self.object(object);
                self.shared.insert(Arc::as_ptr(object), start..self.json.len());
            }
        }
    }

    /// Writes the comma before an item, unless it is the first.
    fn separate(&mut self) {
        if !matches!(self.json.last(), Some(b'{' | b'[')) {
            self.json.push(b',');
        }
    }

    fn text(&mut self, text: &str) {
        // The loop has no exit, so that the compiler checks several bytes at once.
        let escapes = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
        let has_escapes = text.bytes().fold(false, |found, byte| found | escapes(byte));
        if has_escapes { self.value(text) } else { self.quote(text) }
    }

    /// Writes a text that needs no escapes.
    fn quote(&mut self, text: &str) {
        self.json.push(b'"');
        self.json.extend_from_slice(text.as_bytes());
        self.json.push(b'"');
    }

    fn value(&mut self, value: &(impl Serialize + ?Sized)) {
        let _ = serde_json::to_writer(&mut self.json, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

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

    #[test]
    fn texts_and_names_are_escaped() {
        let odd = "a \"b\" \\ \n \u{1} \u{7f} ü";
        let custom = Map::from_iter([(odd.to_owned(), odd.into())]);
        let object = Object::new().field(odd.to_owned() + "!", odd).custom(&custom);
        let flat: Value = serde_json::from_slice(&Form::V1.write(&object)).unwrap();
        assert_eq!(flat, json!({format!("{odd}!"): odd, odd: odd}));
        let nested: Value = serde_json::from_slice(&Form::V2.write(&object)).unwrap();
        assert_eq!(nested, json!({format!("{odd}!"): odd, "custom": {odd: odd}}));
        assert_eq!(Form::V2.write(&Object::new()), b"{}");
        let numbers = Object::new().field("list", vec![f64::NAN, 0.5]).field("none", Node::Null);
        assert_eq!(Form::V2.write(&numbers), br#"{"list":[null,0.5],"none":null}"#);
    }

    #[test]
    fn a_field_that_is_set_later_is_written_in_both_forms() {
        let mut object = Object::new().nullable("deleted_at", None::<&str>);
        assert_eq!(Form::V2.write(&object), b"{}");
        object.set("deleted_at", "now");
        for form in [Form::V1, Form::V2] {
            assert_eq!(form.write(&object), br#"{"deleted_at":"now"}"#);
        }
    }

    #[test]
    fn shared_objects_are_written_at_each_place() {
        let user = Node::Shared(Arc::new(document()));
        let pair = Object::new().field("a", user.clone()).field("list", Node::List(vec![user]));
        for form in [Form::V1, Form::V2] {
            let expected = written(form);
            let both: Value = serde_json::from_slice(&form.write(&pair)).unwrap();
            assert_eq!(both, json!({"a": expected, "list": [expected]}));
        }
    }
}
