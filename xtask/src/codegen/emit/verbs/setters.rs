//! Emits setters on the request of an operation, for every field that is not a parameter of its
//! method.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use proc_macro2::TokenStream;
use quote::quote;

use super::call::{Call, PAYLOAD};
use super::index::Index;
use super::modules;
use crate::codegen::emit::imports::Imports;
use crate::codegen::emit::rust_types::{convert, held, ident, taken};
use crate::codegen::emit::setters::{Absence, CUSTOM_FIELDS, Held, is_custom};
use crate::codegen::emit::{HEADER, docs, last, operations, source, structs};
use crate::codegen::homes::feature_of;
use crate::codegen::ir::{FieldModel, StructModel};
use crate::codegen::normalize::Marker;
use crate::codegen::output::Files;
use crate::codegen::types::Ty;
use stream_spec::{Setter, Verbs};

/// The methods that every request has.
const TAKEN: [&str; 8] =
    ["and_wait", "body", "into_future", "items", "map", "operation", "options", "pages"];

/// Adds one file of setters for each module of operations.
pub(super) fn add(
    index: &Index<'_>,
    verbs: &Verbs,
    calls: &[Call<'_>],
    files: &mut Files,
) -> Result<()> {
    let mut by_module: BTreeMap<&str, Vec<&Call<'_>>> = BTreeMap::new();
    for call in calls {
        by_module.entry(call.module).or_default().push(call);
    }
    let mut names = BTreeSet::new();
    for (module, calls) in by_module {
        let mut imports = Imports::default();
        let mut items = TokenStream::new();
        for call in calls {
            let knobs = knobs(index, verbs, call)?;
            items.extend(emit(index, call, &knobs, &mut imports));
        }
        if items.is_empty() {
            continue;
        }
        let name = last(module);
        let about = format!("//! Setters of the requests of `{name}`.\n\n");
        let text = format!("{HEADER}{about}{imports}\n{}", source(items));
        files.insert(PathBuf::from(format!("setters/{name}.rs")), text);
        names.insert((name.to_owned(), feature_of(module)));
    }
    let header = "//! Setters of requests, by the module of their operations.\n\n";
    files.insert(PathBuf::from("setters/mod.rs"), modules(header, &names));
    Ok(())
}

/// The owner of a field, seen from the operation.
#[derive(Clone, Copy)]
pub(super) enum Holder<'a> {
    Operation,
    Body,
    Payload(&'a FieldModel),
    /// An object of the body whose fields are set as if they were those of the body.
    Flat(&'a FieldModel, Absence),
}

/// A field that can be set.
pub(super) struct Knob<'a> {
    pub(super) name: String,
    pub(super) holder: Holder<'a>,
    pub(super) field: &'a FieldModel,
    absence: Absence,
    pub(super) setting: Setting,
    pub(super) can_be_cleared: bool,
    /// The documentation, in place of the field's own.
    says: Option<&'a str>,
}

pub(super) enum Setting {
    Plain,
    /// A required field that the method sets.
    Filled,
    Custom,
    Switch,
    /// Adds an entry to a list.
    Append,
    /// Adds one name or several to a list of strings.
    Names,
    Sort,
}

/// Returns the fields of an operation that can be set.
pub(super) fn knobs<'a>(
    index: &Index<'a>,
    verbs: &'a Verbs,
    call: &'a Call<'a>,
) -> Result<Vec<Knob<'a>>> {
    let mut collector = Collector::of(index, verbs, call)?;
    let parameters: Vec<Held<'a>> = operations::held_fields(call.operation, None);
    for held in &parameters {
        if held.field.wire != PAYLOAD {
            collector.add(Holder::Operation, None, held, &[])?;
        }
    }
    if let Some(body) = call.body_type {
        collector.object(Holder::Body, body)?;
    }
    if let Some((field, payload)) = call.payload {
        collector.object(Holder::Payload(field), payload)?;
    }
    Ok(collector.knobs)
}

struct Collector<'a> {
    index: Index<'a>,
    verbs: &'a Verbs,
    call: &'a Call<'a>,
    /// The paths that the method sets.
    given: BTreeSet<Vec<String>>,
    /// Those of them that setters may extend.
    filled: BTreeSet<Vec<String>>,
    knobs: Vec<Knob<'a>>,
}

