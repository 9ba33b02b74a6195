//! Retention policies, which run once a day of the emulator's clock.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Call, Outcome, channels, check_limit, operations};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::query::{CursorPage, Fields, Filter, Sort, SortKey, tables};
use crate::state::{Policy, Run, Timestamp};

operations! {
    "SetRetentionPolicy" => set,
    "GetRetentionPolicy" => get,
    "DeleteRetentionPolicy" => delete,
    "GetRetentionPolicyRuns" => runs,
}

/// The policy that deletes old messages.
const OLD_MESSAGES: &str = "old-messages";
/// The policy that deletes channels without recent messages.
const INACTIVE_CHANNELS: &str = "inactive-channels";
/// All policies.
const POLICIES: [&str; 2] = [OLD_MESSAGES, INACTIVE_CHANNELS];
/// The possible ages in hours: from a day to five years.
const HOURS: std::ops::RangeInclusive<i32> = 24..=43_800;

#[derive(Deserialize)]
struct Named {
    policy: String,
}

#[derive(Deserialize)]
struct Set {
    policy: String,
    max_age_hours: i32,
}

/// Handles `SetRetentionPolicy`.
fn set(call: &mut Call<'_>, input: Set) -> Outcome {
    check(&input.policy)?;
    if !HOURS.contains(&input.max_age_hours) {
        let (least, most) = (HOURS.start(), HOURS.end());
        return Err(ApiError::field("max_age_hours", format!("must be {least} to {most}")));
    }
    let policy = Policy::new(input.max_age_hours, call.now);
    let document = document(&input.policy, policy);
    call.world.retention.policies.insert(input.policy, policy);
    Ok(Object::new().field("policy", document))
}

/// Handles `GetRetentionPolicy`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let policies = call.world.retention.policies.iter();
    let policies: Node = policies.map(|(name, policy)| document(name, *policy)).collect();
    Ok(Object::new().field("policies", policies))
}

/// Handles `DeleteRetentionPolicy`.
fn delete(call: &mut Call<'_>, Named { policy }: Named) -> Outcome {
    check(&policy)?;
    match call.world.retention.policies.remove(&policy) {
        Some(_) => Ok(Object::new()),
        None => Err(ApiError::not_found(format!("the policy {policy} is not set"))),
    }
}

#[derive(Deserialize)]
struct Runs {
    filter_conditions: Option<Map<String, Value>>,
    sort: Option<Vec<SortKey>>,
    #[serde(flatten)]
    page: CursorPage,
}

/// Handles `GetRetentionPolicyRuns`, sorted from the newest to the oldest.
fn runs(call: &mut Call<'_>, input: Runs) -> Outcome {
    let limit = check_limit(input.page.limit, 25, 100)?;
    let conditions = input.filter_conditions.unwrap_or_default();
    let filter = Filter::parse(conditions, tables::GET_RETENTION_POLICY_RUNS)?;
    let allowed = Some(&["date", "policy"][..]);
    let sort = Sort::parse(input.sort, allowed, &[("date", -1)])?;
    let runs = call.world.retention.runs.iter().map(Searched);
    let found = sort.apply(runs.filter(|run| filter.matches(run)).collect());
    let page = input
        .page
        .pick(found, limit, |Searched(run)| format!("{}:{}", run.policy, run.at.nanoseconds()))?;
    Ok(page.document("runs", |Searched(run)| {
        let stats = Object::new()
            .field("messages_deleted", run.messages_deleted)
            .field("channels_deleted", run.channels_deleted);
        Object::new()
            .field("app_pk", 1)
            .field("policy", run.policy.as_str())
            .field("date", run.at.to_rfc3339())
            .field("stats", stats)
    }))
}

/// A run, as filters see it.
struct Searched<'a>(&'a Run);

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(run) = self;
        Some(match name {
            "policy" => run.policy.as_str().into(),
            "date" => run.at.nanoseconds().into(),
            _ => return None,
        })
    }
}

/// Runs the policies that are due.
pub(super) fn run(call: &mut Call<'_>) {
    for (name, policy) in call.world.retention.take_due(call.now) {
        let old_before = policy.old_before(call.now);
        let (messages_deleted, channels_deleted) = match name.as_str() {
            OLD_MESSAGES => (delete_messages(call, old_before), 0),
            _ => (0, delete_channels(call, old_before)),
        };
        let run = Run { policy: name, at: call.now, messages_deleted, channels_deleted };
        call.world.retention.note(run);
    }
}

/// Deletes all messages before a timestamp permanently, and returns their number.
fn delete_messages(call: &mut Call<'_>, before: Timestamp) -> usize {
    let old = call.world.messages.values().filter(|message| message.created_at < before);
    let old: HashSet<String> = old.map(|message| message.id.clone()).collect();
    call.world.remove_messages(&old)
}

/// Deletes the channels without messages since a timestamp, and returns their number.
fn delete_channels(call: &mut Call<'_>, before: Timestamp) -> usize {
    let living = call.world.channels.values().filter(|channel| channel.deleted_at.is_none());
    let inactive: Vec<String> = living
        .filter(|channel| channel.last_message_at.unwrap_or(channel.created_at) < before)
        .map(|channel| channel.cid.clone())
        .collect();
    for cid in &inactive {
        channels::delete_one(call, cid, channels::Removal::Hard);
    }
    inactive.len()
}

fn check(policy: &str) -> Result<(), ApiError> {
    if POLICIES.contains(&policy) {
        return Ok(());
    }
    let allowed = POLICIES.join(" ");
    Err(ApiError::field("policy", format!("{policy:?} must be one of [{allowed}]")))
}

/// Renders a policy (`RetentionPolicy`).
fn document(name: &str, policy: Policy) -> Object {
    Object::new()
        .field("app_pk", 1)
        .field("policy", name)
        .field("config", Object::new().field("max_age_hours", policy.max_age_hours))
        .field("enabled_at", policy.enabled_at)
}
