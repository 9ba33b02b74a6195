//! Policy tests: texts with the expected actions.

use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::{Outcome, configs, verdict};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::Call;
use crate::operations::resources::{Default, Field, Key, Kind, Resource};
use crate::state::{Record, Timestamp};

const SETS: Resource = Resource {
    kind: "policy test set",
    key: Key::Made("id"),
    fields: &[
        Field::new("name", Kind::Text).required(),
        Field::new("config_key", Kind::Text).default(Default::Text("")),
        Field::new("mode", Kind::Text).default(Default::Text("regression")),
        Field::new("team", Kind::Text),
        Field::new("rows", Kind::List).default(Default::EmptyList),
        Field::new("created_by", Kind::Text).default(Default::Text("")),
    ],
    one: Some("set"),
    many: "sets",
    check: |_, record| {
        let rows = record.fields.get("rows").and_then(Value::as_array);
        match rows.is_some_and(|rows| rows.iter().all(Value::is_object)) {
            true => Ok(()),
            false => Err(ApiError::field("rows", "must be a list of objects")),
        }
    },
    ..Resource::DEFAULT
};

/// The kind under which the state stores the runs.
const RUNS: &str = "policy test run";

fn document(call: &Call<'_>, record: &Record) -> Object {
    let rows = record.fields.get("rows").and_then(Value::as_array).map_or(0, Vec::len);
    SETS.document(record)
        .field("row_count", rows)
        .optional("last_run", runs(call, &record.key).pop().map(run))
}

/// Returns the runs of a test set, from the oldest to the newest.
fn runs<'a>(call: &'a Call<'_>, set_id: &str) -> Vec<&'a Record> {
    let runs = call.world.records.of_kind(RUNS);
    let mut runs: Vec<&Record> = runs
        .filter(|run| run.fields.get("set_id").and_then(Value::as_str) == Some(set_id))
        .collect();
    runs.sort_by_key(|run| run.created_at);
    runs
}

/// Renders a run (`PolicyTestRun`), which is complete as soon as it has started.
fn run(record: &Record) -> Object {
    let field = |name: &str| record.fields.get(name).cloned().unwrap_or_default();
    let mut object = Object::new()
        .field("id", record.key.as_str())
        .field("status", "completed")
        .field("task_id", record.key.as_str())
        .field("triggered_by", "")
        .field("created_at", record.created_at)
        .field("started_at", record.created_at)
        .field("completed_at", record.created_at);
    for name in ["set_id", "config_key", "rows_total", "metrics"] {
        object.set(name, field(name));
    }
    object.field("rows_completed", field("rows_total"))
}

fn shown(call: &Call<'_>, record: &Record) -> Object {
    let recent: Node = runs(call, &record.key).into_iter().rev().take(10).map(run).collect();
    Object::new().field("set", document(call, record)).field("recent_runs", recent)
}

/// Handles `create_policy_test_set`.
pub(super) fn create(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    let mut input = input;
    if let Some(seed) = input.remove("seed").filter(|seed| !seed.is_null()) {
        seed_rows(call, &mut input, &seed);
    }
    let record = SETS.add(call, &input)?;
    Ok(shown(call, &record))
}

/// Adds rows from texts that were labeled before.
fn seed_rows(call: &Call<'_>, input: &mut Map<String, Value>, seed: &Value) {
    let limit = seed.get("limit").and_then(Value::as_u64).unwrap_or(10);
    let wanted = seed.get("labels").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut rows = input.get("rows").and_then(Value::as_array).cloned().unwrap_or_default();
    let results = call.world.records.of_kind("label result").filter(|result| {
        let labels = result.fields.get("labels").and_then(Value::as_array);
        wanted.is_empty()
            || labels.is_some_and(|labels| labels.iter().any(|it| wanted.contains(it)))
    });
    rows.extend(results.take(usize::try_from(limit).unwrap_or(usize::MAX)).map(|result| {
        json!({
            "text": result.fields.get("content"),
            "labels": result.fields.get("labels"),
            "recommended_action": result.fields.get("recommended_action"),
        })
    }));
    input.insert("rows".to_owned(), rows.into());
}

