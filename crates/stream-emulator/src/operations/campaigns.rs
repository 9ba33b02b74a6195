//! Campaigns: one message to many users or channels.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::resources::{Default, Field, Key, Kind, Resource, Searched};
use super::{
    Call, CursorQuery, Outcome, decode, messages, operations, push_providers, require_users,
    segments,
};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::query::tables;
use crate::state::{Channel, Member, Record, Timestamp, World, cid, distinct_id};

const CAMPAIGNS: Resource = Resource {
    kind: "campaign",
    key: Key::Made("id"),
    fields: &[
        Field::new("name", Kind::Text).default(Default::Text("")),
        Field::new("description", Kind::Text).default(Default::Text("")),
        Field::new("sender_id", Kind::Text).required(),
        Field::new("message_template", Kind::Object).required(),
        Field::new("channel_template", Kind::Object),
        Field::new("segment_ids", Kind::Texts).default(Default::EmptyList).max(25),
        Field::new("user_ids", Kind::Texts).default(Default::EmptyList).max(10_000),
        Field::new("create_channels", Kind::Bool).default(Default::Bool(false)),
        Field::new("show_channels", Kind::Bool).default(Default::Bool(false)),
        Field::new("skip_push", Kind::Bool).default(Default::Bool(false)),
        Field::new("skip_webhook", Kind::Bool).default(Default::Bool(false)),
        Field::new("sender_mode", Kind::Choice(&["", "exclude", "include"]))
            .default(Default::Text("")),
        Field::new("sender_visibility", Kind::Choice(&["", "hidden", "archived"]))
            .default(Default::Text("")),
    ],
    one: Some("campaign"),
    many: "campaigns",
    check,
    ..Resource::DEFAULT
};

operations! {
    "CreateCampaign" => create,
    "GetCampaign" => get,
    "UpdateCampaign" => update,
    "DeleteCampaign" => |call, input| CAMPAIGNS.delete(call, input),
    "QueryCampaigns" => query,
    "StartCampaign" => start,
    "StopCampaign" => stop,
    "TestCampaign" (POST "/campaigns/{id}/test") => test,
}

