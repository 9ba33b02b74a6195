//! The unions in the IR.

use serde_json::Value;

use super::build::Builder;
use super::{BranchModel, FormModel, UnionModel};
use crate::codegen::names::{self, type_name};
use crate::codegen::normalize::{Marker, TAG, UNION};
use crate::codegen::types::Ty;
use stream_spec::reference_name;

/// The maximum depth of unions in a union that are told apart by their own branches. Wide unions
/// in each other would multiply.
const MAX_DEPTH: usize = 2;

/// The member that tells the branches of a union apart, with the values of each.
struct Tag<'a> {
    name: &'a str,
    values: &'a [Value],
}

impl<'a> Tag<'a> {
    fn of(schema: &'a Value) -> Option<Self> {
        let tag = schema.get(TAG)?;
        Some(Self { name: tag.get("name")?.as_str()?, values: tag.get("values")?.as_array()? })
    }

    /// Returns the values of a branch; `None` if it is not an object.
    fn values(&self, index: usize) -> Option<Vec<String>> {
        let values = self.values.get(index)?.as_array()?;
        let values: Vec<String> =
            values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        (!values.is_empty()).then_some(values)
    }
}

impl Builder<'_> {
    /// Returns the union of a component that is marked as one.
    pub(super) fn union(&self, schema_name: &str, name: String, doc: String) -> UnionModel {
        let mut branches: Vec<BranchModel> = Vec::new();
        let mut wires: Vec<String> = Vec::new();
        for (index, branch) in self.branches(schema_name).iter().enumerate() {
            let ty = self.resolved(self.parameter_type(branch));
            let form = self.form(schema_name, index, &ty, 0);
            // Two branches of one Rust type are one.
            if let Some(other) = branches.iter_mut().find(|other| other.ty == ty) {
                match (&mut other.form, form) {
                    (FormModel::Tagged { values, .. }, FormModel::Tagged { values: more, .. }) => {
                        values.extend(more);
                    }
                    (one, form) if *one != form => *one = FormModel::AnyOf(vec![one.clone(), form]),
                    _ => {}
                }
                continue;
            }
            let target = branch.get("$ref").and_then(Value::as_str).and_then(reference_name);
            let wire = target.map_or_else(|| word(&ty), type_name);
            let short =
                wire.strip_prefix(&name).filter(|rest| rest.starts_with(char::is_uppercase));
            let described = target.and_then(|target| {
                self.document.schemas.get(target)?.value.get("description")?.as_str()
            });
            branches.push(BranchModel {
                ident: String::new(),
                boxed: self.is_wide(&ty),
                tag: self.tag(target, &form),
                doc: described.map_or_else(|| sentence(&ty), str::to_owned),
                form,
                ty,
            });
            wires.push(short.unwrap_or(&wire).to_owned());
        }
        // The names of events avoid `Other` too.
        let idents = names::events(wires.iter().map(String::as_str));
        for (branch, ident) in branches.iter_mut().zip(idents) {
            branch.ident = ident;
        }
        UnionModel { name, doc, role: self.directions.role(schema_name), branches }
    }

    fn branches(&self, schema_name: &str) -> Vec<Value> {
        let schema = self.document.schemas.get(schema_name);
        let branches = schema.and_then(|schema| schema.value.get(UNION)?.as_array());
        branches.cloned().unwrap_or_default()
    }

    /// Returns the type behind all aliases.
    fn resolved(&self, ty: Ty) -> Ty {
        match ty {
            Ty::Named(name) => match self.aliases.get(&name) {
                Some(ty) => self.resolved(ty.clone()),
                None => Ty::Named(name),
            },
            Ty::List(element) => Ty::List(Box::new(self.resolved(*element))),
            Ty::Dict(value) => Ty::Dict(Box::new(self.resolved(*value))),
            ty => ty,
        }
    }

    /// Returns whether a type is a struct or a union, which may be large or contain the union.
    fn is_wide(&self, ty: &Ty) -> bool {
        let Ty::Named(name) = ty else { return false };
        self.schema_of(name).is_some_and(|(_, schema)| schema.value.get("enum").is_none())
    }

    /// Returns the member to write for a branch. If it may have several values, its field does.
    fn tag(&self, target: Option<&str>, form: &FormModel) -> Option<(String, String)> {
        let FormModel::Tagged { tag, values } = form else { return None };
        let [only] = values.as_slice() else { return None };
        let is_text = || {
            let schema = self.document.schemas.get(target?)?;
            let kind = schema.value.get("properties")?.get(tag)?.get("type")?.as_str()?;
            Some(kind == "string")
        };
        is_text().unwrap_or(true).then(|| (tag.clone(), only.clone()))
    }

    /// Returns what tells a branch of a union from the others.
    fn form(&self, union: &str, index: usize, ty: &Ty, depth: usize) -> FormModel {
        let schema = self.document.schemas.get(union);
        let tag = schema.and_then(|schema| Tag::of(&schema.value));
        let values = tag.as_ref().and_then(|tag| tag.values(index));
        match (tag, values, ty) {
            (Some(tag), Some(values), Ty::Named(_)) => {
                FormModel::Tagged { tag: tag.name.to_owned(), values }
            }
            _ => self.form_of(ty, depth),
        }
    }

    fn form_of(&self, ty: &Ty, depth: usize) -> FormModel {
        match ty {
            Ty::Bool => FormModel::Boolean,
            Ty::Integer | Ty::Duration(_) => FormModel::Integer,
            Ty::Float => FormModel::Number,
            Ty::Marker(Marker::Timestamp) => FormModel::Timestamp,
            Ty::Marker(Marker::Custom) | Ty::Map | Ty::Dict(_) | Ty::Filter(_) => FormModel::Map,
            Ty::String | Ty::Marker(_) | Ty::Upload => FormModel::String,
            Ty::Value => FormModel::Any,
            Ty::Sort(_) => FormModel::List(Box::new(FormModel::Any)),
            Ty::List(element) => FormModel::List(Box::new(self.form_of(element, depth))),
            Ty::Named(name) => self.form_of_component(name, depth),
        }
    }

    fn form_of_component(&self, name: &str, depth: usize) -> FormModel {
        let Some((name, schema)) = self.schema_of(name) else { return FormModel::Any };
        if schema.value.get("enum").is_some() {
            return FormModel::String;
        }
        let branches = self.branches(name);
        if !branches.is_empty() && depth >= MAX_DEPTH {
            return FormModel::Any;
        }
        if !branches.is_empty() {
            let forms = branches.iter().enumerate().map(|(index, branch)| {
                let ty = self.resolved(self.parameter_type(branch));
                self.form(name, index, &ty, depth + 1)
            });
            return FormModel::AnyOf(forms.collect());
        }
        let texts = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
        let properties = schema.value.get("properties").and_then(Value::as_object);
        let required = schema.value.get("required").and_then(Value::as_array);
        FormModel::Object {
            required: texts(required.into_iter().flatten().filter_map(Value::as_str).collect()),
            members: texts(
                properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect(),
            ),
        }
    }
}

