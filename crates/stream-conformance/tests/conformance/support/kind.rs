//! The schema in the form that the tests use.

use serde_json::{Map, Value};

use stream_spec::{Document, Words, reference_name};

/// The document in `spec/`, with the refinements of the models.
pub(crate) struct Spec(pub(crate) Document);

/// The kind of a schema.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind<'a> {
    Any,
    Text,
    Enum(&'a [Value]),
    Bool,
    Whole,
    Float,
    Time,
    List(&'a Value),
    Dict(&'a Value),
    /// An object with any members.
    FreeForm,
    Object(Object<'a>),
}

/// An object with declared members.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object<'a> {
    properties: Option<&'a Map<String, Value>>,
    required: Option<&'a Vec<Value>>,
}

impl Spec {
    pub(crate) fn own() -> Self {
        let mut document = stream_spec::own().unwrap();
        let words = Words::load(&stream_spec::workspace_root().join("spec")).unwrap();
        words.refinements.apply(&mut document);
        Self(document)
    }

    /// Returns the object that a component describes.
    pub(crate) fn object(&self, name: &str) -> Object<'_> {
        match self.component(name) {
            Kind::Object(object) => object,
            other => panic!("{name} is no object: {other:?}"),
        }
    }

    fn component(&self, name: &str) -> Kind<'_> {
        let schema = &self.0.schemas[name].value;
        match self.kind(schema) {
            // A component without members is an object that may get members.
            Kind::FreeForm if schema.get("additionalProperties").is_none() => {
                Kind::Object(Object { properties: None, required: None })
            }
            kind => kind,
        }
    }

    pub(crate) fn kind<'a>(&'a self, schema: &'a Value) -> Kind<'a> {
        let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
        if let Some(name) = reference_name(text("$ref")) {
            return self.component(name);
        }
        match text("type") {
            _ if text("format") == "date-time" => Kind::Time,
            "date" => Kind::Time,
            "string" => match schema.get("enum").and_then(Value::as_array) {
                Some(values) => Kind::Enum(values),
                None => Kind::Text,
            },
            "boolean" => Kind::Bool,
            "integer" => Kind::Whole,
            "number" => Kind::Float,
            "array" => Kind::List(&schema["items"]),
            "object" => object(schema),
            _ => Kind::Any,
        }
    }
}

fn object(schema: &Value) -> Kind<'_> {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        return Kind::Object(Object {
            properties: Some(properties),
            required: schema.get("required").and_then(Value::as_array),
        });
    }
    match schema.get("additionalProperties") {
        Some(Value::Object(inner)) if !inner.is_empty() => {
            Kind::Dict(&schema["additionalProperties"])
        }
        _ => Kind::FreeForm,
    }
}

impl<'a> Object<'a> {
    /// Returns the members with their schemas.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.properties.into_iter().flatten()
    }

    pub(crate) fn is_required(self, name: &str) -> bool {
        self.required.into_iter().flatten().any(|required| required == name)
    }
}

impl Kind<'_> {
    /// Returns whether it is a list or a map, which absence leaves empty.
    pub(crate) fn is_collection(self) -> bool {
        matches!(self, Self::List(_) | Self::Dict(_) | Self::FreeForm)
    }
}
