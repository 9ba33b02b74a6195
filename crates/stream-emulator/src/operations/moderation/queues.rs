//! Queues: saved filters of the review queue.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Outcome, review};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::Call;
use crate::operations::resources::{Default, Field, Key, Kind, Resource};
use crate::query::{Filter, tables};
use crate::state::Record;

const QUEUES: Resource = Resource {
    kind: "moderation queue",
    key: Key::Made("id"),
    fields: &[
        Field::new("name", Kind::Text).required().max(255),
        Field::new("type", Kind::Choice(&["personal_view", "operational_queue"]))
            .required()
            .fixed(),
        Field::new("description", Kind::Text).default(Default::Text("")).max(512),
        Field::new("filters", Kind::Object).default(Default::EmptyObject),
        Field::new("sort", Kind::List).default(Default::EmptyList),
        Field::new("created_by", Kind::Text).default(Default::Text("")).fixed(),
    ],
    one: Some("queue"),
    many: "queues",
    check: |_, record| filter(record).map(|_| ()),
    ..Resource::DEFAULT
};

fn filter(record: &Record) -> Result<Filter, ApiError> {
    let conditions = record.fields.get("filters").and_then(Value::as_object);
    Filter::parse(conditions.cloned().unwrap_or_default(), tables::QUERY_REVIEW_QUEUE)
}

/// Renders a queue, with the current number of its items.
fn document(call: &Call<'_>, record: &Record) -> Object {
    let count = filter(record)
        .map_or(0, |filter| review::all(call.view()).filter(|item| filter.matches(item)).count());
    QUEUES.document(record).field("item_count", count)
}

fn shown(call: &Call<'_>, record: &Record) -> Object {
    Object::new().field("queue", document(call, record))
}

/// Handles `create_queue`.
pub(super) fn create(call: &mut Call<'_>, mut input: Map<String, Value>) -> Outcome {
    let user_id = input.get("user_id").and_then(Value::as_str);
    let user_id = user_id.or_else(|| input.get("user")?.get("id")?.as_str());
    let created_by = user_id.unwrap_or_default().to_owned();
    input.insert("created_by".to_owned(), created_by.into());
    let record = QUEUES.add(call, &input)?;
    Ok(shown(call, &record))
}

/// Handles `get_queue`.
pub(super) fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(shown(call, QUEUES.find(call)?))
}

/// Handles `list_queues`.
pub(super) fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let queues = call.world.records.of_kind(QUEUES.kind);
    let queues: Node = queues.map(|record| document(call, record)).collect();
    Ok(Object::new().field("queues", queues))
}

/// Handles `update_queue`.
pub(super) fn update(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    QUEUES.update(call, input)?;
    Ok(shown(call, QUEUES.find(call)?))
}

/// Handles `delete_queue`: returns the deleted queue.
pub(super) fn delete(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    let before = shown(call, QUEUES.find(call)?);
    QUEUES.delete(call, input)?;
    Ok(before)
}
