//! User groups: users who can be mentioned together.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::resources::{Field, Key, Kind, Resource};
use super::{Call, Outcome, check_count, check_limit, check_search, operations, require_users};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::state::{Record, Timestamp, World};

const GROUPS: Resource = Resource {
    kind: "user group",
    key: Key::Made("id"),
    fields: &[
        Field::new("name", Kind::Text).required().max(255),
        Field::new("description", Kind::Text).max(1024),
        Field::new("team_id", Kind::Text).max(255),
    ],
    one: Some("user_group"),
    many: "user_groups",
    ..Resource::DEFAULT
};

operations! {
    "CreateUserGroup" => create,
    "GetUserGroup" => get,
    "ListUserGroups" => list,
    "SearchUserGroups" => search,
    "UpdateUserGroup" => update,
    "DeleteUserGroup" => delete,
    "AddUserGroupMembers" => add_members,
    "RemoveUserGroupMembers" => remove_members,
}

/// The field of a record that holds the members.
const MEMBERS: &str = "members";

fn members(record: &Record) -> Vec<Value> {
    record.fields.get(MEMBERS).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn is_of(member: &Value, user_id: &str) -> bool {
    member.get("user_id").and_then(Value::as_str) == Some(user_id)
}

/// Renders a group (`UserGroupResponse`), with its members.
fn document(record: &Record) -> Object {
    let members: Node = members(record)
        .iter()
        .map(|member| {
            let field = |name: &str| member.get(name).cloned().unwrap_or_default();
            let since = Timestamp::parse(&field("created_at")).unwrap_or(record.created_at);
            Object::new()
                .field("app_pk", 1)
                .field("group_id", record.key.as_str())
                .field("user_id", field("user_id"))
                .field("is_admin", field("is_admin"))
                .field("created_at", since)
        })
        .collect();
    GROUPS.document(record).field(MEMBERS, members)
}

fn shown(record: &Record) -> Object {
    Object::new().field("user_group", document(record))
}

/// Adds users to a group; for existing members, sets whether they are admins.
fn join(record: &mut Record, ids: &[String], is_admin: bool, now: Timestamp) {
    let mut all = members(record);
    for id in ids {
        match all.iter_mut().find(|member| is_of(member, id)).and_then(Value::as_object_mut) {
            Some(member) => {
                member.insert("is_admin".to_owned(), is_admin.into());
            }
            None => all.push(json!({
                "user_id": id, "is_admin": is_admin, "created_at": now.nanoseconds(),
            })),
        }
    }
    record.fields.insert(MEMBERS.to_owned(), all.into());
}

/// Removes a permanently deleted user from all groups.
pub(super) fn forget_user(world: &mut World, user_id: &str) {
    for record in world.records.of_kind_mut(GROUPS.kind) {
        if let Some(members) = record.fields.get_mut(MEMBERS).and_then(Value::as_array_mut) {
            members.retain(|member| !is_of(member, user_id));
        }
    }
}

/// The maximum number of members in one request.
const MAX_MEMBERS: usize = 100;

fn check_ids(call: &Call<'_>, ids: &[String]) -> Result<(), ApiError> {
    check_count("member_ids", ids.len(), MAX_MEMBERS)?;
    require_users(call.world, ids.iter().map(String::as_str), "member_ids")
}

/// Handles `CreateUserGroup`.
fn create(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    let ids: Vec<String> = match input.get("member_ids").filter(|ids| !ids.is_null()) {
        Some(ids) => super::decode(ids.clone())
            .map_err(|_| ApiError::field("member_ids", "must be a list of strings"))?,
        None => Vec::new(),
    };
    check_ids(call, &ids)?;
    let mut record = GROUPS.add(call, &input)?;
    join(&mut record, &ids, false, call.now);
    call.world.records.insert(GROUPS.kind, record.clone());
    emit(call, "user_group.created", &record, None);
    Ok(shown(&record))
}

fn emit(call: &mut Call<'_>, kind: &'static str, record: &Record, members: Option<Vec<String>>) {
    let group = document(record).field("app_pk", 1);
    call.emit(|view| {
        events::Event::new(kind, view).with("user_group", group).maybe("members", members)
    });
}

/// Returns the group in the path, if it belongs to the requested team.
fn find<'a>(call: &'a Call<'_>, team: Option<&str>) -> Result<&'a Record, ApiError> {
    let record = GROUPS.find(call)?;
    match team.filter(|team| !team.is_empty()) {
        Some(team) if team_of(record) != Some(team) => {
            Err(ApiError::not_found(format!("user group \"{}\" not found", record.key)))
        }
        _ => Ok(record),
    }
}

fn team_of(record: &Record) -> Option<&str> {
    record.fields.get("team_id").and_then(Value::as_str)
}

fn name_of(record: &Record) -> &str {
    record.fields.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// Handles `GetUserGroup`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(shown(find(call, call.request.query.get("team_id"))?))
}

/// Returns the groups of the requested team.
fn of_team<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a Record> {
    let team = call.request.query.get("team_id").filter(|team| !team.is_empty());
    let records = call.world.records.of_kind(GROUPS.kind);
    records.filter(move |record| team.is_none_or(|team| team_of(record) == Some(team)))
}

/// Handles `ListUserGroups`, sorted from the oldest to the newest.
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let query = &call.request.query;
    let limit = check_limit(query.number("limit")?, 30, 100)?;
    let id = query.get("id_gt").unwrap_or_default();
    let after = match query.get("created_at_gt").filter(|text| !text.is_empty()) {
        Some(text) => match Timestamp::parse_text(text) {
            Some(at) => Some((at, id)),
            None => return Err(ApiError::field("created_at_gt", "is not a time")),
        },
        None => {
            let last = call.world.records.get(GROUPS.kind, id);
            last.map(|record| (record.created_at, id))
        }
    };
    let mut found: Vec<&Record> = of_team(call)
        .filter(|record| after.is_none_or(|after| (record.created_at, record.key.as_str()) > after))
        .collect();
    found.sort_by(|one, other| (one.created_at, &one.key).cmp(&(other.created_at, &other.key)));
    let groups: Node = found.into_iter().take(limit).map(document).collect();
    Ok(Object::new().field("user_groups", groups))
}

