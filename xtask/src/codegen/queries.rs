//! What queries can filter and sort by: `x-stream-filter-fields`, `x-stream-sort-fields` and
//! `x-stream-sort-combinations`.

use super::names::{field_name, type_name};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use stream_spec::{Document, Words};

/// What the rule for names does not find: the query that a property belongs to.
const NAMES: [(&str, &str, &str); 6] = [
    ("ChannelBatchUpdateRequest", "filter", "ChannelBatch"),
    ("CreatePredefinedFilterRequest", "filter", "Channel"),
    ("SearchPayload", "filter_conditions", "Channel"),
    ("SearchPayload", "message_filter_conditions", "Message"),
    ("SearchPayload", "sort", "Message"),
    ("UpdatePredefinedFilterRequest", "filter", "Channel"),
];

/// The operators on the wire, in type names, and as methods of a field.
pub(super) const OPERATORS: [Operator; 13] = [
    Operator::new("$any", "Any", "any"),
    Operator::new("$autocomplete", "Autocomplete", "autocomplete"),
    Operator::new("$contains", "Contains", "contains"),
    Operator::new("$eq", "Eq", "eq"),
    Operator::new("$exists", "Exists", "exists"),
    Operator::new("$gt", "Gt", "gt"),
    Operator::new("$gte", "Gte", "gte"),
    Operator::new("$in", "In", "is_in"),
    Operator::new("$lt", "Lt", "lt"),
    Operator::new("$lte", "Lte", "lte"),
    Operator::new("$ne", "Ne", "ne"),
    Operator::new("$nin", "Nin", "not_in"),
    Operator::new("$q", "Q", "search"),
];

/// What compares by size, which sets of operators have together.
const RANGE: [&str; 4] = ["$gt", "$gte", "$lt", "$lte"];

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Operator {
    pub(super) wire: &'static str,
    pub(super) name: &'static str,
    pub(super) method: &'static str,
}

impl Operator {
    const fn new(wire: &'static str, name: &'static str, method: &'static str) -> Self {
        Self { wire, name, method }
    }
}

/// The type of a field's values, by its name in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Boolean,
    Number,
    Date,
    /// Fields of the application, with keys and values of its own.
    Object,
}

impl Kind {
    /// A type that is not known is the application's: any value goes.
    fn parse(name: Option<&str>) -> Self {
        match name {
            Some("string") => Self::String,
            Some("boolean") => Self::Boolean,
            Some("number" | "integer") => Self::Number,
            Some("date") => Self::Date,
            _ => Self::Object,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Date => "date",
            Self::Object => "object",
        }
    }
}

/// A property of a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Property {
    pub(super) schema: String,
    pub(super) name: String,
}

impl Property {
    fn value<'a>(&self, document: &'a Document) -> Option<&'a Value> {
        let schema = &document.schemas.get(&self.schema)?.value;
        schema.get("properties")?.get(&self.name)
    }
}

/// What the properties of one or more requests filter or sort by.
#[derive(Debug)]
pub(super) struct Query<F> {
    pub(super) name: String,
    /// The request after which it is named comes first.
    pub(super) uses: Vec<Property>,
    pub(super) fields: Vec<F>,
    /// Which fields a query may sort by together; empty if that is not known.
    pub(super) combinations: Vec<Vec<String>>,
}

