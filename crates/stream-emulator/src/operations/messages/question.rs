//! The before-message-send hook, which may change or reject a message.

use std::time::Duration;

use serde_json::{Map, Value};

use super::compose::prepare_for_channel;
use super::publish::refusal;
use crate::document::Object;
use crate::error::ApiError;
use crate::operations::{Asked, Call, Question, Reply};
use crate::state::Message;
use crate::view::View;

/// The default timeout of one attempt.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);
/// The maximum timeout, since the sender is waiting.
const MAX_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of attempts, after which the message is sent as it is.
const ATTEMPTS: u32 = 2;

/// The fields of a message that the hook may change.
const CHANGEABLE: &[&str] = &[
    "text",
    "mml",
    "attachments",
    "custom",
    "mentioned_users",
    "silent",
    "pinned",
    "show_in_channel",
    "restricted_visibility",
    "quoted_message_id",
];

/// Sends the message of a request, once the app's server has seen it.
type Send = fn(&mut Call<'_>, Value) -> Result<Reply, ApiError>;

/// Returns the question to the app's server, if the app has such a hook. A message that the API
/// refuses is refused before the hook is called. A failing hook does not block a message.
pub(super) fn about(
    call: &mut Call<'_>,
    input: &Value,
    send: Send,
) -> Result<Option<Box<Question>>, ApiError> {
    let Some(url) = call.world.app.text("before_message_send_hook_url") else {
        return Ok(None);
    };
    let url = url.to_owned();
    let timeout = call
        .world
        .app
        .get("before_message_send_hook_attempt_timeout_ms")
        .and_then(Value::as_u64)
        .filter(|milliseconds| *milliseconds > 0)
        .map_or(DEFAULT_TIMEOUT, Duration::from_millis)
        .min(MAX_TIMEOUT);
    let message = prepare_for_channel(call, input.clone())?;
    let mut input = input.clone();
    // The message keeps the ID that the hook has seen.
    if let Some(Value::Object(given)) = input.get_mut("message") {
        given.insert("id".to_owned(), message.id.as_str().into());
    }
    let asked = Asked::Hook { body: body(call, &message), attempts: ATTEMPTS };
    let then = move |call: &mut Call<'_>, verdict: Option<Value>| {
        apply(call, input, message, verdict, send)
    };
    Ok(Some(Box::new(Question { url, timeout, asked, then: Box::new(then) })))
}

fn body(call: &Call<'_>, message: &Message) -> Object {
    let view = View { viewer: None, ..call.view() };
    let channel = view.world.channels.get(&message.cid);
    Object::new()
        .field("message", view.message(message))
        .field("user", view.user_by_id(&message.user_id))
        .optional("channel", channel.map(|channel| view.channel(channel)))
        .optional("request_info", call.request_info())
}

/// Applies the response of the app's server.
fn apply(
    call: &mut Call<'_>,
    mut input: Value,
    message: Message,
    verdict: Option<Value>,
    send: Send,
) -> Result<Reply, ApiError> {
    if let Some(Value::Object(changed)) = verdict.as_ref().and_then(|it| it.get("message")) {
        if changed.get("type").and_then(Value::as_str) == Some("error") {
            let text = changed.get("text").and_then(Value::as_str);
            let text = text.unwrap_or(&message.content.text).to_owned();
            return Ok(Reply::Done(refusal(call, message, &text)));
        }
        if let Some(Value::Object(given)) = input.get_mut("message") {
            rewrite(given, changed);
        }
    }
    send(call, input)
}

fn rewrite(message: &mut Map<String, Value>, changed: &Map<String, Value>) {
    for name in CHANGEABLE {
        let Some(value) = changed.get(*name).filter(|value| !value.is_null()) else {
            continue;
        };
        // Empty custom data in the response leaves the message's custom data unchanged.
        if *name == "custom" && value.as_object().is_some_and(Map::is_empty) {
            continue;
        }
        message.insert((*name).to_owned(), to_request(name, value));
    }
}

/// Converts a value of the hook to the shape of a request, which has IDs in place of users.
fn to_request(name: &str, value: &Value) -> Value {
    match value {
        Value::Array(users) if name == "mentioned_users" => {
            users.iter().map(|user| user.get("id").unwrap_or(user).clone()).collect()
        }
        value => value.clone(),
    }
}
