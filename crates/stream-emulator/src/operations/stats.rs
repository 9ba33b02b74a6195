//! Usage by team. It counts the users of a team and the messages in its channels; all other metrics
//! are 0.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Call, Outcome, check_limit, operations};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::query::CursorPage;
use crate::state::Timestamp;

operations! {
    "QueryTeamUsageStats" => query,
}

#[derive(Deserialize)]
struct Query {
    month: Option<String>,
    start_date: Option<String>,
    end_date: Option<String>,
    team: Option<String>,
    #[serde(flatten)]
    page: CursorPage,
}

/// Handles `QueryTeamUsageStats`.
fn query(call: &mut Call<'_>, input: Query) -> Outcome {
    let limit = check_limit(input.page.limit, 30, 30)?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (month, start, end) = (given(input.month), given(input.start_date), given(input.end_date));
    if month.is_some() && (start.is_some() || end.is_some()) {
        return Err(ApiError::input("cannot use month with start_date and end_date"));
    }
    if let Some(month) = &month {
        check_date("month", &format!("{month}-01"), "YYYY-MM")?;
    }
    for (name, date) in [("start_date", &start), ("end_date", &end)] {
        if let Some(date) = date {
            check_date(name, date, "YYYY-MM-DD")?;
        }
    }
    if let (Some(start), Some(end)) = (&start, &end)
        && start > end
    {
        return Err(ApiError::field("end_date", "must not be before start_date"));
    }
    let sought = given(input.team);
    let teams = count(call)
        .into_iter()
        .filter(|(team, _)| sought.as_ref().is_none_or(|sought| sought == team));
    let page = input.page.pick(teams.collect(), limit, |(team, _)| team.clone())?;
    Ok(page.document("teams", |(team, counts)| document(&team, counts)))
}

/// Refuses invalid dates.
fn check_date(name: &str, date: &str, form: &str) -> Result<(), ApiError> {
    match date.len() == 10 && Timestamp::parse_text(&format!("{date}T00:00:00Z")).is_some() {
        true => Ok(()),
        false => Err(ApiError::field(name, format!("must have the form {form}"))),
    }
}

#[derive(Default, Clone, Copy)]
struct Counts {
    users: usize,
    messages: usize,
}

fn count(call: &Call<'_>) -> BTreeMap<String, Counts> {
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for user in call.world.users.values().filter(|user| user.deleted_at.is_none()) {
        for team in &user.teams {
            counts.entry(team.clone()).or_default().users += 1;
        }
    }
    for channel in call.world.channels.values() {
        if let Some(team) = &channel.team {
            counts.entry(team.clone()).or_default().messages += channel.messages.len();
        }
    }
    counts
}

/// The metrics, and whether each counts users or messages.
const METRICS: &[(&str, Metric)] = &[
    ("concurrent_connections", Metric::Nothing),
    ("concurrent_users", Metric::Nothing),
    ("image_moderations_daily", Metric::Nothing),
    ("messages_daily", Metric::Messages),
    ("messages_last_24_hours", Metric::Messages),
    ("messages_last_30_days", Metric::Messages),
    ("messages_month_to_date", Metric::Messages),
    ("messages_total", Metric::Messages),
    ("translations_daily", Metric::Nothing),
    ("users_daily", Metric::Users),
    ("users_engaged_last_30_days", Metric::Users),
    ("users_engaged_month_to_date", Metric::Users),
    ("users_last_24_hours", Metric::Users),
    ("users_last_30_days", Metric::Users),
    ("users_month_to_date", Metric::Users),
    ("users_total", Metric::Users),
];

#[derive(Clone, Copy)]
enum Metric {
    Users,
    Messages,
    Nothing,
}

/// Renders the usage of a team (`TeamUsageStats`).
fn document(team: &str, counts: Counts) -> Object {
    let metrics = METRICS.iter().map(|(name, metric)| {
        let total = match metric {
            Metric::Users => counts.users,
            Metric::Messages => counts.messages,
            Metric::Nothing => 0,
        };
        (*name, Node::from(Object::new().field("total", total)))
    });
    metrics.chain([("team", Node::from(team))]).collect()
}
