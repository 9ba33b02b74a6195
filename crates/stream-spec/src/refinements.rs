//! The corrections of the published schema.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::document::Document;

/// Additions and corrections to the published document; `refinements.yaml`.
///
/// Properties are named `Schema.property`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refinements {
    /// Properties with another type.
    pub types: BTreeMap<String, Retyped>,
    /// The names of properties and parameters that are CIDs.
    pub cids: Vec<String>,
    /// Properties that are not CIDs in spite of their names, with the reason.
    pub not_cids: BTreeMap<String, String>,
    /// Objects that occur either directly or inside one member.
    pub envelopes: BTreeMap<String, Envelope>,
    /// Optional properties that the server always sends, with the reason.
    pub present: BTreeMap<String, String>,
    /// Schemas without required properties in requests, with the reason.
    pub optional: BTreeMap<String, String>,
    /// Integers that are durations.
    pub units: BTreeMap<String, SpanOfTime>,
    /// Additional fields that queries sort by, by property or by parameter of an operation.
    pub sorts: BTreeMap<String, SortsBy>,
    /// The first parameters of the constructor of a schema.
    pub arguments: BTreeMap<String, Vec<String>>,
}

/// A property whose type differs from that in the document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retyped {
    /// The component.
    pub schema: String,
    /// Why the document is wrong.
    pub reason: String,
}

/// An object that may also occur inside a member of another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The member.
    pub member: String,
    /// The source of this.
    pub reason: String,
}

/// An integer that is a duration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpanOfTime {
    /// The unit in which it is sent.
    pub unit: Unit,
    /// The source of this.
    pub reason: String,
}

/// Fields that a query sorts by.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SortsBy {
    /// The fields.
    pub fields: Vec<String>,
    /// The source of this.
    pub reason: String,
}

/// The unit of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
}

impl Refinements {
    /// Applies the entries to the schemas. An entry whose schema or property is missing has no
    /// effect.
    pub fn apply(&self, document: &mut Document) {
        for (place, Retyped { schema, .. }) in &self.types {
            let (owner, name) = split(place);
            let known = document.schemas.contains_key(schema);
            let owner = schema_mut(document, owner).filter(|_| known);
            if let Some(property) = owner.and_then(|owner| property_mut(owner, name)) {
                property.remove("allOf");
                let reference = format!("#/components/schemas/{schema}");
                property.insert("$ref".to_owned(), reference.into());
            }
        }
        for (place, SortsBy { fields, .. }) in &self.sorts {
            let Some(order) = order_mut(document, place) else { continue };
            let listed = order.entry(SORT_FIELDS).or_insert_with(|| json!([]));
            let Value::Array(listed) = listed else { continue };
            for field in fields {
                if !listed.iter().any(|listed| listed == field) {
                    listed.push(field.as_str().into());
                }
            }
        }
        for owner in self.optional.keys() {
            if let Some(owner) = schema_mut(document, owner) {
                owner.remove("required");
            }
        }
        for place in self.present.keys() {
            let (owner, name) = split(place);
            let owner = schema_mut(document, owner);
            let Some(owner) = owner.filter(|owner| owner_has(owner, name)) else { continue };
            let required = owner.entry("required").or_insert_with(|| json!([]));
            if let Value::Array(required) = required
                && !required.iter().any(|required| required == name)
            {
                required.push(name.into());
            }
        }
    }

