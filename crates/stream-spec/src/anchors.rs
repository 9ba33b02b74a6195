//! Schemas with names of their own in OpenAPI 3.1: `$anchor`, `$dynamicAnchor` and `$id`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::place::escaped;

/// The locations of the named schemas of a file.
#[derive(Debug, Default)]
pub(crate) struct Anchors {
    anchors: BTreeMap<String, String>,
    ids: BTreeMap<String, String>,
}

impl Anchors {
    pub(crate) fn of(root: &Value) -> Self {
        let mut anchors = Self::default();
        anchors.add(root, &mut String::new());
        anchors
    }

    /// Returns the location of the schema with an anchor.
    pub(crate) fn anchor(&self, name: &str) -> Option<&str> {
        self.anchors.get(name).map(String::as_str)
    }

    /// Returns the location of the schema with an ID.
    pub(crate) fn id(&self, id: &str) -> Option<&str> {
        self.ids.get(id).map(String::as_str)
    }

    fn add(&mut self, value: &Value, pointer: &mut String) {
        let length = pointer.len();
        match value {
            Value::Object(node) => {
                let text = |key: &str| node.get(key).and_then(Value::as_str);
                for key in ["$anchor", "$dynamicAnchor"] {
                    if let Some(name) = text(key) {
                        self.anchors.entry(name.to_owned()).or_insert_with(|| pointer.clone());
                    }
                }
                if let Some(id) = text("$id") {
                    self.ids.entry(id.to_owned()).or_insert_with(|| pointer.clone());
                }
                for (key, inner) in node {
                    // These may contain anything.
                    if ["default", "enum", "example", "examples"].contains(&key.as_str()) {
                        continue;
                    }
                    pointer.push('/');
                    pointer.push_str(&escaped(key));
                    self.add(inner, pointer);
                    pointer.truncate(length);
                }
            }
            Value::Array(items) => {
                for (index, inner) in items.iter().enumerate() {
                    pointer.push_str(&format!("/{index}"));
                    self.add(inner, pointer);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn named_schemas_are_found_where_they_are() {
        let anchors = Anchors::of(&json!({ "a/b": [{}, { "$anchor": "here", "$id": "urn:x" }],
            "c": { "$dynamicAnchor": "there" }, "d": { "$anchor": "here" }, "example": { "$anchor": "no" } }));
        assert_eq!(anchors.anchor("here"), Some("/a~1b/1"));
        assert_eq!(anchors.anchor("there"), Some("/c"));
        assert_eq!(anchors.anchor("no"), None);
        assert_eq!(anchors.id("urn:x"), Some("/a~1b/1"));
    }
}
