//! Collects the fields that queries filter and sort by: `x-stream-filter-fields`,
//! `x-stream-sort-fields` and `x-stream-sort-combinations`.

mod facts;
mod group;
mod naming;
mod operators;

pub(crate) use facts::{FilterField, Kind, SortField};
pub(crate) use operators::{Operator, set_name};

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::directions::{Directions, Role};
use super::homes::Homes;
use super::names::type_name;
use group::group;
use naming::listed_name;
use stream_spec::{Document, ParameterPlace, Words};

/// The schema of a field to sort by.
pub(crate) const SORT_KEY: &str = "SortParamRequest";

/// A property of a request, or a parameter of an operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Property {
    pub(crate) schema: String,
    pub(crate) name: String,
}

impl Property {
    fn value<'a>(&self, document: &'a Document) -> Option<&'a Value> {
        if let Some(schema) = document.schemas.get(&self.schema) {
            return schema.value.get("properties")?.get(&self.name);
        }
        let operation = &document.operations.get(&self.schema)?.value;
        let parameter = operation.parameters.iter().find(|item| item.name == self.name)?;
        Some(&parameter.schema)
    }
}

/// The fields that properties of one or more requests filter or sort by.
#[derive(Debug)]
pub(crate) struct Query<F> {
    pub(crate) name: String,
    /// The first request is the one that the query is named after.
    pub(crate) uses: Vec<Property>,
    pub(crate) fields: Vec<F>,
    /// The fields that can be combined in a sort order; empty if unknown.
    pub(crate) combinations: Vec<Vec<String>>,
}

impl<F> Query<F> {
    fn owner(&self) -> Option<(&str, &str)> {
        Some((&self.name, &self.uses.first()?.schema))
    }
}

#[derive(Default)]
pub(crate) struct Queries {
    pub(crate) filters: Vec<Query<FilterField>>,
    pub(crate) sorts: Vec<Query<SortField>>,
}

impl Queries {
    /// Collects the filters and sort orders of requests.
    pub(crate) fn of(
        document: &Document,
        words: &Words,
        homes: &Homes,
        directions: &Directions,
    ) -> Self {
        let operations = document.operations.keys();
        let operations: BTreeSet<String> = operations.map(|id| type_name(id)).collect();
        let taken = homes.keys().chain(&operations).map(String::as_str).collect();
        Self::find(document, words, &taken, |schema| directions.role(schema) == Role::Request)
    }

    /// Collects the facts about the schemas in `requests`, without using names in `taken`.
    fn find(
        document: &Document,
        words: &Words,
        taken: &BTreeSet<&str>,
        is_request: impl Fn(&str) -> bool,
    ) -> Self {
        let mut properties: Vec<Property> = document
            .schemas
            .iter()
            .filter(|(schema, _)| is_request(schema))
            .flat_map(|(schema, value)| {
                let properties = value.value.get("properties").and_then(Value::as_object);
                let names = properties.into_iter().flat_map(|all| all.keys());
                names.map(|name| Property { schema: schema.clone(), name: name.clone() })
            })
            .collect();
        properties.extend(document.operations.iter().flat_map(|(id, operation)| {
            let parameters = operation.value.parameters_in(ParameterPlace::Query);
            parameters
                .map(|parameter| Property { schema: id.clone(), name: parameter.name.clone() })
        }));
        // Properties that are named by the rule come first, since the others are named after them.
        properties.sort_by_key(|property| listed_name(property).is_some());
        Self {
            filters: group("Filter", &properties, taken, words, |property, words| {
                facts::filter(property.value(document)?, words)
            }),
            sorts: group("Sort", &properties, taken, words, |property, words| {
                facts::sort(property.value(document)?, words)
            }),
        }
    }

