//! The places of values in an operation, and the expression that creates the operation.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use proc_macro2::TokenStream;
use quote::quote;

use super::call::{Call, PAYLOAD};
use super::index::Index;
use crate::codegen::emit::imports::Imports;
use crate::codegen::emit::rust_types::ident;
use crate::codegen::emit::setters::{Held, has_empty_constructor};
use crate::codegen::emit::{last, operations, structs};
use crate::codegen::ir::FieldModel;
use crate::codegen::types::Ty;

/// A place in an operation.
pub(super) struct Site<'a> {
    /// The names of the fields on the path from the operation.
    pub(super) path: Vec<String>,
    /// The type of the value.
    pub(super) ty: Ty,
    /// The name on the wire.
    pub(super) wire: String,
    /// The type that has the field; `None` for the operation.
    pub(super) owner: Option<&'a str>,
    pub(super) required: bool,
}

/// Values by their path.
pub(super) type Values = BTreeMap<Vec<String>, TokenStream>;

impl<'a> Call<'a> {
    /// Finds a place by its name in the table.
    pub(super) fn site(&self, index: &Index<'a>, text: &str) -> Result<Site<'a>> {
        let mut names = text.split('.');
        let first = names.next().unwrap_or_default();
        let mut site =
            self.start(first).with_context(|| format!("{}: no field {text}", self.place()))?;
        for name in names {
            if name == "0" {
                let Ty::List(element) = site.ty else {
                    bail!("{}: {text} is not a list", self.place());
                };
                site.ty = *element;
                continue;
            }
            let structure = index.structure_of(&site.ty);
            let field = structure.and_then(|item| item.fields.iter().find(|f| f.wire == name));
            let (structure, field) = structure
                .zip(field)
                .with_context(|| format!("{}: no field {name} in {text}", self.place()))?;
            site = place(site.path, Some(&structure.name), field);
        }
        Ok(site)
    }

    /// Returns a parameter, the body or the payload, or a field of one of these.
    fn start(&self, name: &str) -> Option<Site<'a>> {
        let body = self.body.as_ref();
        if let ("body", Some(body)) = (name, body) {
            return Some(place(Vec::new(), None, body));
        }
        if let (PAYLOAD, Some((payload, _))) = (name, self.payload) {
            return Some(place(Vec::new(), None, payload));
        }
        if let Some(parameter) = self.parameters().find(|field| field.wire == name) {
            return Some(place(Vec::new(), None, parameter));
        }
        let of_body = self.body_type.map(|item| ("body".to_owned(), item));
        let of_payload = self.payload.map(|(field, item)| (field.ident.clone(), item));
        of_body.into_iter().chain(of_payload).find_map(|(root, item)| {
            let field = item.fields.iter().find(|field| field.wire == name)?;
            Some(place(vec![root], Some(&item.name), field))
        })
    }

    /// Returns the expression that creates the operation from the values, and imports its types.
    pub(super) fn construct(
        &self,
        index: &Index<'a>,
        values: &Values,
        imports: &mut Imports,
    ) -> Result<TokenStream> {
        let fields = operations::held_fields(self.operation, self.body.as_ref());
        let mut maker = Maker { index, values, imports };
        maker.make(&self.operation.name, self.module, &fields, &[]).with_context(|| self.place())
    }
}

/// Returns the place of a field behind a path; without an owner, it is one of the operation.
fn place<'a>(mut path: Vec<String>, owner: Option<&'a str>, field: &FieldModel) -> Site<'a> {
    path.push(field.ident.clone());
    Site { path, ty: field.ty.clone(), wire: field.wire.clone(), owner, required: field.required }
}

struct Maker<'a, 'b> {
    index: &'b Index<'a>,
    values: &'b Values,
    imports: &'b mut Imports,
}

impl Maker<'_, '_> {
    fn make(
        &mut self,
        name: &str,
        module: &str,
        fields: &[Held<'_>],
        prefix: &[String],
    ) -> Result<TokenStream> {
        let module = last(module);
        self.imports.add(&format!("stream_models::{module}"), name);
        let mut arguments = Vec::new();
        let mut chained = TokenStream::new();
        let is_empty = has_empty_constructor(fields);
        for held in fields {
            let path: Vec<String> = prefix.iter().chain([&held.field.ident]).cloned().collect();
            let Some(value) = self.value(held, &path)? else { continue };
            if held.is_parameter() && !is_empty {
                arguments.push(value);
            } else {
                let setter = ident(&held.field.ident);
                chained.extend(quote!(.#setter(#value)));
            }
        }
        let name = ident(name);
        Ok(quote!(#name::new(#(#arguments),*) #chained))
    }

    /// Returns the value of a field: the one for it, or an object of the values for its own fields.
    fn value(&mut self, held: &Held<'_>, path: &[String]) -> Result<Option<TokenStream>> {
        if let Some(value) = self.values.get(path) {
            return Ok(Some(value.clone()));
        }
        let goes_deeper =
            self.values.keys().any(|key| key.len() > path.len() && key.starts_with(path));
        if !goes_deeper && !held.is_parameter() {
            return Ok(None);
        }
        let missing =
            || anyhow!("{} must be given: take it as an argument or fill it", path.join("."));
        let Ty::Named(name) = &held.field.ty else { return Err(missing()) };
        if let Some(item) = self.index.structure(name) {
            let home = self.index.home(name);
            return self.make(name, home, &structs::held_fields(item), path).map(Some);
        }
        if path != ["body"] {
            return Err(missing());
        }
        // A body without fields.
        self.index.import(self.imports, name);
        let name = ident(name);
        Ok(Some(quote!(#name::default())))
    }
}
