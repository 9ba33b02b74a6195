//! Emits types.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use crate::codegen::normalize::Marker;
use crate::codegen::types::Ty;
use stream_spec::Unit;

pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => format_ident!("{name}"),
    }
}

/// Returns the type of a field.
pub(super) fn held(ty: &Ty) -> TokenStream {
    match ty {
        Ty::Bool => quote!(bool),
        Ty::Integer | Ty::Duration(_) => quote!(i64),
        Ty::Float => quote!(f64),
        Ty::String => quote!(String),
        Ty::Marker(Marker::Timestamp) => quote!(Timestamp),
        Ty::Marker(Marker::Cid) => quote!(Cid),
        Ty::Marker(Marker::Custom) => quote!(Custom),
        Ty::Marker(Marker::Secret) => quote!(Secret),
        Ty::Marker(Marker::RawBody) => quote!(RawBody),
        Ty::Value => quote!(Value),
        Ty::Map => quote!(Map<String, Value>),
        Ty::Upload => quote!(Upload),
        Ty::Filter(None) => quote!(Filter),
        Ty::Filter(Some(query)) => {
            let query = ident(query);
            quote!(Filter<#query>)
        }
        Ty::Sort(_) => quote!(Vec<SortParamRequest>),
        Ty::List(element) => {
            let element = held(element);
            quote!(Vec<#element>)
        }
        Ty::Dict(value) => {
            let value = held(value);
            quote!(BTreeMap<String, #value>)
        }
        Ty::Named(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

/// Returns the type of the parameter of a setter or a constructor.
pub(super) fn taken(ty: &Ty) -> TokenStream {
    match ty {
        Ty::Bool => held(ty),
        Ty::Duration(_) => quote!(Duration),
        Ty::Sort(query) => {
            let query = ident(query);
            quote!(impl Into<Sort<#query>>)
        }
        Ty::List(element) => {
            let element = match **element {
                Ty::Map => quote!(impl Into<Map<String, Value>>),
                _ => taken(element),
            };
            quote!(impl IntoIterator<Item = #element>)
        }
        Ty::Dict(value) => {
            let value = taken(value);
            quote!(impl IntoIterator<Item = (impl Into<String>, #value)>)
        }
        Ty::Map => quote!(impl IntoIterator<Item = (impl Into<String>, impl Into<Value>)>),
        _ => {
            let held = held(ty);
            quote!(impl Into<#held>)
        }
    }
}

/// Converts `value` from the type of the parameter to that of the field.
pub(super) fn convert(value: TokenStream, ty: &Ty) -> TokenStream {
    match ty {
        Ty::Bool => value,
        Ty::Sort(query) => {
            let query = ident(query);
            quote!(Sort::<#query>::of(#value))
        }
        Ty::Duration(unit) => {
            let unit = ident(unit_name(*unit));
            quote!(units::#unit(#value))
        }
        Ty::List(element) => match **element {
            Ty::Bool => quote!(#value.into_iter().collect()),
            Ty::List(_) | Ty::Dict(_) => {
                let inner = convert(quote!(item), element);
                quote!(#value.into_iter().map(|item| #inner).collect())
            }
            _ => quote!(#value.into_iter().map(Into::into).collect()),
        },
        Ty::Map => {
            quote!(#value.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
        }
        Ty::Dict(inner) => {
            let inner = convert(quote!(value), inner);
            quote!(#value.into_iter().map(|(key, value)| (key.into(), #inner)).collect())
        }
        _ => quote!(#value.into()),
    }
}

/// Returns the name of a unit, which is also that of the conversion.
pub(super) fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Milliseconds => "milliseconds",
        Unit::Seconds => "seconds",
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
    }
}

/// Returns whether the field is a collection or custom data, which is empty by default and so is
/// not a parameter of the constructor.
pub(super) fn starts_empty(ty: &Ty) -> bool {
    matches!(ty, Ty::Marker(Marker::Custom))
}
