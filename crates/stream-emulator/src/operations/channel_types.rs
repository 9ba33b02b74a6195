//! Channel types.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::resources::{Field, Kind};
use super::{Call, Outcome, operations};
use crate::document::Object;
use crate::error::ApiError;
use crate::state::{BLOCK_LIST, ChannelType, grants};
use crate::view::BUILT_IN_COMMANDS;

operations! {
    "CreateChannelType" => create,
    "UpdateChannelType" => update,
    "DeleteChannelType" => delete,
    "ListChannelTypes" => list,
    "GetChannelType" => get,
}

/// The maximum number of channel types of an app.
const MAX_TYPES: usize = 50;

/// The possible reactions of an automatic check to a message.
const BEHAVIORS: &[&str] = &["flag", "block", "shadow_block"];

const THRESHOLD: Kind = Kind::Fields(&[("block", Kind::Number), ("flag", Kind::Number)]);

const BLOCK_LIST_OPTIONS: Kind =
    Kind::Fields(&[("behavior", Kind::Choice(BEHAVIORS)), ("blocklist", Kind::Text)]);

const POLICY: Kind = Kind::Fields(&[
    ("action", Kind::Choice(&["Deny", "Allow"])),
    ("name", Kind::Text),
    ("owner", Kind::Bool),
    ("priority", Kind::Integer),
    ("resources", Kind::Texts),
    ("roles", Kind::Texts),
]);

/// The settings of a channel type, without its commands and grants.
const SETTINGS: &[Field] = &[
    Field::new("allowed_flag_reasons", Kind::Texts),
    Field::new("automod", Kind::Choice(&["disabled", "simple", "AI"])),
    Field::new("automod_behavior", Kind::Choice(BEHAVIORS)),
    Field::new("automod_thresholds", Kind::Values(&THRESHOLD)),
    Field::new("blocklist", Kind::Text),
    Field::new("blocklist_behavior", Kind::Choice(BEHAVIORS)),
    Field::new("blocklists", Kind::Items(&BLOCK_LIST_OPTIONS)),
    Field::new("chat_preferences", Kind::Values(&Kind::Text)),
    Field::new("connect_events", Kind::Bool),
    Field::new("count_messages", Kind::Bool),
    Field::new("custom_events", Kind::Bool),
    Field::new("delivery_events", Kind::Bool),
    Field::new("mark_messages_pending", Kind::Bool),
    Field::new("max_message_length", Kind::Integer),
    Field::new("message_retention", Kind::Text),
    Field::new("mutes", Kind::Bool),
    Field::new("partition_size", Kind::Integer),
    Field::new("partition_ttl", Kind::Text),
    Field::new("permissions", Kind::Items(&POLICY)),
    Field::new("polls", Kind::Bool),
    Field::new(
        "push_level",
        Kind::Choice(&["all", "all_mentions", "mentions", "direct_mentions", "none"]),
    ),
    Field::new("push_notifications", Kind::Bool),
    Field::new("quotes", Kind::Bool),
    Field::new("reactions", Kind::Bool),
    Field::new("read_events", Kind::Bool),
    Field::new("reminders", Kind::Bool),
    Field::new("replies", Kind::Bool),
    Field::new("search", Kind::Bool),
    Field::new("shared_locations", Kind::Bool),
    Field::new("skip_last_msg_update_for_system_msgs", Kind::Bool),
    Field::new("typing_events", Kind::Bool),
    Field::new("uploads", Kind::Bool),
    Field::new("url_enrichment", Kind::Bool),
    Field::new("user_message_reminders", Kind::Bool),
];

/// Applies the fields of a request to a channel type.
fn change(
    call: &Call<'_>,
    kind: &mut ChannelType,
    input: &Map<String, Value>,
) -> Result<(), ApiError> {
    for field in SETTINGS {
        if let Some(value) = field.of_update(input)? {
            kind.settings.insert(field.name.to_owned(), value);
        }
    }
    let number = |name: &str| input.get(name).and_then(Value::as_i64);
    if number("max_message_length").is_some_and(|length| !(0..=20_000).contains(&length)) {
        return Err(ApiError::field("max_message_length", "must be between 0 and 20000"));
    }
    if number("partition_size").is_some_and(|size| size < 0) {
        return Err(ApiError::field("partition_size", "must not be below zero"));
    }
    check_lists(call, input)?;
    match input.get("commands").filter(|commands| !commands.is_null()) {
        None => {}
        Some(commands) => {
            let names: Vec<String> = super::decode(commands.clone())
                .map_err(|_| ApiError::field("commands", "must be a list of strings"))?;
            kind.commands = expand(call, &names)?;
        }
    }
    match input.get("grants") {
        None => Ok(()),
        // `null` resets the setting to its default.
        Some(Value::Null) => {
            kind.grants.clear();
            Ok(())
        }
        Some(given) => change_grants(call, kind, given),
    }
}