fn text<'a>(record: &'a Record, name: &str) -> &'a str {
    record.fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn texts(record: &Record, name: &str) -> Vec<String> {
    let list = record.fields.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn is_on(record: &Record, name: &str) -> bool {
    record.fields.get(name) == Some(&Value::Bool(true))
}

/// Refuses a campaign that refers to missing objects or has an empty message.
fn check(call: &Call<'_>, record: &Record) -> Result<(), ApiError> {
    require_users(call.world, [text(record, "sender_id")], "sender_id")?;
    let user_ids = texts(record, "user_ids");
    require_users(call.world, user_ids.iter().map(String::as_str), "user_ids")?;
    for id in texts(record, "segment_ids") {
        if call.world.records.get(segments::SEGMENTS.kind, &id).is_none() {
            return Err(ApiError::field("segment_ids", format!("segment \"{id}\" not found")));
        }
    }
    let template = record.fields.get("message_template");
    let part = |name: &str| template.and_then(|template| template.get(name));
    let has_text = part("text").and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    let has_more = part("attachments").and_then(Value::as_array).is_some_and(|it| !it.is_empty())
        || part("poll_id").and_then(Value::as_str).is_some_and(|id| !id.is_empty());
    if !has_text && !has_more {
        return Err(ApiError::field("message_template", "text is a required field"));
    }
    if let Some(template) = record.fields.get("channel_template") {
        let kind = template.get("type").and_then(Value::as_str).unwrap_or_default();
        call.check_channel_type(kind)?;
    }
    Ok(())
}

/// Completes the attachments of the message, because responses show their custom data.
fn completed(mut input: Map<String, Value>) -> Map<String, Value> {
    let template = input.get_mut("message_template");
    let attachments = template.and_then(|template| template.get_mut("attachments")?.as_array_mut());
    for attachment in attachments.into_iter().flatten() {
        if let Value::Object(attachment) = attachment {
            attachment.entry("custom").or_insert_with(|| json!({}));
        }
    }
    input
}

/// Returns a timestamp of a record, if it is set.
fn time(record: &Record, name: &str) -> Option<Timestamp> {
    record.fields.get(name).and_then(Timestamp::parse)
}

fn status(record: &Record) -> &str {
    match text(record, "status") {
        "" => "draft",
        status => status,
    }
}

/// Renders a campaign (`CampaignResponse`). The schema requires the timestamps of start and stop;
/// until they are known, they are that of its creation.
fn document(call: &Call<'_>, record: &Record) -> Object {
    let view = call.view();
    let world: &World = view.world;
    let segments: Node = texts(record, "segment_ids")
        .iter()
        .filter_map(|id| world.records.get(segments::SEGMENTS.kind, id))
        .map(|segment| segments::document(world, segment))
        .collect();
    let users: Node = texts(record, "user_ids").iter().map(|id| view.user_by_id(id)).collect();
    let count = |name: &str| record.fields.get(name).and_then(Value::as_i64).unwrap_or_default();
    let stats = Object::new()
        .field("progress", if status(record) == "completed" { 1.0 } else { 0.0 })
        .field("stats_messages_sent", count("messages_sent"))
        .field("stats_users_sent", count("users_sent"))
        .field("stats_users_read", 0)
        .field("stats_channels_created", count("channels_created"))
        .field("stats_started_at", time(record, "started_at").unwrap_or(record.created_at))
        .field("stats_completed_at", time(record, "completed_at").unwrap_or(record.created_at));
    CAMPAIGNS
        .document(record)
        .field("status", status(record))
        .optional("scheduled_for", time(record, "scheduled_for"))
        .optional("stop_at", time(record, "stop_at"))
        .field("sender", view.user_by_id(text(record, "sender_id")))
        .field("segments", segments)
        .field("users", users)
        .field("stats", stats)
}

/// Renders a changed campaign: at the top level by the schema, and in `campaign` for v1.
fn changed(call: &Call<'_>, record: &Record) -> Object {
    document(call, record).only_v1("campaign", document(call, record))
}

fn shown(call: &Call<'_>, record: &Record) -> Object {
    Object::new().field("campaign", document(call, record)).field("users", Object::new())
}

/// Handles `CreateCampaign`.
fn create(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    let record = CAMPAIGNS.add(call, &completed(input))?;
    Ok(shown(call, &record))
}

/// Handles `GetCampaign`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(shown(call, CAMPAIGNS.find(call)?))
}

/// Handles `UpdateCampaign`, which only changes campaigns that have not started.
fn update(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    let record = CAMPAIGNS.find(call)?;
    if !matches!(status(record), "draft" | "scheduled" | "stopped") {
        return Err(refusal(record, "updated"));
    }
    CAMPAIGNS.update(call, completed(input))?;
    Ok(changed(call, CAMPAIGNS.find(call)?))
}

fn refusal(record: &Record, what: &str) -> ApiError {
    ApiError::input(format!(
        "campaign \"{}\" is {} and cannot be {what}",
        record.key,
        status(record)
    ))
}

#[derive(Deserialize)]
struct Query {
    user_limit: Option<usize>,
    #[serde(flatten)]
    query: CursorQuery,
}

/// The maximum number of users in the response to a campaign.
const MAX_USERS_SHOWN: usize = 1000;

/// Handles `QueryCampaigns`.
fn query(call: &mut Call<'_>, Query { user_limit, query }: Query) -> Outcome {
    if user_limit.is_some_and(|limit| limit > MAX_USERS_SHOWN) {
        return Err(ApiError::field("user_limit", format!("at most {MAX_USERS_SHOWN} is allowed")));
    }
    let all: Vec<Record> = call
        .world
        .records
        .of_kind(CAMPAIGNS.kind)
        .map(|record| {
            let mut record = record.clone();
            let segments = record.fields.get("segment_ids").cloned().unwrap_or_default();
            record.fields.insert("segments".to_owned(), segments);
            record.fields.insert("status".to_owned(), status(&record).to_owned().into());
            record
        })
        .collect();
    let all = all.iter().map(|record| Searched { key: "id", record });
    let page = query.pick(tables::QUERY_CAMPAIGNS, all, |found| found.record.key.clone())?;
    Ok(page.document("campaigns", |found| document(call, found.record)))
}

#[derive(Deserialize)]
struct Start {
    scheduled_for: Option<Timestamp>,
    stop_at: Option<Timestamp>,
}

