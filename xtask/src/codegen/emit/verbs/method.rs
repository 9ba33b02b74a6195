//! Emits the method of an operation.

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::quote;

use super::call::Call;
use super::index::Index;
use super::site::{Site, Values};
use super::text;
use crate::codegen::emit::imports::Imports;
use crate::codegen::emit::rust_types::{held, ident, taken};
use crate::codegen::emit::setters::has_empty_constructor;
use crate::codegen::emit::structs;
use crate::codegen::types::Ty;
use stream_spec::Verbs;

/// Returns the method, and imports what it uses.
pub(super) fn emit(
    index: &Index<'_>,
    verbs: &Verbs,
    call: &Call<'_>,
    imports: &mut Imports,
) -> Result<TokenStream> {
    let mut writer = Writer {
        index,
        docs: text::method(index, verbs, call)?,
        call,
        imports,
        arguments: TokenStream::new(),
        before: TokenStream::new(),
        values: Values::new(),
        after: TokenStream::new(),
        entry: None,
        uses_handle: false,
    };
    writer.parameters_of_the_handle();
    for (name, path) in call.arguments() {
        writer.take(&ident(name), path)?;
    }
    writer.fill()?;
    if let Some(by) = &call.verb.by {
        writer.by(by)?;
    }
    writer.finish()
}

struct Writer<'a, 'b> {
    index: &'b Index<'a>,
    docs: TokenStream,
    call: &'b Call<'a>,
    imports: &'b mut Imports,
    arguments: TokenStream,
    /// Statements before the operation is created.
    before: TokenStream,
    /// The values of the operation.
    values: Values,
    /// Statements after the operation is created.
    after: TokenStream,
    /// The type of an entry, for an operation in batches.
    entry: Option<TokenStream>,
    /// Whether the closure that creates the operations of a batch uses the handle.
    uses_handle: bool,
}

impl Writer<'_, '_> {
    fn client(&self) -> TokenStream {
        if self.call.handle == "Client" { quote!(self) } else { quote!(self.client()) }
    }

    /// Returns the handle's value of a name.
    fn held(&mut self, name: &str) -> Result<TokenStream> {
        let getter = match name {
            "cid" => ident("cid_string"),
            _ if self.call.holds.holds.contains_key(name) => ident(name),
            _ => bail!("{}: the handle has no {name}", self.call.place()),
        };
        Ok(self.got(&getter))
    }

