//! Reads the dataclasses of the package.

use std::collections::{BTreeMap, BTreeSet};

/// The classes by name, with their fields by name on the wire.
#[derive(Debug, Default)]
pub(super) struct Models {
    pub(super) classes: BTreeMap<String, BTreeMap<String, Field>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// The type without `| None`.
    pub(super) ty: String,
    pub(super) required: bool,
}

impl Models {
    /// Parses the source of the models. Only dataclasses are read.
    pub(super) fn parse(source: &str) -> Self {
        let mut models = Self::default();
        let mut class = None;
        let mut statement = String::new();
        for line in source.lines() {
            let code = line.trim();
            if let Some(rest) = line.strip_prefix("class ") {
                let name = rest.split_once("(DataClassJsonMixin)").map(|(name, _)| name.to_owned());
                if let Some(name) = &name {
                    models.classes.entry(name.clone()).or_default();
                }
                class = name;
                statement.clear();
            } else if !code.starts_with(['#', '@']) && line.starts_with("    ") {
                statement.push_str(code);
                if is_balanced(&statement) {
                    let fields = class.as_ref().and_then(|name| models.classes.get_mut(name));
                    if let (Some(fields), Some((wire, field))) = (fields, field(&statement)) {
                        fields.insert(wire, field);
                    }
                    statement.clear();
                }
            }
        }
        models
    }

    /// Returns the classes in a type.
    pub(super) fn classes_in(&self, ty: &str) -> BTreeSet<String> {
        let names = ty.split(|c: char| !c.is_alphanumeric() && c != '_');
        names.filter(|name| self.classes.contains_key(*name)).map(str::to_owned).collect()
    }
}

fn is_balanced(code: &str) -> bool {
    let count = |bracket: char| code.matches(bracket).count();
    count('(') == count(')')
}

/// Parses `name: TYPE = dc_field(..., metadata=dc_config(field_name="wire"))`.
fn field(statement: &str) -> Option<(String, Field)> {
    let (declared, value) = statement.split_once("dc_field(")?;
    let (_, ty) = declared.trim_end_matches([' ', '=', '(']).split_once(':')?;
    let wire = value.split_once("field_name=\"")?.1.split_once('"')?.0;
    let ty = optional(ty.trim().trim_matches('"')).to_owned();
    Some((wire.to_owned(), Field { ty, required: !value.contains("default=") }))
}

/// Returns the type without `Optional[...]` or `| None`.
pub(super) fn optional(ty: &str) -> &str {
    let ty = ty.trim_end_matches(" | None").trim();
    ty.strip_prefix("Optional[").and_then(|inner| inner.strip_suffix(']')).unwrap_or(ty)
}