/// Handles `StartCampaign`, now or at a scheduled time.
fn start(call: &mut Call<'_>, input: Start) -> Outcome {
    let mut record = CAMPAIGNS.find(call)?.clone();
    if !matches!(status(&record), "draft" | "scheduled" | "stopped") {
        return Err(refusal(&record, "started"));
    }
    if input.scheduled_for.is_some_and(|at| at <= call.now) {
        return Err(ApiError::field("scheduled_for", "must be in the future"));
    }
    let begins = input.scheduled_for.unwrap_or(call.now);
    if input.stop_at.is_some_and(|at| at <= begins) {
        return Err(ApiError::field("stop_at", "must be after the start"));
    }
    for (name, at) in [("scheduled_for", input.scheduled_for), ("stop_at", input.stop_at)] {
        match at {
            Some(at) => record.fields.insert(name.to_owned(), at.nanoseconds().into()),
            None => record.fields.remove(name),
        };
    }
    record.updated_at = call.now;
    record.fields.insert("status".to_owned(), "scheduled".into());
    let key = record.key.clone();
    call.world.records.insert(CAMPAIGNS.kind, record);
    if input.scheduled_for.is_none() {
        run(call, &key);
    }
    Ok(shown(call, CAMPAIGNS.find(call)?))
}

/// Handles `StopCampaign`.
fn stop(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let mut record = CAMPAIGNS.find(call)?.clone();
    if !matches!(status(&record), "scheduled" | "in_progress") {
        return Err(refusal(&record, "stopped"));
    }
    record.fields.insert("status".to_owned(), "stopped".into());
    record.updated_at = call.now;
    call.world.records.insert(CAMPAIGNS.kind, record.clone());
    Ok(changed(call, &record))
}

#[derive(Deserialize)]
struct Test {
    users: Vec<String>,
}

/// Handles `TestCampaign` of v1: sends the message to some users without changing the campaign.
fn test(call: &mut Call<'_>, Test { users }: Test) -> Outcome {
    let record = CAMPAIGNS.find(call)?.clone();
    require_users(call.world, users.iter().map(String::as_str), "users")?;
    for user_id in users {
        if let Some((cid, _)) = channel_for(call, &record, &user_id) {
            send(call, &record, &cid, Some(&user_id))?;
        }
    }
    Ok(shown(call, &record))
}

/// Returns the campaigns that are due.
fn due(world: &World, now: Timestamp) -> impl Iterator<Item = &Record> {
    let campaigns = world.records.of_kind(CAMPAIGNS.kind);
    campaigns
        .filter(|record| status(record) == "scheduled")
        .filter(move |record| time(record, "scheduled_for").is_some_and(|at| at <= now))
}

/// Returns whether any campaign is due.
pub(super) fn is_any_due(world: &World, now: Timestamp) -> bool {
    due(world, now).next().is_some()
}

/// Runs the campaigns that are due.
pub(super) fn run_due(call: &mut Call<'_>) {
    let due: Vec<String> = due(call.world, call.now).map(|record| record.key.clone()).collect();
    for key in due {
        run(call, &key);
    }
}

/// Sends the messages of a campaign.
fn run(call: &mut Call<'_>, key: &str) {
    let Some(mut record) = call.world.records.get(CAMPAIGNS.kind, key).cloned() else {
        return;
    };
    let now = call.now.nanoseconds();
    let mut set = |name: &str, value: Value| record.fields.insert(name.to_owned(), value);
    set("status", "completed".into());
    set("started_at", now.into());
    set("completed_at", now.into());
    let (mut sent, mut users, mut created) = (0, 0, 0);
    let started = document(call, &record);
    call.emit(|view| events::Event::new("campaign.started", view).with("campaign", started));
    for user_id in receivers(call.world, &record) {
        match channel_for(call, &record, &user_id) {
            Some((cid, is_new)) if send(call, &record, &cid, Some(&user_id)).is_ok() => {
                sent += 1;
                users += 1;
                created += i64::from(is_new);
            }
            _ => {}
        }
    }
    for cid in channels(call.world, &record) {
        if send(call, &record, &cid, None).is_ok() {
            sent += 1;
        }
    }
    let counts = [("messages_sent", sent), ("users_sent", users), ("channels_created", created)];
    for (name, count) in counts {
        record.fields.insert(name.to_owned(), count.into());
    }
    call.world.records.insert(CAMPAIGNS.kind, record.clone());
    let completed = document(call, &record);
    call.emit(|view| events::Event::new("campaign.completed", view).with("campaign", completed));
}

