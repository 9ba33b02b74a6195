//! Segments: stored sets of users or channels, for campaigns.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::resources::{Default, Field, Key, Kind, Resource};
use super::{Call, CursorQuery, Outcome, check_count, operations};
use crate::document::Object;
use crate::error::ApiError;
use crate::query::{Fields, Kind as FilterKind, Rule, tables};
use crate::state::{Record, Timestamp, World};

pub(super) const SEGMENTS: Resource = Resource {
    kind: "segment",
    key: Key::Made("id"),
    fields: &[
        Field::new("type", Kind::Choice(&["user", "channel"])).required().fixed(),
        Field::new("name", Kind::Text).default(Default::Text("")).max(128),
        Field::new("description", Kind::Text).default(Default::Text("")).max(256),
        Field::new("all_users", Kind::Bool).default(Default::Bool(false)).fixed(),
        Field::new("all_sender_channels", Kind::Bool).default(Default::Bool(false)).fixed(),
        Field::new("filter", Kind::Object).default(Default::EmptyObject),
    ],
    many: "segments",
    ..Resource::DEFAULT
};

operations! {
    "CreateSegment" => create,
    "GetSegment" => get,
    "UpdateSegment" => update,
    "DeleteSegment" => |call, input| SEGMENTS.delete(call, input),
    "QuerySegments" => query,
    "AddSegmentTargets" => add_targets,
    "DeleteSegmentTargets" => delete_targets,
    "SegmentTargetExists" => has_target,
    "QuerySegmentTargets" => query_targets,
}

/// The field of a record with the targets: the time of addition by ID.
const TARGETS: &str = "targets";

/// Returns the IDs of the targets of a segment.
pub(super) fn targets(record: &Record) -> Vec<String> {
    let targets = record.fields.get(TARGETS).and_then(Value::as_object);
    targets.into_iter().flatten().map(|(id, _)| id.clone()).collect()
}

/// Renders a segment (`SegmentResponse`), with its size. The schema requires a timestamp of
/// deletion; an existing segment has that of its creation.
pub(super) fn document(world: &World, record: &Record) -> Object {
    let is_all = record.fields.get("all_users") == Some(&Value::Bool(true));
    let size = if is_all { world.users.len() } else { targets(record).len() };
    SEGMENTS.document(record).field("size", size).field("deleted_at", record.created_at)
}

fn shown(call: &Call<'_>, record: &Record) -> Object {
    Object::new().field("segment", document(call.world, record))
}

/// Handles `CreateSegment`.
fn create(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    let record = SEGMENTS.add(call, &input)?;
    Ok(shown(call, &record))
}

/// Handles `GetSegment`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(shown(call, SEGMENTS.find(call)?))
}

/// Handles `UpdateSegment`.
fn update(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    SEGMENTS.update(call, input)?;
    Ok(shown(call, SEGMENTS.find(call)?))
}

/// Handles `QuerySegments`.
fn query(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let records = call.world.records.of_kind(SEGMENTS.kind);
    let all = records.map(|record| super::resources::Searched { key: "id", record });
    let page = query.pick(tables::QUERY_SEGMENTS, all, |found| found.record.key.clone())?;
    Ok(page.document("segments", |found| document(call.world, found.record)))
}

#[derive(Deserialize)]
struct Targets {
    target_ids: Vec<String>,
}

/// Changes the targets of the segment in the path.
fn change(
    call: &mut Call<'_>,
    input: Targets,
    most: usize,
    change: impl Fn(&mut Map<String, Value>, String, Timestamp),
) -> Outcome {
    check_count("target_ids", input.target_ids.len(), most)?;
    if input.target_ids.is_empty() {
        return Err(ApiError::field("target_ids", "must have an item"));
    }
    let mut record = SEGMENTS.find(call)?.clone();
    let targets = record.fields.entry(TARGETS).or_insert_with(|| json!({}));
    if let Value::Object(targets) = targets {
        for id in input.target_ids {
            change(targets, id, call.now);
        }
    }
    record.updated_at = call.now;
    call.world.records.insert(SEGMENTS.kind, record);
    Ok(Object::new())
}

/// Handles `AddSegmentTargets`.
fn add_targets(call: &mut Call<'_>, input: Targets) -> Outcome {
    change(call, input, 10_000, |targets, id, now| {
        targets.entry(id).or_insert_with(|| now.nanoseconds().into());
    })
}

/// Handles `DeleteSegmentTargets`; ignores IDs that are not targets.
fn delete_targets(call: &mut Call<'_>, input: Targets) -> Outcome {
    change(call, input, 100, |targets, id, _| {
        targets.remove(&id);
    })
}

/// Handles `SegmentTargetExists`.
fn has_target(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("target_id");
    let record = SEGMENTS.find(call)?;
    match record.fields.get(TARGETS).is_some_and(|targets| targets.get(id).is_some()) {
        true => Ok(Object::new()),
        false => Err(ApiError::not_found(format!("segment {} has no target {id}", record.key))),
    }
}

/// A target of a segment, as filters see it.
struct Target<'a> {
    id: &'a str,
    created_at: Timestamp,
}

impl Fields for Target<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "target_id" => Some(self.id.into()),
            "created_at" => Some(self.created_at.nanoseconds().into()),
            _ => None,
        }
    }
}

/// The fields of filters for targets, which the schema does not list.
const TARGET_FIELDS: &[Rule] =
    &[Rule { name: "target_id", kind: FilterKind::Text, operators: "$eq $in $gt $gte $lt $lte" }];

/// Handles `QuerySegmentTargets`.
fn query_targets(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let record = SEGMENTS.find(call)?;
    let targets = record.fields.get(TARGETS).and_then(Value::as_object);
    let all = targets.into_iter().flatten().map(|(id, since)| Target {
        id,
        created_at: Timestamp::parse(since).unwrap_or(record.created_at),
    });
    let page = query.pick_up_to(10_000, TARGET_FIELDS, all, |target| target.id.to_owned())?;
    Ok(page.document("targets", |target| {
        Object::new()
            .field("app_pk", 1)
            .field("segment_id", record.key.as_str())
            .field("target_id", target.id)
            .field("created_at", target.created_at)
    }))
}
