//! Emits imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::retarget::retarget;
use crate::codegen::directions::Role;
use crate::codegen::ir::{Ir, Module, UnionModel};
use crate::codegen::layout::{EVENTS, Layout};
use crate::codegen::normalize::Marker;
use crate::codegen::queries::SORT_KEY;
use crate::codegen::types::Ty;

/// Returns the `use` lines of a module.
pub(super) fn of(ir: &Ir, path: &str, module: &Module) -> String {
    let mut imports = Imports::of(ir.layout);
    imports.codec(module);
    let unions: Vec<&UnionModel> = module.unions.iter().collect();
    let sent: Vec<&UnionModel> =
        unions.iter().copied().filter(|item| item.role.is_sent()).collect();
    imports.encode_unions(&sent);
    imports.decode_unions(unions.iter().any(|item| item.role.is_received()));
    imports.operations(module);
    let mut types = TypesUsed::default();
    for item in &module.structs {
        for field in &item.fields {
            types.add(&field.ty);
            let may_be_null = item.role == Role::Request && !item.multipart && !field.required;
            imports.add_if(may_be_null, "crate::value", "Optional");
        }
        item.rest.iter().for_each(|field| types.add(&field.ty));
    }
    for operation in &module.operations {
        let parameters = operation.query_parameters.iter().map(|query| &query.field);
        for field in operation.path_parameters.iter().chain(parameters) {
            types.add(&field.ty);
        }
        types.named.extend(operation.body.iter().map(|body| body.ty.as_str()));
        types.named.insert(&operation.response);
    }
    for item in &module.unions {
        types.add(&Ty::Value);
        item.branches.iter().for_each(|branch| types.add(&branch.ty));
    }
    for alias in &module.aliases {
        types.add(&alias.ty);
    }
    imports.add_if(!module.filters.is_empty(), "crate::filter", "filter_fields");
    let mut filters =
        ir.queries.filters.iter().filter(|query| module.filters.contains(&query.name));
    let has_fields = filters.any(|query| !query.fields.is_empty());
    imports.add_if(has_fields, "crate::generated", "operator_sets");
    imports.add_if(!module.sorts.is_empty(), "crate::filter", "sort_fields");
    if path == EVENTS {
        types.named.extend(ir.events.iter().map(|event| event.schema.as_str()));
        types.markers.insert(Marker::Timestamp.type_name());
        imports.add_if(!ir.events.is_empty(), "serde", "Deserialize");
        imports.add("serde", "Deserializer");
    }
    for marker in types.markers {
        imports.add("crate::value", marker);
    }
    for (root, name) in types.foreign {
        imports.add(root, name);
    }
    for name in types.named {
        let home = ir.homes.get(name).filter(|home| *home != path);
        if let Some(home) = home.filter(|_| !module.reexports.contains(name)) {
            imports.add(&format!("crate::generated::{}", home.replace('/', "::")), name);
        }
    }
    imports.to_string()
}

/// The types that the fields of a module consist of.
#[derive(Default)]
struct TypesUsed<'a> {
    named: BTreeSet<&'a str>,
    markers: BTreeSet<&'static str>,
    foreign: BTreeSet<(&'static str, &'static str)>,
}

impl<'a> TypesUsed<'a> {
    fn add(&mut self, ty: &'a Ty) {
        match ty {
            Ty::Named(name) => drop(self.named.insert(name)),
            Ty::Marker(Marker::RawBody) => {
                self.foreign.insert(("crate::operation", "RawBody"));
            }
            Ty::Marker(marker) => drop(self.markers.insert(marker.type_name())),
            Ty::Upload => drop(self.foreign.insert(("crate::operation", "Upload"))),
            Ty::Duration(_) => {
                self.foreign.extend([("crate::value", "units"), ("std::time", "Duration")]);
            }
            Ty::Filter(query) => {
                self.foreign.insert(("crate::filter", "Filter"));
                self.named.extend(query.as_deref());
            }
            Ty::Sort(query) => {
                self.foreign.insert(("crate::filter", "Sort"));
                self.named.extend([query.as_str(), SORT_KEY]);
            }
            Ty::Value => drop(self.foreign.insert(("serde_json", "Value"))),
            Ty::Map => self.foreign.extend([("serde_json", "Map"), ("serde_json", "Value")]),
            Ty::List(element) => self.add(element),
            Ty::Dict(value) => {
                self.foreign.insert(("std::collections", "BTreeMap"));
                self.add(value);
            }
            Ty::Bool | Ty::Integer | Ty::Float | Ty::String => {}
        }
    }
}

