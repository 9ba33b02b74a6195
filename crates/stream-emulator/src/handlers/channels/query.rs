//! Finding channels.

use super::create::{MEMBERS_SHOWN, in_channel};
use crate::{
    auth::Actor,
    handlers::{
        Answer, Call,
        references::{check_limit, check_offset},
    },
    query::{self, Filter, MessagePage, SortKey},
    render::{Object, Page},
    server::ApiError,
    state::{Channel, Moment, World},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct Query {
    filter_conditions: Option<Map<String, Value>>,
    sort: Option<Vec<SortKey>>,
    limit: Option<usize>,
    offset: Option<usize>,
    member_limit: Option<usize>,
    message_limit: Option<usize>,
    state: Option<bool>,
    predefined_filter: Option<String>,
}

/// `QueryChannels`
pub(in crate::handlers) fn query(call: &mut Call<'_>) -> Answer {
    let query: Query = call.input.body()?;
    if let Some(name) = query.predefined_filter.filter(|name| !name.is_empty()) {
        return Err(ApiError::not_found(format!("predefined filter {name} does not exist")));
    }
    let limit = check_limit(query.limit, 10, 30)?;
    let offset = check_offset(query.offset, 1000)?;
    let member_limit = check_limit(query.member_limit, MEMBERS_SHOWN, 100)?;
    let page = MessagePage::newest(query.message_limit);
    let has_state = query.state != Some(false);
    let filter = Filter::parse(query.filter_conditions.unwrap_or_default())?;
    let view = call.view();
    let documents = call
        .world
        .channels
        .values()
        .filter(|channel| channel.deleted_at.is_none())
        .map(|channel| (document(call.world, channel, call.actor), channel))
        .filter(|(document, _)| filter.matches(document))
        .collect();
    let found = query::sort(documents, query.sort.as_deref(), "last_updated", -1);
    let mut channels = Vec::new();
    for channel in found.into_iter().skip(offset).take(limit) {
        let (members, messages) = if has_state {
            let messages = page.pick(call.world, in_channel(call, channel))?;
            (Page::first(member_limit), messages)
        } else {
            (Page::first(0), Vec::new())
        };
        channels.push(Value::Object(view.channel_state(channel, members, &messages)));
    }
    Ok(Object::new().field("channels", channels))
}

/// A channel as filters see it: custom data stands beside the fields.
fn document(world: &World, channel: &Channel, actor: &Actor) -> Map<String, Value> {
    let mut document = channel.custom.clone();
    let members: Vec<&str> = channel.members.iter().map(|member| member.user_id.as_str()).collect();
    let names: Vec<&str> =
        members.iter().filter_map(|id| world.users.get(*id)?.name.as_deref()).collect();
    let last_message_at = channel.last_message_at.map(Moment::nanoseconds);
    let last_updated = channel.last_message_at.unwrap_or(channel.created_at);
    let mut own = json!({
        "id": channel.id,
        "cid": channel.cid,
        "type": channel.kind,
        "team": channel.team,
        "frozen": channel.frozen,
        "disabled": channel.disabled,
        "created_by_id": channel.created_by,
        "created_at": channel.created_at.nanoseconds(),
        "updated_at": channel.updated_at.nanoseconds(),
        "last_message_at": last_message_at,
        "last_updated": last_updated.nanoseconds(),
        "member_count": channel.members.len(),
        "message_count": channel.messages.len(),
        "members": members,
        "member.user.name": names,
        "filter_tags": channel.filter_tags,
        "distinct": channel.id.starts_with("!members-"),
        "hidden": false,
        "muted": false,
        "blocked": false,
    });
    if let (Actor::User(id), Value::Object(own)) = (actor, &mut own) {
        own.insert("joined".to_owned(), channel.member(id).is_some().into());
    }
    if let Value::Object(own) = own {
        document.extend(own);
    }
    document
}
