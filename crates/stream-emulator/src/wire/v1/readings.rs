//! Converts requests of v1 to the shape of v2.

use serde_json::{Map, Value};

use super::shapes::{BODY, POLL, POLL_OPTION, Shape};
use crate::operations::Request;

/// The conversion of a body that does not follow the rules.
struct Reading {
    id: &'static str,
    /// The shape of the whole body.
    shape: &'static Shape,
    /// Changes the request before custom data is nested.
    adapt: fn(&mut Request, &mut Map<String, Value>),
}

const fn body(id: &'static str, shape: &'static Shape) -> Reading {
    Reading { id, shape, adapt: |_, _| {} }
}

const fn adapted(id: &'static str, adapt: fn(&mut Request, &mut Map<String, Value>)) -> Reading {
    Reading { id, shape: &BODY, adapt }
}

/// The operations whose bodies do not follow the rules.
const READINGS: &[Reading] = &[
    body("CreatePoll", &POLL),
    body("UpdatePoll", &POLL),
    body("CreatePollOption", &POLL_OPTION),
    body("UpdatePollOption", &POLL_OPTION),
    adapted("UpdateChannel", |_, input| channel_data_at_the_top(input)),
    adapted("UpdateMemberPartial", |request, _| path_names_user(request)),
    adapted("flag", |_, input| flag_target(input)),
    adapted("unflag", |_, input| flag_target(input)),
    adapted("mute", |_, input| one_is_a_list(input, "target_id", "target_ids")),
    adapted("unmute", |_, input| one_is_a_list(input, "target_id", "target_ids")),
    adapted("MuteChannel", |_, input| one_is_a_list(input, "channel_cid", "channel_cids")),
    adapted("UnmuteChannel", |_, input| one_is_a_list(input, "channel_cid", "channel_cids")),
    adapted("DeleteMessage", delete_message),
    adapted("StartCampaign", |_, input| renamed(input, "scheduled_at", "scheduled_for")),
    adapted("ban", |_, input| ban(input)),
    adapted("unban", |request, _| unban(request)),
];

/// Nests custom data as in v2, in JSON that is neither a request nor a response.
pub(crate) fn nest_custom(mut value: Value) -> Value {
    if let Value::Object(object) = &mut value {
        BODY.nest(object);
    }
    value
}

/// Converts a request of v1 to the shape of v2.
pub(crate) fn read(id: &str, request: &mut Request, input: &mut Map<String, Value>) {
    match READINGS.iter().find(|reading| reading.id == id) {
        Some(reading) => {
            (reading.adapt)(request, input);
            reading.shape.nest(input);
        }
        None => BODY.nest(input),
    }
}

/// The fields of `UpdateChannel` beyond those of [`BODY`].
const UPDATE_CHANNEL: &[&str] = &[
    "accept_invite",
    "add_filter_tags",
    "add_moderators",
    "cooldown",
    "demote_moderators",
    "hide_history",
    "hide_history_before",
    "reject_invite",
    "remove_filter_tags",
    "remove_members",
    "skip_push",
    "user_id",
];

/// Moves other fields of the body of `UpdateChannel` to the data of the channel.
fn channel_data_at_the_top(input: &mut Map<String, Value>) {
    let (body, data): (Map<_, _>, Map<_, _>) = std::mem::take(input)
        .into_iter()
        .partition(|(name, _)| BODY.knows(name) || UPDATE_CHANNEL.contains(&name.as_str()));
    *input = body;
    if data.is_empty() {
        return;
    }
    let current = input.entry("data").or_insert(Value::Null);
    if current.is_null() {
        *current = Value::Object(Map::new());
    }
    if let Value::Object(current) = current {
        for (name, value) in data {
            // Nesting then separates custom data from the fields of the channel.
            current.entry(name).or_insert(value);
        }
    }
}

/// Converts `.../member/{user_id}`, the older form of `.../member?user_id=`.
fn path_names_user(request: &mut Request) {
    let user_id = request.path.get("user_id").to_owned();
    if !user_id.is_empty() {
        request.query.set_default("user_id", &user_id);
    }
}

/// Converts `target_message_id` and `target_user_id` to a type and an ID.
fn flag_target(input: &mut Map<String, Value>) {
    let targets =
        [("target_message_id", "stream:chat:v1:message"), ("target_user_id", "stream:user")];
    for (name, kind) in targets {
        let target = input.remove(name).filter(|target| !target.is_null());
        if let Some(target) = target
            && !input.contains_key("entity_id")
        {
            input.insert("entity_id".to_owned(), target);
            input.insert("entity_type".to_owned(), kind.into());
        }
    }
}

/// Converts a field with one value or a list to the field with a list.
fn one_is_a_list(input: &mut Map<String, Value>, one: &str, many: &str) {
    let Some(given) = input.remove(one).filter(|given| !given.is_null()) else {
        return;
    };
    let given = match given {
        list @ Value::Array(_) => list,
        one => Value::Array(vec![one]),
    };
    let current = input.entry(many).or_insert(Value::Null);
    if current.is_null() {
        *current = given;
    }
}

/// Renames a field.
fn renamed(input: &mut Map<String, Value>, old: &str, new: &str) {
    if let Some(value) = input.remove(old).filter(|value| !value.is_null()) {
        input.entry(new).or_insert(value);
    }
}

/// Moves the query parameters of v2 from the body to the query.
fn delete_message(request: &mut Request, input: &mut Map<String, Value>) {
    if input.get("delete_for_me") == Some(&Value::Bool(true)) {
        request.query.set_default("delete_for_me", "true");
    }
    let user_id = input.get("user").and_then(|user| user.get("id")).or(input.get("user_id"));
    if let Some(user_id) = user_id.and_then(Value::as_str) {
        request.query.set_default("deleted_by", user_id);
    }
}

/// Converts a channel of `type` and `id`, and the older names of the banning user.
fn ban(input: &mut Map<String, Value>) {
    let text = |input: &Map<String, Value>, name: &str| {
        input.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    if let (Some(kind), Some(id)) = (text(input, "type"), text(input, "id")) {
        input.entry("channel_cid").or_insert_with(|| format!("{kind}:{id}").into());
    }
    renamed(input, "user_id", "banned_by_id");
    renamed(input, "user", "banned_by");
}

/// Converts the query as [`ban`] converts the body.
fn unban(request: &mut Request) {
    let text = |request: &Request, name: &str| request.query.get(name).map(str::to_owned);
    if let (Some(kind), Some(id)) = (text(request, "type"), text(request, "id")) {
        request.query.set_default("channel_cid", &format!("{kind}:{id}"));
    }
}