/// The imports of a file in three groups: the standard library, crates, this workspace.
#[derive(Default)]
pub(super) struct Imports {
    layout: Layout,
    names: BTreeMap<(Group, String), BTreeSet<String>>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Standard,
    External,
    Workspace,
}

impl Group {
    fn of(root: &str) -> Self {
        match root.split("::").next().unwrap_or(root) {
            "std" => Self::Standard,
            name if name == "crate" || name.starts_with("stream_") => Self::Workspace,
            _ => Self::External,
        }
    }
}

impl Imports {
    pub(super) fn of(layout: Layout) -> Self {
        Self { layout, names: BTreeMap::new() }
    }

    pub(super) fn add_all(&mut self, root: &str, names: &[&str]) {
        for name in names {
            self.add(root, name);
        }
    }

    pub(super) fn add(&mut self, root: &str, name: &str) {
        let root = match self.layout {
            Layout::Workspace => root.to_owned(),
            Layout::Crate => retarget(root),
        };
        self.names.entry((Group::of(&root), root)).or_default().insert(name.to_owned());
    }

    pub(super) fn add_if(&mut self, condition: bool, root: &str, name: &str) {
        if condition {
            self.add(root, name);
        }
    }

    fn codec(&mut self, module: &Module) {
        let is_read = module.structs.iter().any(|item| item.role.is_received());
        let is_written = module.structs.iter().any(|item| item.role.is_sent() && !item.multipart);
        for name in ["DecodeObject", "Member", "deserialize_objects"] {
            self.add_if(is_read, "crate::codec::decode", name);
        }
        for name in ["EncodeObject", "Object", "serialize"] {
            self.add_if(is_written, "crate::codec::encode", name);
        }
        self.add_if(!module.enums.is_empty(), "crate::codec", "open_enum");
        self.add_if(is_read, "serde::de", "MapAccess");
    }

    pub(super) fn encode_unions(&mut self, unions: &[&UnionModel]) {
        self.add_if(!unions.is_empty(), "serde", "Serialize");
        self.add_if(!unions.is_empty(), "serde", "Serializer");
        let mut branches = unions.iter().flat_map(|item| &item.branches);
        self.add_if(branches.any(|branch| branch.tag.is_some()), "crate::codec::union", "tagged");
    }

    pub(super) fn decode_unions(&mut self, any: bool) {
        for name in ["DecodeUnion", "UnionForm", "UnionJson", "deserialize_unions"] {
            self.add_if(any, "crate::codec::union", name);
        }
        self.add_if(any, "serde_json", "Value");
    }

    fn operations(&mut self, module: &Module) {
        if module.structs.iter().any(|item| item.multipart) {
            self.add_all("crate::operation", &["InvalidRequest", "Part"]);
        }
        if module.operations.is_empty() {
            return;
        }
        for name in ["InvalidRequest", "Method", "Operation", "OperationInfo", "expand_path"] {
            self.add("crate::operation", name);
        }
        let any_body = module.operations.iter().any(|operation| operation.body.is_some());
        self.add_if(any_body, "crate::operation", "Body");
        let any_query =
            module.operations.iter().any(|operation| !operation.query_parameters.is_empty());
        self.add_if(any_query, "crate::operation", "Query");
    }
}

impl fmt::Display for Imports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut previous = None;
        for ((group, root), names) in &self.names {
            if previous.is_some_and(|previous| previous != group) {
                writeln!(f)?;
            }
            previous = Some(group);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            writeln!(f, "use {root}::{{{}}};", names.join(", "))?;
        }
        Ok(())
    }
}
