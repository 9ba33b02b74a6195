//! Emits the fields that queries filter and sort by. They are macro calls, which rustfmt does not
//! format.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::imports::Imports;
use super::{HEADER, docs, last};
use crate::codegen::ir::Ir;
use crate::codegen::names::type_name;
use crate::codegen::queries::{FilterField, Kind, Operator, Property, Query, SortField, set_name};

/// The module of the operator sets.
pub(super) const SETS: &str = "operator_sets";

pub(super) fn filter(query: &Query<FilterField>) -> String {
    let mut text = start("filter_fields", "filter", query);
    for field in &query.fields {
        let kind = match field.kind {
            Kind::String => "A text",
            Kind::Boolean => "True or false",
            Kind::Number => "A number",
            Kind::Date => "A timestamp",
            Kind::Object => "Any value",
        };
        let operators = methods(&field.operators, "`", ", ");
        field_docs(&mut text, &field.doc, &field.wire, &format!("{kind}: {operators}."));
        let name = match field.kind {
            Kind::Object => "key".to_owned(),
            _ => format!("{:?}", field.wire),
        };
        let (ident, kind, set) = (&field.ident, field.kind.name(), set_name(&field.operators));
        let _ = writeln!(text, "        {ident}: {kind}, operator_sets::{set} = {name};");
    }
    text + "    }\n}\n"
}

pub(super) fn sort(query: &Query<SortField>) -> String {
    let mut text = start("sort_fields", "sort", query);
    for field in &query.fields {
        field_docs(&mut text, &field.doc, &field.wire, "");
        let _ = writeln!(text, "        {} = {:?};", field.ident, field.wire);
    }
    text + "    }\n}\n"
}

/// Returns the macro call up to the first field.
fn start<F>(call: &str, verb: &str, query: &Query<F>) -> String {
    let mut text = format!("{call}! {{\n");
    let mut uses = query.uses.iter();
    if let Some(Property { schema, name }) = uses.next() {
        // The request is in the same module; those of other modules may not be compiled.
        let ty = type_name(schema);
        let _ = writeln!(text, "    /// What [`{ty}`] can {verb} by, in `{name}`.");
    }
    let others: Vec<String> = uses
        .map(|Property { schema, name }| format!("`{name}` of `{}`", type_name(schema)))
        .collect();
    if !others.is_empty() {
        let _ = writeln!(text, "    ///");
        for line in docs::wrap(&format!("The same holds for {}.", others.join(", "))) {
            let _ = writeln!(text, "    /// {line}");
        }
    }
    if !query.combinations.is_empty() {
        let _ =
            writeln!(text, "    ///\n    /// The fields go together in these ways, in this order:");
        for combination in &query.combinations {
            let _ = writeln!(text, "    /// - `{}`", combination.join("`, `"));
        }
    }
    let _ = writeln!(text, "    pub enum {} {{", query.name);
    text
}

fn field_docs(text: &mut String, doc: &str, wire: &str, operators: &str) {
    let meaning = match doc {
        "" => format!("`{wire}`."),
        doc => doc.to_owned(),
    };
    let docs = format!("{meaning} {operators}");
    for line in docs::wrap(docs.trim_end()) {
        let _ = writeln!(text, "        /// {line}");
    }
}

fn methods(operators: &[&Operator], quote: &str, between: &str) -> String {
    let methods = operators.iter().map(|operator| format!("{quote}{}{quote}", operator.method));
    methods.collect::<Vec<_>>().join(between)
}

/// Returns the file with the operator sets.
pub(super) fn operator_sets(sets: &BTreeMap<String, &[&'static Operator]>) -> String {
    let mut text = format!(
        "{HEADER}//! The sets of operators that fields allow.\n\nuse crate::filter::operator_sets;\n\noperator_sets! {{\n"
    );
    for (name, operators) in sets {
        let wires = operators.iter().map(|operator| format!("`{}`", operator.wire));
        let traits = operators.iter().map(|operator| format!("Allows{}", operator.name));
        let wires = wires.collect::<Vec<_>>().join(", ");
        let traits = traits.collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "    /// {wires}.\n    {name}: {traits};");
    }
    text + "}\n"
}

/// Returns the file that uses every operator of every field, for a test that compares it with the
/// schema.
pub(super) fn cases(ir: &Ir) -> String {
    let mut imports = Imports::default();
    let (mut filters, mut sorts) = (String::new(), String::new());
    for query in &ir.queries.filters {
        let lines = query.fields.iter().map(|field| {
            let argument = match field.kind {
                Kind::Object => format!("{:?}", field.wire),
                _ => String::new(),
            };
            let (ident, kind) = (&field.ident, field.kind.name());
            let methods = methods(&field.operators, "", " ");
            format!("        {ident}({argument}) {kind}: {methods};\n")
        });
        filters += &query_cases(ir, &mut imports, query, &lines.collect::<String>());
    }
    for query in &ir.queries.sorts {
        let lines = query.fields.iter().map(|field| format!("        {};\n", field.ident));
        sorts += &query_cases(ir, &mut imports, query, &lines.collect::<String>());
    }
    imports.add_all("crate::queries", &["filter_cases", "sort_cases"]);
    format!(
        "{HEADER}//! Every operator of every field that queries filter by, and every field that they sort by.\n\n\
         {imports}\nfilter_cases! {{\n{filters}}}\n\nsort_cases! {{\n{sorts}}}\n"
    )
}

/// Returns the fields of a query for each property that takes the query.
fn query_cases<F>(ir: &Ir, imports: &mut Imports, query: &Query<F>, lines: &str) -> String {
    let mut import = |ty: &str| {
        imports.add(&format!("stream_models::{}", module(ir, ty)), ty);
    };
    let mut text = String::new();
    for Property { schema, name } in &query.uses {
        let ty = type_name(schema);
        let fields = ir.modules.values().flat_map(|module| &module.structs);
        let field = fields
            .filter(|item| item.name == ty)
            .flat_map(|item| &item.fields)
            .find(|field| field.wire == *name);
        let Some(field) = field else { continue };
        import(&query.name);
        import(&ty);
        let (ident, query) = (&field.ident, &query.name);
        let _ = writeln!(text, "    {ty}.{ident}, {schema:?} {name:?}: {query} {{\n{lines}    }}");
    }
    text
}

/// Returns the public module of a type.
fn module<'a>(ir: &'a Ir, ty: &str) -> &'a str {
    ir.homes.get(ty).map_or("", |home| last(home))
}
