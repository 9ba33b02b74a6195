//! Builds the IR from the results of the earlier stages.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Ir, Module};
use crate::codegen::directions::Directions;
use crate::codegen::homes::{EVENT_CONTENT, Homes, Layout};
use crate::codegen::names::{Names, type_name};
use crate::codegen::normalize::{Normalized, UNION};
use crate::codegen::queries::Queries;
use crate::codegen::types::{Shape, Shapes, Ty};
use stream_spec::{Document, Located, Words};

/// The results of the earlier stages.
pub(crate) struct Stages<'a> {
    pub(crate) document: &'a Document,
    /// The components of the document.
    pub(crate) declared: BTreeSet<String>,
    pub(crate) words: &'a Words,
    pub(crate) normalized: Normalized,
    pub(crate) names: Names,
    pub(crate) shapes: Shapes,
    pub(crate) directions: Directions,
    pub(crate) homes: Homes,
    pub(crate) queries: Queries,
    pub(crate) layout: Layout,
}

/// Builds the IR, with everything in its module.
pub(crate) fn build(stages: Stages<'_>) -> Result<Ir> {
    let Stages {
        document,
        declared,
        words,
        normalized,
        names,
        shapes,
        directions,
        homes,
        queries,
        layout,
    } = stages;
    let schema_names = document.schemas.keys().map(|name| (type_name(name), name.clone()));
    let schema_names: BTreeMap<String, String> = schema_names.collect();
    let is_union = |name: &str| {
        let schema = schema_names.get(name).and_then(|name| document.schemas.get(name));
        schema.is_some_and(|schema| schema.value.get(UNION).is_some())
    };
    let aliases = shapes.iter().filter_map(|(name, shape)| match shape {
        Shape::Alias(ty) if !is_union(name) => Some((name.clone(), ty.clone())),
        _ => None,
    });
    let aliases = aliases.collect();
    let mut builder = Builder {
        document,
        declared,
        schema_names,
        words,
        enum_modules: normalized.enums.modules,
        enum_descriptions: normalized.enums.descriptions,
        names,
        aliases,
        shapes,
        directions,
        ir: Ir {
            modules: BTreeMap::new(),
            homes,
            events: Vec::new(),
            queries: Queries::default(),
            layout,
        },
    };
    builder.place_queries(queries);
    for name in document.schemas.keys() {
        builder.add_schema(name)?;
    }
    for operation in document.operations.values() {
        let model = builder.operation(&operation.value).with_context(|| operation.place.clone())?;
        builder.module(&operation.value.module).operations.push(model);
    }
    builder.add_events(normalized.events)?;
    builder.reexport();
    Ok(builder.ir)
}

pub(super) struct Builder<'a> {
    pub(super) document: &'a Document,
    pub(super) declared: BTreeSet<String>,
    /// The name of the schema of each Rust type.
    pub(super) schema_names: BTreeMap<String, String>,
    pub(super) words: &'a Words,
    enum_modules: BTreeMap<String, String>,
    pub(super) enum_descriptions: BTreeMap<String, String>,
    pub(super) names: Names,
    pub(super) shapes: Shapes,
    /// The components that are aliases of other types.
    pub(super) aliases: BTreeMap<String, Ty>,
    pub(super) directions: Directions,
    pub(super) ir: Ir,
}

impl Builder<'_> {
    pub(super) fn module(&mut self, path: &str) -> &mut Module {
        self.ir.modules.entry(path.to_owned()).or_default()
    }

    /// Assigns each query to the module of its request.
    fn place_queries(&mut self, queries: Queries) {
        for (name, schema) in queries.filters() {
            let home = self.home_of(schema);
            self.module(&home).filters.push(name.to_owned());
            self.ir.homes.insert(name.to_owned(), home);
        }
        for (name, schema) in queries.sorts() {
            let home = self.home_of(schema);
            self.module(&home).sorts.push(name.to_owned());
            self.ir.homes.insert(name.to_owned(), home);
        }
        self.ir.queries = queries;
    }

    /// Adds re-exports to the domains of types that are in the module for the content of events.
    fn reexport(&mut self) {
        for (name, home) in &self.ir.homes {
            let schema = self.schema_names.get(name).filter(|_| home == EVENT_CONTENT);
            let domain = schema.and_then(|schema| {
                self.document.modules.get(schema).or_else(|| self.enum_modules.get(schema))
            });
            if let Some(domain) = domain.filter(|domain| !domain.is_empty()) {
                let module = self.ir.modules.entry(domain.clone()).or_default();
                module.reexports.insert(name.clone());
            }
        }
    }

    fn home_of(&self, schema: &str) -> String {
        let home = self.ir.homes.get(&type_name(schema));
        let operation = self.document.operations.get(schema);
        let of_operation = || operation.map(|operation| operation.value.module.clone());
        home.cloned().or_else(of_operation).unwrap_or_default()
    }

    /// Returns the component of a Rust type.
    pub(super) fn schema_of(&self, type_name: &str) -> Option<(&String, &Located<Value>)> {
        self.document.schemas.get_key_value(self.schema_names.get(type_name)?)
    }
}
