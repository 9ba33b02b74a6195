//! Runs typify, and reads its output with syn.

mod culprit;
mod positions;
mod prepare;
mod read;

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use schemars::schema::{RootSchema, Schema};
use serde_json::{Value, json};
use typify::{TypeSpace, TypeSpaceImpl, TypeSpaceSettings};

use super::names::type_name;
use super::normalize::Marker;
use stream_spec::{Document, Unit};

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
    /// A duration, sent as an integer in a unit.
    Duration(Unit),
    /// The filter of a query; `None` if the schema does not list its fields.
    Filter(Option<String>),
    /// The sort order of a query, stored as the list that is sent.
    Sort(String),
    List(Box<Ty>),
    Dict(Box<Ty>),
    /// A generated type.
    Named(String),
}

/// The output of typify for one component.
#[derive(Debug)]
pub(crate) enum Shape {
    Struct(Vec<FieldShape>),
    Enum(Vec<VariantShape>),
    /// A component that is an alias of another type.
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

/// The shape of each Rust type.
pub(crate) type Shapes = BTreeMap<String, Shape>;

/// The maximum number of places that typify may refuse.
const MAX_REFUSED: usize = 100;

/// Runs typify over the components. Places that it refuses become any JSON.
pub(crate) fn run(document: &mut Document) -> Result<Shapes> {
    for _ in 0..MAX_REFUSED {
        match try_all(document)? {
            Ok(shapes) => return Ok(shapes),
            Err(refusal) => culprit::replace(document, &refusal)?,
        }
    }
    bail!("typify refuses more than {MAX_REFUSED} places of the document")
}

/// Runs typify once, and returns its error if it refuses something.
fn try_all(document: &Document) -> Result<Result<Shapes, String>> {
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
    let root: RootSchema = match serde_json::from_value(json!({ "definitions": definitions })) {
        Ok(root) => root,
        Err(error) => return Ok(Err(error.to_string())),
    };
    if let Err(error) = types.add_ref_types(root.definitions) {
        return Ok(Err(error.to_string()));
    }
    let file: syn::File = syn::parse2(types.to_stream()).context("reading what typify wrote")?;
    let mut shapes = Shapes::new();
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
    Ok(Ok(shapes))
}
