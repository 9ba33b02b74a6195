//! Converts the output of typify to [`Shape`] and [`Ty`].

use anyhow::{Context, Result, bail};
use syn::{Attribute, Fields, GenericArgument, Item, PathArguments, Type};

use super::{FieldShape, Shape, Ty, VariantShape};
use crate::codegen::normalize::Marker;

pub(super) fn item(item: Item) -> Result<Option<(String, Shape)>> {
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
        // typify breaks cycles at their first place; this stage decides on its own.
        ("Box" | "Option", [inner]) => read_type(inner)?,
        (name, []) => Marker::ALL
            .into_iter()
            .find(|marker| marker.type_name() == name)
            .map_or_else(|| Ty::Named(name.to_owned()), Ty::Marker),
        _ => bail!("a type {name} of an unexpected form"),
    })
}