    /// Returns the name of every filter with the request that it is named after.
    pub(crate) fn filters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.filters.iter().filter_map(Query::owner)
    }

    /// Returns the name of every sort order with the request that it is named after.
    pub(crate) fn sorts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sorts.iter().filter_map(Query::owner)
    }

    /// Returns the name of a property's filter.
    pub(crate) fn filter_of(&self, schema: &str, property: &str) -> Option<&str> {
        let is_use = |used: &Property| used.schema == schema && used.name == property;
        self.filters
            .iter()
            .find(|filter| filter.uses.iter().any(is_use))
            .map(|filter| filter.name.as_str())
    }

    /// Returns the name of the sort order of a property or a parameter.
    pub(crate) fn sort_of(&self, owner: &str, name: &str) -> Option<&str> {
        let is_use = |used: &Property| used.schema == owner && used.name == name;
        let sort = self.sorts.iter().find(|sort| sort.uses.iter().any(is_use));
        sort.map(|sort| sort.name.as_str())
    }

    /// Removes the sort orders without known fields, and those of parameters.
    pub(crate) fn only_listed(mut self, document: &Document) -> Self {
        for sort in &mut self.sorts {
            sort.uses.retain(|property| document.schemas.contains_key(&property.schema));
        }
        self.sorts.retain(|sort| !sort.fields.is_empty() && !sort.uses.is_empty());
        self
    }

    /// Returns the sets of operators of fields, by name.
    pub(crate) fn operator_sets(&self) -> BTreeMap<String, &[&'static Operator]> {
        let fields = self.filters.iter().flat_map(|filter| &filter.fields);
        fields.map(|field| (set_name(&field.operators), field.operators.as_slice())).collect()
    }
}

/// Returns whether a property without facts is a filter by its name.
pub(crate) fn is_filter_name(name: &str) -> bool {
    matches!(name, "filter" | "Filter" | "filters") || name.ends_with("filter_conditions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_query_with_other_facts_has_a_type_of_its_own() {
        let mut document = stream_spec::own().unwrap();
        let schema = document.schemas.get_mut("SearchPayload").unwrap();
        let conditions = &mut schema.value["properties"]["filter_conditions"];
        conditions["x-stream-filter-fields"]["mood"] =
            serde_json::json!({ "type": "string", "operators": ["$eq", "$like"] });
        let words = Words::default();
        let find = |taken: &[&str]| {
            let taken = taken.iter().copied().collect();
            Queries::find(&document, &words, &taken, |_| true)
        };
        let queries = find(&[]);
        let filter = |schema| queries.filter_of(schema, "filter_conditions");
        assert_eq!(filter("QueryChannelsRequest"), Some("ChannelFilter"));
        assert_eq!(filter("SearchPayload"), Some("SearchFilter"));
        let queries = find(&["SearchFilter", "ChannelFilter"]);
        let filter = |schema| queries.filter_of(schema, "filter_conditions");
        assert_eq!(filter("QueryChannelsRequest"), Some("ChannelFilter2"));
        assert_eq!(filter("SearchPayload"), Some("SearchFilter2"));
    }

    #[test]
    fn every_field_of_the_own_schema_has_words_and_all_words_are_used() {
        let mut document = stream_spec::own().unwrap();
        let words = Words::load(&stream_spec::workspace_root().join("spec")).unwrap();
        words.refinements.apply(&mut document);
        let queries = Queries::find(&document, &words, &BTreeSet::new(), |_| true);
        let filters = queries.filters.iter().flat_map(|query| {
            query.fields.iter().map(|field| (&query.name, &field.wire, &field.doc))
        });
        let sorts = queries.sorts.iter().flat_map(|query| {
            query.fields.iter().map(|field| (&query.name, &field.wire, &field.doc))
        });
        let mut unused: BTreeSet<&String> =
            words.queries.values().flat_map(|of| of.values()).collect();
        for (query, field, doc) in filters.chain(sorts) {
            assert!(!doc.is_empty(), "queries.yaml: {query}.{field}: missing");
            unused.remove(doc);
        }
        assert!(unused.is_empty(), "queries.yaml: {unused:#?}");
    }
}