    /// Returns the call of a getter of the handle. A batch creates its operations later, when the
    /// handle may no longer exist.
    fn got(&mut self, getter: &proc_macro2::Ident) -> TokenStream {
        if self.call.verb.batch.is_some() {
            self.uses_handle = true;
            quote!(handle.#getter())
        } else {
            quote!(self.#getter())
        }
    }

    /// Adds the parameters that the handle knows.
    fn parameters_of_the_handle(&mut self) {
        for parameter in &self.call.operation.path_parameters {
            let holds = &self.call.holds.holds;
            let known = holds.iter().find(|(_, names)| names.contains(&parameter.wire));
            if let Some((name, _)) = known {
                let value = self.got(&ident(name));
                self.values.insert(vec![parameter.ident.clone()], value);
            }
        }
        let body = self.call.body_type.into_iter().flat_map(|item| &item.fields);
        for field in body.filter(|field| field.required) {
            let holds = &self.call.holds.holds;
            let known = holds.iter().find(|(_, names)| names.contains(&field.wire));
            let is_taken = self.call.arguments().any(|(_, path)| path == field.wire);
            if let (Some((name, _)), false) = (known, is_taken) {
                let path = vec!["body".to_owned(), field.ident.clone()];
                let value = self.got(&ident(name));
                self.values.insert(path, value);
            }
        }
    }

    fn take(&mut self, name: &proc_macro2::Ident, path: &str) -> Result<()> {
        let site = self.call.site(self.index, path)?;
        let batched = self.call.verb.batch.as_ref().filter(|batch| batch.of == path);
        if let Some(batch) = batched {
            return self.take_batch(name, &site, batch.key.as_deref());
        }
        self.index.import_taken(self.imports, &site.ty);
        let ty = taken(&site.ty);
        let value = if path.ends_with(".0") { quote!([#name]) } else { quote!(#name) };
        self.arguments.extend(quote!(, #name: #ty));
        if self.call.verb.batch.is_some() {
            // Each request of the batch has it.
            let held = held(&site.ty);
            self.index.import_type(self.imports, &site.ty);
            self.before.extend(quote!(let #name: #held = #value.into();));
            self.values.insert(site.path, quote!(#name.clone()));
        } else {
            self.values.insert(site.path, value);
        }
        Ok(())
    }

    /// Takes the list that is divided into batches.
    fn take_batch(
        &mut self,
        name: &proc_macro2::Ident,
        site: &Site<'_>,
        key: Option<&str>,
    ) -> Result<()> {
        let (Ty::List(element) | Ty::Dict(element)) = &site.ty else {
            bail!("{}: {} is not a list", self.call.place(), site.wire);
        };
        let value = match (key.map(ident), &site.ty) {
            (Some(key), Ty::Dict(_)) => {
                quote!(#name.into_iter().map(|entry| (entry.#key.clone(), entry)))
            }
            _ => quote!(#name),
        };
        let entry = held(element);
        self.index.import_type(self.imports, element);
        self.imports.add("crate", "IntoEntries");
        self.arguments.extend(quote!(, #name: impl IntoEntries<'a, #entry>));
        self.entry = Some(entry);
        self.values.insert(site.path.clone(), value);
        Ok(())
    }

    fn fill(&mut self) -> Result<()> {
        for (path, text) in &self.call.verb.fill {
            let site = self.call.site(self.index, path)?;
            let list = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
            let value = if let Some(literal) = text.strip_prefix('=') {
                match (literal, literal.parse::<i64>()) {
                    _ if matches!(site.ty, Ty::Named(_)) => {
                        self.index.import_type(self.imports, &site.ty);
                        let ty = held(&site.ty);
                        quote!(#ty::other(#literal))
                    }
                    ("true", _) => quote!(true),
                    ("false", _) => quote!(false),
                    (_, Ok(number)) => {
                        let number = proc_macro2::Literal::i64_unsuffixed(number);
                        quote!(#number)
                    }
                    _ => quote!(#literal),
                }
            } else if let Some(name) = list {
                let value = self.held(name)?;
                quote!([#value])
            } else {
                self.held(text)?
            };
            let given = self.values.keys().any(|key| site.path.starts_with(key));
            if given {
                // It is set in the value from the caller.
                let place = self.place_after(&site)?;
                self.after.extend(quote!(operation.#place = #value.to_owned().into();));
            } else {
                self.values.insert(site.path, value);
            }
        }
        Ok(())
    }

    /// Adds the acting user, which is optional for a client that acts as a user.
    fn by(&mut self, path: &str) -> Result<()> {
        let site = self.call.site(self.index, path)?;
        if site.required {
            bail!("{}: {path} is required, and so cannot be left to the client", self.call.place());
        }
        self.imports.add("crate", "Actor");
        let name = ident(path.rsplit('.').next().unwrap_or(path).trim_end_matches("_id"));
        let client = self.client();
        self.arguments.extend(quote!(, #name: impl Into<Actor>));
        self.before.extend(quote!(let #name = #client.acting(#name);));
        let value = match &site.ty {
            Ty::String => quote!(#name),
            Ty::Named(ty) => {
                self.index.import(self.imports, ty);
                let ty = ident(ty);
                quote!(#name.map(#ty::new))
            }
            _ => bail!("{}: {path} does not name a user", self.call.place()),
        };
        let value = if self.call.verb.batch.is_some() { quote!(#name.clone()) } else { value };
        // A parameter and a form have an `Option`.
        let is_option =
            site.owner.is_none() || self.call.body_type.is_some_and(|body| body.multipart);
        let value = if is_option { value } else { quote!(#value.into()) };
        let place = self.place_after(&site)?;
        self.after.extend(quote!(operation.#place = #value;));
        Ok(())
    }

    fn place_after(&self, site: &Site<'_>) -> Result<TokenStream> {
        let mut names = site.path.iter().map(|name| ident(name));
        let first = names.next().context("a field without a name")?;
        Ok(names.fold(quote!(#first), |place, name| quote!(#place.#name)))
    }

    /// Adds an empty query, so that setters find it.
    fn empty_payload(&mut self) {
        let Some((field, payload)) = self.call.payload else { return };
        let is_given = self.values.keys().any(|path| path.first() == Some(&field.ident));
        if !is_given && has_empty_constructor(&structs::held_fields(payload)) {
            self.index.import(self.imports, &payload.name);
            let ty = ident(&payload.name);
            self.values.insert(vec![field.ident.clone()], quote!(#ty::new()));
        }
    }

    fn finish(mut self) -> Result<TokenStream> {
        self.empty_payload();
        let client = self.client();
        let Self {
            index,
            docs,
            call,
            imports,
            arguments,
            before,
            values,
            after,
            entry,
            uses_handle,
        } = self;
        let operation = call.construct(index, &values, imports)?;
        let (name, ty) = (ident(call.method), ident(&call.operation.name));
        if let Some(batch) = &call.verb.batch {
            imports.add("crate", "Bulk");
            let made = if after.is_empty() {
                operation
            } else {
                quote! {{
                    let mut operation = #operation;
                    #after
                    operation
                }}
            };
            let entries = batch_argument(call)?;
            let size = proc_macro2::Literal::usize_unsuffixed(batch.size);
            let keyed = batch.key.as_deref().map(|key| {
                let key = ident(key);
                quote!(.keyed(|entry| &entry.#key))
            });
            let handle = uses_handle.then(|| quote!(let handle = self.clone();));
            let body = quote! {
                #handle
                Bulk::new(#client.executor(), #size, #entries, move |#entries| #made) #keyed
            };
            return Ok(quote! {
                #docs
                pub fn #name<'a>(&self #arguments) -> Bulk<'a, #ty, #entry> {
                    #before
                    #body
                }
            });
        }
        imports.add("crate", "Request");
        let body = if after.is_empty() {
            quote!(#client.request(#operation))
        } else {
            quote! {
                let mut operation = #operation;
                #after
                #client.request(operation)
            }
        };
        Ok(quote! {
            #docs
            pub fn #name(&self #arguments) -> Request<#ty> {
                #before
                #body
            }
        })
    }
}

/// Returns the name of the argument that is divided into batches.
fn batch_argument(call: &Call<'_>) -> Result<proc_macro2::Ident> {
    let of = call.verb.batch.as_ref().map_or("", |batch| &batch.of);
    let argument = call.arguments().find_map(|(name, path)| (path == of).then_some(name));
    let argument =
        argument.with_context(|| format!("{}: the list {of} is not taken", call.place()))?;
    Ok(ident(argument))
}
