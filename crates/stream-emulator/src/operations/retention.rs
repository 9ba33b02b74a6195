//! Retention policies. They are kept; nothing is deleted by them, and so there are no runs.

use super::{Answer, Call, check_limit, operations};
use crate::{
    document::{Node, Object},
    error::ApiError,
    query::{CursorPage, Filter, tables},
    state::Timestamp,
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value};

operations! {
    "SetRetentionPolicy" => set,
    "GetRetentionPolicy" => get,
    "DeleteRetentionPolicy" => delete,
    "GetRetentionPolicyRuns" => runs,
}

/// The policies that there are.
const POLICIES: [&str; 2] = ["old-messages", "inactive-channels"];

#[derive(Deserialize)]
struct Policy {
    policy: String,
}

#[derive(Deserialize)]
struct Set {
    policy: String,
    max_age_hours: i32,
}

/// `SetRetentionPolicy`
fn set(call: &mut Call<'_>, input: Set) -> Answer {
    call.server_only()?;
    check(&input.policy)?;
    if input.max_age_hours < 1 {
        return Err(ApiError::field("max_age_hours", "must be 1 or more"));
    }
    let policy = (input.max_age_hours, call.now);
    let document = document(&input.policy, policy);
    call.world.retention.0.insert(input.policy, policy);
    Ok(Object::new().field("policy", document))
}

/// `GetRetentionPolicy`
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Answer {
    call.server_only()?;
    let policies = call.world.retention.0.iter();
    let policies: Node = policies.map(|(name, policy)| document(name, *policy)).collect();
    Ok(Object::new().field("policies", policies))
}

/// `DeleteRetentionPolicy`
fn delete(call: &mut Call<'_>, Policy { policy }: Policy) -> Answer {
    call.server_only()?;
    check(&policy)?;
    match call.world.retention.0.remove(&policy) {
        Some(_) => Ok(Object::new()),
        None => Err(ApiError::not_found(format!("the policy {policy} is not set"))),
    }
}

#[derive(Deserialize)]
struct Runs {
    filter_conditions: Option<Map<String, Value>>,
    #[serde(flatten)]
    page: CursorPage,
}

/// `GetRetentionPolicyRuns`
fn runs(call: &mut Call<'_>, input: Runs) -> Answer {
    call.server_only()?;
    let limit = check_limit(input.page.limit, 25, 100)?;
    let conditions = input.filter_conditions.unwrap_or_default();
    Filter::parse(conditions, tables::GET_RETENTION_POLICY_RUNS)?;
    let page = input.page.pick(Vec::<Object>::new(), limit, |_| String::new())?;
    Ok(page.document("runs", |run| run))
}

fn check(policy: &str) -> Result<(), ApiError> {
    if POLICIES.contains(&policy) {
        return Ok(());
    }
    let allowed = POLICIES.join(" ");
    Err(ApiError::field("policy", format!("{policy:?} must be one of [{allowed}]")))
}

/// A policy as a document (`RetentionPolicy`).
fn document(name: &str, (max_age_hours, enabled_at): (i32, Timestamp)) -> Object {
    Object::new()
        .field("app_pk", 1)
        .field("policy", name)
        .field("config", Object::new().field("max_age_hours", max_age_hours))
        .field("enabled_at", enabled_at)
}
