//! The hook that is asked before a message is sent, and may change or reject it.

use super::client::HookCall;
use crate::{
    auth::Actor,
    handlers::{self, Call, Input},
    render::{Object, Times, View},
    server::{ApiError, Shared},
    state::Message,
};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How often the hook is asked before the message goes its way as it is.
const MOST_ATTEMPTS: u32 = 2;
/// How long one attempt may take unless the app says.
const USUAL_TIMEOUT: Duration = Duration::from_secs(1);
/// Longer than this the sender is not kept waiting.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(10);

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

/// What the hook is asked.
struct Question {
    url: String,
    timeout: Duration,
    body: Bytes,
    message: Message,
}

/// Asks the app's server about a message. What it changes is changed in the input; if it rejects
/// the message, this is the answer to the sender. A hook that fails does not hold a message up.
pub(crate) async fn before_message_send(
    shared: &Shared,
    actor: &Actor,
    input: &mut Input,
) -> Result<Option<Map<String, Value>>, ApiError> {
    let Some(question) = ask(shared, actor, input)? else {
        return Ok(None);
    };
    let Some(verdict) = answer(shared, &question).await else {
        return Ok(None);
    };
    let Some(Value::Object(changed)) = verdict.get("message") else {
        return Ok(None);
    };
    if changed.get("type").and_then(Value::as_str) == Some("error") {
        let text = changed.get("text").and_then(Value::as_str);
        return Ok(Some(rejection(shared, question.message, text)));
    }
    if let Some(Value::Object(message)) = input.body.get_mut("message") {
        rewrite(message, changed);
    }
    Ok(None)
}

/// Makes the question, if the app has such a hook. A message that the API refuses anyway is
/// refused here already.
fn ask(shared: &Shared, actor: &Actor, input: &mut Input) -> Result<Option<Question>, ApiError> {
    let mut world = shared.world();
    let Some(url) = world.app.text("before_message_send_hook_url") else {
        return Ok(None);
    };
    let url = url.to_owned();
    let timeout = world
        .app
        .get("before_message_send_hook_attempt_timeout_ms")
        .and_then(Value::as_u64)
        .filter(|milliseconds| *milliseconds > 0)
        .map_or(USUAL_TIMEOUT, Duration::from_millis)
        .min(LONGEST_TIMEOUT);
    let now = world.tick();
    let message = handlers::prepare_message(&mut Call { world: &mut world, actor, input, now })?;
    // The message keeps the id under which the hook has seen it.
    if let Some(Value::Object(given)) = input.body.get_mut("message") {
        given.insert("id".to_owned(), message.id.as_str().into());
    }
    let view = View { world: &world, times: Times::Rfc3339, viewer: None };
    let channel = world.channels.get(&message.cid);
    let asker = match actor {
        Actor::Server => "server",
        Actor::User(_) => "client",
    };
    let body = Object::new()
        .field("message", view.message(&message))
        .field("user", view.user_by_id(&message.user_id))
        .optional("channel", channel.map(|channel| view.channel(channel)))
        .field("request_info", json!({"type": asker}));
    Ok(Some(Question { url, timeout, body: Value::from(body).to_string().into(), message }))
}

async fn answer(shared: &Shared, question: &Question) -> Option<Value> {
    let id = uuid::Uuid::new_v4().to_string();
    for attempt in 1..=MOST_ATTEMPTS {
        let call = HookCall {
            url: &question.url,
            id: &id,
            attempt,
            body: &question.body,
            is_compressed: false,
            timeout: question.timeout,
        };
        match shared.webhooks.client().call(call).await {
            Ok(answer) if answer.status.is_success() => {
                return serde_json::from_slice(&answer.body).ok();
            }
            _ => {}
        }
    }
    None
}

/// The sender gets a message of the type `error`, which is in no channel.
fn rejection(shared: &Shared, mut message: Message, text: Option<&str>) -> Map<String, Value> {
    if let Some(text) = text {
        text.clone_into(&mut message.content.text);
    }
    "error".clone_into(&mut message.kind);
    let world = shared.world();
    let view = View { world: &world, times: Times::Nanoseconds, viewer: None };
    Object::new().field("message", view.message(&message)).into()
}

fn rewrite(message: &mut Map<String, Value>, changed: &Map<String, Value>) {
    for name in CHANGEABLE {
        let Some(value) = changed.get(*name).filter(|value| !value.is_null()) else {
            continue;
        };
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
