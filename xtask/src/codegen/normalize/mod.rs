//! Undoes the quirks of the published document that typify would turn into bad types, each by a
//! fixup with a name and a reason.

mod alternatives;
mod cids;
mod cycles;
mod events;
mod fixups;
mod forms;
mod hierarchy;
mod inline_enums;
mod inline_objects;
mod mend;
mod tags;
mod unions;
mod walk;

pub(super) use alternatives::UNION;
pub(crate) use fixups::Marker;
pub(super) use fixups::READ_ONLY;
pub(crate) use inline_enums::HoistedEnums;
pub(super) use mend::FILE;
pub(super) use tags::TAG;

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::Value;

use fixups::FIXUPS;
use stream_spec::{Document, Words};

/// The number of schema nodes that each fixup changed.
pub(crate) type Changes = BTreeMap<&'static str, usize>;

/// The parts that were taken out of the document.
pub(crate) struct Normalized {
    /// The schema of each type of event.
    pub(crate) events: BTreeMap<String, String>,
    pub(crate) enums: HoistedEnums,
    pub(crate) changes: Changes,
}

/// Changes the document so that typify generates good types.
///
/// # Errors
/// The document cannot be brought into a form of limited size.
pub(crate) fn run(document: &mut Document, words: &Words) -> Result<Normalized> {
    let events = events::take(document);
    mend::run(document);
    words.refinements.apply(document);
    hierarchy::run(document);
    let alternatives = alternatives::run(document)?;
    let unions = alternatives + unions::run(document)?;
    tags::declare(document);
    cycles::run(document);
    forms::run(document);
    let mut changes = fix(document);
    changes.insert("unions", unions);
    changes.insert("cids", cids::mark(document, &words.refinements));
    let enums = inline_enums::hoist(document, words);
    Ok(Normalized { events, enums, changes })
}

/// Applies every fixup to every schema and parameter.
fn fix(document: &mut Document) -> Changes {
    let mut changes: Changes = FIXUPS.iter().map(|fixup| (fixup.name, 0)).collect();
    for schema in document.schemas.values_mut() {
        fixups::component(&mut schema.value);
        walk(&mut schema.value, &mut changes);
    }
    for operation in document.operations.values_mut() {
        for parameter in &mut operation.value.parameters {
            walk(&mut parameter.schema, &mut changes);
        }
    }
    changes.insert("inline objects", inline_objects::hoist(document));
    changes
}

/// Applies the fixups to a schema and its nested schemas.
fn walk(schema: &mut Value, changes: &mut Changes) {
    let Value::Object(object) = schema else {
        return;
    };
    for fixup in FIXUPS {
        let before = object.clone();
        (fixup.apply)(object);
        if *object != before {
            *changes.entry(fixup.name).or_default() += 1;
        }
    }
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        for (name, property) in properties {
            fixups::property(name, property);
            walk(property, changes);
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = object.get_mut(key) {
            walk(inner, changes);
        }
    }
    if let Some(Value::Array(branches)) = object.get_mut(UNION) {
        branches.iter_mut().for_each(|branch| walk(branch, changes));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns a node for each fixup, with the expected result.
    fn habits() -> Vec<(&'static str, Value, Value)> {
        vec![
            (
                "nullable",
                json!({ "type": "string", "nullable": true }),
                json!({ "type": "string" }),
            ),
            (
                "reference siblings",
                json!({ "$ref": "#/components/schemas/User", "title": "Author", "deprecated": true }),
                json!({ "$ref": "#/components/schemas/User" }),
            ),
            (
                "times",
                json!({ "type": "number", "format": "date-time" }),
                Marker::Timestamp.schema(),
            ),
            ("type date", json!({ "type": "date" }), Marker::Timestamp.schema()),
            (
                "integer enums",
                json!({ "type": "integer", "enum": ["1", "2"] }),
                json!({ "type": "integer" }),
            ),
            (
                "odd enums",
                json!({ "enum": ["a", null, "a", "b"] }),
                json!({ "type": "string", "enum": ["a", "b"] }),
            ),
            (
                "number widths",
                json!({ "type": "number", "format": "float" }),
                json!({ "type": "number", "format": "double" }),
            ),
            (
                "text formats",
                json!({ "type": "string", "format": "duration" }),
                json!({ "type": "string" }),
            ),
            (
                "limits",
                json!({ "type": "number", "minimum": 18_446_744_073_709_552_000_f64, "maximum": 90 }),
                json!({ "type": "number" }),
            ),
            (
                "defaults and examples",
                json!({ "type": "boolean", "default": "no", "example": 3 }),
                json!({ "type": "boolean" }),
            ),
            (
                "annotations",
                json!({ "type": "string", "title": "Name", "writeOnly": true }),
                json!({ "type": "string" }),
            ),
            (
                "unknown keywords",
                json!({ "type": "string", "not": {}, "x-stream-index": 1, "const": "a" }),
                json!({ "type": "string", "x-stream-index": 1 }),
            ),
            (
                "members beyond those listed",
                json!({ "type": "object", "properties": { "a": {} }, "additionalProperties": false }),
                json!({ "type": "object", "properties": { "a": {} } }),
            ),
            (
                "free-form objects",
                json!({ "additionalProperties": {} }),
                json!({ "type": "object", "additionalProperties": true }),
            ),
        ]
    }

    #[test]
    fn each_fixup_undoes_its_habit() {
        let habits = habits();
        let tested: Vec<&str> = habits.iter().map(|(name, ..)| *name).collect();
        let present: Vec<&str> = FIXUPS.iter().map(|fixup| fixup.name).collect();
        assert_eq!(tested, present, "a fixup without a test, or a test without a fixup");
        for (fixup, (name, mut habit, expected)) in FIXUPS.iter().zip(habits) {
            (fixup.apply)(habit.as_object_mut().unwrap());
            assert_eq!(habit, expected, "{name}");
        }
    }

    #[test]
    fn inline_objects_become_components() {
        let inner = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        let mut document = Document::default();
        let value = json!({ "type": "object", "properties": {
            "b": { "type": "array", "items": inner }, "c": { "type": "object", "properties": {} }
        } });
        let place = String::new();
        let owner = stream_spec::Located { value, place };
        document.schemas.insert("Owner".to_owned(), owner);
        assert_eq!(fix(&mut document)["inline objects"], 1);
        assert_eq!(document.schemas["OwnerB"].value, inner);
        assert_eq!(
            document.schemas["Owner"].value["properties"],
            json!({
                "b": { "type": "array", "items": { "$ref": "#/components/schemas/OwnerB" } },
                "c": { "type": "object", "additionalProperties": true }
            })
        );
    }

    #[test]
    fn every_property_at_every_depth_is_reached() {
        let mut schema = json!({ "type": "object", "nullable": true, "properties": {
            "minimum": { "type": "array", "items": { "type": "object", "additionalProperties": {
                "type": "integer", "format": "int32", "nullable": true
            } } },
            "custom": { "type": "object", "additionalProperties": {} },
            "sqs_secret": { "type": "string" }
        } });
        walk(&mut schema, &mut Changes::new());
        assert_eq!(
            schema,
            json!({ "type": "object", "properties": {
                "minimum": { "type": "array", "items": { "type": "object", "additionalProperties": {
                    "type": "integer", "format": "int64"
                } } },
                "custom": Marker::Custom.schema(),
                "sqs_secret": Marker::Secret.schema()
            } })
        );
    }
}