impl<F> Query<F> {
    fn owner(&self) -> Option<(&str, &str)> {
        Some((&self.name, &self.uses.first()?.schema))
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct FilterField {
    pub(super) ident: String,
    pub(super) wire: String,
    pub(super) kind: Kind,
    pub(super) operators: Vec<&'static Operator>,
    pub(super) doc: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct SortField {
    pub(super) ident: String,
    pub(super) wire: String,
    pub(super) doc: String,
}

#[derive(Default)]
pub(super) struct Queries {
    pub(super) filters: Vec<Query<FilterField>>,
    pub(super) sorts: Vec<Query<SortField>>,
}

impl Queries {
    /// Finds the facts about the schemas that are `requests`. Names that are `taken` are not given.
    pub(super) fn find(
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
        // Those that are named by the rule come first: the others are named after them.
        properties.sort_by_key(|property| listed_name(property).is_some());
        Self {
            filters: group("Filter", &properties, taken, words, |property, words| {
                filter_facts(property.value(document)?, words)
            }),
            sorts: group("Sort", &properties, taken, words, |property, words| {
                sort_facts(property.value(document)?, words)
            }),
        }
    }

    /// The name of every filter with the request after which it is named.
    pub(super) fn filters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.filters.iter().filter_map(Query::owner)
    }

    /// The name of every order with the request after which it is named.
    pub(super) fn sorts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sorts.iter().filter_map(Query::owner)
    }

    /// The name of the filter that a property takes.
    pub(super) fn filter_of(&self, schema: &str, property: &str) -> Option<&str> {
        let is_use = |used: &Property| used.schema == schema && used.name == property;
        self.filters
            .iter()
            .find(|filter| filter.uses.iter().any(is_use))
            .map(|filter| filter.name.as_str())
    }

    /// The sets of operators that fields have, by their name.
    pub(super) fn operator_sets(&self) -> BTreeMap<String, &[&'static Operator]> {
        let fields = self.filters.iter().flat_map(|filter| &filter.fields);
        fields.map(|field| (set_name(&field.operators), field.operators.as_slice())).collect()
    }
}

/// Whether a property without facts holds a filter nevertheless.
pub(super) fn is_filter_name(name: &str) -> bool {
    matches!(name, "filter" | "filters") || name.ends_with("filter_conditions")
}

/// Fields and combinations.
type Facts<F> = (Vec<F>, Vec<Vec<String>>);

/// Makes one type for the properties that have the same name and the same facts.
fn group<F: PartialEq>(
    suffix: &str,
    properties: &[Property],
    taken: &BTreeSet<&str>,
    words: &Words,
    facts: impl Fn(&Property, &FieldWords<'_>) -> Option<Facts<F>>,
) -> Vec<Query<F>> {
    let mut queries: Vec<Query<F>> = Vec::new();
    for property in properties {
        let (listed, own) = (listed_name(property), own_name(property));
        let counted = (2..).map(|number| format!("{own}{suffix}{number}"));
        let names = listed.map(str::to_owned).into_iter().chain([own.clone()]);
        for name in names.map(|name| name + suffix).chain(counted) {
            if taken.contains(name.as_str()) {
                continue;
            }
            let words = FieldWords { words, query: &name };
            let Some((fields, combinations)) = facts(property, &words) else {
                break;
            };
            match queries.iter_mut().find(|query| query.name == name) {
                None => {
                    let uses = vec![property.clone()];
                    queries.push(Query { name, uses, fields, combinations });
                }
                Some(same) if same.fields == fields && same.combinations == combinations => {
                    same.uses.push(property.clone());
                }
                Some(_) => continue,
            }
            break;
        }
    }
    queries.sort_by(|one, other| one.name.cmp(&other.name));
    queries
}

fn listed_name(property: &Property) -> Option<&'static str> {
    NAMES
        .iter()
        .find(|(schema, name, _)| *schema == property.schema && *name == property.name)
        .map(|(_, _, query)| *query)
}

/// `QueryPollVotesRequest` gives `PollVote`; another property than the usual ones adds its name.
fn own_name(property: &Property) -> String {
    let schema = type_name(&property.schema);
    let name = strip(&schema, str::strip_suffix, &["Request", "Payload"]);
    let name = strip(name, str::strip_prefix, &["Query", "Get", "List"]);
    let singular = match (name.strip_suffix("ies"), name.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) if !stem.ends_with('s') => stem.to_owned(),
        _ => name.to_owned(),
    };
    match property.name.as_str() {
        "filter" | "filter_conditions" | "sort" => singular,
        other => {
            let other = strip(other, str::strip_suffix, &["_filter_conditions", "_filter"]);
            let other = strip(other, str::strip_suffix, &["_sort"]);
            singular + &type_name(other)
        }
    }
}

fn strip<'a>(
    text: &'a str,
    strip: impl Fn(&'a str, &'static str) -> Option<&'a str>,
    parts: &[&'static str],
) -> &'a str {
    let rest = parts.iter().find_map(|part| strip(text, part));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(text)
}

/// What the fields of one query mean.
struct FieldWords<'a> {
    words: &'a Words,
    query: &'a str,
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

fn filter_facts(property: &Value, words: &FieldWords<'_>) -> Option<Facts<FilterField>> {
    let facts = property.get("x-stream-filter-fields")?.as_object()?;
    let mut idents = identifiers(facts.keys());
    let facts: BTreeMap<&String, &Value> = facts.iter().collect();
    let fields = facts
        .into_iter()
        .filter_map(|(wire, fact)| {
            let allowed: Vec<&str> = strings(fact.get("operators")?).collect();
            // The raw door is left for an operator that is newer than this.
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

fn sort_facts(property: &Value, words: &FieldWords<'_>) -> Option<Facts<SortField>> {
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
    if names.is_empty() {
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

fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// A function name for each field: `user.id` is `user_id`, or `user_dot_id` beside a `user_id`.
fn identifiers<'a>(names: impl IntoIterator<Item = &'a String>) -> BTreeMap<String, String> {
    let mut names: Vec<&String> = names.into_iter().collect();
    // A name that needs no change keeps itself.
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

/// `EqInRange`, with the four that compare by size as one.
pub(super) fn set_name(operators: &[&Operator]) -> String {
    let has = |wire: &str| operators.iter().any(|operator| operator.wire == wire);
    let is_range = RANGE.iter().all(|wire| has(wire));
    let named = operators
        .iter()
        .filter(|operator| !is_range || !RANGE.contains(&operator.wire))
        .map(|operator| operator.name);
    let mut names: Vec<&str> = named.collect();
    if is_range {
        names.push("Range");
    }
    names.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(schema: &str, name: &str) -> Property {
        Property { schema: schema.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn names_without_the_table() {
        for (schema, name, expected) in [
            ("QueryPollVotesRequest", "filter", "PollVote"),
            ("QueryActivitiesRequest", "filter", "Activity"),
            ("QueryUsersPayload", "filter_conditions", "User"),
            ("GetRetentionPolicyRunsRequest", "sort", "RetentionPolicyRun"),
            ("QueryMessageHistoryRequest", "filter", "MessageHistory"),
            ("FollowBatchRequest", "member_filter", "FollowBatchMember"),
        ] {
            assert_eq!(own_name(&property(schema, name)), expected);
        }
    }

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
        let document = stream_spec::own().unwrap();
        let words = Words::load(&stream_spec::workspace_root().join("spec")).unwrap();
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