/// Returns the name of the variant for a type without a name of its own.
fn word(ty: &Ty) -> String {
    match ty {
        Ty::Bool => "Boolean".to_owned(),
        Ty::Integer | Ty::Duration(_) => "Integer".to_owned(),
        Ty::Float => "Number".to_owned(),
        Ty::String | Ty::Upload => "String".to_owned(),
        Ty::Value => "Any".to_owned(),
        Ty::Map | Ty::Dict(_) | Ty::Filter(_) => "Map".to_owned(),
        Ty::Marker(marker) => marker.type_name().to_owned(),
        Ty::Sort(_) => "Sort".to_owned(),
        Ty::List(element) => format!("{}s", word(element)),
        Ty::Named(name) => name.clone(),
    }
}

/// Returns the documentation of a variant whose type has none.
fn sentence(ty: &Ty) -> String {
    match ty {
        Ty::Bool => "A boolean.".to_owned(),
        Ty::Integer | Ty::Duration(_) => "An integer.".to_owned(),
        Ty::Float => "A number.".to_owned(),
        Ty::String | Ty::Upload => "A string.".to_owned(),
        Ty::Value => "Any JSON.".to_owned(),
        Ty::Map | Ty::Dict(_) | Ty::Filter(_) => "An object with any members.".to_owned(),
        Ty::Marker(marker) => format!("A `{}`.", marker.type_name()),
        Ty::List(_) | Ty::Sort(_) => "A list.".to_owned(),
        Ty::Named(name) => format!("`{name}` of the API."),
    }
}