/// Changes the grants role by role: a list replaces the previous one, and `null` resets a role to
/// its defaults.
fn change_grants(call: &Call<'_>, kind: &mut ChannelType, given: &Value) -> Result<(), ApiError> {
    let Some(given) = given.as_object() else {
        return Err(ApiError::field("grants", "must be an object of lists of strings"));
    };
    for (role, ids) in given {
        if !super::roles::exists(call.world, role) {
            return Err(ApiError::field("grants", format!("role \"{role}\" does not exist")));
        }
        if ids.is_null() {
            kind.grants.remove(role);
            continue;
        }
        let ids: Vec<String> = super::decode(ids.clone())
            .map_err(|_| ApiError::field("grants", "must be an object of lists of strings"))?;
        let is_known = |id: &String| {
            grants::permissions().any(|(other, _)| other == id)
                || call.world.records.get("permission", id).is_some()
        };
        if let Some(unknown) = ids.iter().find(|id| !is_known(id)) {
            return Err(ApiError::field("grants", format!("permission \"{unknown}\" not found")));
        }
        kind.grants.insert(role.clone(), ids);
    }
    Ok(())
}

/// Refuses block lists that do not exist.
fn check_lists(call: &Call<'_>, input: &Map<String, Value>) -> Result<(), ApiError> {
    let one = input.get("blocklist").and_then(Value::as_str);
    let many = input.get("blocklists").and_then(Value::as_array).into_iter().flatten();
    let many = many.filter_map(|options| options.get("blocklist")?.as_str());
    for name in one.into_iter().chain(many).filter(|name| !name.is_empty()) {
        if call.world.records.get(BLOCK_LIST, name).is_none() {
            return Err(ApiError::field("blocklist", format!("block list \"{name}\" not found")));
        }
    }
    Ok(())
}

/// Expands command names: `all` becomes every command, and the name of a set becomes its commands.
fn expand(call: &Call<'_>, names: &[String]) -> Result<Vec<String>, ApiError> {
    let own = || call.world.records.of_kind("command").map(|command| command.key.as_str());
    let mut commands: Vec<String> = Vec::new();
    for name in names {
        let found: Vec<&str> = match name.as_str() {
            "all" => BUILT_IN_COMMANDS.iter().map(|(name, ..)| *name).chain(own()).collect(),
            name => {
                let of_set = BUILT_IN_COMMANDS.iter().filter(|(.., set)| *set == name);
                let named = BUILT_IN_COMMANDS.iter().filter(|(other, ..)| *other == name);
                let built_in = of_set.chain(named).map(|(name, ..)| *name);
                built_in.chain(own().filter(|other| *other == name)).collect()
            }
        };
        if found.is_empty() {
            return Err(ApiError::field("commands", format!("command \"{name}\" does not exist")));
        }
        for name in found {
            if !commands.iter().any(|other| other == name) {
                commands.push(name.to_owned());
            }
        }
    }
    Ok(commands)
}

/// Handles `CreateChannelType`.
fn create(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    let name = input.get("name").and_then(Value::as_str).unwrap_or_default();
    let is_name = (1..=64).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if !is_name {
        return Err(ApiError::field("name", "must have 1 to 64 of a-z, A-Z, 0-9, _ and -"));
    }
    if call.world.channel_types.contains_key(name) {
        return Err(ApiError::input(format!("channel type {name} already exists")));
    }
    if call.world.channel_types.len() >= MAX_TYPES {
        return Err(ApiError::input(format!("an app has at most {MAX_TYPES} channel types")));
    }
    let mut kind = ChannelType::new(name, true, call.now);
    change(call, &mut kind, &input)?;
    call.world.channel_types.insert(name.to_owned(), kind.clone());
    Ok(call.view().changed_channel_type(&kind))
}

/// Handles `UpdateChannelType`: absent fields are kept. Built-in types can be changed, too.
fn update(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    let mut kind = find(call)?.clone();
    change(call, &mut kind, &input)?;
    kind.updated_at = call.now;
    call.world.channel_types.insert(kind.name.clone(), kind.clone());
    Ok(call.view().changed_channel_type(&kind))
}

fn find<'a>(call: &'a Call<'_>) -> Result<&'a ChannelType, ApiError> {
    let name = call.path("name");
    let kind = call.world.channel_types.get(name);
    kind.ok_or_else(|| ApiError::not_found(format!("channel type {name} does not exist")))
}

/// Handles `DeleteChannelType`.
fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let name = find(call)?.name.clone();
    if ChannelType::is_built_in(&name) {
        return Err(ApiError::input(format!(
            "channel type \"{name}\" is a built-in type and cannot be deleted"
        )));
    }
    let mut channels = call.world.channels.values();
    if channels.any(|channel| channel.kind == name && channel.deleted_at.is_none()) {
        return Err(ApiError::input(format!(
            "channel type \"{name}\" cannot be deleted, there are channels of this type"
        )));
    }
    call.world.channel_types.remove(&name);
    Ok(Object::new())
}

/// Handles `ListChannelTypes`.
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(Object::new().field("channel_types", call.view().channel_types()))
}

/// Handles `GetChannelType`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    Ok(call.view().channel_type(find(call)?))
}
