//! The structs, enums and aliases in the IR.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use super::build::Builder;
use super::docs::or_name;
use super::{AliasModel, EnumModel, FieldModel, StructModel};
use crate::codegen::directions::Role;
use crate::codegen::layout::Layout;
use crate::codegen::names::type_name;
use crate::codegen::normalize::{FILE, Marker, READ_ONLY, UNION};
use crate::codegen::queries::{SORT_KEY, is_filter_name};
use crate::codegen::types::{Shape, Ty};
use stream_spec::reference_name;

/// The maximum number of parameters of a constructor; calls with more are hard to read.
const MAX_PARAMETERS: usize = 6;

/// Returns whether a type is a list of fields to sort by.
fn is_order(ty: &Ty) -> bool {
    let Ty::List(element) = ty else { return false };
    matches!(&**element, Ty::Named(name) if name == SORT_KEY)
}

fn is_data(ty: &Ty) -> bool {
    *ty == Ty::Marker(Marker::Custom)
}

impl Builder<'_> {
    pub(super) fn add_schema(&mut self, schema_name: &str) -> Result<()> {
        let Some(schema) = self.document.schemas.get(schema_name) else {
            return Ok(());
        };
        let name = type_name(schema_name);
        let shape = self
            .shapes
            .remove(&name)
            .with_context(|| format!("{}: typify made no type {name} of it", schema.place))?;
        let text = schema
            .value
            .get("description")
            .and_then(Value::as_str)
            .or_else(|| self.enum_descriptions.get(schema_name).map(String::as_str))
            .unwrap_or_default()
            .to_owned();
        let home = self.ir.homes.get(&name).cloned().unwrap_or_default();
        match shape {
            Shape::Struct(fields) => {
                let role = self.directions.role(schema_name);
                let required: BTreeSet<&str> = schema
                    .value
                    .get("required")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                let multipart = self.directions.forms.contains(schema_name);
                let mut fields: Vec<FieldModel> = fields
                    .into_iter()
                    .map(|field| {
                        let properties = schema.value.get("properties");
                        let property = properties.and_then(|all| all.get(&field.wire));
                        let (ty, is_file) = match (multipart, field.ty) {
                            // The vendor's documents do not mark it as a file.
                            (true, _) if field.wire == "file" => (Ty::Upload, true),
                            (true, ty) => (self.form_type(property, ty), false),
                            (false, ty) => (ty, false),
                        };
                        let is_read_only =
                            property.is_some_and(|property| property.get(READ_ONLY).is_some());
                        let required = required.contains(field.wire.as_str()) || is_file;
                        let required = required && !(is_read_only && role.is_sent());
                        let ty = self.filter_type(schema_name, &field.wire, role, ty);
                        let ty = self.sort_type(schema_name, &field.wire, ty);
                        let ty = self.span_type(schema_name, &field.wire, role, ty);
                        FieldModel {
                            boxed: self.is_boxed(schema_name, &ty, role, required),
                            doc: self.field_doc(schema_name, &field.wire),
                            is_text: multipart && self.is_text(&ty),
                            required,
                            ident: field.ident,
                            wire: field.wire,
                            ty,
                        }
                    })
                    .collect();
                if role.is_sent() {
                    self.shape_constructor(schema_name, &mut fields);
                }
                let rest = self.rest(&schema.value, &fields).filter(|_| !multipart);
                let envelope = self.words.refinements.envelopes.get(schema_name);
                let docs = self.struct_docs(schema_name, text);
                let declared_name = self.names.renamed.get(schema_name);
                let is_declared =
                    self.declared.contains(declared_name.map_or(schema_name, String::as_str));
                self.module(&home).structs.push(StructModel {
                    name,
                    schema: schema_name.to_owned(),
                    is_declared,
                    docs,
                    role,
                    fields,
                    rest,
                    multipart,
                    envelope: envelope.map(|envelope| envelope.member.clone()),
                });
            }
            Shape::Enum(variants) => {
                let variants =
                    variants.into_iter().map(|variant| (variant.ident, variant.wire)).collect();
                self.module(&home).enums.push(EnumModel {
                    name,
                    doc: or_name(text, schema_name),
                    variants,
                });
            }
            Shape::Alias(_) if schema.value.get(UNION).is_some() => {
                let union = self.union(schema_name, name, or_name(text, schema_name));
                self.module(&home).unions.push(union);
            }
            Shape::Alias(ty) => {
                self.module(&home).aliases.push(AliasModel {
                    name,
                    doc: or_name(text, schema_name),
                    ty,
                });
            }
        }
        Ok(())
    }

    /// Returns the field with the members that an object does not list.
    fn rest(&self, schema: &Value, listed: &[FieldModel]) -> Option<FieldModel> {
        let member = schema.get("additionalProperties")?;
        let member = if member.is_object() { self.parameter_type(member) } else { Ty::Value };
        let mut ident = "additional_properties".to_owned();
        while listed.iter().any(|field| field.ident == ident) {
            ident.push('_');
        }
        Some(FieldModel {
            ident,
            wire: String::new(),
            ty: Ty::Dict(Box::new(member)),
            required: false,
            boxed: false,
            is_text: false,
            doc: "The members that the other fields do not name.".to_owned(),
        })
    }

    /// Returns the type of a form's field. A text may be a file, and a list of texts a list of
    /// files.
    fn form_type(&self, property: Option<&Value>, ty: Ty) -> Ty {
        let mut property = property;
        let reference = property.and_then(|property| property.get("$ref")?.as_str());
        if let Some(target) = reference.and_then(reference_name) {
            property = self.document.schemas.get(target).map(|schema| &schema.value);
        }
        let Some(property) = property else { return ty };
        match (property.get(FILE), ty) {
            (Some(_), _) => Ty::Upload,
            (None, Ty::List(element)) => {
                Ty::List(Box::new(self.form_type(property.get("items"), *element)))
            }
            (None, ty) => ty,
        }
    }

    /// Returns whether a value, or each element of a list, is a text in a form; others are JSON.
    fn is_text(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Bool | Ty::Integer | Ty::Float | Ty::String => true,
            Ty::Marker(marker) => matches!(marker, Marker::Timestamp | Marker::Cid),
            Ty::List(element) => !matches!(**element, Ty::List(_)) && self.is_text(element),
            Ty::Named(name) => {
                self.schema_of(name).is_some_and(|(_, schema)| schema.value.get("enum").is_some())
            }
            _ => false,
        }
    }

    /// Returns the type of a map that is only sent, which may be a filter.
    fn filter_type(&self, schema: &str, field: &str, role: Role, ty: Ty) -> Ty {
        if ty != Ty::Map || role != Role::Request {
            return ty;
        }
        match self.ir.queries.filter_of(schema, field) {
            Some(query) => Ty::Filter(Some(query.to_owned())),
            None if is_filter_name(field) => Ty::Filter(None),
            None => ty,
        }
    }

    /// Returns the type of a sort order, with the fields of its query if our own schema lists them.
    pub(super) fn sort_type(&self, owner: &str, field: &str, ty: Ty) -> Ty {
        let query = self.ir.queries.sort_of(owner, field);
        match query.filter(|_| is_order(&ty) && self.ir.layout == Layout::Workspace) {
            Some(query) => Ty::Sort(query.to_owned()),
            None => ty,
        }
    }

    /// Returns the type of an integer that is sent, which may be a duration.
    fn span_type(&self, schema: &str, field: &str, role: Role, ty: Ty) -> Ty {
        let span = self.words.refinements.units.get(&format!("{schema}.{field}"));
        match span.filter(|_| ty == Ty::Integer && role.is_sent()) {
            Some(span) => Ty::Duration(span.unit),
            None => ty,
        }
    }

    /// Sorts the parameters of a constructor by their meaning. If there are more than
    /// [`MAX_PARAMETERS`], the constructor has none.
    fn shape_constructor(&self, schema: &str, fields: &mut [FieldModel]) {
        let first = self.words.refinements.arguments.get(schema);
        if let Some(first) = first {
            fields.sort_by_key(|field| {
                first.iter().position(|name| *name == field.wire).unwrap_or(first.len())
            });
        }
        let is_parameter = |field: &&mut FieldModel| field.required && !is_data(&field.ty);
        if fields.iter_mut().filter(is_parameter).count() > MAX_PARAMETERS {
            fields.iter_mut().filter(is_parameter).for_each(|field| field.required = false);
        }
    }

    /// Returns whether a field is boxed. Optional objects in responses are, since most are absent
    /// and a message would take kilobytes; elsewhere only recursive types are.
    fn is_boxed(&self, owner: &str, ty: &Ty, role: Role, required: bool) -> bool {
        let Ty::Named(target) = ty else { return false };
        let Some((target, schema)) = self.schema_of(target) else {
            return false;
        };
        let is_object = schema.value.get("properties").is_some();
        let wide = role == Role::Response && !required && is_object;
        wide || self.directions.references.is_cycle(owner, target)
    }
}
