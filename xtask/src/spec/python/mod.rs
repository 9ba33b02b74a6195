//! Compares the schema with the models of the official Python package.
//!
//! The package is generated from the vendor's document, perhaps from a newer one than the schema.
//! Only names, types and which fields are optional are read from it.

mod client;
mod models;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fmt, fs};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use models::Models;
use stream_spec::{Document, ParameterPlace, reference_name, references_in};

/// The differences.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Differences {
    /// Items that only the package has.
    pub(crate) newer: Vec<String>,
    /// Items of different types.
    pub(crate) other: Vec<String>,
    /// Items that only the schema has.
    pub(crate) gone: Vec<String>,
}

/// Compares the schema with the package whose folder `getstream` is at `package`.
pub(crate) fn compare(package: &Path, own: &Document) -> Result<Differences> {
    let read = |path: &str| {
        let path = package.join(path);
        fs::read_to_string(&path).with_context(|| path.display().to_string())
    };
    let models = Models::parse(&read("models/__init__.py")?);
    ensure!(!models.classes.is_empty(), "{}: no models in it", package.display());
    let products: BTreeSet<&str> = own
        .operations
        .values()
        .filter_map(|operation| operation.value.product.as_deref())
        .collect();
    let mut endpoints = BTreeMap::new();
    for product in products {
        // A product without a client has nothing to compare.
        if package.join(product).is_dir() {
            endpoints.extend(client::endpoints(&read(&format!("{product}/rest_client.py"))?));
        }
    }
    let mut comparison = Comparison { own, models: &models, found: Differences::default() };
    comparison.operations(&endpoints);
    comparison.schemas();
    Ok(comparison.found)
}

struct Comparison<'a> {
    own: &'a Document,
    models: &'a Models,
    found: Differences,
}

impl Comparison<'_> {
    fn operations(&mut self, endpoints: &BTreeMap<client::Endpoint, client::Call>) {
        let mut known = BTreeSet::new();
        for operation in self.own.operations.values() {
            let operation = &operation.value;
            let endpoint = (operation.method.clone(), operation.path.clone());
            let place = format!("{} {}", operation.method.to_uppercase(), operation.path);
            let Some(call) = endpoints.get(&endpoint) else {
                self.found.gone.push(place);
                continue;
            };
            known.insert(endpoint);
            let ours: BTreeSet<&str> = operation
                .parameters_in(ParameterPlace::Query)
                .map(|parameter| parameter.name.as_str())
                .collect();
            for (name, ty) in &call.query {
                if !ours.contains(name.as_str()) {
                    self.found.newer.push(format!("{place}: query parameter {name}: {ty}"));
                }
            }
            for name in ours.into_iter().filter(|name| !call.query.contains_key(*name)) {
                self.found.gone.push(format!("{place}: query parameter {name}"));
            }
            if call.response != operation.response {
                let (was, is) = (&operation.response, &call.response);
                self.found.other.push(format!("{place}: response {was} is {is}"));
            }
        }
        for ((method, path), call) in endpoints {
            if !known.contains(&(method.clone(), path.clone())) {
                let response = &call.response;
                let method = method.to_uppercase();
                self.found.newer.push(format!("{method} {path}: returns {response}"));
            }
        }
    }

    fn schemas(&mut self) {
        // A class that only new fields use is new itself.
        let mut wanted = BTreeSet::new();
        for (name, schema) in &self.own.schemas {
            let Some(properties) = schema.value.get("properties").and_then(Value::as_object) else {
                continue;
            };
            let Some(fields) = self.models.classes.get(name) else {
                if !properties.is_empty() {
                    self.found.gone.push(name.clone());
                }
                continue;
            };
            let required: BTreeSet<&str> = crate::spec::structure::list(&schema.value, "required")
                .filter_map(Value::as_str)
                .collect();
            for (wire, property) in properties {
                let place = format!("{name}.{wire}");
                let Some(field) = fields.get(wire) else {
                    self.found.gone.push(place);
                    continue;
                };
                let ours = self.python_type(property);
                // The schema does not say that a value in a map may be null.
                let theirs = field.ty.replace(" | None", "");
                if ours != theirs && self.python_type_of_target(property) != theirs {
                    let is = &field.ty;
                    self.found.other.push(format!("{place}: {ours} is {is}"));
                }
                let is_required = required.contains(wire.as_str());
                // A field with a default is optional for the constructor, although responses always
                // have it.
                let has_default = property.get("default").is_some() || wire == "type";
                if is_required != field.required && !(is_required && has_default) {
                    let is = if field.required { "required" } else { "optional" };
                    self.found.other.push(format!("{place}: is {is}"));
                }
            }
            for (wire, field) in fields.iter().filter(|(wire, _)| !properties.contains_key(*wire)) {
                let flag = if field.required { ", required" } else { "" };
                self.found.newer.push(format!("{name}.{wire}: {}{flag}", field.ty));
                wanted.extend(self.models.classes_in(&field.ty));
            }
        }
        let mut told = BTreeSet::new();
        while let Some(name) = wanted.pop_first() {
            if self.own.schemas.contains_key(&name) || !told.insert(name.clone()) {
                continue;
            }
            for (wire, field) in self.models.classes.get(&name).into_iter().flatten() {
                let flag = if field.required { ", required" } else { "" };
                self.found.newer.push(format!("{name}.{wire}: {}{flag}", field.ty));
                wanted.extend(self.models.classes_in(&field.ty));
            }
        }
    }

    /// Returns the type as the package would write it.
    fn python_type(&self, schema: &Value) -> String {
        if let Some(name) = target(schema) {
            return name.to_owned();
        }
        let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
        let inner = |key: &str| {
            let inner = schema.get(key).filter(|inner| inner.is_object());
            inner.map_or_else(|| "object".to_owned(), |inner| self.python_type(inner))
        };
        match (text("type"), text("format")) {
            (_, "date-time") | ("date", _) => "datetime".to_owned(),
            ("string", _) => "str".to_owned(),
            ("boolean", _) => "bool".to_owned(),
            ("integer", _) => "int".to_owned(),
            ("number", _) => "float".to_owned(),
            ("array", _) => format!("list[{}]", inner("items")),
            ("object", _) => format!("dict[str, {}]", inner("additionalProperties")),
            _ => "object".to_owned(),
        }
    }

    /// Returns the type of a reference: the package has no class for a component that is not an
    /// object.
    fn python_type_of_target(&self, schema: &Value) -> String {
        let mut schema = schema.clone();
        for name in references_in(&schema.clone()) {
            let Some(component) = self.own.schemas.get(&name) else { continue };
            if component.value.get("properties").is_none() {
                replace(&mut schema, &name, &component.value);
            }
        }
        self.python_type(&schema)
    }
}

