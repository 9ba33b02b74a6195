use super::prepare::for_typify;
use anyhow::{Result, anyhow};
use schemars::schema::Schema;
use serde_json::{Value, json};
use stream_spec::{Document, Located};
use typify::{TypeSpace, TypeSpaceSettings};

/// typify does not say where it failed: each property is tried alone until one fails.
pub(super) fn find(document: &Document, error: &str) -> anyhow::Error {
    for Located { value, place } in document.schemas.values() {
        let properties = value.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if let Err(error) = try_alone(property) {
                return anyhow!("{place}.properties.{name}: {error}");
            }
        }
        if let Err(error) = try_alone(value) {
            return anyhow!("{place}: {error}");
        }
    }
    anyhow!("the schemas together: {error}")
}

fn try_alone(schema: &Value) -> Result<()> {
    let mut schema = for_typify(schema);
    cut_references(&mut schema);
    let schema: Schema = serde_json::from_value(schema)?;
    let mut types = TypeSpace::new(&TypeSpaceSettings::default());
    types.add_ref_types([("Tried".to_owned(), schema)]).map_err(|error| anyhow!("{error}"))
}

fn cut_references(value: &mut Value) {
    match value {
        Value::Object(object) if object.contains_key("$ref") => *value = json!({}),
        Value::Object(object) => object.values_mut().for_each(cut_references),
        Value::Array(items) => items.iter_mut().for_each(cut_references),
        _ => {}
    }
}
