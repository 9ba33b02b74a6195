use super::rust_types::{ident, taken};
use super::setters::is_custom;
use super::{HEADER, docs, pretty};
use crate::codegen::ir::{Ir, StructModel};
use crate::codegen::output::Files;
use anyhow::Result;
use quote::{format_ident, quote};
use std::path::PathBuf;

/// Operations whose body is so wide that its setters stand on the request itself.
const WIDE: [(&str, &str); 1] = [("UpdateApp", "app")];

/// The setters of `stream-chat` that are generated, by file below its folder for them.
pub(in crate::codegen) fn files(ir: &Ir) -> Result<Files> {
    let mut files = Files::new();
    let mut modules = HEADER.to_owned();
    for (operation, name) in WIDE {
        let found = ir.modules.iter().find_map(|(path, module)| {
            let operation = module.operations.iter().find(|item| item.name == operation)?;
            let body = operation.body.as_ref()?;
            let item = module.structs.iter().find(|item| item.name == body.ty)?;
            Some((path, item))
        });
        // A schema without the operation has no use for its setters.
        if let Some((path, item)) = found {
            files.insert(PathBuf::from(format!("{name}.rs")), text(operation, path, item)?);
            modules.push_str(&format!("mod {name};\n"));
        }
    }
    files.insert(PathBuf::from("mod.rs"), modules);
    Ok(files)
}

fn text(operation: &str, path: &str, item: &StructModel) -> Result<String> {
    let module = path.rsplit('/').next().unwrap_or(path);
    let (operation_type, body) = (ident(operation), ident(&item.name));
    let setters = item.fields.iter().map(|field| {
        let name = ident(&field.ident);
        let clear = format_ident!("clear_{}", field.ident.trim_end_matches('_'));
        let doc = docs::paragraph(&field.doc);
        let clear_doc = docs::line(&format!("Clears [`{0}`]({1}::{0}).", field.ident, item.name));
        let setter = if is_custom(&field.ty) {
            quote! {
                pub fn #name(self, key: impl Into<String>, value: impl serde::Serialize) -> Self {
                    self.body(|body| body.#name(key, value))
                }
            }
        } else {
            let ty = taken(&field.ty);
            quote! {
                pub fn #name(self, value: #ty) -> Self {
                    self.body(|body| body.#name(value))
                }
            }
        };
        quote! {
            #doc
            #setter

            #clear_doc
            pub fn #clear(self) -> Self {
                self.body(#body::#clear)
            }
        }
    });
    let items = pretty(quote! {
        impl Request<#operation_type> {
            #(#setters)*
        }
    })?;
    Ok(format!(
        "{HEADER}use crate::request::Request;\nuse stream_models::{{Secret, Timestamp}};\nuse stream_models::{module}::*;\n\n{items}"
    ))
}
