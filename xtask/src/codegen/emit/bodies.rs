//! Emits what the emulator knows of the JSON in requests: the type of each member.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use heck::ToShoutySnakeCase;

use super::HEADER;
use crate::codegen::ir::{Ir, OperationModel, StructModel};
use crate::codegen::normalize::Marker;
use crate::codegen::output::Files;
use crate::codegen::queries::SORT_KEY;
use crate::codegen::types::Ty;

/// Objects in whose place the ID of the user alone may be sent.
const ALSO_IDS: &[&str] = &["ChannelBatchMemberRequest", "ChannelMemberRequest"];

/// Returns the generated files of the emulator, by their path in its wire folder.
pub(super) fn files(ir: &Ir) -> Files {
    let types = Types::of(ir);
    let mut inputs = BTreeMap::new();
    for operation in ir.modules.values().flat_map(|module| &module.operations) {
        if let Some(kind) = input_of(operation).and_then(|ty| types.kind(&ty)) {
            inputs.insert(operation.id.as_str(), kind);
        }
    }
    let mut objects = BTreeMap::new();
    let mut open: Vec<&str> = inputs.values().filter_map(Kind::object).collect();
    while let Some(name) = open.pop() {
        let Some(object) = types.structs.get(name).filter(|_| !objects.contains_key(name)) else {
            continue;
        };
        let fields: Vec<(&str, Kind<'_>)> = object
            .fields
            .iter()
            .filter_map(|field| Some((field.wire.as_str(), types.kind(&field.ty)?)))
            .collect();
        open.extend(fields.iter().filter_map(|(_, kind)| kind.object()));
        objects.insert(name, fields);
    }

    let mut text = format!(
        "{HEADER}//! The JSON types in the requests of v2.\n\n\
         use crate::state::Kind::{{\n\
         self, Bool, Fields, Integer, Items, List, Number, Object, Of, Text, Texts, Values,\n\
         }};\n\n\
         /// The input of each operation, in the order of the IDs.\n\
         pub(super) static INPUTS: &[(&str, Kind)] = &[\n"
    );
    for (id, kind) in inputs {
        text += &format!("({id:?}, {}),\n", kind.text());
    }
    text += "];\n\n";
    for (name, mut fields) in objects {
        fields.sort_by_key(|(name, _)| *name);
        let fields: Vec<_> =
            fields.iter().map(|(name, kind)| format!("({name:?}, {})", kind.text())).collect();
        let constant = name.to_shouty_snake_case();
        text += &format!("static {constant}: Kind = Fields(&[{}]);\n\n", fields.join(", "));
    }
    Files::from([(PathBuf::from("inputs.rs"), text)])
}

/// Returns the type of the JSON that an operation takes, in the body or in a parameter.
fn input_of(operation: &OperationModel) -> Option<Ty> {
    match &operation.body {
        Some(body) if body.multipart || body.is_raw => None,
        Some(body) => Some(Ty::Named(body.ty.clone())),
        None => {
            let payload = operation.query_parameters.iter().find(|query| query.json)?;
            (payload.field.wire == "payload").then(|| payload.field.ty.clone())
        }
    }
}

/// The types that a member may have.
struct Types<'a> {
    structs: BTreeMap<&'a str, &'a StructModel>,
    enums: BTreeSet<&'a str>,
    aliases: BTreeMap<&'a str, &'a Ty>,
}

impl<'a> Types<'a> {
    fn of(ir: &'a Ir) -> Self {
        let modules = || ir.modules.values();
        Self {
            structs: modules()
                .flat_map(|module| &module.structs)
                .map(|one| (one.name.as_str(), one))
                .collect(),
            enums: modules()
                .flat_map(|module| &module.enums)
                .map(|one| one.name.as_str())
                .collect(),
            aliases: modules()
                .flat_map(|module| &module.aliases)
                .map(|one| (one.name.as_str(), &one.ty))
                .collect(),
        }
    }

    /// Returns the JSON type, unless it may be any.
    fn kind(&self, ty: &Ty) -> Option<Kind<'a>> {
        let items =
            |of: Option<Kind<'a>>, list: fn(Box<Kind<'a>>) -> Kind<'a>, any: &'static str| {
                of.map_or(Kind::Simple(any), |kind| list(Box::new(kind)))
            };
        Some(match ty {
            Ty::Bool => Kind::Simple("Bool"),
            Ty::Integer | Ty::Duration(_) => Kind::Simple("Integer"),
            Ty::Float => Kind::Simple("Number"),
            Ty::String | Ty::Marker(Marker::Cid | Marker::Secret) => Kind::Simple("Text"),
            Ty::Map | Ty::Filter(_) | Ty::Marker(Marker::Custom) => Kind::Simple("Object"),
            // Timestamps have several forms, and errors of their own.
            Ty::Marker(Marker::Timestamp | Marker::RawBody) | Ty::Value | Ty::Upload => {
                return None;
            }
            Ty::Sort(_) => Kind::Items(Box::new(self.named(SORT_KEY)?)),
            Ty::List(item) if **item == Ty::String => Kind::Simple("Texts"),
            Ty::List(item) => items(self.kind(item), Kind::Items, "List"),
            Ty::Dict(value) => items(self.kind(value), Kind::Values, "Object"),
            Ty::Named(name) => self.named(name)?,
        })
    }

    fn named(&self, name: &str) -> Option<Kind<'a>> {
        if ALSO_IDS.contains(&name) {
            return None;
        }
        if let Some((name, _)) = self.structs.get_key_value(name) {
            return Some(Kind::Of(name));
        }
        if self.enums.contains(name) {
            return Some(Kind::Simple("Text"));
        }
        // The other types are unions.
        self.kind(self.aliases.get(name)?)
    }
}

/// A JSON type, as the emulator writes it.
enum Kind<'a> {
    Simple(&'static str),
    Items(Box<Self>),
    Values(Box<Self>),
    /// The type of a struct.
    Of(&'a str),
}

impl<'a> Kind<'a> {
    /// Returns the name of the struct in it.
    fn object(&self) -> Option<&'a str> {
        match self {
            Self::Simple(_) => None,
            Self::Items(kind) | Self::Values(kind) => kind.object(),
            Self::Of(name) => Some(name),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Simple(name) => (*name).to_owned(),
            Self::Items(kind) => format!("Items(&{})", kind.referenced()),
            Self::Values(kind) => format!("Values(&{})", kind.referenced()),
            Self::Of(name) => format!("Of(&{})", name.to_shouty_snake_case()),
        }
    }

    /// Returns what a reference to it refers to.
    fn referenced(&self) -> String {
        match self {
            Self::Of(name) => name.to_shouty_snake_case(),
            other => other.text(),
        }
    }
}
