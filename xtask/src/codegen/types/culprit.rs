//! Finds the schemas that typify refuses.

use anyhow::{Result, anyhow, bail};
use schemars::schema::Schema;
use serde_json::{Value, json};
use typify::{TypeSpace, TypeSpaceSettings};

use super::prepare::for_typify;
use stream_spec::{Document, at};

/// Replaces schemas that typify refuses by any JSON. typify does not report the place, so each
/// property is tried alone until one fails.
pub(super) fn replace(document: &mut Document, refusal: &str) -> Result<()> {
    for schema in document.schemas.values_mut() {
        let properties = schema.value.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if let Err(error) = try_alone(property) {
                let place = at(&schema.place, ["properties", name]);
                document.warnings.add(place, format!("{error}; taken as any JSON"));
                *property = json!({});
                return Ok(());
            }
        }
        if let Err(error) = try_alone(&schema.value) {
            document.warnings.add(&*schema.place, format!("{error}; taken as any JSON"));
            schema.value = json!({});
            return Ok(());
        }
    }
    bail!("typify refuses the schemas together: {refusal}")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::types::run;
    use stream_spec::Located;

    #[test]
    fn schemas_that_typify_refuses_become_any_json() {
        let mut document = Document::default();
        for (name, property) in
            [("A", json!({ "type": "strin" })), ("B", json!({ "type": "string" }))]
        {
            let value =
                json!({ "type": "object", "properties": { "x": property, "y": { "enum": 7 } } });
            let place = name.to_owned();
            document.schemas.insert(name.to_owned(), Located { value, place });
        }
        let shapes = run(&mut document).unwrap();
        assert_eq!(shapes.len(), 2);
        let places: Vec<&str> =
            document.warnings.iter().map(|warning| warning.place.as_str()).collect();
        assert_eq!(places, ["A/properties/x", "A/properties/y", "B/properties/y"]);
    }
}
