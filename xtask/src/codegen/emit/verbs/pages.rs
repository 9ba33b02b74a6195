//! Emits the pagination of lists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::call::{Call, PAYLOAD};
use super::index::Index;
use crate::codegen::emit::imports::Imports;
use crate::codegen::emit::rust_types::{held, ident};
use crate::codegen::emit::{HEADER, last, source};
use crate::codegen::output::Files;
use crate::codegen::types::Ty;
use stream_spec::{Pages, Turn};

/// Adds files for the lists that follow a rule; the table marks those with handwritten pagination.
pub(super) fn add(index: &Index<'_>, calls: &[Call<'_>], files: &mut Files) -> Result<()> {
    let mut by_feature: BTreeMap<Option<&'static str>, Vec<(&Call<'_>, &Pages)>> = BTreeMap::new();
    for call in calls {
        if let Some(pages) = call.verb.pages.as_ref().filter(|pages| !is_by_hand(pages)) {
            by_feature.entry(call.feature()).or_default().push((call, pages));
        }
    }
    let mut names = BTreeSet::new();
    for (feature, calls) in by_feature {
        let mut imports = Imports::default();
        imports.add_all("crate::page", &["Paged", "Stuck"]);
        let mut items = TokenStream::new();
        for (call, pages) in calls {
            items.extend(paged(index, call, pages, &mut imports).with_context(|| call.place())?);
        }
        let name = feature.unwrap_or("always");
        let about = match feature {
            Some(feature) => format!("Lists of the feature `{feature}`."),
            None => "Lists that every build has.".to_owned(),
        };
        let text = format!("{HEADER}//! {about}\n\n{imports}\n{}", source(items));
        files.insert(PathBuf::from(format!("pages/{name}.rs")), text);
        names.insert((name.to_owned(), feature));
    }
    let header = "//! How lists go on after their first page.\n\n";
    files.insert(PathBuf::from("pages/mod.rs"), super::modules(header, &names));
    Ok(())
}

fn is_by_hand(pages: &Pages) -> bool {
    matches!(&pages.by, Turn::Known(word) if word == "hand")
}

fn paged(
    index: &Index<'_>,
    call: &Call<'_>,
    pages: &Pages,
    imports: &mut Imports,
) -> Result<TokenStream> {
    let name = ident(&call.operation.name);
    let module = last(call.module);
    imports.add(&format!("stream_models::{module}"), &call.operation.name);
    let response = index.structure(&call.operation.response).context("the response has no type")?;
    let list = response.fields.iter().find(|field| field.wire == pages.items);
    let Some(Ty::List(element)) = list.map(|list| &list.ty) else {
        bail!("{} is not a list of the response", pages.items);
    };
    index.import_type(imports, element);
    let (item, entries) = (held(element), ident(&pages.items));
    let next = match &pages.by {
        Turn::Known(word) if word == "next" => {
            imports.add("crate::page", "follow");
            let (current, set) = place(index, call, "next", &quote!(next))?;
            quote! {
                let Some(next) = follow(#current, page.next.as_ref())? else {
                    return Ok(None);
                };
                let mut operation = first.clone();
                #set
            }
        }
        Turn::Known(word) if word == "offset" => {
            imports.add("crate::page", "advance");
            let (current, set) = place(index, call, "offset", &quote!(next))?;
            quote! {
                let Some(next) = advance(#current, page.#entries.len()) else {
                    return Ok(None);
                };
                let mut operation = first.clone();
                #set
            }
        }
        Turn::Known(word) => bail!("pages cannot be asked for by {word}"),
        Turn::Fields(fields) => by_fields(index, call, &entries, fields, imports)?,
    };
    Ok(quote! {
        impl Paged for #name {
            type Item = #item;

            fn next_page(
                &self,
                first: &Self,
                page: &Self::Response,
            ) -> Result<Option<Self>, Stuck> {
                #next
                Ok(Some(operation))
            }

            fn entries(page: &Self::Response) -> &[Self::Item] {
                &page.#entries
            }

            fn into_entries(page: Self::Response) -> Vec<Self::Item> {
                page.#entries
            }
        }
    })
}

/// Returns the pagination by the keys of the last entry, or by a cursor of another name.
fn by_fields(
    index: &Index<'_>,
    call: &Call<'_>,
    entries: &proc_macro2::Ident,
    fields: &BTreeMap<String, String>,
    imports: &mut Imports,
) -> Result<TokenStream> {
    imports.add("crate::page", "follow");
    let of_entry = fields.values().any(|source| !source.starts_with('.'));
    let mut tokens = TokenStream::new();
    if of_entry {
        tokens.extend(quote! {
            let Some(last) = page.#entries.last() else { return Ok(None) };
        });
    }
    let mut sets = TokenStream::new();
    let mut keys = Vec::new();
    for (parameter, source) in fields {
        let value = format_ident!("next_{parameter}");
        let (current, set) = place(index, call, parameter, &quote!(#value))?;
        if let Some(source) = source.strip_prefix('.') {
            let source = ident(source);
            tokens.extend(quote! {
                let Some(#value) = follow(#current, page.#source.as_ref())? else {
                    return Ok(None);
                };
            });
        } else {
            let source = ident(source);
            tokens.extend(quote!(let #value = last.#source.to_string();));
            keys.push(quote!(#current == Some(&#value)));
        }
        sets.extend(set);
    }
    if !keys.is_empty() {
        tokens.extend(quote! {
            if #(#keys)&&* {
                return Err(Stuck::repeated());
            }
        });
    }
    Ok(quote! {
        #tokens
        let mut operation = first.clone();
        #sets
    })
}

/// Returns the place of the page in the operation: the current value, and a statement that sets
/// another one in `operation`.
fn place(
    index: &Index<'_>,
    call: &Call<'_>,
    name: &str,
    value: &TokenStream,
) -> Result<(TokenStream, TokenStream)> {
    let site = call.site(index, name)?;
    let names: Vec<_> = site.path.iter().map(|name| ident(name)).collect();
    let is_payload = call.payload.is_some_and(|_| site.path.first().is_some_and(|p| p == PAYLOAD));
    let (current, set) = match names.as_slice() {
        [payload, own] if is_payload => (
            quote!(self.#payload.as_ref().and_then(|query| query.#own.as_ref())),
            quote! {
                let Some(query) = &mut operation.#payload else { return Ok(None) };
                query.#own = #value.into();
            },
        ),
        [own] => (quote!(self.#own.as_ref()), quote!(operation.#own = Some(#value);)),
        [body, own] => {
            (quote!(self.#body.#own.as_ref()), quote!(operation.#body.#own = #value.into();))
        }
        _ => bail!("{name} is too deep"),
    };
    Ok((current, set))
}
