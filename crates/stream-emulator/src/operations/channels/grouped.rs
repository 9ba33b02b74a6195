//! Queries channels in groups, which front ends show side by side.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::create::{MEMBERS_SHOWN, in_channel};
use super::query::{Searched, find};
use crate::document::Object;
use crate::error::ApiError;
use crate::operations::{Call, Outcome, check_limit};
use crate::query::{Filter, MessagePage, Sort, tables};
use crate::state::UserInput;
use crate::view::View;

/// The maximum number of channels of each group in a response.
const MAX_CHANNELS: usize = 10;

#[derive(Deserialize)]
pub(super) struct Query {
    groups: Option<BTreeMap<String, Option<Group>>>,
    limit: Option<usize>,
    watch: Option<bool>,
    presence: Option<bool>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

#[derive(Default, Deserialize)]
struct Group {
    limit: Option<usize>,
    next: Option<String>,
    prev: Option<String>,
}

/// The names of the known groups.
const GROUPS: &[&str] = &["all", "new", "current", "old", "archived", "pinned"];

/// Handles `GroupedQueryChannels`. The grouping of the service is not documented; here, an unknown
/// group contains the channels with the tag of that name.
pub(super) fn query(call: &mut Call<'_>, query: Query) -> Outcome {
    let user_id = call.acting_user(query.user_id.as_deref(), query.user.as_ref(), "user")?;
    let limit = check_limit(query.limit, MAX_CHANNELS, MAX_CHANNELS)?;
    let subscription = call.subscription(query.watch, query.presence)?;
    let view = call.view().of(&user_id);
    let mut cids = Vec::new();
    let sort = Sort::parse(None, None, &[("last_updated", -1)])?;
    let mut groups = Object::new();
    for (name, group) in query.groups.unwrap_or_default() {
        let group = group.unwrap_or_default();
        let limit = check_limit(group.limit, limit, MAX_CHANNELS)?;
        let filter = Filter::parse(conditions(&name, &user_id), tables::QUERY_CHANNELS)?;
        let found = sort.apply(find(view, &filter));
        let start = match group.next.or(group.prev).as_deref() {
            None | Some("") => 0,
            Some(cursor) => {
                cursor.parse().map_err(|_| ApiError::field("next", "is not a cursor"))?
            }
        };
        let shown = found.iter().skip(start).take(limit);
        cids.extend(shown.map(|searched| searched.channel.cid.clone()));
        groups.set(name, bucket(view, &found, start, limit)?);
    }
    for cid in &cids {
        call.subscribe(&subscription, cid);
    }
    Ok(Object::new().field("groups", groups))
}

fn conditions(name: &str, user_id: &str) -> Map<String, Value> {
    let mut conditions = Map::from_iter([("members".to_owned(), json!({"$in": [user_id]}))]);
    let (field, value) = match name {
        "archived" | "pinned" => (name, true.into()),
        name if GROUPS.contains(&name) => return conditions,
        tag => ("filter_tags", json!({"$in": [tag]})),
    };
    conditions.insert(field.to_owned(), value);
    conditions
}

fn bucket(
    view: View<'_>,
    found: &[Searched<'_>],
    start: usize,
    limit: usize,
) -> Result<Object, ApiError> {
    let page = MessagePage::newest(None);
    let mut channels = Vec::new();
    for Searched { channel, .. } in found.iter().skip(start).take(limit) {
        let messages = page.pick(view.world, in_channel(view, channel))?;
        let members = view.newest_members(channel, MEMBERS_SHOWN);
        channels.push(view.channel_state(channel, members, &messages));
    }
    let end = start.saturating_add(limit);
    Ok(Object::new()
        .field("channels", channels)
        .optional("next", (end < found.len()).then(|| end.to_string()))
        .optional("prev", (start > 0).then(|| start.saturating_sub(limit).to_string())))
}
