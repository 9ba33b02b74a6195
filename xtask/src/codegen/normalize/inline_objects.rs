//! Turns inline objects into components.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::codegen::identifiers::type_name;
use stream_spec::{Document, Located};

/// Creates a component for every inline object with properties, named after its owner and its
/// property, and returns their number.
///
/// typify would create types of unknown modules.
pub(super) fn hoist(document: &mut Document) -> usize {
    let mut hoist = Hoist {
        taken: document.schemas.keys().map(|name| type_name(name)).collect(),
        found: Vec::new(),
    };
    let mut schemas = std::mem::take(&mut document.schemas);
    for (name, schema) in &mut schemas {
        let found = hoist.found.len();
        hoist.component(name, &mut schema.value);
        for (new, ..) in hoist.found.get(found..).unwrap_or_default() {
            if let Some(module) = document.modules.get(name).cloned() {
                document.modules.insert(new.clone(), module);
            }
        }
    }
    document.schemas = schemas;
    for operation in document.operations.values_mut() {
        let operation = &mut operation.value;
        for parameter in &mut operation.parameters {
            let name = format!("{} {}", operation.id, parameter.name);
            hoist.node(&name, &mut parameter.schema);
        }
    }
    let count = hoist.found.len();
    for (name, value) in hoist.found {
        let place = format!("{name} (an object that stands inline)");
        document.schemas.insert(name, Located { value, place });
    }
    count
}

struct Hoist {
    taken: BTreeSet<String>,
    found: Vec<(String, Value)>,
}

impl Hoist {
    /// Visits a schema with a name.
    fn component(&mut self, name: &str, schema: &mut Value) {
        let Value::Object(node) = schema else { return };
        if let Some(Value::Object(properties)) = node.get_mut("properties") {
            for (property, value) in properties {
                self.node(&format!("{name} {property}"), value);
            }
        }
        self.below(name, node);
    }

    fn below(&mut self, name: &str, node: &mut Map<String, Value>) {
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = node.get_mut(key) {
                self.node(name, inner);
            }
        }
    }

    /// Visits a schema without a name.
    fn node(&mut self, name: &str, value: &mut Value) {
        let Value::Object(node) = value else { return };
        match node.get("properties").and_then(Value::as_object).map(Map::len) {
            None => self.below(name, node),
            Some(0) => {
                node.remove("properties");
                node.insert("additionalProperties".to_owned(), true.into());
            }
            Some(_) => {
                let mut new = type_name(name);
                while !self.taken.insert(new.clone()) {
                    new.push_str("Value");
                }
                let reference = json!({ "$ref": format!("#/components/schemas/{new}") });
                let mut schema = std::mem::replace(value, reference);
                self.component(&new, &mut schema);
                self.found.push((new, schema));
            }
        }
    }
}