/// Handles `get_policy_test_set`.
pub(super) fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(shown(call, SETS.find(call)?))
}

/// Handles `list_policy_test_sets`.
pub(super) fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let sets = call.world.records.of_kind(SETS.kind);
    let sets: Node = sets.map(|record| document(call, record)).collect();
    Ok(Object::new().field("sets", sets))
}

/// Handles `delete_policy_test_set`: deletes the set with its runs.
pub(super) fn delete(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    let keys: Vec<String> =
        runs(call, call.path("id")).into_iter().map(|run| run.key.clone()).collect();
    SETS.delete(call, input)?;
    for key in keys {
        call.world.records.remove(RUNS, &key);
    }
    Ok(Object::new())
}

/// Handles `start_policy_test_run`: applies the current configuration to each row.
pub(super) fn start(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let set = SETS.find(call)?.clone();
    let text = |name: &str| set.fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let config = match text("config_key") {
        "" => None,
        key => configs::find(call, key, Some(text("team"))).ok(),
    };
    let rows = set.fields.get("rows").and_then(Value::as_array).cloned().unwrap_or_default();
    let run_id = uuid::Uuid::new_v4().to_string();
    let (mut passed, mut failed) = (0, 0);
    let mut results = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let of = |name: &str| row.get(name).and_then(Value::as_str);
        let verdict = verdict::of(call.world, &[of("text").unwrap_or_default()], config);
        let expected = of("recommended_action").filter(|action| !action.is_empty());
        let is_passed = expected.map(|expected| expected == verdict.action);
        match is_passed {
            Some(true) => passed += 1,
            Some(false) => failed += 1,
            None => {}
        }
        let failure = expected
            .filter(|_| is_passed == Some(false))
            .map(|expected| format!("expected {expected}, got {}", verdict.action));
        let mut result = json!({
            "id": index + 1,
            "run_id": run_id,
            "row_index": index,
            "message_text": of("text").unwrap_or_default(),
            "actual_action": verdict.action,
            "actual_labels": verdict.labels,
            "scored": is_passed.is_some(),
            "expected_action": expected,
            "expected_labels": row.get("labels").filter(|labels| labels.is_array()),
            "passed": is_passed,
            "failure_reason": failure,
        });
        if let Some(fields) = result.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        results.push(result);
    }
    let totals = json!({
        "rows": rows.len(),
        "scored": passed + failed,
        "unscored": rows.len() - passed - failed,
        "passed": passed,
        "failed": failed,
    });
    let fields = json!({
        "set_id": set.key,
        "config_key": text("config_key"),
        "rows_total": rows.len(),
        "metrics": {"mode": text("mode"), "totals": totals},
        "results": results,
    });
    let record = Record {
        key: run_id,
        fields: crate::operations::decode(fields)?,
        created_at: call.now,
        updated_at: call.now,
    };
    let shown = run_shown(&record);
    call.world.records.insert(RUNS, record);
    Ok(shown)
}

fn run_shown(record: &Record) -> Object {
    let at: Timestamp = record.created_at;
    let results = record.fields.get("results").and_then(Value::as_array);
    let results: Node = results
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|result| {
            let fields = result.iter().map(|(name, value)| (name.clone(), value.clone()));
            fields.collect::<Object>().field("created_at", at)
        })
        .collect();
    Object::new().field("run", run(record)).field("results", results)
}

/// Handles `get_policy_test_run`.
pub(super) fn get_run(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("id");
    match call.world.records.get(RUNS, id) {
        Some(record) => Ok(run_shown(record)),
        None => Err(ApiError::not_found(format!("policy test run {id} not found"))),
    }
}
