//! The operations in the IR.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use heck::ToUpperCamelCase;
use serde_json::Value;

use super::build::Builder;
use super::idempotence::{chosen_id, is_idempotent};
use super::{BodyModel, FieldModel, OperationModel, QueryModel, ResponseMembers};
use crate::codegen::directions::endpoint;
use crate::codegen::names::{self, type_name};
use crate::codegen::normalize::Marker;
use crate::codegen::types::Ty;
use stream_spec::{Operation, Parameter, ParameterPlace, reference_name};

impl Builder<'_> {
    pub(super) fn operation(&self, operation: &Operation) -> Result<OperationModel> {
        let mut docs = vec![format!("{}.", operation.summary.trim_end_matches('.'))];
        if operation.summary.is_empty() {
            docs = vec![format!("`{}` of the API.", operation.id)];
        }
        if !operation.description.is_empty() {
            docs.push(operation.description.clone());
        }
        docs.push(format!("`{}`", endpoint(operation)));
        let idents = self.parameter_idents(operation);
        let field = |parameter: &Parameter| -> Result<FieldModel> {
            Ok(FieldModel {
                ident: idents
                    .get(&(parameter.place, parameter.name.as_str()))
                    .cloned()
                    .with_context(|| parameter.name.clone())?,
                wire: parameter.name.clone(),
                ty: self.sort_type(
                    &operation.id,
                    &parameter.name,
                    self.parameter_type(&parameter.schema),
                ),
                required: parameter.required,
                boxed: false,
                is_text: false,
                doc: self.parameter_doc(parameter),
            })
        };
        let mut segments = Vec::new();
        let mut path_parameters: Vec<FieldModel> = Vec::new();
        for name in operation.path_names() {
            // Equal names are the same parameter.
            let known = path_parameters.iter().position(|field| field.wire == name);
            segments.push(known.unwrap_or(path_parameters.len()));
            if known.is_none() {
                let mut all = operation.parameters_in(ParameterPlace::Path);
                let parameter = all.find(|parameter| parameter.name == name);
                path_parameters.push(field(parameter.with_context(|| name.to_owned())?)?);
            }
        }
        let query_parameters = operation
            .parameters_in(ParameterPlace::Query)
            .map(|parameter| {
                let field = field(parameter)?;
                // A list of objects is one JSON array.
                let json = parameter.json || self.is_json(&field.ty);
                Ok(QueryModel { json, field, style: parameter.style })
            })
            .collect::<Result<_>>()?;
        let name = self.names.operation(&operation.id);
        Ok(OperationModel {
            idempotent: is_idempotent(operation),
            chosen_id: self.chosen_id(operation),
            name,
            id: operation.id.clone(),
            docs,
            method: operation.method.to_upper_camel_case(),
            path: operation.path.clone(),
            path_parameters,
            segments,
            query_parameters,
            body: operation.body.as_ref().map(|body| BodyModel {
                ty: type_name(&body.schema),
                multipart: body.multipart,
                media: body.media.clone(),
                is_raw: body.is_raw,
            }),
            response: type_name(&operation.response),
            is_response_raw: operation.is_response_raw,
            members: self.response_members(&operation.response),
        })
    }

    /// Returns the fields that lead to the ID that callers may choose, if each object is required
    /// and the ID is optional.
    fn chosen_id(&self, operation: &Operation) -> Option<Vec<String>> {
        let (last, objects) = chosen_id(operation)?.split_last()?;
        let mut path = Vec::new();
        let mut owner = type_name(&operation.body.as_ref()?.schema);
        let field = |owner: &str, wire: &str| {
            let module = self.ir.modules.get(self.ir.homes.get(owner)?)?;
            let item = module.structs.iter().find(|item| item.name == owner)?;
            item.fields.iter().find(|field| field.wire == wire)
        };
        for wire in objects {
            let object = field(&owner, wire).filter(|object| object.required)?;
            let Ty::Named(inner) = &object.ty else { return None };
            path.push(object.ident.clone());
            owner.clone_from(inner);
        }
        let id = field(&owner, last).filter(|id| !id.required && id.ty == Ty::String)?;
        path.push(id.ident.clone());
        Some(path)
    }

    /// Returns the members by which a response is recognized. Every response has `duration`, so it
    /// is not one of them.
    fn response_members(&self, schema: &str) -> Option<ResponseMembers> {
        let schema = &self.document.schemas.get(schema)?.value;
        let names = schema.get("properties")?.as_object()?.keys();
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let tells = |name: &str| name != "duration";
        Some(ResponseMembers {
            names: names.filter(|name| tells(name)).cloned().collect(),
            required: required.filter_map(Value::as_str).any(tells),
        })
    }

    /// Returns the names of an operation's parameters, those of the path first.
    fn parameter_idents<'a>(
        &self,
        operation: &'a Operation,
    ) -> BTreeMap<(ParameterPlace, &'a str), String> {
        let keys: Vec<(ParameterPlace, &str)> = [ParameterPlace::Path, ParameterPlace::Query]
            .into_iter()
            .flat_map(|place| operation.parameters_in(place))
            .map(|parameter| (parameter.place, parameter.name.as_str()))
            .collect();
        let body = operation.body.as_ref().map(|_| "body");
        let wires = keys.iter().map(|(_, wire)| *wire);
        let idents = names::fields(wires, body.as_slice());
        keys.into_iter().zip(idents).collect()
    }

    /// Returns whether a query parameter of the type is one JSON text.
    fn is_json(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Value | Ty::Map | Ty::Dict(_) | Ty::Sort(_) | Ty::Marker(Marker::Custom) => true,
            Ty::List(element) => matches!(**element, Ty::List(_)) || self.is_json(element),
            Ty::Named(name) => {
                self.schema_of(name).is_some_and(|(_, schema)| schema.value.get("enum").is_none())
            }
            _ => false,
        }
    }

    /// Returns the type of a path or query parameter.
    pub(super) fn parameter_type(&self, schema: &Value) -> Ty {
        let target =
            schema.get("$ref").and_then(Value::as_str).and_then(reference_name).map(type_name);
        if let Some(name) = target {
            return self.aliases.get(&name).cloned().unwrap_or(Ty::Named(name));
        }
        let marker = Marker::ALL
            .into_iter()
            .find(|marker| schema.get("format") == marker.schema().get("format"));
        match (marker, schema.get("type").and_then(Value::as_str)) {
            (Some(marker), _) => Ty::Marker(marker),
            (_, Some("string")) => Ty::String,
            (_, Some("boolean")) => Ty::Bool,
            (_, Some("integer")) => Ty::Integer,
            (_, Some("number")) => Ty::Float,
            (_, Some("array")) => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                Ty::List(Box::new(self.parameter_type(items)))
            }
            _ => Ty::Value,
        }
    }
}
