//! The baseline: the component schemas passed to typify unchanged, with derived serde code.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use schemars::schema::{RootSchema, Schema};
use serde_json::{Map, Value};
use typify::{TypeSpace, TypeSpaceSettings};

use stream_spec::{Document, reference_name};

/// The naive models as one file, with their dependencies.
pub(super) struct Naive {
    pub(super) code: String,
    pub(super) schemas: usize,
    pub(super) uses_chrono: bool,
    pub(super) uses_regress: bool,
}

pub(super) fn generate(document: &Document) -> Result<Naive> {
    let mut definitions = BTreeMap::new();
    for (name, schema) in &document.schemas {
        let schema: Schema = serde_json::from_value(json_schema(&schema.value))
            .with_context(|| schema.place.clone())?;
        definitions.insert(name.clone(), schema);
    }
    let schemas = definitions.len();
    let root =
        RootSchema { definitions: definitions.into_iter().collect(), ..RootSchema::default() };
    let mut types = TypeSpace::new(&TypeSpaceSettings::default());
    types.add_root_schema(root).map_err(|error| anyhow!("typify: {error}"))?;
    let file = syn::parse2(types.to_stream()).context("reading what typify wrote")?;
    Ok(Naive {
        code: format!("#![allow(warnings)]\n{}", prettyplease::unparse(&file)),
        schemas,
        uses_chrono: types.uses_chrono(),
        uses_regress: types.uses_regress(),
    })
}

/// Converts OpenAPI 3.0 to JSON Schema, and changes only what typify cannot read.
fn json_schema(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut copy = Map::new();
            for (key, value) in object {
                let value = match (key.as_str(), value) {
                    ("$ref", Value::String(reference)) => match reference_name(reference) {
                        Some(name) => format!("#/definitions/{name}").into(),
                        None => value.clone(),
                    },
                    ("properties", Value::Object(properties)) => properties
                        .iter()
                        .map(|(name, schema)| (name.clone(), json_schema(schema)))
                        .collect::<Map<_, _>>()
                        .into(),
                    ("default" | "enum" | "example" | "required", _) => value.clone(),
                    _ => json_schema(value),
                };
                copy.insert(key.clone(), value);
            }
            copy.retain(|key, _| !key.starts_with("x-") && key != "discriminator");
            // typify cannot read integers whose values are listed as strings.
            if copy.get("type").is_some_and(|kind| kind == "integer") {
                copy.remove("enum");
            }
            copy.into()
        }
        Value::Array(items) => items.iter().map(json_schema).collect(),
        other => other.clone(),
    }
}
