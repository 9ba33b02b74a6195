//! Emits the handles: their types, unless these are handwritten, and their methods.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;

use super::call::Call;
use super::index::Index;
use super::{lines, method, modules};
use crate::codegen::emit::imports::Imports;
use crate::codegen::emit::rust_types::ident;
use crate::codegen::emit::{HEADER, docs, last, source};
use crate::codegen::output::Files;
use stream_spec::{Handle, Verbs};

/// Adds a file for each handle and each feature of its methods.
pub(super) fn add(
    index: &Index<'_>,
    verbs: &Verbs,
    calls: &[Call<'_>],
    files: &mut Files,
) -> Result<()> {
    let mut names = BTreeSet::new();
    let mut exports = BTreeSet::new();
    for (name, handle) in &verbs.handles {
        let mut by_feature: BTreeMap<Option<&'static str>, Vec<&Call<'_>>> = BTreeMap::new();
        for call in calls.iter().filter(|call| call.handle == name) {
            by_feature.entry(call.feature()).or_default().push(call);
        }
        // The page of a handle with many methods is divided by topic.
        let modules: BTreeSet<&str> =
            by_feature.values().flatten().map(|call| call.module).collect();
        let has_headings = handle.by_hand || modules.len() > 1;
        // The type is in the file of the methods without a feature, if there are any.
        let home = by_feature.keys().next().copied().flatten();
        for (feature, calls) in by_feature {
            let mut imports = Imports::default();
            let mut items = TokenStream::new();
            let is_home = feature == home && handle.about.is_some() && !handle.by_hand;
            if is_home {
                items.extend(definition(name, handle, &mut imports)?);
            }
            if feature == home && handle.from.is_some() && !handle.by_hand {
                items.extend(entry(name, handle, &mut imports)?);
            }
            let ty = ident(name);
            if !is_home {
                imports.add("crate", name);
            }
            let mut topics: BTreeMap<&str, TokenStream> = BTreeMap::new();
            for call in calls {
                let function = method::emit(index, verbs, call, &mut imports)?;
                topics.entry(last(call.module)).or_default().extend(function);
            }
            for (topic, functions) in topics {
                let heading = has_headings.then(|| docs::line(&heading(topic)));
                items.extend(quote!(#heading impl #ty { #functions }));
            }
            let mut file = name.to_snake_case();
            if let Some(feature) = feature.filter(|_| feature != home) {
                file = format!("{file}_{feature}");
            }
            let about = match feature.filter(|_| feature != home) {
                Some(feature) => format!("The methods of `{name}` of the feature `{feature}`."),
                None => format!("The methods of `{name}`."),
            };
            let text = format!("{HEADER}//! {about}\n\n{imports}\n{}", source(items));
            files.insert(PathBuf::from(format!("handles/{file}.rs")), text);
            if is_home {
                exports.insert((format!("{file}::{name}"), feature));
            }
            names.insert((file, feature));
        }
    }
    let header = "//! Handles and their methods, one for each operation.\n\n";
    let text = modules(header, &names) + "\n" + &lines("pub use", &exports);
    files.insert(PathBuf::from("handles/mod.rs"), text);
    Ok(())
}

/// Returns the documentation of an example, which is compiled.
fn example(code: &str) -> TokenStream {
    let before = [
        "",
        "```no_run",
        "# async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {",
    ];
    let lines = before.into_iter().chain(code.lines()).chain(["# Ok(())", "# }", "```"]);
    lines.map(|line| if line.is_empty() { quote!(#[doc = ""]) } else { docs::line(line) }).collect()
}

/// Returns the type of a handle, with its documentation.
fn definition(name: &str, handle: &Handle, imports: &mut Imports) -> Result<TokenStream> {
    let name = ident(name);
    imports.add("crate", "Client");
    let about = docs::paragraph(handle.about.as_deref().context("a handle without a text")?);
    let example = handle.example.as_deref().map(example);
    let fields: Vec<_> = handle.holds.keys().map(|name| ident(name)).collect();
    let getters = handle.holds.keys().map(|field| {
        let doc = docs::line(&format!("Returns the {}.", words(field)));
        let field = ident(field);
        quote! {
            #doc
            #[must_use]
            pub fn #field(&self) -> &str {
                &self.#field
            }
        }
    });
    Ok(quote! {
        #about
        #example
        #[derive(Debug, Clone)]
        pub struct #name {
            client: Client,
            #(#fields: String),*
        }

        impl #name {
            pub(crate) const fn new(client: Client #(, #fields: String)*) -> Self {
                Self { client #(, #fields)* }
            }

            pub(crate) const fn client(&self) -> &Client {
                &self.client
            }

            #(#getters)*
        }
    })
}

/// Returns the heading for the methods of a module.
fn heading(module: &str) -> String {
    let mut title = module.replace('_', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    format!("# {title}")
}

fn words(field: &str) -> String {
    let words = field.split('_').map(|word| if word == "id" { "ID" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the method that creates the handle.
fn entry(name: &str, handle: &Handle, imports: &mut Imports) -> Result<TokenStream> {
    let from = handle.from.as_deref().unwrap_or_default();
    let place = || format!("verbs.yaml#/handles/{name}/from");
    let (giver, method) = from.split_once('.').with_context(place)?;
    imports.add("crate", giver);
    let says = docs::paragraph(handle.says.as_deref().with_context(place)?);
    let (ty, giver_ty, method) = (ident(name), ident(giver), ident(method));
    let client =
        if giver == "Client" { quote!(self.clone()) } else { quote!(self.client().clone()) };
    // Values of the parent handle are not arguments.
    let known = if giver == "Message" { vec!["message_id"] } else { Vec::new() };
    let mut values = TokenStream::new();
    for field in handle.holds.keys() {
        let name = argument(&ty.to_string(), field);
        let value = if known.contains(&field.as_str()) { quote!(self.id()) } else { quote!(#name) };
        values.extend(quote!(, #value.into()));
    }
    let order: Vec<&String> = if handle.take.is_empty() {
        handle.holds.keys().collect()
    } else {
        handle.take.iter().collect()
    };
    let arguments = order.into_iter().filter(|field| !known.contains(&field.as_str()));
    let arguments = arguments.map(|field| {
        let name = argument(&ty.to_string(), field);
        quote!(, #name: impl Into<String>)
    });
    Ok(quote! {
        impl #giver_ty {
            #says
            #[must_use]
            pub fn #method(&self #(#arguments)*) -> #ty {
                #ty::new(#client #values)
            }
        }
    })
}

/// Returns the argument for a field; that for an ID names its object.
fn argument(handle: &str, field: &str) -> proc_macro2::Ident {
    if field == "id" {
        let thing = handle.trim_end_matches("Handle").to_snake_case();
        return ident(&format!("{thing}_id"));
    }
    ident(field)
}
