//! The direction that the API does not need, behind a feature. It is in separate files, so that the
//! compiler does not even parse them without the feature.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::quote;

use super::imports::Imports;
use super::rust_types::ident;
use super::structs::{decode, encode};
use super::{EVENTS, HEADER, last, list_call, source, unions};
use crate::codegen::directions::Role;
use crate::codegen::ir::{EventModel, Ir, Module, StructModel, UnionModel};
use crate::codegen::output::Files;

/// The feature, and the module that it adds.
pub(super) const FEATURE: &str = "both-directions";
pub(super) const MODULE: &str = "both_directions";

/// Adds a file for each module with types of one direction.
pub(super) fn add(ir: &Ir, files: &mut Files) -> Result<()> {
    let mut modules = BTreeSet::new();
    for (path, module) in &ir.modules {
        let text = module_text(ir, path, module).with_context(|| format!("{MODULE}: {path}"))?;
        if let Some(text) = text {
            let name = last(path);
            files.insert(PathBuf::from(format!("{MODULE}/{name}.rs")), text);
            modules.insert((name, ir.layout.attribute(path, "")));
        }
    }
    let mut text = format!(
        "{HEADER}//! Decodes what the API only receives, and encodes what it only returns.\n\n"
    );
    for (name, attribute) in modules {
        let _ = writeln!(text, "{attribute}mod {name};");
    }
    files.insert(PathBuf::from(format!("{MODULE}/mod.rs")), text);
    Ok(())
}

fn module_text(ir: &Ir, path: &str, module: &Module) -> Result<Option<String>> {
    let of_role = |role: Role| -> Vec<&StructModel> {
        let structs = module.structs.iter();
        structs.filter(|item| item.role == role && !item.multipart).collect()
    };
    let (sent, received) = (of_role(Role::Request), of_role(Role::Response));
    let unions_of = |role: Role| -> Vec<&UnionModel> {
        module.unions.iter().filter(|item| item.role == role).collect()
    };
    let (sent_unions, received_unions) = (unions_of(Role::Request), unions_of(Role::Response));
    let has_unions = !sent_unions.is_empty() || !received_unions.is_empty();
    let has_events = path == EVENTS;
    if sent.is_empty() && received.is_empty() && !has_unions && !has_events {
        return Ok(None);
    }
    let mut items = TokenStream::new();
    let mut imports = Imports::of(ir.layout);
    let home = format!("crate::generated::{}", path.replace('/', "::"));
    for item in sent.iter().chain(&received) {
        imports.add(&home, &item.name);
    }
    if !sent.is_empty() {
        imports.add_all("crate::codec::decode", &["DecodeObject", "Member", "deserialize_objects"]);
        imports.add("serde::de", "MapAccess");
        items.extend(sent.iter().map(|item| decode(item)));
    }
    if !received.is_empty() {
        imports.add_all("crate::codec::encode", &["EncodeObject", "Object", "serialize"]);
        items.extend(received.iter().map(|item| encode(item)));
    }
    for item in sent_unions.iter().chain(&received_unions) {
        imports.add(&home, &item.name);
    }
    imports.decode_unions(!sent_unions.is_empty());
    items.extend(sent_unions.iter().map(|item| unions::decode(item)));
    imports.encode_unions(&received_unions);
    items.extend(received_unions.iter().map(|item| unions::encode(item)));
    if has_events {
        imports.add(&home, "Event");
        let has_known = ir.events.iter().any(|event| event.event != "*");
        imports.add_if(has_known, "crate::codec::event", "event");
        imports.add_all("serde", &["Serialize", "Serializer"]);
        items.extend(events(&ir.events));
    }
    let sent_unions: Vec<&str> = sent_unions.iter().map(|item| item.name.as_str()).collect();
    let lists = list_call("serialize", &names(&received))
        + &list_call("deserialize_objects", &names(&sent))
        + &list_call("deserialize_unions", &sent_unions);
    let name = last(path);
    let about = format!("//! The other direction of the types in `{name}`.\n\n");
    let text = [HEADER, &about, &imports.to_string(), "\n", &source(items), &lists].concat();
    Ok(Some(text))
}

fn names<'a>(items: &[&'a StructModel]) -> Vec<&'a str> {
    items.iter().map(|item| item.name.as_str()).collect()
}

/// Returns the encoder of events.
fn events(events: &[EventModel]) -> TokenStream {
    let arms = events.iter().filter(|event| event.event != "*").map(|known| {
        let (kind, variant) = (&known.event, ident(&known.variant));
        quote!(Self::#variant(value) => event(#kind, &**value, serializer))
    });
    quote! {
        impl Serialize for Event {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#arms,)*
                    Self::Other(value) => value.json.serialize(serializer),
                }
            }
        }
    }
}
