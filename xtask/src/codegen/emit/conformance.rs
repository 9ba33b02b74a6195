//! Emits the data of the conformance tests: samples of everything that is sent, and tables of all
//! types and operations.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::imports::Imports;
use super::rust_types::{held, ident, taken};
use super::setters::{Held, has_empty_constructor, is_custom};
use super::{HEADER, last, operations, queries, source, structs, verbs};
use crate::codegen::directions::Role;
use crate::codegen::ir::{EnumModel, Ir, Module, OperationModel, StructModel, UnionModel};
use crate::codegen::output::Files;
use crate::codegen::queries::SORT_KEY;
use crate::codegen::types::Ty;
use stream_spec::Verbs;

/// Returns the generated files of the conformance tests, by their path in the generated folder.
pub(in crate::codegen) fn files(ir: &Ir, verbs: &Verbs) -> Result<Files> {
    let mut files = Files::new();
    let mut names = BTreeSet::new();
    for (path, module) in &ir.modules {
        let text = samples(ir, path, module).with_context(|| format!("samples of {path}"))?;
        if let Some(text) = text {
            let name = last(path);
            files.insert(PathBuf::from(format!("samples/{name}.rs")), text);
            names.insert(name);
        }
    }
    let mut text = format!("{HEADER}//! A sample of everything that is sent.\n\n");
    for name in names {
        let _ = writeln!(text, "mod {name};");
    }
    files.insert(PathBuf::from("samples/mod.rs"), text);
    files.insert(PathBuf::from("queries.rs"), queries::cases(ir));
    files.insert(PathBuf::from("verbs.rs"), verbs::proof(ir, verbs)?);
    files.insert(PathBuf::from("mod.rs"), tables(ir));
    Ok(files)
}

/// Returns the tables of all types and operations.
fn tables(ir: &Ir) -> String {
    let mut text = format!(
        "{HEADER}//! Tables of the API, and samples of what is sent.\n\npub(crate) mod queries;\nmod samples;\npub(crate) mod verbs;\n"
    );
    let mut schemas = Vec::new();
    let mut operations = Vec::new();
    for (path, module) in &ir.modules {
        let module_name = last(path);
        // The tests read the schemas in the document, in which others are parts of these.
        let declared = module.structs.iter().filter(|item| item.is_declared);
        for item in declared.filter(|item| !item.multipart) {
            let direction = match item.role {
                Role::Request => "sent",
                Role::Response => "received",
                Role::Both => "both",
            };
            let line =
                format!("Schema::{direction}::<{module_name}::{}>({:?})", item.name, item.schema);
            schemas.push((item.schema.as_str(), line));
        }
        for operation in &module.operations {
            let line = format!("Call::of::<{module_name}::{}>()", operation.name);
            operations.push((operation.id.as_str(), line));
        }
    }
    text.push_str(
        "\nuse crate::support::{Call, Schema};\nuse stream_models::*;\n\n\
         /// Every object of the schema that travels as JSON.\n",
    );
    table(&mut text, "SCHEMAS", "Schema", schemas);
    text.push_str("\n/// Every operation.\n");
    table(&mut text, "OPERATIONS", "Call", operations);
    text
}

fn table(text: &mut String, name: &str, of: &str, mut lines: Vec<(&str, String)>) {
    lines.sort_unstable();
    let _ = writeln!(text, "pub(crate) const {name}: &[{of}] = &[");
    for (_, line) in lines {
        let _ = writeln!(text, "    {line},");
    }
    text.push_str("];\n");
}

/// Returns the samples of one module; `None` if the API sends none of its types.
fn samples(ir: &Ir, path: &str, module: &Module) -> Result<Option<String>> {
    let mut writer = Writer { ir, imports: Imports::default(), items: TokenStream::new() };
    for operation in &module.operations {
        writer.operation(path, operation);
    }
    for item in module.structs.iter().filter(|item| item.role.is_sent()) {
        writer.structure(path, item);
    }
    for item in module.unions.iter().filter(|item| item.role.is_sent()) {
        writer.union(path, item);
    }
    let enums = writer.enums(path, &module.enums);
    if writer.items.is_empty() && enums.is_empty() {
        return Ok(None);
    }
    let items = source(writer.items);
    let about = format!("//! Samples of what `{}` sends.\n\n", last(path));
    let parts = [HEADER, &about, &writer.imports.to_string(), "\n", &items];
    Ok(Some(format!("{}{enums}", parts.concat().trim_end().to_owned() + "\n")))
}

struct Writer<'a> {
    ir: &'a Ir,
    imports: Imports,
    items: TokenStream,
}