    /// Returns the entries that repeat what the document says itself.
    #[must_use]
    pub fn stale(&self, document: &Document) -> Vec<String> {
        let mut stale = Vec::new();
        let mut check = |kind: &str, place: &str, applies: &dyn Fn(&Value, &Value) -> bool| {
            let (schema, property) = split(place);
            let owner = document.schemas.get(schema).map(|schema| &schema.value);
            let property = owner.and_then(|owner| owner.get("properties")?.get(property));
            let holds = match (owner, property) {
                (Some(owner), Some(property)) => applies(owner, property),
                _ => false,
            };
            if !holds {
                stale.push(format!("{kind}.{place}"));
            }
        };
        let is_required = |owner: &Value, name: &str| {
            let required = owner.get("required").and_then(Value::as_array);
            required.into_iter().flatten().any(|required| required == name)
        };
        for (place, Retyped { schema, .. }) in &self.types {
            let ends = format!("/{schema}\"");
            check("types", place, &|_, property| {
                document.schemas.contains_key(schema) && !property.to_string().contains(&ends)
            });
        }
        for place in self.not_cids.keys() {
            check("not_cids", place, &|_, property| property.get("type") == Some(&"string".into()));
        }
        for place in self.present.keys() {
            let name = split(place).1;
            check("present", place, &|owner, _| !is_required(owner, name));
        }
        for place in self.units.keys() {
            check("units", place, &|_, property| property.get("type") == Some(&"integer".into()));
        }
        for (schema, names) in &self.arguments {
            for name in names {
                let place = format!("{schema}.{name}");
                check("arguments", &place, &|owner, _| is_required(owner, name));
            }
        }
        for (place, SortsBy { fields, .. }) in &self.sorts {
            let (owner, name) = split(place);
            let schema = document.schemas.get(owner);
            let property = schema.and_then(|it| it.value.get("properties")?.get(name));
            let operation = document.operations.get(owner);
            let parameter = operation
                .and_then(|it| it.value.parameters.iter().find(|it| it.name == name))
                .map(|parameter| &parameter.schema);
            let order = property.or(parameter);
            let listed = order.and_then(|order| order.get(SORT_FIELDS)?.as_array());
            let is_listed = |field: &String| {
                listed.is_some_and(|listed| listed.iter().any(|listed| listed == field))
            };
            if order.is_none() || fields.iter().all(is_listed) {
                stale.push(format!("sorts.{place}"));
            }
        }
        for schema in self.optional.keys() {
            let value = document.schemas.get(schema).map(|schema| &schema.value);
            if value.is_none_or(|value| value.get("required").is_none()) {
                stale.push(format!("optional.{schema}"));
            }
        }
        for (schema, Envelope { member, .. }) in &self.envelopes {
            let value = document.schemas.get(schema).map(|schema| &schema.value);
            let properties = value.and_then(|value| value.get("properties"));
            if properties.is_none_or(|properties| properties.get(member).is_some()) {
                stale.push(format!("envelopes.{schema}"));
            }
        }
        stale
    }
}

/// The extension with the fields that a query sorts by.
const SORT_FIELDS: &str = "x-stream-sort-fields";

/// Returns the property or the parameter with a sort order.
fn order_mut<'a>(document: &'a mut Document, place: &str) -> Option<&'a mut Map<String, Value>> {
    let (owner, name) = split(place);
    if document.schemas.contains_key(owner) {
        return property_mut(schema_mut(document, owner)?, name);
    }
    let operation = &mut document.operations.get_mut(owner)?.value;
    let parameter = operation.parameters.iter_mut().find(|parameter| parameter.name == name)?;
    parameter.schema.as_object_mut()
}

/// Splits a place into the schema and the property.
fn split(place: &str) -> (&str, &str) {
    place.split_once('.').unwrap_or((place, ""))
}

fn schema_mut<'a>(document: &'a mut Document, name: &str) -> Option<&'a mut Map<String, Value>> {
    document.schemas.get_mut(name)?.value.as_object_mut()
}

fn property_mut<'a>(
    schema: &'a mut Map<String, Value>,
    name: &str,
) -> Option<&'a mut Map<String, Value>> {
    schema.get_mut("properties")?.get_mut(name)?.as_object_mut()
}

fn owner_has(schema: &Map<String, Value>, name: &str) -> bool {
    schema.get("properties").is_some_and(|properties| properties.get(name).is_some())
}
