use super::EVENTS;
use crate::codegen::directions::Role;
use crate::codegen::ir::{Ir, Module};
use crate::codegen::normalize::Marker;
use crate::codegen::types::Ty;
use std::collections::{BTreeMap, BTreeSet};

/// The `use` lines of a module.
pub(super) fn of(ir: &Ir, path: &str, module: &Module) -> String {
    let mut imports = Imports::default();
    imports.codec(module);
    imports.operations(module);
    let mut types = TypesUsed::default();
    for item in &module.structs {
        for field in &item.fields {
            types.add(&field.ty);
            let may_be_null = item.role == Role::Request && !item.multipart && !field.required;
            imports.add_if(may_be_null, "crate::value", "Optional");
        }
    }
    for operation in &module.operations {
        let parameters = operation.query_parameters.iter().map(|query| &query.field);
        for field in operation.path_parameters.iter().chain(parameters) {
            types.add(&field.ty);
        }
        types.named.extend(operation.body.iter().map(|body| body.ty.as_str()));
        types.named.insert(&operation.response);
    }
    for alias in &module.aliases {
        types.add(&alias.ty);
    }
    imports.add_if(!module.filters.is_empty(), "crate::filter", "filter_fields");
    imports.add_if(!module.filters.is_empty(), "crate::generated", "operator_sets");
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
        if let Some(home) = ir.homes.get(name).filter(|home| *home != path) {
            imports.add(&format!("crate::generated::{}", home.replace('/', "::")), name);
        }
    }
    imports.to_string()
}

/// What the fields of a module are made of.
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
            Ty::Marker(marker) => drop(self.markers.insert(marker.type_name())),
            Ty::Upload => drop(self.foreign.insert(("crate::operation", "Upload"))),
            Ty::Duration(_) => {
                self.foreign.extend([("crate::value", "units"), ("std::time", "Duration")]);
            }
            Ty::Filter(query) => {
                self.foreign.insert(("crate::filter", "Filter"));
                self.named.extend(query.as_deref());
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

#[derive(Default)]
pub(super) struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    pub(super) fn add_all(&mut self, root: &str, names: &[&str]) {
        for name in names {
            self.add(root, name);
        }
    }

    pub(super) fn add(&mut self, root: &str, name: &str) {
        self.0.entry(root.to_owned()).or_default().insert(name.to_owned());
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
        self.add_if(is_written, "serde::ser", "SerializeMap");
    }

    fn operations(&mut self, module: &Module) {
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
        self.add_if(module.structs.iter().any(|item| item.multipart), "crate::operation", "Part");
    }
}

impl std::fmt::Display for Imports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (root, names) in &self.0 {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            match names.as_slice() {
                [name] => writeln!(f, "use {root}::{name};")?,
                names => {
                    let line = format!("use {root}::{{{}}};", names.join(", "));
                    if line.len() <= 100 {
                        writeln!(f, "{line}")?;
                    } else {
                        writeln!(f, "use {root}::{{\n    {},\n}};", names.join(",\n    "))?;
                    }
                }
            }
        }
        Ok(())
    }
}
