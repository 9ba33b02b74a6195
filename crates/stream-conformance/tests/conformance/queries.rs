//! The fields that queries filter and sort by are those of the schema.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use crate::generated::queries::{filters, sorts};
use crate::support;
use stream_models::shared::SortParamRequest;
use stream_models::{Filter, Optional};
use stream_spec::Words;

/// The schema, the property, and a value as it is sent.
type Case = (&'static str, &'static str, Value);

/// A property that takes the filter of the query `Q`.
pub(crate) trait TakesFilter<Q> {}

impl<Q> TakesFilter<Q> for Filter<Q> {}
impl<Q> TakesFilter<Q> for Optional<Filter<Q>> {}

/// A property that takes sort orders.
pub(crate) trait TakesSort {}

impl TakesSort for Optional<Vec<SortParamRequest>> {}

pub(crate) fn takes_filter<Q, T: TakesFilter<Q>>(_: &T) {}

pub(crate) fn takes_sort<T: TakesSort>(_: &T) {}

pub(crate) fn wire(value: impl Serialize) -> Value {
    support::json(&value).unwrap()
}

/// Defines `filters`: a filter with every operator of every field.
macro_rules! filter_cases {
    ($($request:ident.$ident:ident, $schema:literal $property:literal: $query:ident {
        $($field:ident($($key:literal)?) $kind:ident: $($operator:ident)+;)*
    })*) => {
        pub(crate) fn filters() -> Vec<(&'static str, &'static str, serde_json::Value)> {
            let mut cases = Vec::new();
            $(
                let _ = |request: &$request| $crate::queries::takes_filter::<$query, _>(&request.$ident);
                $(
                    let field = $query::$field($($key)?);
                    $(
                        let condition = $crate::queries::condition!(field, $kind, $operator);
                        cases.push(($schema, $property, $crate::queries::wire(condition)));
                    )+
                )*
            )*
            cases
        }
    };
}

/// Builds a filter; lists have two values.
macro_rules! condition {
    ($field:expr, $kind:ident, exists) => { $field.exists(true) };
    ($field:expr, $kind:ident, autocomplete) => { $field.autocomplete("text") };
    ($field:expr, $kind:ident, search) => { $field.search("text") };
    ($field:expr, $kind:ident, is_in) => { $crate::queries::condition!(@list $field, $kind, is_in) };
    ($field:expr, $kind:ident, not_in) => { $crate::queries::condition!(@list $field, $kind, not_in) };
    ($field:expr, $kind:ident, any) => { $crate::queries::condition!(@list $field, $kind, any) };
    (@list $field:expr, $kind:ident, $operator:ident) => {
        $field.$operator([$crate::queries::value!($kind), $crate::queries::value!($kind)])
    };
    ($field:expr, $kind:ident, $operator:ident) => {
        $field.$operator($crate::queries::value!($kind))
    };
}

/// Returns a value of a type of the schema.
macro_rules! value {
    (string) => {
        "text"
    };
    (boolean) => {
        true
    };
    (number) => {
        7
    };
    (date) => {
        stream_models::Timestamp::UNIX_EPOCH
    };
    (object) => {
        [("nested", 1.5)].into_iter().collect::<std::collections::BTreeMap<_, _>>()
    };
}

/// Defines `sorts`: an ascending and a descending order for every field.
macro_rules! sort_cases {
    ($($request:ident.$ident:ident, $schema:literal $property:literal: $query:ident {
        $($field:ident;)*
    })*) => {
        pub(crate) fn sorts() -> Vec<(&'static str, &'static str, serde_json::Value)> {
            let mut cases = Vec::new();
            $(
                let _ = |request: &$request| $crate::queries::takes_sort(&request.$ident);
                let _ = |request: $request, order: stream_models::filter::Sort<$query>| request.$ident(order);
                $(
                    for order in [$query::$field().ascending(), $query::$field().descending()] {
                        let keys = order.into_iter().map(|key| ($schema, $property, $crate::queries::wire(key)));
                        cases.extend(keys);
                    }
                )*
            )*
            cases
        }
    };
}

pub(crate) use {condition, filter_cases, sort_cases, value};

/// Returns a filter on a field as the schema describes it.
fn expected(field: &str, kind: &str, operator: &str) -> Value {
    let value = match kind {
        "string" => json!("text"),
        "boolean" => json!(true),
        "number" => json!(7),
        "date" => json!("1970-01-01T00:00:00Z"),
        "object" => json!({ "nested": 1.5 }),
        other => panic!("{field}: a type {other}"),
    };
    let operand = match operator {
        "$eq" | "$ne" | "$gt" | "$gte" | "$lt" | "$lte" | "$contains" => value,
        "$in" | "$nin" | "$any" => json!([value, value]),
        "$exists" => json!(true),
        "$autocomplete" | "$q" => json!("text"),
        other => panic!("{field}: an operator {other}"),
    };
    json!({ field: { operator: operand } })
}

/// Returns every value of the schema's facts, and their number.
fn facts(list: impl Fn(&Value) -> Vec<Value>) -> BTreeSet<(String, String, String)> {
    let mut document = stream_spec::own().unwrap();
    let words = Words::load(&stream_spec::workspace_root().join("spec")).unwrap();
    words.refinements.apply(&mut document);
    let mut facts = BTreeSet::new();
    for (schema, located) in &document.schemas {
        let properties = located.value.get("properties").and_then(Value::as_object);
        for (property, value) in properties.into_iter().flatten() {
            for fact in list(value) {
                facts.insert((schema.clone(), property.clone(), fact.to_string()));
            }
        }
    }
    facts
}

fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn compare(cases: Vec<Case>, facts: &BTreeSet<(String, String, String)>) {
    let count = cases.len();
    let cases: BTreeSet<_> = cases
        .into_iter()
        .map(|(schema, property, value)| {
            (schema.to_owned(), property.to_owned(), value.to_string())
        })
        .collect();
    assert_eq!(cases.len(), count, "two conditions look the same");
    let missing: Vec<_> = facts.difference(&cases).collect();
    let wrong: Vec<_> = cases.difference(facts).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "missing {missing:#?}, wrong {wrong:#?}");
}

#[test]
fn every_operator_of_every_field_has_its_wire_form() {
    let facts = facts(|property| {
        let fields = property.get("x-stream-filter-fields");
        let fields = fields.and_then(Value::as_object).into_iter().flatten();
        let of_field = |(name, fact): (&String, &Value)| {
            let kind = fact["type"].as_str().unwrap().to_owned();
            let operators: Vec<String> = strings(&fact["operators"]).map(str::to_owned).collect();
            let of = |operator: &String| expected(name, &kind, operator);
            operators.iter().map(of).collect::<Vec<_>>()
        };
        fields.flat_map(of_field).collect()
    });
    assert!(facts.len() > 1_300, "{}", facts.len());
    compare(filters(), &facts);
}

#[test]
fn every_sort_field_has_its_wire_form() {
    let facts = facts(|property| {
        let listed = property.get("x-stream-sort-fields").map(strings);
        let mut names: BTreeSet<&str> = listed.into_iter().flatten().collect();
        let combinations = property.get("x-stream-sort-combinations");
        for combination in combinations.and_then(Value::as_array).into_iter().flatten() {
            names.extend(strings(combination));
        }
        let both = |name: &str| [1, -1].map(|way| json!({ "field": name, "direction": way }));
        names.into_iter().flat_map(both).collect()
    });
    assert!(facts.len() >= 56, "{}", facts.len());
    compare(sorts(), &facts);
}