impl Writer<'_> {
    fn import(&mut self, path: &str, type_name: &str) {
        self.imports.add(&format!("stream_models::{}", last(path)), type_name);
    }

    fn operation(&mut self, path: &str, operation: &OperationModel) {
        self.import(path, &operation.name);
        let body = operations::body_field(operation);
        let fields = operations::held_fields(operation, body.as_ref());
        self.sample(&operation.name, &fields);
    }

    fn structure(&mut self, path: &str, item: &StructModel) {
        self.import(path, &item.name);
        self.sample(&item.name, &structs::held_fields(item));
    }

    /// A sample of a union is that of its first branch.
    fn union(&mut self, path: &str, item: &UnionModel) {
        let Some(branch) = item.branches.first() else { return };
        self.import(path, &item.name);
        self.imports.add_all("crate::support", &["Sample", "full", "minimal"]);
        self.used(&branch.ty);
        let (name, ty) = (ident(&item.name), held(&branch.ty));
        self.items.extend(quote! {
            impl Sample for #name {
                fn minimal() -> Self {
                    minimal::<#ty>().into()
                }

                fn full(depth: usize) -> Self {
                    full::<#ty>(depth).into()
                }
            }
        });
    }

    fn sample(&mut self, name: &str, fields: &[Held<'_>]) {
        self.imports.add("crate::support", "Sample");
        let name = ident(name);
        let constructed = |how: &TokenStream| {
            let is_empty = has_empty_constructor(fields);
            let parameters = fields.iter().filter(|held| held.is_parameter());
            let values =
                parameters.map(|held| (ident(&held.field.ident), value(how, &held.field.ty)));
            if is_empty {
                let setters = values.map(|(name, value)| quote!(.#name(#value)));
                quote!(Self::new() #(#setters)*)
            } else {
                let arguments = values.map(|(_, value)| value);
                quote!(Self::new(#(#arguments),*))
            }
        };
        let (plain, deep) = (quote!(minimal), quote!(full));
        let minimal = constructed(&plain);
        let setters = fields.iter().filter_map(|held| setter(held, &deep));
        let full = constructed(&deep);
        let clears: Vec<TokenStream> = fields.iter().filter_map(clear).collect();
        let cleared = (!clears.is_empty()).then(|| {
            quote! {
                fn cleared() -> Self {
                    Self::minimal() #(#clears)*
                }
            }
        });
        let full = (!fields.is_empty()).then(|| {
            quote! {
                fn full(depth: usize) -> Self {
                    #full #(#setters)*
                }
            }
        });
        for (condition, import) in
            [(minimal.to_string().contains("minimal ::"), "minimal"), (full.is_some(), "full")]
        {
            self.imports.add_if(condition, "crate::support", import);
        }
        for held in fields {
            self.used(&held.field.ty);
        }
        self.items.extend(quote! {
            impl Sample for #name {
                fn minimal() -> Self {
                    #minimal
                }
                #full
                #cleared
            }
        });
    }

    /// Imports the types that a type consists of.
    fn used(&mut self, ty: &Ty) {
        match ty {
            Ty::Named(name) => {
                let homes = &self.ir.homes;
                if let Some(home) = homes.get(name) {
                    self.import(home, name);
                }
            }
            Ty::Upload => self.imports.add("stream_models", "Upload"),
            Ty::Duration(_) => self.imports.add("std::time", "Duration"),
            Ty::Marker(marker) if !is_custom(ty) => {
                self.imports.add("stream_models", marker.type_name());
            }
            Ty::Filter(query) => {
                self.imports.add("stream_models", "Filter");
                let home = query.as_ref().and_then(|query| self.ir.homes.get(query));
                if let (Some(query), Some(home)) = (query, home) {
                    self.import(home, query);
                }
            }
            Ty::Sort(_) => {
                if let Some(home) = self.ir.homes.get(SORT_KEY) {
                    self.import(home, SORT_KEY);
                }
            }
            Ty::Value => self.imports.add("serde_json", "Value"),
            Ty::Map => self.imports.add_all("serde_json", &["Map", "Value"]),
            Ty::List(inner) => self.used(inner),
            Ty::Dict(inner) => {
                self.imports.add("std::collections", "BTreeMap");
                self.used(inner);
            }
            Ty::Bool | Ty::Integer | Ty::Float | Ty::String | Ty::Marker(_) => {}
        }
    }

    fn enums(&mut self, path: &str, enums: &[EnumModel]) -> String {
        let mut text = String::new();
        for item in enums {
            if let Some((variant, _)) = item.variants.first() {
                self.import(path, &item.name);
                let _ = writeln!(text, "    {}::{variant},", item.name);
            }
        }
        if !text.is_empty() {
            self.imports.add("crate::support", "enum_samples");
            text = format!("\nenum_samples! {{\n{text}}}\n");
        }
        text
    }
}

/// Returns the expression for a sample of a type.
fn value(how: &TokenStream, ty: &Ty) -> TokenStream {
    let held = match ty {
        Ty::Duration(_) => taken(ty),
        ty => held(ty),
    };
    if how.to_string() == "full" {
        quote!(full::<#held>(depth))
    } else {
        quote!(minimal::<#held>())
    }
}

fn setter(held: &Held<'_>, how: &TokenStream) -> Option<TokenStream> {
    let name = ident(&held.field.ident);
    if is_custom(&held.field.ty) {
        return Some(quote!(.#name("key", "value")));
    }
    (!held.field.required).then(|| {
        let value = value(how, &held.field.ty);
        quote!(.#name(#value))
    })
}

fn clear(held: &Held<'_>) -> Option<TokenStream> {
    let clear = format_ident!("clear_{}", held.field.ident.trim_end_matches('_'));
    held.can_be_cleared().then(|| quote!(.#clear()))
}
