//! What is to be generated, all decisions taken: names, modules, directions, where a `Box` stands.

use super::gates;
use super::idempotence::is_idempotent;
use super::inline_enums::HoistedEnums;
use super::names::{self, Names, type_name};
use super::normalise::Marker;
use super::queries::{Queries, is_filter_name};
use super::reach::{References, Role, references_in};
use super::types::{self, Shape, Ty};
use anyhow::{Context, Result, bail};
use heck::ToUpperCamelCase;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use stream_spec::{Document, Located, Operation, Parameter, ParameterPlace, Words, reference_name};

pub(super) struct Model {
    pub(super) modules: BTreeMap<String, Module>,
    /// The module of every generated type.
    pub(super) homes: BTreeMap<String, String>,
    pub(super) events: Vec<EventModel>,
    pub(super) queries: Queries,
}

#[derive(Default)]
pub(super) struct Module {
    pub(super) structs: Vec<StructModel>,
    pub(super) enums: Vec<EnumModel>,
    pub(super) aliases: Vec<AliasModel>,
    /// The names of the queries whose fields are listed here.
    pub(super) filters: Vec<String>,
    pub(super) sorts: Vec<String>,
    pub(super) operations: Vec<OperationModel>,
}

pub(super) struct StructModel {
    pub(super) name: String,
    /// The name of its schema.
    pub(super) schema: String,
    pub(super) docs: Vec<String>,
    pub(super) role: Role,
    pub(super) fields: Vec<FieldModel>,
    /// A form rather than JSON.
    pub(super) multipart: bool,
}

pub(super) struct FieldModel {
    pub(super) ident: String,
    pub(super) wire: String,
    pub(super) ty: Ty,
    pub(super) required: bool,
    /// Held behind a pointer.
    pub(super) boxed: bool,
    pub(super) doc: String,
}

pub(super) struct EnumModel {
    pub(super) name: String,
    pub(super) doc: String,
    /// Identifier and value on the wire.
    pub(super) variants: Vec<(String, String)>,
}

pub(super) struct AliasModel {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) ty: Ty,
}

pub(super) struct OperationModel {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) docs: Vec<String>,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) idempotent: bool,
    pub(super) path_parameters: Vec<FieldModel>,
    pub(super) query_parameters: Vec<QueryModel>,
    pub(super) body: Option<BodyModel>,
    pub(super) response: String,
}

pub(super) struct QueryModel {
    pub(super) field: FieldModel,
    pub(super) json: bool,
}

pub(super) struct BodyModel {
    pub(super) ty: String,
    pub(super) multipart: bool,
}

pub(super) struct EventModel {
    pub(super) created_at: Moment,
    pub(super) event: String,
    pub(super) variant: String,
    pub(super) schema: String,
    pub(super) doc: String,
}

/// Whether an object has a field with a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Required,
    Optional,
    Absent,
}

impl Moment {
    fn of(schema: &Value, field: &str) -> Self {
        let property = schema.get("properties").and_then(|map| map.get(field));
        let format = property.and_then(|property| property.get("format"));
        let required = schema.get("required").and_then(Value::as_array);
        if format != Marker::Timestamp.schema().get("format") {
            Self::Absent
        } else if required.is_some_and(|names| names.iter().any(|name| name == field)) {
            Self::Required
        } else {
            Self::Optional
        }
    }
}

pub(super) fn build(
    document: &Document,
    words: &Words,
    enums: HoistedEnums,
    events: BTreeMap<String, String>,
    names: Names,
) -> Result<Model> {
    let shapes = types::run(document)?;
    let directions = Directions::of(document, &events);
    let mut builder = Builder {
        document,
        schema_names: document.schemas.keys().map(|name| (type_name(name), name.clone())).collect(),
        words,
        enums,
        names,
        aliases: shapes
            .iter()
            .filter_map(|(name, shape)| match shape {
                Shape::Alias(ty) => Some((name.clone(), ty.clone())),
                _ => None,
            })
            .collect(),
        shapes,
        directions,
        model: Model {
            modules: BTreeMap::new(),
            homes: BTreeMap::new(),
            events: Vec::new(),
            queries: Queries::default(),
        },
    };
    builder.find_homes(&events)?;
    gates::open(document, &events, &mut builder.model.homes);
    builder.find_queries();
    for name in document.schemas.keys() {
        builder.add_schema(name)?;
    }
    for operation in document.operations.values() {
        let model = builder.operation(&operation.value).with_context(|| operation.place.clone())?;
        builder.module(&operation.value.module).operations.push(model);
    }
    builder.add_events(events)?;
    Ok(builder.model)
}

