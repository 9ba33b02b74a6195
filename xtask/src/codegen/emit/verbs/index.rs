//! The IR indexed by name.

use std::collections::BTreeMap;

use crate::codegen::emit::imports::Imports;
use crate::codegen::emit::last;
use crate::codegen::ir::{Ir, OperationModel, StructModel};
use crate::codegen::types::Ty;

/// The items of the IR by name.
#[derive(Clone)]
pub(super) struct Index<'a> {
    ir: &'a Ir,
    /// Each with its module.
    operations: BTreeMap<&'a str, (&'a str, &'a OperationModel)>,
    structs: BTreeMap<&'a str, &'a StructModel>,
}

impl<'a> Index<'a> {
    pub(super) fn of(ir: &'a Ir) -> Self {
        let modules = || ir.modules.iter();
        let operations = modules().flat_map(|(path, module)| {
            module.operations.iter().map(move |item| (item.id.as_str(), (path.as_str(), item)))
        });
        let structs = modules()
            .flat_map(|(_, module)| module.structs.iter().map(|item| (item.name.as_str(), item)));
        Self { ir, operations: operations.collect(), structs: structs.collect() }
    }

    pub(super) fn operation(&self, id: &str) -> Option<(&'a str, &'a OperationModel)> {
        self.operations.get(id).copied()
    }

    pub(super) fn operation_ids(&self) -> impl Iterator<Item = &'a str> {
        self.operations.keys().copied()
    }

    pub(super) fn structure(&self, name: &str) -> Option<&'a StructModel> {
        self.structs.get(name).copied()
    }

    /// Returns the struct of a type, if it is one.
    pub(super) fn structure_of(&self, ty: &Ty) -> Option<&'a StructModel> {
        match ty {
            Ty::Named(name) => self.structure(name),
            _ => None,
        }
    }

    /// Returns the module of a type.
    pub(super) fn home(&self, name: &str) -> &'a str {
        self.ir.homes.get(name).map_or("", String::as_str)
    }

    /// Imports a type of the models by name.
    pub(super) fn import(&self, imports: &mut Imports, name: &str) {
        if let Some(home) = self.ir.homes.get(name) {
            imports.add(&format!("stream_models::{}", last(home)), name);
        }
    }

    /// Imports the types that the parameter of a setter names.
    pub(super) fn import_taken(&self, imports: &mut Imports, ty: &Ty) {
        match ty {
            Ty::Map => imports.add("serde_json", "Value"),
            ty => self.import_type(imports, ty),
        }
    }

    /// Imports the types that a type consists of.
    pub(super) fn import_type(&self, imports: &mut Imports, ty: &Ty) {
        match ty {
            Ty::Named(name) => self.import(imports, name),
            Ty::Marker(marker) => imports.add("stream_models", marker.type_name()),
            Ty::Upload => imports.add("stream_models", "Upload"),
            Ty::Duration(_) => imports.add("std::time", "Duration"),
            Ty::Filter(query) => {
                imports.add("stream_models", "Filter");
                if let Some(query) = query {
                    self.import(imports, query);
                }
            }
            Ty::Sort(query) => {
                imports.add("stream_models::filter", "Sort");
                self.import(imports, query);
            }
            Ty::Value => imports.add("serde_json", "Value"),
            Ty::Map => imports.add_all("serde_json", &["Map", "Value"]),
            Ty::List(inner) | Ty::Dict(inner) => self.import_type(imports, inner),
            Ty::Bool | Ty::Integer | Ty::Float | Ty::String => {}
        }
    }
}