impl<'a> Collector<'a> {
    fn of(index: &Index<'a>, verbs: &'a Verbs, call: &'a Call<'a>) -> Result<Self> {
        let mut given = BTreeSet::new();
        let mut filled = BTreeSet::new();
        let taken = call.arguments().map(|(_, place)| place);
        for text in taken.chain(call.verb.by.as_deref()) {
            let site = call.site(index, text)?;
            if site.path != ["body"] && text != PAYLOAD {
                given.insert(site.path);
            }
        }
        for (text, value) in &call.verb.fill {
            let site = call.site(index, text)?;
            if value.starts_with('=') && site.required {
                filled.insert(site.path);
            } else if !value.starts_with('=') {
                given.insert(site.path);
            }
        }
        Ok(Self { index: index.clone(), verbs, call, given, filled, knobs: Vec::new() })
    }

    fn object(&mut self, holder: Holder<'a>, item: &'a StructModel) -> Result<()> {
        let fields = structs::held_fields(item);
        for held in &fields {
            let flat =
                matches!(holder, Holder::Body) && self.call.verb.flat.contains(&held.field.wire);
            if !flat {
                self.add(holder, Some(item), held, &fields)?;
                continue;
            }
            let Some(inner) = self.index.structure_of(&held.field.ty) else {
                bail!("{}: {} is not an object", self.call.place(), held.field.wire);
            };
            let fields = structs::held_fields(inner);
            let holder = Holder::Flat(held.field, held.absence);
            for held in &fields {
                self.add(holder, Some(inner), held, &fields)?;
            }
        }
        Ok(())
    }

    fn path(&self, holder: Holder<'a>, field: &FieldModel) -> (Vec<String>, String) {
        let own = field.ident.clone();
        match holder {
            Holder::Operation => (vec![own], field.wire.clone()),
            Holder::Body => (vec!["body".to_owned(), own], field.wire.clone()),
            Holder::Payload(payload) => {
                (vec![payload.ident.clone(), own], format!("{PAYLOAD}.{}", field.wire))
            }
            Holder::Flat(outer, _) => (
                vec!["body".to_owned(), outer.ident.clone(), own],
                format!("{}.{}", outer.wire, field.wire),
            ),
        }
    }

