//! The schema in the form that the tests use.

use serde_json::{Map, Value, json};

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
    /// One of several schemas.
    Union(&'a [Value]),
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
        Self::of(document)
    }

    fn of(mut document: Document) -> Self {
        let before = document.clone();
        for schema in document.schemas.values_mut() {
            merge(&before, &mut schema.value);
        }
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
            _ => match ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array()) {
                Some(branches) => Kind::Union(branches),
                None => Kind::Any,
            },
        }
    }

    /// Returns the kind of the branch of a union that a value is of: the first, or of objects, the
    /// one with the most of its members.
    pub(crate) fn branch<'a>(&'a self, branches: &'a [Value], value: &Value) -> Kind<'a> {
        let kinds = branches.iter().map(|branch| self.kind(branch));
        let fitting = kinds.filter_map(|kind| Some((kind, kind.fits(value)?)));
        let best = fitting.reduce(|best, other| if other.1 > best.1 { other } else { best });
        best.map_or(Kind::Any, |(kind, _)| kind)
    }
}

/// Merges the objects that a schema combines, at every depth.
fn merge(document: &Document, schema: &mut Value) {
    match schema {
        Value::Object(node) => {
            if let Some(Value::Array(mut parts)) = node.remove("allOf") {
                parts.push(node.clone().into());
                *schema = merged(document, &parts);
                return merge(document, schema);
            }
            node.values_mut().for_each(|inner| merge(document, inner));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| merge(document, item)),
        _ => {}
    }
}

fn merged(document: &Document, parts: &[Value]) -> Value {
    let mut whole = json!({ "type": "object", "properties": {}, "required": [] });
    for part in parts {
        let name = part.get("$ref").and_then(Value::as_str).and_then(reference_name);
        let mut part = name.map_or(part, |name| &document.schemas[name].value).clone();
        merge(document, &mut part);
        if let Some(Value::Object(more)) = part.get_mut("properties") {
            whole["properties"].as_object_mut().unwrap().append(more);
        }
        if let Some(Value::Array(more)) = part.get_mut("required") {
            whole["required"].as_array_mut().unwrap().append(more);
        }
    }
    whole
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
    /// Returns how well a value fits: the number of members that are declared; `None` if it is of
    /// another kind.
    fn fits(self, value: &Value) -> Option<usize> {
        let fits = match self {
            Self::Any => true,
            Self::Text | Self::Enum(_) => value.is_string(),
            Self::Bool => value.is_boolean(),
            Self::Whole => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Self::Float => value.is_number(),
            Self::Time => value.is_string() || value.is_i64(),
            Self::List(_) => value.is_array(),
            Self::Dict(_) | Self::FreeForm | Self::Object(_) => value.is_object(),
            Self::Union(_) => false,
        };
        let has = |name: &String| value.get(name).is_some();
        let known = match self {
            Self::Object(object) => object.members().filter(|(name, _)| has(name)).count(),
            _ => 0,
        };
        fits.then_some(known)
    }

    /// Returns whether it is a list or a map, which absence leaves empty.
    pub(crate) fn is_collection(self) -> bool {
        matches!(self, Self::List(_) | Self::Dict(_) | Self::FreeForm)
    }
}

#[test]
fn combined_schemas_have_a_kind() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut document = Document::default();
    for (name, value) in [
        ("Cat", json!({ "type": "object", "properties": { "lives": { "type": "integer" } } })),
        ("Pet", json!({ "oneOf": [{ "type": "string" }, reference("Cat"), reference("Tom")] })),
        (
            "Tom",
            json!({ "allOf": [reference("Cat"), { "required": ["name"], "properties": { "name": {} } }] }),
        ),
    ] {
        let place = name.to_owned();
        document.schemas.insert(name.to_owned(), stream_spec::Located { value, place });
    }
    let spec = Spec::of(document);
    let tom = spec.object("Tom");
    assert_eq!(tom.members().count(), 2);
    assert!(tom.is_required("name") && !tom.is_required("lives"));
    let pet = reference("Pet");
    let Kind::Union(branches) = spec.kind(&pet) else { panic!("a union") };
    assert!(matches!(spec.branch(branches, &json!("text")), Kind::Text));
    for (value, count) in [(json!({ "lives": 7 }), 1), (json!({ "lives": 7, "name": "Tom" }), 2)] {
        let Kind::Object(object) = spec.branch(branches, &value) else { panic!("{value}") };
        assert_eq!(object.members().count(), count, "{value}");
    }
}
