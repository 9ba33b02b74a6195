//! Generates copies of the models with derived `Deserialize`, the baseline of the benchmarks. They
//! are generated from the structs of `stream-models`, so they are always up to date.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::{Expr, Item, ItemImpl, ItemStruct, Pat};

/// The types that the benchmarks decode; the copies include all types in them.
const ROOTS: [&str; 2] = ["QueryChannelsResponse", "SendMessageResponse"];

/// The types of `stream-models` that are not generated.
const VALUES: [&str; 6] = ["Cid", "Custom", "Filter", "Optional", "Secret", "Timestamp"];

/// The parsed parts of the generated code.
#[derive(Default)]
struct Generated {
    structs: BTreeMap<String, ItemStruct>,
    /// The module of each enum.
    enums: BTreeMap<String, Ident>,
    /// The module of each union.
    unions: BTreeMap<String, Ident>,
    /// The names on the wire by struct and field.
    wires: BTreeMap<String, BTreeMap<String, String>>,
}

fn main() -> Result<()> {
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").context("no manifest")?);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").context("no OUT_DIR")?);
    let folder = manifest.join("../stream-models/src/generated");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut generated = Generated::default();
    for product in ["chat", "common", "moderation"] {
        generated.read_folder(&folder.join(product))?;
    }
    for (file, leaves) in [("same.rs", Leaves::Same), ("plain.rs", Leaves::Plain)] {
        let tokens = generated.twins(leaves)?;
        let file_out = syn::parse2(tokens).context("the twins")?;
        fs::write(out.join(file), prettyplease::unparse(&file_out))?;
    }
    Ok(())
}

/// The types of fields that are not structs.
#[derive(Clone, Copy, PartialEq)]
enum Leaves {
    /// Those of `stream-models`.
    Same,
    /// The types that serde decodes itself: integers for timestamps, maps for custom data, strings
    /// for enums, any JSON for unions.
    Plain,
}

impl Generated {
    fn read_folder(&mut self, folder: &Path) -> Result<()> {
        let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let path = entry?.path();
            let module = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let file = syn::parse_file(&text).with_context(|| path.display().to_string())?;
            for item in file.items {
                match item {
                    Item::Struct(item) => {
                        self.structs.insert(item.ident.to_string(), item);
                    }
                    Item::Macro(item) if item.mac.path.is_ident("open_enum") => {
                        if let Some(name) = enum_name(item.mac.tokens) {
                            self.enums.insert(name, format_ident!("{module}"));
                        }
                    }
                    Item::Enum(item) => {
                        self.unions.insert(item.ident.to_string(), format_ident!("{module}"));
                    }
                    Item::Impl(item) => {
                        if let Some((name, wires)) = wire_names(&item) {
                            self.wires.insert(name, wires);
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn twins(&self, leaves: Leaves) -> Result<TokenStream> {
        let mut twins = TokenStream::new();
        let mut done = BTreeSet::new();
        let mut open: Vec<String> = ROOTS.iter().map(|&root| root.to_owned()).collect();
        while let Some(name) = open.pop() {
            if !done.insert(name.clone()) {
                continue;
            }
            let item = self.structs.get(&name).with_context(|| format!("no struct {name}"))?;
            let wires = self.wires.get(&name);
            let mut fields = TokenStream::new();
            for field in &item.fields {
                let ident = field.ident.as_ref().context("a field without a name")?;
                let text = ident.to_string();
                let wire = wires.and_then(|wires| wires.get(&text)).with_context(|| {
                    format!("{name}.{text}: no arm of DecodeObject::member reads it")
                })?;
                let ty = &field.ty;
                let ty = self.twin_type(quote!(#ty), leaves, &mut open);
                fields.extend(quote! {
                    #[serde(default, rename = #wire)]
                    pub(crate) #ident: #ty,
                });
            }
            let ident = &item.ident;
            twins.extend(quote! {
                #[derive(Debug, Default, serde::Deserialize)]
                pub(crate) struct #ident { #fields }
            });
        }
        Ok(twins)
    }

    /// Returns the type with every name in it replaced by that of its copy.
    fn twin_type(
        &self,
        tokens: TokenStream,
        leaves: Leaves,
        open: &mut Vec<String>,
    ) -> TokenStream {
        let mut out = TokenStream::new();
        for token in tokens {
            let TokenTree::Ident(ident) = &token else {
                out.extend([token]);
                continue;
            };
            let name = ident.to_string();
            if self.structs.contains_key(&name) {
                open.push(name);
                out.extend([token]);
                continue;
            }
            let union = self.unions.get(&name);
            let module = self.enums.get(&name).or(union);
            out.extend(match (name.as_str(), leaves) {
                ("Timestamp", Leaves::Plain) => quote!(i64),
                ("Cid", Leaves::Plain) => quote!(String),
                ("Custom", Leaves::Plain) => quote!(serde_json::Map<String, serde_json::Value>),
                (_, Leaves::Plain) if union.is_some() => quote!(serde_json::Value),
                (_, Leaves::Plain) if module.is_some() => quote!(String),
                ("BTreeMap", _) => quote!(std::collections::BTreeMap),
                ("Map" | "Value", _) => quote!(serde_json::#ident),
                _ if VALUES.contains(&name.as_str()) => quote!(stream_models::#ident),
                _ => match module {
                    Some(module) => quote!(stream_models::#module::#ident),
                    None => quote!(#ident),
                },
            });
        }
        out
    }
}

/// Returns the name after `enum`.
fn enum_name(tokens: TokenStream) -> Option<String> {
    let mut tokens = tokens.into_iter();
    tokens.find(|token| token.to_string() == "enum")?;
    tokens.next().map(|name| name.to_string())
}

/// Returns the arms of `DecodeObject::member`: `"wire" => value.read(&mut self.field)`.
fn wire_names(item: &ItemImpl) -> Option<(String, BTreeMap<String, String>)> {
    let (_, of, _) = item.trait_.as_ref()?;
    let syn::Type::Path(target) = item.self_ty.as_ref() else {
        return None;
    };
    if !of.is_ident("DecodeObject") {
        return None;
    }
    let mut wires = BTreeMap::new();
    for item in &item.items {
        let syn::ImplItem::Fn(function) = item else { continue };
        for statement in &function.block.stmts {
            let syn::Stmt::Expr(Expr::Match(expression), _) = statement else { continue };
            for arm in &expression.arms {
                let Pat::Lit(syn::ExprLit { lit: syn::Lit::Str(wire), .. }) = &arm.pat else {
                    continue;
                };
                let body = &arm.body;
                if let Some(field) = field_of_self(quote!(#body)) {
                    wires.insert(field, wire.value());
                }
            }
        }
    }
    Some((target.path.get_ident()?.to_string(), wires))
}

/// Returns the name after `self.`, at any depth.
fn field_of_self(tokens: TokenStream) -> Option<String> {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                if let Some(field) = field_of_self(group.stream()) {
                    return Some(field);
                }
            }
            TokenTree::Ident(ident) if ident == "self" => {
                tokens.next();
                return tokens.next().map(|field| field.to_string());
            }
            _ => {}
        }
    }
    None
}
