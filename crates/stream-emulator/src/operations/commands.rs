//! Custom commands, such as `/ticket`.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::resources::{Default, Field, Key, Kind, Resource};
use super::{Call, Outcome, operations};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::state::Record;
use crate::view::BUILT_IN_COMMANDS;

const COMMANDS: Resource = Resource {
    kind: "command",
    key: Key::Given("name"),
    fields: &[
        Field::new("description", Kind::Text).required(),
        Field::new("args", Kind::Text).default(Default::Text("")),
        Field::new("set", Kind::Text).default(Default::Text("")),
    ],
    one: Some("command"),
    many: "commands",
    check,
    keep,
    ..Resource::DEFAULT
};

operations! {
    "CreateCommand" => |call, input| COMMANDS.create(call, input),
    "GetCommand" => get,
    "UpdateCommand" => update,
    "DeleteCommand" => delete,
    "ListCommands" => list,
}

fn is_built_in(name: &str) -> bool {
    BUILT_IN_COMMANDS.iter().any(|(other, ..)| *other == name)
}

fn check(_: &Call<'_>, command: &Record) -> Result<(), ApiError> {
    let name = command.key.as_str();
    if name.contains(char::is_whitespace) {
        return Err(ApiError::field("name", "must not contain spaces"));
    }
    if is_built_in(name) {
        return Err(ApiError::input(format!("command \"{name}\" is a built-in command")));
    }
    Ok(())
}

fn keep(call: &Call<'_>, command: &Record) -> Result<(), ApiError> {
    let user = call.world.channel_types.values().find(|kind| kind.commands.contains(&command.key));
    match user {
        None => Ok(()),
        Some(kind) => Err(ApiError::input(format!(
            "command \"{}\" is in use by the channel type \"{}\"",
            command.key, kind.name
        ))),
    }
}

/// Handles `GetCommand`, with the command's fields at the top level of the response.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let name = call.path("name");
    match call.view().command(name) {
        Some(command) => Ok(command),
        None => Err(ApiError::not_found(format!("command \"{name}\" not found"))),
    }
}

/// Handles `UpdateCommand`: absent fields are reset to their defaults.
fn update(call: &mut Call<'_>, mut input: Map<String, Value>) -> Outcome {
    for name in ["args", "set"] {
        let value = input.entry(name).or_insert(Value::Null);
        if value.is_null() {
            *value = "".into();
        }
    }
    if input.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err(ApiError::field("description", "description is a required field"));
    }
    COMMANDS.update(call, input)
}

/// Handles `DeleteCommand`.
fn delete(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    let name = call.path("name");
    COMMANDS.delete(call, input).map(|object| object.field("name", name))
}

/// Handles `ListCommands`.
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let view = call.view();
    let built_in = BUILT_IN_COMMANDS.iter().map(|(name, ..)| *name);
    let own = call.world.records.of_kind(COMMANDS.kind).map(|command| command.key.as_str());
    let commands: Node = built_in.chain(own).filter_map(|name| view.command(name)).collect();
    Ok(Object::new().field("commands", commands))
}