fn target(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str().and_then(reference_name)
}

/// Replaces references to a component by the component.
fn replace(schema: &mut Value, name: &str, component: &Value) {
    if target(schema) == Some(name) {
        schema.clone_from(component);
        return;
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(key) {
            replace(inner, name, component);
        }
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, lines) in [
            ("newer in the package", &self.newer),
            ("of another type", &self.other),
            ("not in the package", &self.gone),
        ] {
            writeln!(f, "{title} ({})", lines.len())?;
            for line in lines {
                writeln!(f, "  {line}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use stream_spec::Located;

    const MODELS: &str = r#"
State = NewType("State", str)


@dataclass
class Thing(DataClassJsonMixin):
    # What a comment says is not read: str = dc_field(
    _id: str = dc_field(metadata=dc_config(field_name="id"))
    added: "list[NewPart] | None" = dc_field(
        default=None, metadata=dc_config(field_name="added")
    )
    at: "datetime | None" = (
        dc_field(
            default=None,
            metadata=dc_config(
                field_name="at",
                encoder=encode_datetime,
            ),
        )
    )
    parts: "dict[str, Thing | None]" = dc_field(metadata=dc_config(field_name="parts"))
    size: float = dc_field(metadata=dc_config(field_name="size"))
    state: "State" = dc_field(metadata=dc_config(field_name="state"))


@dataclass
class NewPart(DataClassJsonMixin):
    of: "dict[str, Thing]" = dc_field(metadata=dc_config(field_name="of"))
"#;

    fn document() -> Document {
        let mut document = Document::default();
        let mut add = |name: &str, value: Value| {
            let located = Located { value, place: name.to_owned() };
            document.schemas.insert(name.to_owned(), located);
        };
        add("State", json!({ "type": "string", "enum": ["on", "off"] }));
        add(
            "Thing",
            json!({ "type": "object", "required": ["id", "at", "state", "parts"], "properties": {
                "id": { "type": "string" }, "at": { "type": "number", "format": "date-time" },
                "old": { "type": "boolean" }, "size": { "type": "integer" },
                "state": { "$ref": "#/components/schemas/State" },
                "parts": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Thing" } },
            } }),
        );
        document
    }

    #[test]
    fn fields_are_compared_by_name_type_and_whether_they_are_required() {
        let (own, models) = (document(), Models::parse(MODELS));
        let mut comparison =
            Comparison { own: &own, models: &models, found: Differences::default() };
        comparison.schemas();
        let found = comparison.found;
        assert_eq!(
            found.newer,
            ["Thing.added: list[NewPart]", "NewPart.of: dict[str, Thing], required"]
        );
        assert_eq!(
            found.other,
            ["Thing.at: is optional", "Thing.size: int is float", "Thing.size: is required"]
        );
        assert_eq!(found.gone, ["Thing.old"]);
    }
}
