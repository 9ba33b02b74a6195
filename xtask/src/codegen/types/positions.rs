//! Names fields and enum values by their position while typify runs, since it refuses some names
//! and merges others.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Shape;
use super::prepare::for_typify;
use crate::codegen::names;

/// Returns a component for typify with parts named by position.
pub(super) fn hide(schema: &Value) -> Value {
    let mut copy = for_typify(schema);
    if let Some(properties) = copy.get_mut("properties").and_then(Value::as_object_mut) {
        let names = (0..properties.len()).map(|index| format!("field_{index}"));
        let fields: serde_json::Map<String, Value> =
            names.zip(std::mem::take(properties)).map(|(name, (_, value))| (name, value)).collect();
        let names: Value = fields.keys().cloned().collect();
        *properties = fields;
        if let Value::Object(copy) = &mut copy {
            copy.insert("required".to_owned(), names);
        }
    }
    if let Some(values) = copy.get_mut("enum").and_then(Value::as_array_mut) {
        for (index, value) in values.iter_mut().enumerate() {
            *value = format!("Value{index}").into();
        }
    }
    copy
}

/// Restores the names of fields and enum values by their position.
pub(super) fn restore(shape: &mut Shape, schema: &Value) -> Result<()> {
    let position = |name: &str, prefix: &str| name.strip_prefix(prefix)?.parse::<usize>().ok();
    match shape {
        Shape::Struct(fields) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            let wires: Vec<&String> = properties.into_iter().flat_map(|map| map.keys()).collect();
            let idents = names::fields(wires.iter().map(|wire| wire.as_str()), &[]);
            for field in fields.iter_mut() {
                let named = position(&field.wire, "field_")
                    .and_then(|at| Some((at, *wires.get(at)?, idents.get(at)?)));
                let (at, wire, ident) =
                    named.with_context(|| format!("typify added a field {}", field.wire))?;
                field.position = at;
                field.wire.clone_from(wire);
                field.ident.clone_from(ident);
            }
            fields.sort_by_key(|field| field.position);
        }
        Shape::Enum(variants) => {
            let values = schema.get("enum").and_then(Value::as_array);
            let wires: Vec<&str> = values.into_iter().flatten().filter_map(Value::as_str).collect();
            let idents = names::variants(wires.iter().copied());
            for variant in variants.iter_mut() {
                let named = position(&variant.wire, "Value")
                    .and_then(|at| Some((*wires.get(at)?, idents.get(at)?)));
                let (wire, ident) =
                    named.with_context(|| format!("typify added a value {}", variant.wire))?;
                wire.clone_into(&mut variant.wire);
                variant.ident.clone_from(ident);
            }
        }
        Shape::Alias(_) => {}
    }
    Ok(())
}
