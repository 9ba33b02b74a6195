//! The hook that is asked before a message is sent, and may change or reject it.

use std::time::Duration;

use serde_json::{Map, Value};

use super::send;
use crate::auth::Caller;
use crate::document::Object;
use crate::error::ApiError;
use crate::operations::{Asked, Call, Question, Reply};
use crate::state::Message;
use crate::view::View;

/// How long one attempt may take unless the app says.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);
/// Longer than this the sender is not kept waiting.
const MAX_TIMEOUT: Duration = Duration::from_secs(10);

/// What of a message the hook may change.
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

/// What the app's server is to be asked about a message, if the app has such a hook. A message that
/// the API refuses anyway is refused here already. A hook that fails does not hold a message up.
pub(super) fn about(call: &mut Call<'_>, input: &Value) -> Result<Option<Box<Question>>, ApiError> {
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
    let message = send::prepare_for_channel(call, input.clone())?;
    let mut input = input.clone();
    // The message keeps the id under which the hook has seen it.
    if let Some(Value::Object(given)) = input.get_mut("message") {
        given.insert("id".to_owned(), message.id.as_str().into());
    }
    let asked = Asked::Hook(body(call, &message));
    let then =
        move |call: &mut Call<'_>, verdict: Option<Value>| go_on(call, input, message, verdict);
    Ok(Some(Box::new(Question { url, timeout, asked, then: Box::new(then) })))
}

fn body(call: &Call<'_>, message: &Message) -> Object {
    let view = View { viewer: None, ..call.view() };
    let channel = view.world.channels.get(&message.cid);
    let asker = match call.caller {
        Caller::Server => "server",
        Caller::User(_) => "client",
    };
    Object::new()
        .field("message", view.message(message))
        .field("user", view.user_by_id(&message.user_id))
        .optional("channel", channel.map(|channel| view.channel(channel)))
        .field("request_info", Object::new().field("type", asker))
}

/// Does what the app's server said.
fn go_on(
    call: &mut Call<'_>,
    mut input: Value,
    message: Message,
    verdict: Option<Value>,
) -> Result<Reply, ApiError> {
    if let Some(Value::Object(changed)) = verdict.as_ref().and_then(|it| it.get("message")) {
        if changed.get("type").and_then(Value::as_str) == Some("error") {
            let text = changed.get("text").and_then(Value::as_str);
            let text = text.unwrap_or(&message.content.text).to_owned();
            return Ok(Reply::Done(send::refusal(call, message, &text)));
        }
        if let Some(Value::Object(given)) = input.get_mut("message") {
            rewrite(given, changed);
        }
    }
    send::send_now(call, input)
}

fn rewrite(message: &mut Map<String, Value>, changed: &Map<String, Value>) {
    for name in CHANGEABLE {
        let Some(value) = changed.get(*name).filter(|value| !value.is_null()) else {
            continue;
        };
        // A hook that says nothing of custom data leaves it as it is.
        if *name == "custom" && value.as_object().is_some_and(Map::is_empty) {
            continue;
        }
        message.insert((*name).to_owned(), to_request(name, value));
    }
}

/// The question has users where a request has their ids.
fn to_request(name: &str, value: &Value) -> Value {
    match value {
        Value::Array(users) if name == "mentioned_users" => {
            users.iter().map(|user| user.get("id").unwrap_or(user).clone()).collect()
        }
        value => value.clone(),
    }
}