/// Which way each schema travels, and in which operations.
struct Directions {
    references: References,
    sent: BTreeSet<String>,
    received: BTreeSet<String>,
    /// `METHOD /path` of the operations whose body or answer the schema is.
    bodies: BTreeMap<String, Vec<String>>,
    answers: BTreeMap<String, Vec<String>>,
    forms: BTreeSet<String>,
}

impl Directions {
    fn of(document: &Document, events: &BTreeMap<String, String>) -> Self {
        let references = References::of(document);
        let mut sent_roots = BTreeSet::new();
        let mut bodies: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut answers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut forms = BTreeSet::new();
        for operation in document.operations.values() {
            let operation = &operation.value;
            let endpoint = endpoint(operation);
            if let Some(body) = &operation.body {
                sent_roots.insert(body.schema.clone());
                bodies.entry(body.schema.clone()).or_default().push(endpoint.clone());
                if body.multipart {
                    forms.insert(body.schema.clone());
                }
            }
            for parameter in &operation.parameters {
                sent_roots.extend(references_in(&parameter.schema));
            }
            answers.entry(operation.response.clone()).or_default().push(endpoint);
        }
        let received_roots = answers.keys().chain(events.values()).map(String::as_str);
        let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
        let received = owned(references.reach(received_roots));
        let sent = owned(references.reach(sent_roots.iter().map(String::as_str)));
        Self { references, sent, received, bodies, answers, forms }
    }

    /// A schema that nothing refers to counts by its name.
    fn role(&self, name: &str) -> Role {
        match (self.sent.contains(name), self.received.contains(name)) {
            (true, true) => Role::Both,
            (true, false) => Role::Request,
            (false, true) => Role::Response,
            (false, false) if name.contains("Request") => Role::Request,
            (false, false) => Role::Response,
        }
    }
}

fn endpoint(operation: &Operation) -> String {
    format!("{} {}", operation.method.to_uppercase(), operation.path)
}

struct Builder<'a> {
    document: &'a Document,
    /// From the name of a Rust type to that of its schema.
    schema_names: BTreeMap<String, String>,
    words: &'a Words,
    enums: HoistedEnums,
    names: Names,
    shapes: BTreeMap<String, Shape>,
    /// The components that stand for another type.
    aliases: BTreeMap<String, Ty>,
    directions: Directions,
    model: Model,
}

/// The description, or at least what the API calls it.
fn or_name(text: String, schema: &str) -> String {
    if text.is_empty() { format!("`{schema}` of the API.") } else { text }
}

