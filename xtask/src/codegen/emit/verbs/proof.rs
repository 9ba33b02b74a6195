//! Emits a call of every method with samples, for a test that compares it with the schema.

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::call::Call;
use super::index::Index;
use super::setters::{Knob, Setting, knobs};
use crate::codegen::emit::imports::Imports;
use crate::codegen::emit::rust_types::{held, ident, taken};
use crate::codegen::emit::{HEADER, source};
use crate::codegen::types::Ty;
use stream_spec::Verbs;

/// Returns the file with the calls.
pub(super) fn text(index: &Index<'_>, verbs: &Verbs, calls: &[Call<'_>]) -> Result<String> {
    let mut imports = Imports::default();
    imports.add_all("crate::support", &["Set", "Verb", "full", "minimal"]);
    let mut entries = Vec::new();
    for call in calls {
        let entry = entry(index, verbs, call, &mut imports).with_context(|| call.place())?;
        entries.push((call.operation.id.as_str(), entry));
    }
    entries.sort_by_key(|(id, _)| *id);
    let entries = entries.into_iter().map(|(_, entry)| entry);
    let table = source(quote! {
        #[doc = " Every method, by the id of its operation."]
        pub(crate) const VERBS: &[Verb] = &[#(#entries),*];
    });
    Ok(format!("{HEADER}//! A call of every method.\n\n{imports}\n{table}"))
}

fn entry(
    index: &Index<'_>,
    verbs: &Verbs,
    call: &Call<'_>,
    imports: &mut Imports,
) -> Result<TokenStream> {
    let id = &call.operation.id;
    let handle = handle(verbs, call.handle, imports)?;
    let method = ident(call.method);
    let mut arguments = Vec::new();
    for (_, path) in call.arguments() {
        arguments.push(argument(index, call, path, imports)?);
    }
    if call.verb.by.is_some() {
        arguments.push(quote!(minimal::<String>()));
    }
    let knobs = knobs(index, verbs, call)?;
    let is_batch = call.verb.batch.is_some();
    let setters: Vec<TokenStream> = knobs.iter().map(|knob| setter(index, knob, imports)).collect();
    let clearable: Vec<&Knob<'_>> = knobs.iter().filter(|knob| knob.can_be_cleared).collect();
    let clears = clearable.iter().map(|knob| {
        let name = format_ident!("clear_{}", knob.name.trim_end_matches('_'));
        quote!(.#name())
    });
    let cleared = clearable.iter().map(|knob| &knob.field.wire);
    let send = if is_batch { quote!(batch) } else { quote!(one) };
    let made = quote!(#handle.#method(#(#arguments),*));
    // There is no arm without setters.
    let full = (!setters.is_empty()).then(|| quote!(Set::All => Verb::#send(#made #(#setters)*),));
    let clear =
        (!clearable.is_empty()).then(|| quote!(Set::Cleared => Verb::#send(#made #(#clears)*),));
    let call = if full.is_none() && clear.is_none() {
        quote!(|client, _| Verb::#send(#made))
    } else {
        quote!(|client, set| match set { #full #clear _ => Verb::#send(#made), })
    };
    Ok(quote!(Verb::new(#id, &[#(#cleared),*], #call)))
}

/// Returns the expression of a handle.
fn handle(verbs: &Verbs, name: &str, imports: &mut Imports) -> Result<TokenStream> {
    let text = quote!(minimal::<String>());
    Ok(match name {
        "Client" => quote!(client),
        "User" => quote!(client.user(#text)),
        "Channel" => quote!(client.channel(#text, #text)),
        "Message" => quote!(client.message(#text)),
        "Task" => quote!(client.task(#text)),
        "ChannelBatch" => {
            imports.add("stream_models::channels", "ChannelBatchFilter");
            quote!(client.channel_batch(ChannelBatchFilter::all()))
        }
        name => {
            let handle = verbs.handles.get(name).context("no such handle")?;
            let from = handle.from.as_deref().and_then(|from| from.split_once('.'));
            let (giver, method) = from.with_context(|| format!("{name}: from"))?;
            let known = usize::from(giver == "Message");
            let arguments = (known..handle.holds.len()).map(|_| &text);
            let (giver, method) = (self::handle(verbs, giver, imports)?, ident(method));
            quote!(#giver.#method(#(#arguments),*))
        }
    })
}

fn argument(
    index: &Index<'_>,
    call: &Call<'_>,
    path: &str,
    imports: &mut Imports,
) -> Result<TokenStream> {
    let site = call.site(index, path)?;
    index.import_type(imports, &site.ty);
    Ok(match &site.ty {
        Ty::List(_) => {
            let held = held(&site.ty);
            quote!(full::<#held>(2))
        }
        // Users are keyed by their IDs.
        Ty::Dict(element) if call.verb.batch.is_some() => {
            let held = held(element);
            quote!(full::<Vec<#held>>(2))
        }
        ty => {
            if matches!(ty, Ty::Dict(_)) {
                imports.add("std::collections", "BTreeMap");
            }
            let sampled = sampled(ty);
            quote!(minimal::<#sampled>())
        }
    })
}

/// Returns the type of a sample: that of the parameter if it differs from that of the field.
fn sampled(ty: &Ty) -> TokenStream {
    if matches!(ty, Ty::Duration(_)) { taken(ty) } else { held(ty) }
}

fn setter(index: &Index<'_>, knob: &Knob<'_>, imports: &mut Imports) -> TokenStream {
    let name = ident(&knob.name);
    let sampled = sampled(&knob.field.ty);
    let value = match &knob.setting {
        Setting::Switch => quote!(),
        Setting::Custom => quote!("key", "value"),
        Setting::Append | Setting::Names => {
            let Ty::List(element) = &knob.field.ty else { return quote!() };
            index.import_type(imports, element);
            let held = held(element);
            quote!(minimal::<#held>())
        }
        Setting::Sort => {
            imports.add("stream_models::shared", "SortParamRequest");
            quote!(SortParamRequest::ascending("key"))
        }
        Setting::Filled | Setting::Plain => {
            index.import_type(imports, &knob.field.ty);
            if matches!(knob.field.ty, Ty::Dict(_)) {
                imports.add("std::collections", "BTreeMap");
            }
            quote!(full::<#sampled>(2))
        }
    };
    quote!(.#name(#value))
}
