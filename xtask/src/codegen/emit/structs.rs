//! Emits structs.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::operations::parts;
use super::rust_types::{held as rust_type, ident};
use super::setters::{Absence, Held, constructor, setters};
use crate::codegen::directions::Role;
use crate::codegen::ir::{AliasModel, FieldModel, StructModel};
use crate::codegen::normalize::Marker;
use crate::codegen::types::Ty;

pub(super) fn emit(item: &StructModel) -> TokenStream {
    let mut fields = held_fields(item);
    fields.extend(item.rest.iter().map(|field| Held { field, absence: Absence::Default }));
    let mut tokens = TokenStream::new();
    let mut inherent = TokenStream::new();
    let mut is_default = true;
    if item.role.is_sent() {
        let (new, is_empty) = constructor(&fields);
        is_default = is_empty;
        inherent.extend(new);
        for field in &fields {
            inherent.extend(setters(field, is_empty));
        }
        if item.multipart {
            inherent.extend(parts(&item.fields));
        }
    }
    tokens.extend(definition(item, &fields, is_default || item.role.is_received()));
    let name = ident(&item.name);
    if !inherent.is_empty() {
        tokens.extend(quote! { impl #name { #inherent } });
    }
    if item.role.is_sent() && !item.multipart {
        tokens.extend(encode(item));
    }
    if item.role.is_received() {
        tokens.extend(decode(item));
    }
    tokens.extend(from_filter(item, &fields));
    tokens
}

/// Returns the conversion of a filter to its query.
fn from_filter(item: &StructModel, fields: &[Held<'_>]) -> TokenStream {
    let is_query =
        item.role == Role::Request && fields.iter().any(|held| held.field.wire == "limit");
    let conditions = fields.iter().find(|held| {
        matches!(held.field.ty, Ty::Filter(_)) && !held.field.wire.starts_with("message_")
    });
    let Some(held) = conditions.filter(|_| is_query) else { return TokenStream::new() };
    let is_whole = fields
        .iter()
        .filter(|other| other.is_parameter())
        .all(|other| other.field.ident == held.field.ident);
    if !is_whole {
        return TokenStream::new();
    }
    let (name, filter) = (ident(&item.name), rust_type(&held.field.ty));
    let made = if held.is_parameter() {
        quote!(Self::new(filter))
    } else {
        let field = ident(&held.field.ident);
        quote!(Self::new().#field(filter))
    };
    let doc = docs::line("What meets the conditions, in the server's order.");
    quote! {
        #doc
        impl From<#filter> for #name {
            fn from(filter: #filter) -> Self {
                #made
            }
        }
    }
}

/// Returns the fields that the schema lists, with the types that the direction of the struct requires.
pub(super) fn held_fields(item: &StructModel) -> Vec<Held<'_>> {
    let held = |field| Held { field, absence: absence(item, field) };
    item.fields.iter().map(held).collect()
}

/// Returns the type of a field that may be absent. Lists, maps and custom data in responses are
/// empty then; other fields are an `Option`, or an `Optional` with null in structs that are only
/// sent.
pub(super) fn absence(item: &StructModel, field: &FieldModel) -> Absence {
    match item.role {
        Role::Request if item.multipart => Absence::Option,
        Role::Request => Absence::Optional,
        Role::Both => Absence::Option,
        Role::Response => match field.ty {
            Ty::List(_) | Ty::Dict(_) | Ty::Map => Absence::Default,
            Ty::Marker(marker) if marker.type_name() == "Custom" => Absence::Default,
            _ => Absence::Option,
        },
    }
}

fn definition(item: &StructModel, fields: &[Held<'_>], is_default: bool) -> TokenStream {
    let name = ident(&item.name);
    let docs = docs::paragraphs(&item.docs);
    let default = is_default.then(|| quote!(, Default));
    // A decoder begins with the default, which a request with required fields has only for this.
    let default_when_read = (!is_default && !item.multipart)
        .then(|| quote!(#[cfg_attr(feature = "both-directions", derive(Default))]));
    let must_use = item.role.is_sent().then(|| quote!(#[must_use]));
    let fields = fields.iter().map(|held| {
        let name = ident(&held.field.ident);
        let (doc, ty) = (docs::paragraph(&held.field.doc), held.ty());
        quote! { #doc pub #name: #ty }
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq #default)]
        #default_when_read
        #[non_exhaustive]
        #must_use
        pub struct #name { #(#fields),* }
    }
}

pub(super) fn encode(item: &StructModel) -> TokenStream {
    let name = ident(&item.name);
    let members = item.fields.iter().map(|model| {
        let (field, wire) = (ident(&model.ident), &model.wire);
        let names_channels = item.role == Role::Request && names_channels(&model.ty);
        let check = names_channels.then(|| quote!(object.check(#wire, &self.#field);));
        if model.required {
            quote!(#check object.required(#wire, &self.#field);)
        } else {
            quote!(#check object.optional(#wire, &self.#field);)
        }
    });
    let rest = item.rest.iter().map(|model| {
        let field = ident(&model.ident);
        quote!(object.rest(&self.#field);)
    });
    let object = if item.fields.is_empty() { quote!(_object) } else { quote!(object) };
    quote! {
        impl EncodeObject for #name {
            fn members<O: Object>(&self, #object: &mut O) {
                #(#members)*
                #(#rest)*
            }
        }
    }
}

/// Returns whether the type is a cid, or a list of cids.
fn names_channels(ty: &Ty) -> bool {
    match ty {
        Ty::List(element) => names_channels(element),
        ty => *ty == Ty::Marker(Marker::Cid),
    }
}

pub(super) fn decode(item: &StructModel) -> TokenStream {
    let name = ident(&item.name);
    let envelope = item.envelope.iter().map(|wire| quote!(#wire => value.read(self),));
    let arms = item.fields.iter().map(|field| {
        let (ident, wire) = (ident(&field.ident), &field.wire);
        quote!(#wire => value.read(&mut self.#ident),)
    });
    let arms = arms.chain(envelope);
    let skip = item.rest.as_ref().map_or_else(
        || quote!(value.skip()),
        |model| {
            let field = ident(&model.ident);
            quote!(value.rest(name, &mut self.#field))
        },
    );
    let (parameter, body) = if item.fields.is_empty() {
        (quote!(_name), quote!(value.skip()))
    } else {
        (quote!(name), quote!(match name { #(#arms)* _ => #skip }))
    };
    quote! {
        impl DecodeObject for #name {
            fn member<'de, A: MapAccess<'de>>(&mut self, #parameter: &str, value: Member<'_, A>) -> Result<(), A::Error> {
                #body
            }
        }
    }
}

pub(super) fn emit_alias(alias: &AliasModel) -> TokenStream {
    let name = ident(&alias.name);
    let (doc, ty) = (docs::paragraph(&alias.doc), rust_type(&alias.ty));
    quote! { #doc pub type #name = #ty; }
}
