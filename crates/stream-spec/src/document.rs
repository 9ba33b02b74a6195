//! The schema as one document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::path;
use super::warning::Warnings;

/// A part of the document with its place, for errors.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The part itself.
    pub value: T,
    /// A file and a JSON pointer, such as `api.json#/components/schemas/User`.
    pub place: String,
}

/// The used parts of an OpenAPI document.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The operations by ID.
    pub operations: BTreeMap<String, Located<Operation>>,
    /// The component schemas by name.
    pub schemas: BTreeMap<String, Located<Value>>,
    /// The module of each schema, if the document is divided into files.
    pub modules: BTreeMap<String, String>,
    /// The document's own version.
    pub version: Option<String>,
    /// The oddities of the document, and how each was handled.
    pub warnings: Warnings,
}

/// One operation of a path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The operation ID.
    pub id: String,
    /// The HTTP method, lower case.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The module: `chat/messages`, or the product if the document is one file.
    pub module: String,
    /// The product of its `product:` tag.
    pub product: Option<String>,
    /// One line of description; empty if there is none.
    pub summary: String,
    /// The description; empty if there is none.
    pub description: String,
    /// Path and query parameters.
    pub parameters: Vec<Parameter>,
    /// The body of the request.
    pub body: Option<RequestBody>,
    /// The name of the response's schema.
    pub response: String,
    /// Whether the response is not JSON, and is returned as it is.
    pub is_response_raw: bool,
}

/// The body of an operation.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// The name of the body's schema.
    pub schema: String,
    /// Whether it is a form rather than JSON.
    pub multipart: bool,
    /// The media type, if it is neither a form nor `application/json`.
    pub media: Option<String>,
    /// Whether it is neither JSON nor a form, and is sent as it is.
    pub is_raw: bool,
}

/// The place of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// The form of a list or an object in the query.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum QueryStyle {
    /// As the vendor's servers read what has no style: a list with commas, an object as JSON.
    #[default]
    Unsaid,
    /// A list, or names and values, with commas.
    Commas,
    /// A parameter for each element or member.
    Repeated,
    /// A list with spaces.
    Spaces,
    /// A list with vertical bars.
    Pipes,
    /// A parameter `name[member]` for each member.
    Deep,
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// The place.
    pub place: ParameterPlace,
    /// Whether it is required.
    pub required: bool,
    /// The description, if it has one.
    pub description: Option<String>,
    /// The schema.
    pub schema: Value,
    /// Whether the value is encoded as JSON.
    pub json: bool,
    /// The form of a list or an object.
    pub style: QueryStyle,
    /// The place in the document, as in [`Located`].
    pub pointer: String,
}

impl Operation {
    /// Returns the names in braces in the path, including duplicates.
    #[must_use]
    pub fn path_names(&self) -> Vec<&str> {
        path::names_in(&self.path)
    }

    /// Returns the parameters of one place, in the order of the document.
    pub fn parameters_in(&self, place: ParameterPlace) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.place == place)
    }

    /// Returns the schemas that the body, the response and the parameters refer to directly.
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

/// Returns the schemas that a schema refers to directly.
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
