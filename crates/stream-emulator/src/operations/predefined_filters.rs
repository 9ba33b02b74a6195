//! Predefined filters for queries of channels, stored by name.

use serde_json::{Map, Value};

use super::resources::{Field, Key, Kind, Resource};
use super::{Call, operations};
use crate::error::ApiError;
use crate::query::{Filter, tables};
use crate::state::Record;

/// The kind under which the state stores them.
pub(super) const KIND: &str = "predefined filter";

const FILTERS: Resource = Resource {
    kind: KIND,
    key: Key::Given("name"),
    fields: &[
        Field::new("description", Kind::Text),
        Field::new("filter", Kind::Object).required(),
        Field::new("operation", Kind::Choice(&["QueryChannels"])).required(),
        Field::new("sort", Kind::List),
    ],
    one: Some("predefined_filter"),
    many: "predefined_filters",
    check,
    ..Resource::DEFAULT
};

operations! {
    "CreatePredefinedFilter" => |call, input| FILTERS.create(call, completed(input)?),
    "GetPredefinedFilter" => |call, input| FILTERS.get(call, input),
    "UpdatePredefinedFilter" => |call, input| FILTERS.update(call, completed(input)?),
    "DeletePredefinedFilter" => |call, input| FILTERS.delete(call, input),
    "GetPredefinedFilters" => |call, input| FILTERS.list(call, input),
}

/// Completes the sort keys, because responses show all of their fields.
fn completed(mut input: Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    if let Some(Value::Array(keys)) = input.get_mut("sort") {
        for key in keys {
            let Value::Object(key) = key else {
                return Err(ApiError::field("sort", "must be a list of objects"));
            };
            if key.get("field").and_then(Value::as_str).is_none_or(str::is_empty) {
                return Err(ApiError::field("sort", "each key must have a field"));
            }
            key.entry("direction").or_insert_with(|| 1.into());
            key.entry("type").or_insert_with(|| "".into());
        }
    }
    Ok(input)
}

/// A predefined filter with its placeholders replaced by the values of a query.
pub(super) struct Resolved {
    pub(super) filter: Map<String, Value>,
    pub(super) sort: Option<Value>,
}

/// Finds a filter by name, and replaces its `{{placeholders}}`.
pub(super) fn resolve(
    call: &Call<'_>,
    name: &str,
    filter_values: &Map<String, Value>,
    sort_values: &Map<String, Value>,
) -> Result<Resolved, ApiError> {
    let Some(record) = call.world.records.get(KIND, name) else {
        return Err(ApiError::not_found(format!("predefined filter {name} does not exist")));
    };
    let filter = record.fields.get("filter").cloned().unwrap_or_default();
    let Value::Object(filter) = filled(filter, filter_values)? else {
        return Err(ApiError::input(format!("predefined filter {name} is not an object")));
    };
    let sort = record.fields.get("sort").cloned();
    let sort = sort.map(|sort| filled(sort, sort_values)).transpose()?;
    Ok(Resolved { filter, sort })
}

/// Replaces `{{name}}` in a value by the value of that name, of any type.
fn filled(value: Value, values: &Map<String, Value>) -> Result<Value, ApiError> {
    Ok(match value {
        Value::String(text) => {
            let name = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
            match name.map(str::trim) {
                None => Value::String(text),
                Some(name) => values.get(name).cloned().ok_or_else(|| {
                    ApiError::field("filter_values", format!("the value {name} is missing"))
                })?,
            }
        }
        Value::Array(items) => {
            let items = items.into_iter().map(|item| filled(item, values));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(fields) => {
            let fields = fields
                .into_iter()
                .map(|(name, value)| Ok((name, filled(value, values)?)))
                .collect::<Result<_, ApiError>>()?;
            Value::Object(fields)
        }
        value => value,
    })
}

/// Refuses filters that the query would refuse, except for their placeholders.
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
