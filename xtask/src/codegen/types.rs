//! The typify stage, and what a syn pass reads out of its result.

use super::names::{self, type_name};
use super::normalise::Marker;
use anyhow::{Context, Result, anyhow, bail};
use schemars::schema::{RootSchema, Schema};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use stream_spec::{Document, Located, reference_name};
use syn::{Attribute, Fields, GenericArgument, Item, PathArguments, Type};
use typify::{TypeSpace, TypeSpaceImpl, TypeSpaceSettings};

/// A type in the terms of `stream-models`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ty {
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
pub(super) enum Shape {
    Struct(Vec<FieldShape>),
    Enum(Vec<VariantShape>),
    /// A component that stands for another type.
    Alias(Ty),
}

#[derive(Debug)]
pub(super) struct FieldShape {
    pub(super) ident: String,
    pub(super) wire: String,
    pub(super) ty: Ty,
    position: usize,
}

#[derive(Debug)]
pub(super) struct VariantShape {
    pub(super) ident: String,
    pub(super) wire: String,
}

/// Runs typify over the components: from the name of the Rust type to its shape.
pub(super) fn run(document: &Document) -> Result<BTreeMap<String, Shape>> {
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
        .map(|(name, schema)| (type_name(name), component_for_typify(&schema.value)))
        .collect();
    let root: RootSchema = serde_json::from_value(json!({ "definitions": definitions }))
        .map_err(|error| find_culprit(document, &error.to_string()))?;
    types
        .add_ref_types(root.definitions)
        .map_err(|error| find_culprit(document, &error.to_string()))?;
    let file: syn::File = syn::parse2(types.to_stream()).context("reading what typify wrote")?;
    let mut shapes = BTreeMap::new();
    for item in file.items {
        if let Some((name, shape)) = read_item(item)? {
            shapes.insert(name, shape);
        }
    }
    for (name, schema) in &document.schemas {
        if let Some(shape) = shapes.get_mut(&type_name(name)) {
            name_parts(shape, &schema.value).with_context(|| schema.place.clone())?;
        }
    }
    Ok(shapes)
}

/// A component in which fields and enum values are called by their position: typify refuses some
/// names, and makes two parts of the same name of others.
fn component_for_typify(schema: &Value) -> Value {
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

/// Gives fields and enum values, found by their position, their names.
fn name_parts(shape: &mut Shape, schema: &Value) -> Result<()> {
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

/// A copy in which references are those of JSON Schema and every property is required: whether a
/// field may be absent is decided later, by the direction in which the type travels.
fn for_typify(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut copy: serde_json::Map<String, Value> = object
                .iter()
                .filter(|(key, _)| !key.starts_with("x-") && *key != "description")
                .map(|(key, value)| {
                    let reference =
                        (key == "$ref").then(|| value.as_str().and_then(reference_name)).flatten();
                    let value = match reference {
                        Some(name) => format!("#/definitions/{}", type_name(name)).into(),
                        None if key == "properties" => copy_properties(value),
                        None => for_typify(value),
                    };
                    (key.clone(), value)
                })
                .collect();
            if let Some(properties) = object.get("properties").and_then(Value::as_object) {
                copy.insert("required".to_owned(), properties.keys().cloned().collect());
            }
            Value::Object(copy)
        }
        Value::Array(items) => items.iter().map(for_typify).collect(),
        other => other.clone(),
    }
}

/// Properties may have any name, also one that is a keyword of schemas.
fn copy_properties(properties: &Value) -> Value {
    properties
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), for_typify(schema)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// typify does not say where it failed: each property is tried alone until one fails.
fn find_culprit(document: &Document, error: &str) -> anyhow::Error {
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

fn read_item(item: Item) -> Result<Option<(String, Shape)>> {
    Ok(match item {
        Item::Struct(item) => {
            let name = item.ident.to_string();
            let shape = match item.fields {
                Fields::Named(fields) => Shape::Struct(
                    fields
                        .named
                        .iter()
                        .map(|field| read_field(field).with_context(|| name.clone()))
                        .collect::<Result<_>>()?,
                ),
                Fields::Unnamed(fields) => {
                    let inner = fields.unnamed.first().context("an empty tuple struct")?;
                    Shape::Alias(read_type(&inner.ty).with_context(|| name.clone())?)
                }
                Fields::Unit => Shape::Struct(Vec::new()),
            };
            Some((name, shape))
        }
        Item::Enum(item) => {
            let variants = item
                .variants
                .iter()
                .map(|variant| {
                    let ident = variant.ident.to_string();
                    let wire = serde_rename(&variant.attrs)?.unwrap_or_else(|| ident.clone());
                    Ok(VariantShape { ident, wire })
                })
                .collect::<Result<_>>()?;
            Some((item.ident.to_string(), Shape::Enum(variants)))
        }
        Item::Type(item) => Some((item.ident.to_string(), Shape::Alias(read_type(&item.ty)?))),
        _ => None,
    })
}

fn read_field(field: &syn::Field) -> Result<FieldShape> {
    let ident = field.ident.as_ref().context("a field without a name")?.to_string();
    let wire =
        serde_rename(&field.attrs)?.unwrap_or_else(|| ident.trim_start_matches("r#").to_owned());
    let ty = read_type(&field.ty).with_context(|| wire.clone())?;
    Ok(FieldShape { ident, wire, ty, position: 0 })
}

fn serde_rename(attributes: &[Attribute]) -> Result<Option<String>> {
    let mut renamed = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                renamed = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            } else if meta.input.peek(syn::token::Paren) {
                meta.parse_nested_meta(|_| Ok(()))?;
            }
            Ok(())
        })?;
    }
    Ok(renamed)
}

fn read_type(ty: &Type) -> Result<Ty> {
    let Type::Path(path) = ty else { bail!("a type of an unexpected form") };
    let segment = path.path.segments.last().context("an empty path")?;
    let arguments: Vec<&Type> = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let name = segment.ident.to_string();
    Ok(match (name.as_str(), arguments.as_slice()) {
        ("bool", []) => Ty::Bool,
        ("i64", []) => Ty::Integer,
        ("f64", []) => Ty::Float,
        ("String", []) => Ty::String,
        ("Value", []) => Ty::Value,
        ("Map", [_, _]) => Ty::Map,
        ("Vec", [element]) => Ty::List(Box::new(read_type(element)?)),
        ("BTreeMap", [_, value]) => Ty::Dict(Box::new(read_type(value)?)),
        // typify breaks cycles where it finds them first; where to break them is our decision.
        ("Box" | "Option", [inner]) => read_type(inner)?,
        (name, []) => Marker::ALL
            .into_iter()
            .find(|marker| marker.type_name() == name)
            .map_or_else(|| Ty::Named(name.to_owned()), Ty::Marker),
        _ => bail!("a type {name} of an unexpected form"),
    })
}
