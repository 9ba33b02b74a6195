//! The typify stage, and what a syn pass reads out of its result.

mod culprit;
mod positions;
mod prepare;
mod read;

use super::names::type_name;
use super::normalize::Marker;
use anyhow::{Context, Result, bail};
use schemars::schema::{RootSchema, Schema};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use stream_spec::Document;
use typify::{TypeSpace, TypeSpaceImpl, TypeSpaceSettings};

/// A type in the terms of `stream-models`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ty {
    Bool,
    Integer,
    Float,
    String,
    Marker(Marker),
    /// Any JSON value.
    Value,
    /// A free-form object.
    Map,
    /// A file of a multipart form.
    Upload,
    /// Conditions of a query; where the schema does not list its fields, of none.
    Filter(Option<String>),
    List(Box<Ty>),
    Dict(Box<Ty>),
    /// A generated type.
    Named(String),
}

/// What typify made of one component.
#[derive(Debug)]
pub(crate) enum Shape {
    Struct(Vec<FieldShape>),
    Enum(Vec<VariantShape>),
    /// A component that stands for another type.
    Alias(Ty),
}

#[derive(Debug)]
pub(crate) struct FieldShape {
    pub(crate) ident: String,
    pub(crate) wire: String,
    pub(crate) ty: Ty,
    position: usize,
}

#[derive(Debug)]
pub(crate) struct VariantShape {
    pub(crate) ident: String,
    pub(crate) wire: String,
}

/// Runs typify over the components: from the name of the Rust type to its shape.
pub(crate) fn run(document: &Document) -> Result<BTreeMap<String, Shape>> {
    let mut settings = TypeSpaceSettings::default();
    settings.with_map_type("::std::collections::BTreeMap");
    for marker in Marker::ALL {
        let Schema::Object(schema) = serde_json::from_value(marker.schema())? else {
            bail!("a marker is not an object schema");
        };
        settings.with_conversion(schema, marker.type_name(), std::iter::empty::<TypeSpaceImpl>());
    }
    let mut types = TypeSpace::new(&settings);
    let definitions: BTreeMap<String, Value> = document
        .schemas
        .iter()
        .map(|(name, schema)| (type_name(name), positions::hide(&schema.value)))
        .collect();
    let root: RootSchema = serde_json::from_value(json!({ "definitions": definitions }))
        .map_err(|error| culprit::find(document, &error.to_string()))?;
    types
        .add_ref_types(root.definitions)
        .map_err(|error| culprit::find(document, &error.to_string()))?;
    let file: syn::File = syn::parse2(types.to_stream()).context("reading what typify wrote")?;
    let mut shapes = BTreeMap::new();
    for item in file.items {
        if let Some((name, shape)) = read::item(item)? {
            shapes.insert(name, shape);
        }
    }
    for (name, schema) in &document.schemas {
        if let Some(shape) = shapes.get_mut(&type_name(name)) {
            positions::restore(shape, &schema.value).with_context(|| schema.place.clone())?;
        }
    }
    Ok(shapes)
}
