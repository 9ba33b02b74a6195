//! Permissions: the built-in ones and the app's own.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::authorization::action;
use super::resources::{Default, Field, Key, Kind, Resource};
use super::{Call, Outcome, operations};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::state::{Record, grants};

const PERMISSIONS: Resource = Resource {
    kind: "permission",
    key: Key::Given("id"),
    fields: &[
        Field::new("name", Kind::Text).required().max(100),
        Field::new("action", Kind::Text).required(),
        Field::new("condition", Kind::Object).required(),
        Field::new("description", Kind::Text).default(Default::Text("")).max(2048),
        Field::new("owner", Kind::Bool).default(Default::Bool(false)),
        Field::new("same_team", Kind::Bool).default(Default::Bool(false)),
    ],
    has_times: false,
    check: |_, permission| match grants::permissions().any(|(id, _)| id == permission.key) {
        true => Err(ApiError::input(format!("permission \"{}\" already exists", permission.key))),
        false => Ok(()),
    },
    ..Resource::DEFAULT
};

operations! {
    "CreatePermission" => |call, input| PERMISSIONS.create(call, input).map(|_| Object::new()),
    "UpdatePermission" => update,
    "DeletePermission" => delete,
    "GetPermission" => get,
    "ListPermissions" => list,
}

/// Renders a permission (`Permission`), with the fields that all of them have.
fn permission(object: Object, is_custom: bool, level: &str) -> Object {
    object
        .field("custom", is_custom)
        .field("level", level)
        .field("owner_resource", "")
        .field("tags", Node::empty_list())
}

fn custom(record: &Record) -> Object {
    permission(PERMISSIONS.document(record), true, "channel")
}

fn built_in(id: &str, is_of_app: bool) -> Object {
    let name = action(id);
    let owner = id.ends_with("-owner");
    let description = match owner {
        true => format!("Allows {name} on what the user owns"),
        false => format!("Allows {name}"),
    };
    let object = Object::new()
        .field("id", id)
        .field("name", if owner { format!("{name} (owner)") } else { name.clone() })
        .field("action", name)
        .field("description", description)
        .field("owner", owner)
        .field("same_team", false);
    permission(object, false, if is_of_app { "app" } else { "channel" })
}

/// Handles `GetPermission`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("id");
    let known = grants::permissions().find(|(other, _)| *other == id);
    let known = known.map(|(id, is_of_app)| built_in(id, is_of_app));
    let own = || call.world.records.get(PERMISSIONS.kind, id).map(custom);
    match known.or_else(own) {
        Some(permission) => Ok(Object::new().field("permission", permission)),
        None => Err(missing(id)),
    }
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(format!("custom permission \"{id}\" not found"))
}

/// Handles `ListPermissions`.
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let known = grants::permissions().map(|(id, is_of_app)| built_in(id, is_of_app));
    let own = call.world.records.of_kind(PERMISSIONS.kind).map(custom);
    Ok(Object::new().field("permissions", known.chain(own).collect::<Node>()))
}

/// Handles `UpdatePermission`.
fn update(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    check_custom(call)?;
    PERMISSIONS.update(call, input).map(|_| Object::new())
}

/// Handles `DeletePermission`.
fn delete(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    check_custom(call)?;
    PERMISSIONS.delete(call, input)
}

fn check_custom(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.path("id");
    if grants::permissions().any(|(other, _)| other == id) {
        return Err(ApiError::input(format!(
            "permission \"{id}\" is a built-in permission and cannot be changed"
        )));
    }
    match call.world.records.get(PERMISSIONS.kind, id) {
        Some(_) => Ok(()),
        None => Err(missing(id)),
    }
}
