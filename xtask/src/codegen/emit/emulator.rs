//! Emits the data of the emulator: the fields that each query filters and sorts by.

use std::collections::BTreeMap;
use std::path::PathBuf;

use heck::ToShoutySnakeCase;

use super::HEADER;
use crate::codegen::ir::Ir;
use crate::codegen::output::Files;
use crate::codegen::queries::{Kind, Property};

/// Returns the generated files of the emulator, by their path in its query folder.
pub(super) fn files(ir: &Ir) -> Files {
    let mut tables = BTreeMap::new();
    for query in &ir.queries.filters {
        let Some(property) = query.uses.first() else { continue };
        let rules = query.fields.iter().map(|field| {
            let kind = match field.kind {
                Kind::String => "Text",
                Kind::Boolean => "Bool",
                Kind::Number => "Number",
                Kind::Date => "Time",
                Kind::Object => "Custom",
            };
            let operators: Vec<&str> = field.operators.iter().map(|one| one.wire).collect();
            let operators = operators.join(" ");
            format!(
                "Rule {{ name: {:?}, kind: Kind::{kind}, operators: {operators:?} }}",
                field.wire
            )
        });
        add(&mut tables, property, "", "Rule", rules);
    }
    for query in &ir.queries.sorts {
        let Some(property) = query.uses.first() else { continue };
        let fields = query.fields.iter().map(|field| format!("{:?}", field.wire));
        add(&mut tables, property, "_SORT", "&str", fields);
    }
    let tables: String = tables.into_values().collect();
    let text = format!(
        "{HEADER}//! What each query may filter and sort by, as the API publishes it.\n\n\
         #![allow(dead_code, reason = \"the table is whole, whether or not a query is evaluated\")]\n\n\
         use super::{{Kind, Rule}};\n\n{tables}"
    );
    Files::from([(PathBuf::from("tables.rs"), text)])
}

/// Adds the constant for a property.
fn add(
    tables: &mut BTreeMap<String, String>,
    property: &Property,
    suffix: &str,
    element: &str,
    elements: impl Iterator<Item = String>,
) {
    let Property { schema, name } = property;
    let request = ["Request", "Payload"].iter().find_map(|suffix| schema.strip_suffix(suffix));
    let mut constant = request.unwrap_or(schema).to_shouty_snake_case();
    // The name of a property is added, unless it is the usual one.
    if let Some(more) = name.strip_suffix("_filter_conditions") {
        constant += &format!("_{}", more.to_shouty_snake_case());
    }
    constant += suffix;
    let elements: Vec<String> = elements.collect();
    let text = format!(
        "/// `{schema}.{name}`\npub(crate) const {constant}: &[{element}] = &[{}];\n\n",
        elements.join(", ")
    );
    tables.insert(constant, text);
}
