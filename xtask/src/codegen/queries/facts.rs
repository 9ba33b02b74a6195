//! Reads the schema's extensions about the fields of a query.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::operators::{OPERATORS, Operator};
use crate::codegen::names::field_name;
use stream_spec::Words;

/// The type of a field's values, by its name in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Boolean,
    Number,
    Date,
    /// Custom fields, with keys and values of the application.
    Object,
}

impl Kind {
    /// An unknown type is custom: it accepts any value.
    fn parse(name: Option<&str>) -> Self {
        match name {
            Some("string") => Self::String,
            Some("boolean") => Self::Boolean,
            Some("number" | "integer") => Self::Number,
            Some("date") => Self::Date,
            _ => Self::Object,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Date => "date",
            Self::Object => "object",
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FilterField {
    pub(crate) ident: String,
    pub(crate) wire: String,
    pub(crate) kind: Kind,
    pub(crate) operators: Vec<&'static Operator>,
    pub(crate) doc: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SortField {
    pub(crate) ident: String,
    pub(crate) wire: String,
    pub(crate) doc: String,
}

/// The fields and their allowed combinations.
pub(super) type Facts<F> = (Vec<F>, Vec<Vec<String>>);

/// The descriptions of the fields of a query.
pub(super) struct FieldWords<'a> {
    pub(super) words: &'a Words,
    pub(super) query: &'a str,
}

impl FieldWords<'_> {
    fn of(&self, field: &str) -> String {
        let queries = &self.words.queries;
        queries
            .get(self.query)
            .and_then(|fields| fields.get(field))
            .or_else(|| queries.get("any")?.get(field))
            .cloned()
            .unwrap_or_default()
    }
}

pub(super) fn filter(property: &Value, words: &FieldWords<'_>) -> Option<Facts<FilterField>> {
    let facts = property.get("x-stream-filter-fields")?.as_object()?;
    let mut idents = identifiers(facts.keys());
    let facts: BTreeMap<&String, &Value> = facts.iter().collect();
    let fields = facts
        .into_iter()
        .filter_map(|(wire, fact)| {
            let allowed: Vec<&str> = strings(fact.get("operators")?).collect();
            // An unknown operator can still be used in a raw filter.
            let operators: Vec<&Operator> =
                OPERATORS.iter().filter(|operator| allowed.contains(&operator.wire)).collect();
            Some(FilterField {
                ident: idents.remove(wire)?,
                doc: words.of(wire),
                kind: Kind::parse(fact.get("type").and_then(Value::as_str)),
                wire: wire.clone(),
                operators,
            })
            .filter(|field| !field.operators.is_empty())
        })
        .collect();
    Some((fields, Vec::new()))
}

pub(super) fn sort(property: &Value, words: &FieldWords<'_>) -> Option<Facts<SortField>> {
    let combinations: Vec<Vec<String>> = property
        .get("x-stream-sort-combinations")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|combination| strings(combination).map(str::to_owned).collect())
        .collect();
    let listed = property.get("x-stream-sort-fields");
    let mut names: BTreeSet<String> =
        listed.into_iter().flat_map(strings).map(str::to_owned).collect();
    names.extend(combinations.iter().flatten().cloned());
    if names.is_empty() && !is_order(property) {
        return None;
    }
    let mut idents = identifiers(&names);
    let fields = names
        .iter()
        .filter_map(|wire| {
            Some(SortField { ident: idents.remove(wire)?, doc: words.of(wire), wire: wire.clone() })
        })
        .collect();
    Some((fields, combinations))
}

/// Returns whether a property contains fields to sort by.
fn is_order(property: &Value) -> bool {
    let items = property.get("items").and_then(|items| items.get("$ref")?.as_str());
    items.is_some_and(|reference| reference.rsplit('/').next() == Some(super::SORT_KEY))
}

fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Returns a function name for each field: `user.id` is `user_id`, or `user_dot_id` beside a
/// `user_id`.
fn identifiers<'a>(names: impl IntoIterator<Item = &'a String>) -> BTreeMap<String, String> {
    let mut names: Vec<&String> = names.into_iter().collect();
    // A name that needs no change takes precedence.
    names.sort_by_key(|name| field_name(name) != **name);
    let mut given = BTreeSet::new();
    let mut idents = BTreeMap::new();
    for name in names {
        let spelled = field_name(&name.replace('.', "_dot_").replace('$', "_dollar_"));
        let counted = (2..).map(|number| format!("{}_{number}", spelled.trim_end_matches('_')));
        let free = [field_name(name), spelled.clone()]
            .into_iter()
            .chain(counted)
            .find(|ident| !given.contains(ident));
        if let Some(ident) = free {
            given.insert(ident.clone());
            idents.insert(name.clone(), ident);
        }
    }
    idents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_sound_and_distinct() {
        let names = ["user.id", "user_id", "type", "$size", "member.user.name", "user-id"];
        let names = names.map(str::to_owned);
        let idents = identifiers(&names);
        let of = |name: &str| idents[name].as_str();
        assert_eq!(of("user_id"), "user_id");
        assert_eq!(of("user.id"), "user_dot_id");
        assert_eq!(of("user-id"), "user_id_2");
        assert_eq!(of("type"), "type_");
        assert_eq!(of("$size"), "size");
        assert_eq!(of("member.user.name"), "member_user_name");
    }
}
