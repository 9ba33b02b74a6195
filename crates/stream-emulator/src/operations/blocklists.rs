//! Block lists: words that moderation looks for.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::resources::{Default, Field, Key, Kind, Resource};
use super::{Call, Outcome, operations};
use crate::document::Object;
use crate::error::ApiError;
use crate::state::{BLOCK_LIST, BUILT_IN_BLOCK_LIST, Record};

/// The maximum number of words in a list.
const MAX_WORDS: usize = 10_000;

const BLOCK_LISTS: Resource = Resource {
    kind: BLOCK_LIST,
    key: Key::Given("name"),
    fields: &[
        // The API has IDs and names; here they are the same.
        Field::new("id", Kind::Text).fixed(),
        Field::new("words", Kind::Texts).required().max(MAX_WORDS),
        Field::new(
            "type",
            Kind::Choice(&[
                "regex",
                "domain",
                "domain_allowlist",
                "email",
                "email_allowlist",
                "word",
            ]),
        )
        .default(Default::Text("word"))
        .fixed(),
        Field::new("team", Kind::Text),
        Field::new("is_confusable_folding_enabled", Kind::Bool).default(Default::Bool(false)),
        Field::new("is_leet_check_enabled", Kind::Bool).default(Default::Bool(false)),
        Field::new("is_plural_check_enabled", Kind::Bool).default(Default::Bool(false)),
        Field::new("is_substring_matching_enabled", Kind::Bool).default(Default::Bool(false)),
    ],
    one: Some("blocklist"),
    many: "blocklists",
    max: 15,
    keep,
    ..Resource::DEFAULT
};

operations! {
    "CreateBlockList" => create,
    "GetBlockList" => |call, input| BLOCK_LISTS.get(call, input),
    "UpdateBlockList" => update,
    "DeleteBlockList" => |call, input| BLOCK_LISTS.delete(call, input),
    "ListBlockLists" => |call, input| BLOCK_LISTS.list(call, input),
    "ImportBlockList" => import,
}

/// Handles `CreateBlockList`.
fn create(call: &mut Call<'_>, mut input: Map<String, Value>) -> Outcome {
    let name = input.get("name").cloned().unwrap_or_default();
    input.insert("id".to_owned(), name);
    BLOCK_LISTS.create(call, input)
}

/// Handles `UpdateBlockList`.
fn update(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    check_own(call.path("name"), "update")?;
    BLOCK_LISTS.update(call, input)
}

/// Refuses to change the built-in list.
fn check_own(name: &str, what: &str) -> Result<(), ApiError> {
    match name {
        BUILT_IN_BLOCK_LIST => {
            Err(ApiError::input(format!("cannot {what} the builtin block list \"{name}\"")))
        }
        _ => Ok(()),
    }
}

/// Refuses to delete the built-in list, and a list that a channel type uses.
fn keep(call: &Call<'_>, list: &Record) -> Result<(), ApiError> {
    check_own(&list.key, "delete")?;
    let name = Value::from(list.key.as_str());
    let user = call.world.channel_types.values().find(|kind| {
        let many = kind.settings.get("blocklists").and_then(Value::as_array);
        kind.settings.get("blocklist") == Some(&name)
            || many.is_some_and(|many| many.iter().any(|it| it.get("blocklist") == Some(&name)))
    });
    match user {
        None => Ok(()),
        Some(kind) => Err(ApiError::input(format!(
            "block list \"{}\" is in use by the channel type \"{}\"",
            list.key, kind.name
        ))),
    }
}

#[derive(Deserialize)]
struct Import {
    items: Vec<String>,
}

/// Handles `ImportBlockList`: adds words to a list, each once.
fn import(call: &mut Call<'_>, input: Import) -> Outcome {
    if input.items.is_empty() {
        return Err(ApiError::field("items", "must have an item"));
    }
    let name = call.path("id");
    check_own(name, "update")?;
    let Some(mut record) = call.world.records.get(BLOCK_LISTS.kind, name).cloned() else {
        return Err(ApiError::not_found(format!("block list \"{name}\" not found")));
    };
    let words = record.fields.get("words").and_then(Value::as_array);
    let mut words = words.cloned().unwrap_or_default();
    for item in input.items {
        let item = Value::from(item);
        if !words.contains(&item) {
            words.push(item);
        }
    }
    if words.len() > MAX_WORDS {
        return Err(ApiError::field("items", format!("a list has at most {MAX_WORDS} words")));
    }
    let result = Map::from_iter([("words".to_owned(), Value::from(words.len()))]);
    record.fields.insert("words".to_owned(), words.into());
    record.updated_at = call.now;
    call.world.records.insert(BLOCK_LISTS.kind, record);
    let task_id = call.world.finish_task(result, call.now);
    Ok(Object::new().field("task_id", task_id))
}