fn segments_of<'a>(world: &'a World, record: &Record, kind: &str) -> Vec<&'a Record> {
    let ids = texts(record, "segment_ids");
    let segments = ids.iter().filter_map(|id| world.records.get(segments::SEGMENTS.kind, id));
    segments.filter(|segment| text(segment, "type") == kind).collect()
}

/// Returns the recipients of a campaign, each once.
fn receivers(world: &World, record: &Record) -> Vec<String> {
    let sender = text(record, "sender_id");
    let mut ids = texts(record, "user_ids");
    for segment in segments_of(world, record, "user") {
        match is_on(segment, "all_users") {
            true => ids.extend(world.users.keys().cloned()),
            false => ids.extend(segments::targets(segment)),
        }
    }
    ids.retain(|id| id != sender && world.living_user(id).is_some());
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Returns the cids of the channels that a campaign sends to.
fn channels(world: &World, record: &Record) -> Vec<String> {
    let sender = text(record, "sender_id");
    let mut cids = Vec::new();
    for segment in segments_of(world, record, "channel") {
        if is_on(segment, "all_sender_channels") {
            cids.extend(world.channels.of_member(sender).map(|channel| channel.cid.clone()));
        } else {
            cids.extend(segments::targets(segment));
        }
    }
    cids.retain(|cid| world.living_channel(cid).is_some());
    cids.sort_unstable();
    cids.dedup();
    cids
}

/// Returns the values for the placeholders of templates.
fn context(call: &Call<'_>, record: &Record, receiver: Option<&str>) -> Value {
    let user = |id: &str| {
        let user = call.world.users.get(id);
        let name = user.and_then(|user| user.name.clone()).unwrap_or_else(|| id.to_owned());
        json!({"id": id, "name": name, "custom": user.map(|user| &user.custom)})
    };
    let receiver = receiver.map(user);
    json!({
        "sender": user(text(record, "sender_id")),
        "receiver": receiver,
        "user": receiver,
    })
}

/// Returns the channel in which a user gets the message, and whether it is new. Without
/// `create_channels`, only users who share a channel with the sender get it.
fn channel_for(call: &mut Call<'_>, record: &Record, user_id: &str) -> Option<(String, bool)> {
    let template = record.fields.get("channel_template");
    let part = |name: &str| template?.get(name)?.as_str().filter(|text| !text.is_empty());
    let kind = part("type").unwrap_or("messaging");
    let sender = text(record, "sender_id");
    let id = match part("id") {
        Some(id) => push_providers::render(id, &context(call, record, Some(user_id))),
        None => distinct_id([sender, user_id].into_iter()),
    };
    let cid = cid(kind, &id);
    if call.world.living_channel(&cid).is_some() {
        return Some((cid, false));
    }
    if !is_on(record, "create_channels") || call.check_channel_type(kind).is_err() {
        return None;
    }
    let mut channel = Channel::new(kind, &id, sender, call.now);
    if let Some(custom) = template.and_then(|template| template.get("custom")?.as_object()) {
        channel.custom.clone_from(custom);
    }
    channel.team = part("team").map(str::to_owned);
    call.world.channels.insert(channel);
    for member in [sender, user_id] {
        call.world.channels.add_member(&cid, Member::new(member, call.now));
    }
    call.emit(|view| events::channels::channel(view, "channel.created", &cid, Some(sender)));
    Some((cid, true))
}

/// Sends the message of a campaign to a channel.
fn send(
    call: &mut Call<'_>,
    record: &Record,
    cid: &str,
    receiver: Option<&str>,
) -> Result<(), ApiError> {
    let template = record.fields.get("message_template").cloned().unwrap_or_default();
    let context = context(call, record, receiver);
    let text_of_template = template.get("text").and_then(Value::as_str).unwrap_or_default();
    let input = json!({
        "text": push_providers::render(text_of_template, &context),
        "attachments": template.get("attachments"),
        "poll_id": template.get("poll_id"),
        "custom": template.get("custom"),
        "user_id": text(record, "sender_id"),
    });
    let message = messages::prepare(call, cid, &decode(input)?, "regular")?;
    messages::publish(call, message);
    Ok(())
}
