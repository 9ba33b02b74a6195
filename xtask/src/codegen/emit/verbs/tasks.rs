//! Emits which operations start tasks, and the field of their response with the task's ID.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::quote;

use super::call::Call;
use super::index::Index;
use crate::codegen::emit::imports::Imports;
use crate::codegen::emit::rust_types::ident;
use crate::codegen::emit::{HEADER, last, source};
use crate::codegen::output::Files;

const TASK_ID: &str = "task_id";

/// Returns whether the response of an operation contains the ID of a task.
pub(super) fn starts_task(index: &Index<'_>, call: &Call<'_>) -> bool {
    let response = index.structure(&call.operation.response);
    call.operation.id != "GetTask"
        && response.is_some_and(|item| item.fields.iter().any(|field| field.wire == TASK_ID))
}

/// Adds one file for each feature.
pub(super) fn add(index: &Index<'_>, calls: &[Call<'_>], files: &mut Files) -> Result<()> {
    let mut by_feature: BTreeMap<Option<&'static str>, (Imports, TokenStream)> = BTreeMap::new();
    for call in calls.iter().filter(|call| starts_task(index, call)) {
        let (imports, items) = by_feature.entry(call.feature()).or_default();
        let module = last(call.module);
        imports.add(&format!("stream_models::{module}"), &call.operation.name);
        imports.add("crate::task", "StartsTask");
        let name = ident(&call.operation.name);
        let response = index.structure(&call.operation.response);
        let fields = response.into_iter().flat_map(|item| &item.fields);
        let is_required = fields.filter(|field| field.wire == TASK_ID).any(|field| field.required);
        let value = if is_required {
            quote!(Some(&response.task_id))
        } else {
            quote!(response.task_id.as_deref())
        };
        items.extend(quote! {
            impl StartsTask for #name {
                fn task_id(response: &Self::Response) -> Option<&str> {
                    #value
                }
            }
        });
    }
    let mut names = BTreeSet::new();
    for (feature, (imports, items)) in by_feature {
        let name = feature.unwrap_or("always");
        let about = match feature {
            Some(feature) => format!("Operations that start tasks of the feature `{feature}`."),
            None => "Operations that start tasks that every build has.".to_owned(),
        };
        let text = format!("{HEADER}//! {about}\n\n{imports}\n{}", source(items));
        files.insert(PathBuf::from(format!("tasks/{name}.rs")), text);
        names.insert((name.to_owned(), feature));
    }
    let header = "//! Operations that start work in the background.\n\n";
    files.insert(PathBuf::from("tasks/mod.rs"), super::modules(header, &names));
    Ok(())
}
