//! The schema as one document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::path;
use super::warning::Warnings;

/// Something of the document and where it stands, for errors.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The thing itself.
    pub value: T,
    /// `file: dotted.path`.
    pub place: String,
}

/// What is used of an OpenAPI document.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// By operation id.
    pub operations: BTreeMap<String, Located<Operation>>,
    /// The component schemas by name.
    pub schemas: BTreeMap<String, Located<Value>>,
    /// Which module a schema belongs to, where the cut into files says so.
    pub modules: BTreeMap<String, String>,
    /// The version that it has by itself.
    pub version: Option<String>,
    /// What is odd in it, and what was made of that.
    pub warnings: Warnings,
}

/// One operation of a path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The operation id.
    pub id: String,
    /// The HTTP method, lower case.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The module it belongs to: `chat/messages`, or the product where the document is one file.
    pub module: String,
    /// The product of its `product:` tag.
    pub product: Option<String>,
    /// One line about it, empty if there is none.
    pub summary: String,
    /// What a caller needs to know, empty if there is nothing.
    pub description: String,
    /// Path and query parameters.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<RequestBody>,
    /// The name of the response's schema.
    pub response: String,
}

/// The body of an operation.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// The name of the body's schema.
    pub schema: String,
    /// A form rather than JSON.
    pub multipart: bool,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: ParameterPlace,
    /// Whether a request without it is refused.
    pub required: bool,
    /// What it means, if that is said here.
    pub description: Option<String>,
    /// What it looks like.
    pub schema: Value,
    /// The value is one JSON text.
    pub json: bool,
}

impl Operation {
    /// Returns the names that the path has in braces, each as often as it stands there.
    #[must_use]
    pub fn path_names(&self) -> Vec<&str> {
        path::names_in(&self.path)
    }

    /// Returns the parameters of one place, in the order of the document.
    pub fn parameters_in(&self, place: ParameterPlace) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.place == place)
    }

    /// Returns the schemas that the body, the response and the parameters are or refer to directly.
    #[must_use]
    pub fn schemas(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> =
            self.parameters.iter().flat_map(|parameter| references_in(&parameter.schema)).collect();
        names.extend(self.body.iter().map(|body| body.schema.clone()));
        names.insert(self.response.clone());
        names
    }
}

/// Returns the component that a `$ref` names.
pub fn reference_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

/// Returns the schemas that a schema, wherever it stands, refers to directly.
#[must_use]
pub fn references_in(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect_references(value, &mut found);
    found
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let reference = object.get("$ref").and_then(Value::as_str);
            found.extend(reference.and_then(reference_name).map(str::to_owned));
            for value in object.values() {
                collect_references(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}
