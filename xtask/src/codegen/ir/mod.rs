//! The intermediate representation, with all decisions made: names, modules, directions, boxes.

mod build;
mod docs;
mod events;
mod idempotence;
mod operations;
mod schemas;
mod unions;

pub(crate) use build::{Stages, build};

use std::collections::{BTreeMap, BTreeSet};

use super::directions::Role;
use super::homes::{Homes, Layout};
use super::normalize::Marker;
use super::queries::Queries;
use super::types::Ty;
use stream_spec::QueryStyle;

pub(crate) struct Ir {
    pub(crate) modules: BTreeMap<String, Module>,
    /// The module of every generated type.
    pub(crate) homes: Homes,
    pub(crate) events: Vec<EventModel>,
    pub(crate) queries: Queries,
    pub(crate) layout: Layout,
}

#[derive(Default)]
pub(crate) struct Module {
    pub(crate) structs: Vec<StructModel>,
    pub(crate) enums: Vec<EnumModel>,
    pub(crate) unions: Vec<UnionModel>,
    pub(crate) aliases: Vec<AliasModel>,
    /// The names of the queries whose fields are listed in this module.
    pub(crate) filters: Vec<String>,
    pub(crate) sorts: Vec<String>,
    pub(crate) operations: Vec<OperationModel>,
    /// Types of its domain that events hold, which are with [`homes::EVENT_CONTENT`].
    ///
    /// [`homes::EVENT_CONTENT`]: super::homes::EVENT_CONTENT
    pub(crate) reexports: BTreeSet<String>,
}

pub(crate) struct StructModel {
    pub(crate) name: String,
    /// The name of the schema.
    pub(crate) schema: String,
    /// Whether the document has the schema as a component, rather than inline.
    pub(crate) is_declared: bool,
    pub(crate) docs: Vec<String>,
    pub(crate) role: Role,
    pub(crate) fields: Vec<FieldModel>,
    /// The field with the members that the schema does not list, if it says what they are.
    pub(crate) rest: Option<FieldModel>,
    /// Whether it is a form rather than JSON.
    pub(crate) multipart: bool,
    /// The member that may contain the object.
    pub(crate) envelope: Option<String>,
}

pub(crate) struct FieldModel {
    pub(crate) ident: String,
    pub(crate) wire: String,
    pub(crate) ty: Ty,
    pub(crate) required: bool,
    /// Whether it is boxed.
    pub(crate) boxed: bool,
    /// Whether it is a text, or a list of texts, in a form.
    pub(crate) is_text: bool,
    pub(crate) doc: String,
}

pub(crate) struct EnumModel {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// The identifiers with their values on the wire.
    pub(crate) variants: Vec<(String, String)>,
}

/// A value of one of several forms.
pub(crate) struct UnionModel {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) role: Role,
    pub(crate) branches: Vec<BranchModel>,
}

pub(crate) struct BranchModel {
    pub(crate) ident: String,
    pub(crate) ty: Ty,
    /// Whether it is boxed.
    pub(crate) boxed: bool,
    pub(crate) form: FormModel,
    /// The name and the value of the member that is always written.
    pub(crate) tag: Option<(String, String)>,
    pub(crate) doc: String,
}

/// What tells a branch of a union from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormModel {
    Tagged { tag: String, values: Vec<String> },
    Object { required: Vec<String>, members: Vec<String> },
    Map,
    List(Box<FormModel>),
    String,
    Integer,
    Number,
    Boolean,
    Timestamp,
    AnyOf(Vec<FormModel>),
    Any,
}

pub(crate) struct AliasModel {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: Ty,
}

pub(crate) struct OperationModel {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) docs: Vec<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) idempotent: bool,
    /// The names of the fields that lead from the body to the one that makes the operation
    /// idempotent when it is set.
    pub(crate) chosen_id: Option<Vec<String>>,
    /// The distinct parameters of the path.
    pub(crate) path_parameters: Vec<FieldModel>,
    /// The index of the parameter for each pair of braces in the path.
    pub(crate) segments: Vec<usize>,
    pub(crate) query_parameters: Vec<QueryModel>,
    pub(crate) body: Option<BodyModel>,
    pub(crate) response: String,
    /// Whether the response is not JSON.
    pub(crate) is_response_raw: bool,
    /// The members by which the response is recognized, if it is an object.
    pub(crate) members: Option<ResponseMembers>,
}

pub(crate) struct ResponseMembers {
    /// The members on the wire, without `duration`.
    pub(crate) names: Vec<String>,
    /// Whether any of them is required.
    pub(crate) required: bool,
}

pub(crate) struct QueryModel {
    pub(crate) field: FieldModel,
    pub(crate) json: bool,
    pub(crate) style: QueryStyle,
}

pub(crate) struct BodyModel {
    pub(crate) ty: String,
    pub(crate) multipart: bool,
    /// The media type, if it is neither a form nor `application/json`.
    pub(crate) media: Option<String>,
    /// Whether it is sent as it is.
    pub(crate) is_raw: bool,
}

pub(crate) struct EventModel {
    pub(crate) created_at: TimestampField,
    pub(crate) event: String,
    pub(crate) variant: String,
    pub(crate) schema: String,
    pub(crate) doc: String,
}

/// Whether an object has a field with a timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimestampField {
    Required,
    Optional,
    Absent,
}

impl TimestampField {
    fn of(item: Option<&StructModel>, name: &str) -> Self {
        let field = item.and_then(|item| item.fields.iter().find(|field| field.wire == name));
        match field.filter(|field| field.ty == Ty::Marker(Marker::Timestamp)) {
            None => Self::Absent,
            Some(field) if field.required => Self::Required,
            Some(_) => Self::Optional,
        }
    }
}
