//! Labels of single contents, and the log of them.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::verdict::{self, Verdict};
use super::{Outcome, configs};
use crate::document::Object;
use crate::error::ApiError;
use crate::operations::resources::Searched;
use crate::operations::{Call, CursorQuery};
use crate::query::tables;
use crate::state::Record;

/// The kind under which the state stores the results.
const KIND: &str = "label result";

/// The maximum number of stored results.
const MAX_RESULTS: usize = 1000;

#[derive(Deserialize)]
pub(super) struct Content {
    content: String,
    content_id: Option<String>,
    content_type: Option<String>,
    category: Option<String>,
    /// The key of a configuration.
    policy: Option<String>,
    user_id: Option<String>,
    dry_run: Option<bool>,
}

/// Handles `labels`.
pub(super) fn label(call: &mut Call<'_>, input: Content) -> Outcome {
    match input.content.chars().count() {
        0 => return Err(ApiError::field("content", "content is a required field")),
        1..=20_000 => {}
        _ => return Err(ApiError::field("content", "is longer than 20000 characters")),
    }
    let kind = input.content_type.as_deref().filter(|kind| !kind.is_empty()).unwrap_or("text");
    if !["text", "message", "username"].contains(&kind) {
        return Err(ApiError::field("content_type", "must be one of [text message username]"));
    }
    let policy = input.policy.as_deref().filter(|key| !key.is_empty());
    let config = match policy {
        Some(key) => configs::find(call, key, None).ok(),
        None => None,
    };
    let verdict = verdict::of(call.world, &[&input.content], config);
    let masked = masked(&input.content, &verdict);
    let response = Object::new()
        .field("recommended_action", verdict.action.as_str())
        .field("labels", verdict.labels.clone())
        .field("harm_type", harm(&verdict))
        .field("severity", severity(&verdict))
        .field("language", "")
        .field("masked_content", masked.as_str())
        .optional("content_id", input.content_id.as_deref());
    if input.dry_run == Some(true) {
        return Ok(response);
    }
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    set("content", input.content.into());
    set("content_type", kind.into());
    set("category", input.category.unwrap_or_default().into());
    set("harm_type", harm(&verdict).into());
    set("labels", verdict.labels.clone().into());
    set("language", "".into());
    set("masked_content", masked.into());
    set("recommended_action", verdict.action.clone().into());
    set("severity", severity(&verdict).into());
    let optional =
        [("content_id", &input.content_id), ("policy", &input.policy), ("user_id", &input.user_id)];
    for (name, value) in optional {
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            set(name, value.into());
        }
    }
    // The keys sort by time, so the first one is the oldest.
    let key = format!("{:020}", call.now.nanoseconds());
    let record = Record { key, fields, created_at: call.now, updated_at: call.now };
    let oldest = call.world.records.of_kind(KIND).next().map(|oldest| oldest.key.clone());
    if call.world.records.of_kind(KIND).count() >= MAX_RESULTS
        && let Some(oldest) = oldest
    {
        call.world.records.remove(KIND, &oldest);
    }
    call.world.records.insert(KIND, record);
    Ok(response)
}

fn harm(verdict: &Verdict) -> &'static str {
    if verdict.is_keep() { "neutral" } else { "harmful" }
}

fn severity(verdict: &Verdict) -> &'static str {
    match verdict.severity() {
        0 => "none",
        1..=3 => "low",
        4..=6 => "medium",
        _ => "high",
    }
}

/// Replaces matched words by asterisks.
fn masked(content: &str, verdict: &Verdict) -> String {
    let mut masked = content.to_owned();
    for word in &verdict.words {
        let stars = "*".repeat(word.chars().count());
        masked = masked.replace(word.as_str(), &stars);
    }
    masked
}

/// Handles `query_label_results`.
pub(super) fn query(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let records = call.world.records.of_kind(KIND);
    let all = records.map(|record| Searched { key: "id", record });
    let page = query.pick(tables::QUERY_LABEL_RESULTS, all, |found| found.record.key.clone())?;
    Ok(page.document("label_results", |Searched { record, .. }| {
        let fields = record.fields.iter().map(|(name, value)| (name.clone(), value.clone()));
        fields
            .collect::<Object>()
            .field("id", record.key.as_str())
            .field("created_at", record.created_at)
    }))
}