impl Builder<'_> {
    fn module(&mut self, path: &str) -> &mut Module {
        self.model.modules.entry(path.to_owned()).or_default()
    }

    /// Decides in which module each schema lives. Where the document is not cut into files, it is
    /// the product of the operations that use the schema.
    fn find_homes(&mut self, events: &BTreeMap<String, String>) -> Result<()> {
        let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for operation in self.document.operations.values() {
            let operation = &operation.value;
            let mut roots: BTreeSet<String> = operation
                .parameters
                .iter()
                .flat_map(|parameter| references_in(&parameter.schema))
                .collect();
            roots.extend(operation.body.iter().map(|body| body.schema.clone()));
            roots.insert(operation.response.clone());
            for name in self.directions.references.reach(roots.iter().map(String::as_str)) {
                if let Some((name, _)) = self.document.schemas.get_key_value(name) {
                    users.entry(name).or_default().insert(&operation.module);
                }
            }
        }
        for (name, schema) in &self.document.schemas {
            let users = users.get(name.as_str());
            let home = match (self.document.modules.get(name), self.enums.modules.get(name)) {
                (Some(module), _) => module.clone(),
                (None, Some(module)) if !module.is_empty() => module.clone(),
                _ => match users {
                    Some(users) if users.len() == 1 => users.iter().copied().collect(),
                    Some(_) => "shared".to_owned(),
                    None if events.values().any(|event| event == name) => "events".to_owned(),
                    None => "shared".to_owned(),
                },
            };
            let name = type_name(name);
            let place = schema.place.clone();
            if let Some(other) = self.model.homes.insert(name.clone(), home) {
                bail!("{place}: another schema is called {name} too (in {other})");
            }
        }
        Ok(())
    }

    /// Finds what queries filter and sort by; each is listed in the module of its request.
    fn find_queries(&mut self) {
        let operations = self.document.operations.keys();
        let operations: BTreeSet<String> = operations.map(|id| type_name(id)).collect();
        let homes = self.model.homes.keys();
        let taken = homes.chain(&operations).map(String::as_str).collect();
        let is_request = |schema: &str| self.directions.role(schema) == Role::Request;
        let queries = Queries::find(self.document, self.words, &taken, is_request);
        for (name, schema) in queries.filters() {
            let home = self.home_of(schema);
            self.module(&home).filters.push(name.to_owned());
            self.model.homes.insert(name.to_owned(), home);
        }
        for (name, schema) in queries.sorts() {
            let home = self.home_of(schema);
            self.module(&home).sorts.push(name.to_owned());
            self.model.homes.insert(name.to_owned(), home);
        }
        self.model.queries = queries;
    }

    fn home_of(&self, schema: &str) -> String {
        let home = self.model.homes.get(&type_name(schema));
        home.cloned().unwrap_or_default()
    }

    fn add_schema(&mut self, schema_name: &str) -> Result<()> {
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
            .or_else(|| self.enums.descriptions.get(schema_name).map(String::as_str))
            .unwrap_or_default()
            .to_owned();
        let home = self.model.homes.get(&name).cloned().unwrap_or_default();
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
                let fields = fields
                    .into_iter()
                    .map(|field| {
                        let is_file = multipart && field.wire == "file";
                        let required = required.contains(field.wire.as_str()) || is_file;
                        let ty = if is_file { Ty::Upload } else { field.ty };
                        let ty = self.filter_type(schema_name, &field.wire, role, ty);
                        FieldModel {
                            boxed: self.is_boxed(schema_name, &ty, role, required),
                            doc: self.field_doc(schema_name, &field.wire),
                            required,
                            ident: field.ident,
                            wire: field.wire,
                            ty,
                        }
                    })
                    .collect();
                let docs = self.struct_docs(schema_name, text);
                self.module(&home).structs.push(StructModel {
                    name,
                    schema: schema_name.to_owned(),
                    docs,
                    role,
                    fields,
                    multipart,
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

    /// A map that is only sent may be a filter.
    fn filter_type(&self, schema: &str, field: &str, role: Role, ty: Ty) -> Ty {
        if ty != Ty::Map || role != Role::Request {
            return ty;
        }
        match self.model.queries.filter_of(schema, field) {
            Some(query) => Ty::Filter(Some(query.to_owned())),
            None if is_filter_name(field) => Ty::Filter(None),
            None => ty,
        }
    }

    /// Optional objects in answers lie behind a pointer: most are absent most of the time, and a
    /// message would take kilobytes. Elsewhere only where a type would hold itself.
    fn is_boxed(&self, owner: &str, ty: &Ty, role: Role, required: bool) -> bool {
        let Ty::Named(target) = ty else { return false };
        let Some((target, schema)) = self.schema_of(target) else {
            return false;
        };
        let is_object = schema.value.get("properties").is_some();
        let wide = role == Role::Response && !required && is_object;
        wide || self.directions.references.is_cycle(owner, target)
    }

    fn field_doc(&self, schema: &str, field: &str) -> String {
        let pointer = |schema: &Value| {
            schema.get("properties")?.get(field)?.get("description")?.as_str().map(str::to_owned)
        };
        self.document
            .schemas
            .get(schema)
            .and_then(|schema| pointer(&schema.value))
            .or_else(|| self.words.fields.get(field).cloned())
            .unwrap_or_else(|| format!("`{field}`."))
    }

    fn struct_docs(&self, schema: &str, text: String) -> Vec<String> {
        let mut docs = vec![or_name(text, schema)];
        let mut list = |what: &str, endpoints: Option<&Vec<String>>| {
            // Beyond a few, a list says nothing that a search does not.
            if let Some(endpoints) = endpoints.filter(|endpoints| endpoints.len() <= 6) {
                let endpoints: Vec<String> =
                    endpoints.iter().map(|endpoint| format!("`{endpoint}`")).collect();
                docs.push(format!("{what} {}.", endpoints.join(", ")));
            }
        };
        list("The body of", self.directions.bodies.get(schema));
        list("The answer of", self.directions.answers.get(schema));
        if let Some(old) = self.names.renamed.get(schema) {
            docs.push(format!("The API calls it `{old}`."));
        }
        docs
    }

    fn operation(&self, operation: &Operation) -> Result<OperationModel> {
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
                ty: self.parameter_type(&parameter.schema),
                required: parameter.required,
                boxed: false,
                doc: self.parameter_doc(parameter),
            })
        };
        let segments = operation.path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let path_parameters = segments
            .filter_map(|(name, _)| {
                operation
                    .parameters_in(ParameterPlace::Path)
                    .find(|parameter| parameter.name == name)
            })
            .map(field)
            .collect::<Result<_>>()?;
        let query_parameters = operation
            .parameters_in(ParameterPlace::Query)
            .map(|parameter| {
                let field = field(parameter)?;
                // A list of objects is one JSON array.
                let json = parameter.json || self.is_json(&field.ty);
                Ok(QueryModel { json, field })
            })
            .collect::<Result<_>>()?;
        let name = self.names.operation(&operation.id);
        Ok(OperationModel {
            idempotent: is_idempotent(operation),
            name,
            id: operation.id.clone(),
            docs,
            method: operation.method.to_upper_camel_case(),
            path: operation.path.clone(),
            path_parameters,
            query_parameters,
            body: operation
                .body
                .as_ref()
                .map(|body| BodyModel { ty: type_name(&body.schema), multipart: body.multipart }),
            response: type_name(&operation.response),
        })
    }

    /// The names of an operation's parameters, those of the path first.
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

    /// Whether a query parameter of the type is one JSON text.
    fn is_json(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Value | Ty::Map | Ty::Dict(_) | Ty::Marker(Marker::Custom) => true,
            Ty::List(element) => matches!(**element, Ty::List(_)) || self.is_json(element),
            Ty::Named(name) => {
                self.schema_of(name).is_some_and(|(_, schema)| schema.value.get("enum").is_none())
            }
            _ => false,
        }
    }

    /// The type of a path or query parameter.
    fn parameter_type(&self, schema: &Value) -> Ty {
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

    /// The component that a Rust type was made of.
    fn schema_of(&self, type_name: &str) -> Option<(&String, &Located<Value>)> {
        self.document.schemas.get_key_value(self.schema_names.get(type_name)?)
    }

    fn parameter_doc(&self, parameter: &Parameter) -> String {
        parameter
            .description
            .clone()
            .or_else(|| self.words.parameters.get(&parameter.name).cloned())
            .unwrap_or_else(|| format!("`{}`.", parameter.name))
    }

    fn add_events(&mut self, events: BTreeMap<String, String>) -> Result<()> {
        // The enum of all events stands there, whether or not an event does.
        if !events.is_empty() {
            self.module("events");
        }
        let variants = names::events(events.keys().map(String::as_str));
        for ((event, schema), variant) in events.into_iter().zip(variants) {
            let value = &self
                .document
                .schemas
                .get(&schema)
                .with_context(|| format!("the event {event}: there is no schema {schema}"))?
                .value;
            let text = value.get("description").and_then(Value::as_str);
            self.model.events.push(EventModel {
                created_at: Moment::of(value, "created_at"),
                variant,
                schema: type_name(&schema),
                doc: format!("`{event}`: {}", text.unwrap_or_default()),
                event,
            });
        }
        Ok(())
    }
}
