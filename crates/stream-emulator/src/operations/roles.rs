//! Roles: the built-in ones and the app's own.

use serde::de::IgnoredAny;

use super::resources::{Key, Resource};
use super::{Call, Outcome, check_limit, check_search, operations};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::state::{Channel, Record, Timestamp, World};

/// The built-in roles, and whether each is a channel role.
const BUILT_IN: &[(&str, bool)] = &[
    ("admin", false),
    ("anonymous", false),
    ("channel_member", true),
    ("channel_moderator", true),
    ("global_admin", false),
    ("global_moderator", false),
    ("guest", false),
    ("moderator", false),
    ("user", false),
];

const ROLES: Resource =
    Resource { kind: "role", key: Key::Given("name"), max: 25, check, keep, ..Resource::DEFAULT };

operations! {
    "CreateRole" => |call: &mut Call<'_>, input| {
        let record = ROLES.add(call, &input)?;
        Ok(Object::new().field("role", custom(call.world, &record)))
    },
    "DeleteRole" => delete,
    "ListRoles" => list,
    "SearchRoles" => search,
}

/// Returns whether a role exists.
pub(super) fn exists(world: &World, name: &str) -> bool {
    BUILT_IN.iter().any(|(other, _)| *other == name)
        || world.records.get(ROLES.kind, name).is_some()
}

fn check(_: &Call<'_>, role: &Record) -> Result<(), ApiError> {
    let name = role.key.as_str();
    if BUILT_IN.iter().any(|(other, _)| *other == name) {
        return Err(ApiError::input(format!("role \"{name}\" already exists")));
    }
    let is_name = name.len() <= 64
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    match is_name {
        true => Ok(()),
        false => Err(ApiError::field("name", "must have 1 to 64 of a-z, A-Z, 0-9, _, - and .")),
    }
}

fn keep(call: &Call<'_>, role: &Record) -> Result<(), ApiError> {
    let name = &role.key;
    let is_of_user = call.world.users.values().any(|user| user.role == *name);
    let is_of_member = || {
        let mut members = call.world.channels.values().flat_map(Channel::members);
        members.any(|member| member.channel_role == *name)
    };
    match is_of_user || is_of_member() {
        true => Err(ApiError::input(format!(
            "role \"{name}\" cannot be deleted, at least one user is using this role"
        ))),
        false => Ok(()),
    }
}

/// Handles `DeleteRole`.
fn delete(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    let name = call.path("name");
    if BUILT_IN.iter().any(|(other, _)| *other == name) {
        return Err(ApiError::input(format!(
            "role \"{name}\" is a built-in role and cannot be deleted"
        )));
    }
    ROLES.delete(call, input)
}

/// Renders a role (`Role`). Its scopes are those in which it has grants.
fn role(world: &World, name: &str, is_custom: bool, at: (Timestamp, Timestamp)) -> Object {
    let of_types = world.channel_types.keys().filter(|kind| {
        world.grants_of_type(kind).get(name).is_some_and(|granted| !granted.is_empty())
    });
    let in_app = crate::state::grants::of_app().contains_key(name).then_some(".app");
    let scopes: Node = in_app.into_iter().chain(of_types.map(String::as_str)).collect();
    Object::new()
        .field("name", name)
        .field("custom", is_custom)
        .field("scopes", scopes)
        .field("created_at", at.0)
        .field("updated_at", at.1)
}

fn custom(world: &World, record: &Record) -> Object {
    role(world, &record.key, true, (record.created_at, record.updated_at))
}

/// Returns all roles by name: whether each is a channel role, and the document.
fn all(world: &World) -> Vec<(&str, bool, Object)> {
    let since = world.app.created_at;
    let built_in = BUILT_IN
        .iter()
        .map(|(name, in_channel)| (*name, *in_channel, role(world, name, false, (since, since))));
    let own = world.records.of_kind(ROLES.kind);
    let own = own.map(|record| (record.key.as_str(), false, custom(world, record)));
    let mut all: Vec<_> = built_in.chain(own).collect();
    all.sort_by_key(|(name, ..)| *name);
    all
}

/// Handles `ListRoles`.
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let roles: Node = all(call.world).into_iter().map(|(.., role)| role).collect();
    Ok(Object::new().field("roles", roles))
}

/// Handles `SearchRoles`, which matches the beginning of the name.
fn search(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let query = &call.request.query;
    let sought = check_search(query)?;
    let limit = check_limit(query.number("limit")?, 10, 25)?;
    let after = query.get("name_gt").unwrap_or_default();
    let in_channel = match query.get("role_type").filter(|kind| !kind.is_empty()) {
        None => None,
        Some("user") => Some(false),
        Some("channel") => Some(true),
        Some(_) => return Err(ApiError::field("role_type", "must be one of [user channel]")),
    };
    let has_global = query.flag("include_global_roles")? == Some(true);
    let roles: Node = all(call.world)
        .into_iter()
        .filter(|(name, ..)| *name > after && name.to_lowercase().starts_with(&sought))
        .filter(|(_, of_channel, _)| in_channel.is_none_or(|wanted| wanted == *of_channel))
        .filter(|(name, ..)| has_global || !name.starts_with("global_"))
        .take(limit)
        .map(|(.., role)| role)
        .collect();
    Ok(Object::new().field("roles", roles))
}
