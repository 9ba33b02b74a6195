//! Filters that are kept under a name, for queries of channels.

use super::{
    Call, operations,
    resources::{Field, Key, Kind, Resource},
};
use crate::{
    error::ApiError,
    query::{Filter, tables},
    state::Record,
};
use serde_json::Value;

/// What the state keeps them under.
pub(super) const KIND: &str = "predefined filter";

const FILTERS: Resource = Resource {
    kind: KIND,
    key: Key::Given("name"),
    fields: &[
        Field::new("description", Kind::Text),
        Field::new("filter", Kind::Object).required(),
        Field::new("operation", Kind::Text).required().choices(&["QueryChannels"]),
        Field::new("sort", Kind::List),
    ],
    one: Some("predefined_filter"),
    many: "predefined_filters",
    check,
    ..Resource::DEFAULT
};

operations! {
    "CreatePredefinedFilter" => |call, input| FILTERS.create(call, input),
    "GetPredefinedFilter" => |call, input| FILTERS.get(call, input),
    "UpdatePredefinedFilter" => |call, input| FILTERS.update(call, input),
    "DeletePredefinedFilter" => |call, input| FILTERS.delete(call, input),
    "GetPredefinedFilters" => |call, input| FILTERS.list(call, input),
}

/// Refuses filters that the query would refuse, as far as they have no placeholders.
fn check(_: &Call<'_>, record: &Record) -> Result<(), ApiError> {
    match record.fields.get("filter") {
        Some(filter) if !filter.to_string().contains("{{") => match filter {
            Value::Object(filter) => {
                Filter::parse(filter.clone(), tables::QUERY_CHANNELS).map(|_| ())
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}