    fn add(
        &mut self,
        holder: Holder<'a>,
        owner: Option<&'a StructModel>,
        held: &Held<'a>,
        siblings: &[Held<'a>],
    ) -> Result<()> {
        let (field, verb) = (held.field, self.call.verb);
        let (path, text) = self.path(holder, field);
        let is_filled = self.filled.contains(&path);
        if self.given.contains(&path)
            || (field.required && !is_custom(&field.ty) && !is_filled)
            || verb.skip.contains(&text)
            || is_user_object(field, siblings)
        {
            return Ok(());
        }
        let of_type =
            owner.and_then(|item| self.verbs.setters.get(&format!("{}.{}", item.name, field.wire)));
        let setter = of_type.or_else(|| self.verbs.setters.get(&field.wire));
        let name = verb
            .rename
            .get(&text)
            .or_else(|| setter.and_then(|setter| setter.name.as_ref()))
            .unwrap_or(&field.ident);
        let setting = setting(field, is_filled, setter);
        let changes = matches!(self.call.operation.method.as_str(), "Put" | "Patch");
        let can_be_cleared = changes
            && held.can_be_cleared()
            && matches!(holder, Holder::Body)
            && !matches!(field.wire.as_str(), "set" | "unset" | "user_id" | "user")
            && !matches!(setting, Setting::Switch);
        let knob = Knob {
            name: name.clone(),
            holder,
            field,
            absence: held.absence,
            setting,
            can_be_cleared,
            says: setter.and_then(|setter| setter.says.as_deref()),
        };
        let place = self.call.place();
        ensure!(!TAKEN.contains(&name.as_str()), "{place}: rename {text}: requests have a {name}");
        let clash = self.knobs.iter().find(|other| other.name == *name);
        if let Some(other) = clash {
            bail!("{place}: rename {text}: the setter of {} is called {name}", other.field.wire);
        }
        self.knobs.push(knob);
        Ok(())
    }
}

fn setting(field: &FieldModel, is_filled: bool, setter: Option<&Setter>) -> Setting {
    match &field.ty {
        _ if is_filled => Setting::Filled,
        ty if is_custom(ty) => Setting::Custom,
        Ty::Bool if setter.is_some_and(|setter| setter.switch) => Setting::Switch,
        Ty::Sort(_) => Setting::Sort,
        Ty::List(element) if setter.is_some_and(|setter| setter.append) => match **element {
            Ty::String => Setting::Names,
            _ => Setting::Append,
        },
        _ => Setting::Plain,
    }
}

/// Returns whether a field is a whole user, beside one for the ID of that user.
fn is_user_object(field: &FieldModel, siblings: &[Held<'_>]) -> bool {
    let id = format!("{}_id", field.wire);
    matches!(&field.ty, Ty::Named(name) if name == "UserRequest")
        && siblings.iter().any(|held| held.field.wire == id)
}

/// The type that has the setters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Request,
    Bulk,
}

/// The operations of which the chat layer sends both batches and single requests.
const BOTH: [&str; 7] = [
    "ChannelBatchUpdate",
    "MuteChannel",
    "UnmuteChannel",
    "UpdateChannel",
    "UpdateUsersPartial",
    "mute",
    "unmute",
];

fn targets(call: &Call<'_>) -> &'static [Target] {
    if call.verb.batch.is_some() {
        &[Target::Bulk]
    } else if BOTH.contains(&call.operation.id.as_str()) {
        &[Target::Request, Target::Bulk]
    } else {
        &[Target::Request]
    }
}

/// Returns the setters of a request, or of a batch.
fn emit(
    index: &Index<'_>,
    call: &Call<'_>,
    knobs: &[Knob<'_>],
    imports: &mut Imports,
) -> TokenStream {
    let mut tokens = TokenStream::new();
    let operation = ident(&call.operation.name);
    for target in targets(call) {
        let mut writer = Writer { index, call, target: *target, imports };
        let mut functions = TokenStream::new();
        for knob in knobs {
            // The message is sent only with the first request, which is handwritten. The members
            // are divided into batches.
            let is_cut = call.operation.id == "ChannelBatchUpdate" && knob.field.wire == "members";
            let is_message = knob.field.ty == Ty::Named("MessageRequest".to_owned());
            if *target == Target::Bulk && (is_cut || is_message) {
                continue;
            }
            let setter = writer.setter(knob);
            functions.extend(setter);
            if matches!(knob.setting, Setting::Custom) {
                functions.extend(writer.custom_fields(knob));
            }
            if knob.can_be_cleared {
                functions.extend(writer.clear(knob));
            }
        }
        let wholes = writer.wholes();
        let is_borrowing = !wholes.is_empty();
        functions.extend(wholes);
        if functions.is_empty() {
            continue;
        }
        imports.add(&format!("stream_models::{}", last(call.module)), &call.operation.name);
        tokens.extend(match target {
            Target::Request => {
                imports.add("crate", "Request");
                quote!(impl Request<#operation> { #functions })
            }
            // A function that changes each operation lives as long as the entries.
            Target::Bulk if is_borrowing => {
                imports.add("crate", "Bulk");
                quote!(impl<'a, T> Bulk<'a, #operation, T> { #functions })
            }
            Target::Bulk => {
                imports.add("crate", "Bulk");
                quote!(impl<T> Bulk<'_, #operation, T> { #functions })
            }
        });
    }
    tokens
}

struct Writer<'a, 'b> {
    index: &'b Index<'a>,
    call: &'b Call<'a>,
    target: Target,
    imports: &'b mut Imports,
}

impl Writer<'_, '_> {
    fn setter(&mut self, knob: &Knob<'_>) -> TokenStream {
        let (field, bulk) = (knob.field, self.target == Target::Bulk);
        let mut before = TokenStream::new();
        let (arguments, statement) = match knob.setting {
            Setting::Switch => (quote!(), self.assign(knob, quote!(true))),
            Setting::Custom => {
                self.imports.add("serde", "Serialize");
                let arguments = quote!(, key: impl Into<String>, value: impl Serialize);
                let statement = if bulk {
                    // Each request of a batch has the value.
                    self.imports.add("stream_models", "Custom");
                    before = quote!(let entry = Custom::from_iter([(key, value)]););
                    self.inside(knob, |place| quote!(#place.merge(entry.clone());))
                } else {
                    self.inside(knob, |place| quote!(#place.set(key, value);))
                };
                (arguments, statement)
            }
            Setting::Names => {
                self.imports.add("crate", "IntoNames");
                let value = if bulk {
                    before = quote!(let names = value.into_names(););
                    quote!(names.iter().cloned())
                } else {
                    quote!(value.into_names())
                };
                let statement = self.inside(knob, |place| quote!(#place.extend(#value);));
                (quote!(, value: impl IntoNames), statement)
            }
            Setting::Append => {
                let element = match &field.ty {
                    Ty::List(element) => element,
                    other => other,
                };
                let (ty, held) = (taken(element), held(element));
                self.index.import_type(self.imports, element);
                let statement = if bulk {
                    before = quote!(let value: #held = value.into(););
                    self.inside(knob, |place| quote!(#place.push(value.clone());))
                } else {
                    self.inside(knob, |place| quote!(#place.push(value.into());))
                };
                (quote!(, value: #ty), statement)
            }
            Setting::Sort => {
                self.index.import_type(self.imports, &field.ty);
                let (ty, value) = (taken(&field.ty), convert(quote!(value), &field.ty));
                let statement = self.inside(knob, |place| quote!(#place.extend(#value);));
                (quote!(, value: #ty), statement)
            }
            Setting::Filled | Setting::Plain => {
                if bulk {
                    self.index.import_type(self.imports, &field.ty);
                } else {
                    self.index.import_taken(self.imports, &field.ty);
                }
                if matches!(field.ty, Ty::Duration(_)) {
                    self.imports.add("stream_models", "units");
                }
                let (ty, held) = (taken(&field.ty), held(&field.ty));
                let value = convert(quote!(value), &field.ty);
                let is_copy = matches!(field.ty, Ty::Bool | Ty::Duration(_));
                let value = if bulk && !is_copy {
                    if matches!(field.ty, Ty::Dict(_)) {
                        self.imports.add("std::collections", "BTreeMap");
                    }
                    // Each request of a batch has the value.
                    before = quote!(let value: #held = #value;);
                    match field.ty {
                        Ty::Marker(Marker::Timestamp) => quote!(value),
                        _ => quote!(value.clone()),
                    }
                } else {
                    value
                };
                (quote!(, value: #ty), self.assign(knob, value))
            }
        };
        // The setter has the name that the alternative to its field has in the schema.
        let itself = format!(" Give this or `{}`.", knob.name);
        let text = knob.says.unwrap_or(&field.doc).replace(&itself, "");
        let mut doc = docs::of_setter(&text, &field.ty);
        if matches!(knob.setting, Setting::Sort) {
            doc.push("A second call orders what the first leaves equal.".to_owned());
        }
        let mut doc = docs::paragraphs(&doc);
        if knob.name != field.ident {
            // The search finds it by the name of the field, and so do the hints of the compiler.
            let alias = field.ident.trim_end_matches('_');
            doc.extend(quote!(#[doc(alias = #alias)]));
        }
        let is_generic = arguments.to_string().contains("impl ");
        self.function(&knob.name, &doc, is_generic, &arguments, &before, &statement)
    }

    fn custom_fields(&mut self, knob: &Knob<'_>) -> TokenStream {
        let (before, statement) = if self.target == Target::Bulk {
            let before = quote!(let entries = Custom::of(data););
            (before, self.inside(knob, |place| quote!(#place.merge(entries.clone());)))
        } else {
            (quote!(), self.inside(knob, |place| quote!(#place.set_prefixed("", data);)))
        };
        let name = format!("{}_fields", knob.name);
        let doc = docs::paragraphs(&[CUSTOM_FIELDS]);
        self.function(&name, &doc, true, &quote!(, data: impl Serialize), &before, &statement)
    }

    fn clear(&mut self, knob: &Knob<'_>) -> TokenStream {
        self.imports.add("stream_models", "Optional");
        let doc = docs::line(&format!("Clears what [`{0}`](Self::{0}) sets.", knob.name));
        let statement = self.at(knob, |place| quote!(#place = Optional::Null;));
        let name = format!("clear_{}", knob.name.trim_end_matches('_'));
        self.function(&name, &doc, false, &quote!(), &quote!(), &statement)
    }

    fn function(
        &self,
        name: &str,
        doc: &TokenStream,
        is_generic: bool,
        arguments: &TokenStream,
        before: &TokenStream,
        statement: &TokenStream,
    ) -> TokenStream {
        let name = ident(name);
        // A function that is not generic would be compiled here even if it is never called.
        let inline = (!is_generic).then(|| quote!(#[inline]));
        let (receiver, body) = match self.target {
            Target::Request => (quote!(mut self), quote!(#statement self)),
            Target::Bulk => (quote!(self), quote!(self.each(move |operation| { #statement }))),
        };
        quote! {
            #doc
            #inline
            pub fn #name(#receiver #arguments) -> Self {
                #before
                #body
            }
        }
    }

    fn root(&self) -> TokenStream {
        match self.target {
            Target::Request => quote!(self.operation),
            Target::Bulk => quote!(operation),
        }
    }

    /// Returns a statement about a field.
    fn at(&self, knob: &Knob<'_>, statement: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
        let (root, own) = (self.root(), ident(&knob.field.ident));
        match knob.holder {
            Holder::Operation => statement(quote!(#root.#own)),
            Holder::Body => statement(quote!(#root.body.#own)),
            Holder::Payload(payload) => {
                let payload = ident(&payload.ident);
                let statement = statement(quote!(payload.#own));
                quote!(if let Some(payload) = &mut #root.#payload { #statement })
            }
            Holder::Flat(outer, absence) => {
                let outer = present(quote!(#root.body), outer, absence);
                statement(quote!(#outer.#own))
            }
        }
    }

    /// Returns a statement about the object in a field, which is created first if it is missing.
    fn inside(
        &self,
        knob: &Knob<'_>,
        statement: impl Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        self.at(knob, |place| statement(knob.absence.object(place, knob.field.required)))
    }

    fn assign(&mut self, knob: &Knob<'_>, value: TokenStream) -> TokenStream {
        let value = if knob.field.boxed { quote!(Box::new(#value)) } else { value };
        let is_optional = !knob.field.required && knob.absence == Absence::Optional;
        self.imports.add_if(is_optional, "stream_models", "Optional");
        let value = if knob.field.required { value } else { knob.absence.set(value) };
        self.at(knob, |place| quote!(#place = #value;))
    }

    /// Returns functions that change a whole object: the body or the payload, and flattened
    /// objects.
    fn wholes(&mut self) -> TokenStream {
        let mut tokens = TokenStream::new();
        let bulk = self.target == Target::Bulk;
        let root = self.root();
        let mut whole =
            |writer: &mut Self, name: &str, doc: &str, ty: &str, change: TokenStream| {
                writer.index.import(writer.imports, ty);
                let ty = ident(ty);
                let arguments = if bulk {
                    writer.imports.add("stream_http", "MaybeSend");
                    quote!(, mut change: impl FnMut(#ty) -> #ty + MaybeSend + 'a)
                } else {
                    quote!(, change: impl FnOnce(#ty) -> #ty)
                };
                let doc = docs::line(doc);
                let function = writer.function(name, &doc, true, &arguments, &quote!(), &change);
                tokens.extend(function);
            };
        let doc = "Changes the body in any way that it allows.";
        let structure = self.call.body_type.filter(|item| !item.fields.is_empty());
        if let Some(body) = structure {
            let change = if bulk {
                quote!(operation.body = change(operation.body.clone());)
            } else {
                quote!(self.operation.body = change(self.operation.body);)
            };
            whole(self, "body", doc, &body.name, change);
            for outer in &body.fields {
                let Some(inner) = self.index.structure_of(&outer.ty) else { continue };
                if outer.required || !self.call.verb.flat.contains(&outer.wire) {
                    continue;
                }
                let absence = structs::absence(body, outer);
                let place = present(quote!(#root.body), outer, absence);
                let change = quote! {
                    let object = #place;
                    *object = change(std::mem::take(object));
                };
                let doc = format!("Changes `{}` in any way that it allows.", outer.wire);
                whole(self, &outer.ident, &doc, &inner.name, change);
            }
        } else if let Some((field, payload)) = self.call.payload {
            let own = ident(&field.ident);
            let change = quote!(#root.#own = #root.#own.take().map(change););
            let doc = "Changes the query in any way that it allows.";
            whole(self, "body", doc, &payload.name, change);
        }
        tokens
    }
}

/// Returns an object of the body, which is created first if it is missing.
fn present(body: TokenStream, field: &FieldModel, absence: Absence) -> TokenStream {
    let own = ident(&field.ident);
    absence.object(quote!(#body.#own), field.required)
}