/// Handles `SearchUserGroups`, which matches the beginning of the name.
fn search(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let query = &call.request.query;
    let sought = check_search(query)?;
    let limit = check_limit(query.number("limit")?, 10, 25)?;
    let after = query.get("name_gt").map(|name| (name, query.get("id_gt").unwrap_or_default()));
    let mut found: Vec<&Record> = of_team(call)
        .filter(|record| name_of(record).to_lowercase().starts_with(&sought))
        .filter(|record| after.is_none_or(|after| (name_of(record), record.key.as_str()) > after))
        .collect();
    found.sort_by(|one, other| (name_of(one), &one.key).cmp(&(name_of(other), &other.key)));
    let groups: Node = found.into_iter().take(limit).map(document).collect();
    Ok(Object::new().field("user_groups", groups))
}

/// Handles `UpdateUserGroup`; absent fields are kept.
fn update(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    GROUPS.update(call, input)?;
    let record = GROUPS.find(call)?.clone();
    emit(call, "user_group.updated", &record, None);
    Ok(shown(&record))
}

/// Handles `DeleteUserGroup`.
fn delete(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    let record = find(call, call.request.query.get("team_id"))?.clone();
    GROUPS.delete(call, input)?;
    emit(call, "user_group.deleted", &record, None);
    Ok(Object::new())
}

#[derive(Deserialize)]
struct Members {
    member_ids: Vec<String>,
    as_admin: Option<bool>,
    team_id: Option<String>,
}

/// Handles `AddUserGroupMembers`.
fn add_members(call: &mut Call<'_>, input: Members) -> Outcome {
    let now = call.now;
    change_members(call, input, "user_group.member_added", |record, input| {
        join(record, &input.member_ids, input.as_admin == Some(true), now);
    })
}

/// Handles `RemoveUserGroupMembers`; ignores users who are not members.
fn remove_members(call: &mut Call<'_>, input: Members) -> Outcome {
    change_members(call, input, "user_group.member_removed", |record, input| {
        let mut all = members(record);
        all.retain(|member| !input.member_ids.iter().any(|id| is_of(member, id)));
        record.fields.insert(MEMBERS.to_owned(), all.into());
    })
}

fn change_members(
    call: &mut Call<'_>,
    input: Members,
    event: &'static str,
    change: impl FnOnce(&mut Record, &Members),
) -> Outcome {
    let mut record = find(call, input.team_id.as_deref())?.clone();
    if input.member_ids.is_empty() {
        return Err(ApiError::field("member_ids", "must name a user"));
    }
    check_ids(call, &input.member_ids)?;
    change(&mut record, &input);
    record.updated_at = call.now;
    call.world.records.insert(GROUPS.kind, record.clone());
    emit(call, event, &record, Some(input.member_ids));
    Ok(shown(&record))
}
