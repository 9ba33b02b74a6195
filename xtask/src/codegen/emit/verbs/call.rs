//! A method with its operation.

use anyhow::{Context, Result};

use super::index::Index;
use crate::codegen::emit::operations::body_field;
use crate::codegen::homes::feature_of;
use crate::codegen::ir::{FieldModel, OperationModel, StructModel};
use stream_spec::{Handle, Verb, Verbs};

/// The parameter that contains a whole query as JSON.
pub(super) const PAYLOAD: &str = "payload";

/// A row of the table with its operation.
pub(super) struct Call<'a> {
    pub(super) handle: &'a str,
    pub(super) holds: &'a Handle,
    pub(super) method: &'a str,
    pub(super) verb: &'a Verb,
    pub(super) operation: &'a OperationModel,
    /// The module of the operation.
    pub(super) module: &'a str,
    /// The chapter of the guide.
    pub(super) chapter: Option<&'a str>,
    /// The body as a field of the operation, with its type if that is a struct.
    pub(super) body: Option<FieldModel>,
    pub(super) body_type: Option<&'a StructModel>,
    /// The parameter that contains a whole query, with its type.
    pub(super) payload: Option<(&'a FieldModel, &'a StructModel)>,
}

impl<'a> Call<'a> {
    pub(super) fn of(
        index: &Index<'a>,
        verbs: &'a Verbs,
        handle: &'a str,
        method: &'a str,
        verb: &'a Verb,
    ) -> Result<Self> {
        let id = &verb.operation;
        let place = || format!("verbs.yaml#/handles/{handle}/verbs/{method}");
        let (module, operation) = index
            .operation(id)
            .with_context(|| format!("{}: the schema has no operation {id}", place()))?;
        let body = body_field(operation);
        let payload = operation.query_parameters.iter().find_map(|parameter| {
            let structure = index.structure_of(&parameter.field.ty)?;
            (parameter.field.wire == PAYLOAD).then_some((&parameter.field, structure))
        });
        Ok(Self {
            handle,
            holds: verbs.handles.get(handle).with_context(place)?,
            method,
            verb,
            operation,
            module,
            chapter: verbs.chapter(module),
            body_type: body.as_ref().and_then(|field| index.structure_of(&field.ty)),
            body,
            payload,
        })
    }

    pub(super) fn place(&self) -> String {
        format!("verbs.yaml#/handles/{}/verbs/{}", self.handle, self.method)
    }

    /// Returns the arguments of the method, each with the place that it fills: `name=place`, or a
    /// place whose last name it has.
    pub(super) fn arguments(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let verb = self.verb;
        verb.take.iter().map(|text| {
            let field = |path: &'a str| path.rsplit('.').find(|name| *name != "0").unwrap_or(path);
            text.split_once('=').unwrap_or((field(text), text))
        })
    }

    /// Returns the feature of the operation, if it has one.
    pub(super) fn feature(&self) -> Option<&'static str> {
        feature_of(self.module)
    }

    /// Returns the path parameters, then those of the query.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &'a FieldModel> + use<'a> {
        let operation = self.operation;
        let query = operation.query_parameters.iter().map(|parameter| &parameter.field);
        operation.path_parameters.iter().chain(query)
    }
}
