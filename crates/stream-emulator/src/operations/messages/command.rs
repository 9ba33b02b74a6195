//! Commands in messages: texts that begin with a slash.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::publish::{publish, refusal};
use crate::document::{Node, Object};
use crate::error::{ApiError, ErrorCode};
use crate::operations::moderation::by_command::Order;
use crate::operations::{Asked, Call, Outcome, Question, Reply};
use crate::state::{Message, UserInput};
use crate::view::BUILT_IN_COMMANDS;

/// The time within which the app's server must respond to a custom command.
const TIMEOUT: Duration = Duration::from_secs(1);

/// A command with its arguments.
struct Command {
    name: String,
    args: String,
}

impl Command {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('/')?;
        let (name, args) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        // A path or a comment is not a command.
        let is_name = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        is_name.then(|| Self { name: name.to_owned(), args: args.trim().to_owned() })
    }
}

/// Runs the command in a message, if there is one.
pub(super) fn run(call: &mut Call<'_>, message: &Message) -> Result<Option<Reply>, ApiError> {
    if message.kind != "regular" {
        return Ok(None);
    }
    let Some(command) = Command::parse(&message.content.text) else {
        return Ok(None);
    };
    let channel = call.channel_by_cid(&message.cid)?;
    let enabled = call.view().enabled_commands(channel);
    if !enabled.contains(&command.name) {
        let text = format!(
            "Sorry, command {} doesn't exist. Try posting your message without the starting /",
            command.name
        );
        return Ok(Some(Reply::Done(refusal(call, message.clone(), &text))));
    }
    if command.name == "giphy" {
        return giphy(call, message.clone(), &command.args).map(|it| Some(Reply::Done(it)));
    }
    if BUILT_IN_COMMANDS.iter().any(|(name, ..)| *name == command.name) {
        return moderate(call, message.clone(), command).map(|it| Some(Reply::Done(it)));
    }
    ask(call, message.clone(), command).map(Some)
}

/// Runs `/ban`, `/unban`, `/mute` or `/unmute`. Only the sender sees the result.
fn moderate(call: &mut Call<'_>, mut message: Message, command: Command) -> Outcome {
    let Some((target, reason)) = target(call, &message.cid, &command.args) else {
        let text = format!("Sorry, there is no user to {}: say /{0} @user", command.name);
        return Ok(refusal(call, message, &text));
    };
    let (cid, by) = (message.cid.clone(), message.user_id.clone());
    let order = Order { cid: &cid, by: &by, target: &target, reason: &reason };
    match order.execute(call, &command.name) {
        Ok(text) => {
            message.content.text = text;
            message.command = Some((command.name, command.args));
            keep_ephemeral(call, message)
        }
        Err(error) => Ok(refusal(call, message, &error.message)),
    }
}

/// Returns the user whom `@...` names, by ID or name, and the remaining text. Of several matches,
/// the longest name wins, and members of the channel come first.
fn target(call: &Call<'_>, cid: &str, args: &str) -> Option<(String, String)> {
    let named = args.strip_prefix('@').unwrap_or(args);
    let rest_after = |name: &str| {
        let (head, rest) = named.split_at_checked(name.len())?;
        let is_whole = rest.is_empty() || rest.starts_with(char::is_whitespace);
        (!name.is_empty() && is_whole && head.eq_ignore_ascii_case(name)).then(|| rest.trim())
    };
    let channel = call.world.living_channel(cid)?;
    let users = call.world.users.values().filter(|user| user.deleted_at.is_none());
    let (_, _, id, rest) = users
        .filter_map(|user| {
            let names = [Some(user.id.as_str()), user.name.as_deref()];
            let fits =
                names.into_iter().flatten().filter_map(|it| Some((it.len(), rest_after(it)?)));
            let (length, rest) = fits.max_by_key(|(length, _)| *length)?;
            Some((channel.member(&user.id).is_some(), length, &user.id, rest))
        })
        .max_by_key(|(is_member, length, ..)| (*is_member, *length))?;
    Some((id.clone(), rest.to_owned()))
}

/// Asks the app's server to run a custom command.
fn ask(call: &mut Call<'_>, message: Message, command: Command) -> Result<Reply, ApiError> {
    let Some(url) = call.world.app.text("custom_action_handler_url") else {
        return Err(ApiError::new(
            ErrorCode::CommandEndpointMissing,
            "custom_action_handler_url is not set, so nobody can run the command",
        ));
    };
    let url = url.replace("{type}", &command.name);
    let view = call.view();
    let shown = view
        .message(&message)
        .field("command", command.name.as_str())
        .field("args", command.args.as_str());
    let body = Object::new()
        .field("message", shown)
        .field("user", view.user_by_id(&message.user_id))
        .field("form_data", Object::new());
    let then = move |call: &mut Call<'_>, response: Option<Value>| {
        let response = response.ok_or_else(|| {
            ApiError::new(
                ErrorCode::CommandEndpointFailed,
                format!("the app's server did not run the command {}", command.name),
            )
        })?;
        finish(call, message, command, &response).map(Reply::Done)
    };
    let asked = Asked::Hook { body, attempts: 1 };
    Ok(Reply::Ask(Box::new(Question { url, timeout: TIMEOUT, asked, then: Box::new(then) })))
}

/// Sends the message as the app's server has rewritten it.
fn finish(
    call: &mut Call<'_>,
    mut message: Message,
    command: Command,
    response: &Value,
) -> Outcome {
    let changed = response.get("message").and_then(Value::as_object);
    let text = |name: &str| changed?.get(name)?.as_str().map(str::to_owned);
    if let Some(text) = text("text") {
        message.content.text = text;
    }
    if let Some(attachments) = changed.and_then(|it| it.get("attachments")?.as_array()) {
        message.content.attachments =
            attachments.iter().filter_map(|it| it.as_object().cloned()).collect();
    }
    message.command = Some((command.name, command.args));
    match text("type").as_deref() {
        Some("error") => {
            let text = message.content.text.clone();
            Ok(refusal(call, message, &text))
        }
        Some("ephemeral") => keep_ephemeral(call, message),
        _ => Ok(Object::new().field("message", publish(call, message))),
    }
}

/// Returns a message that only its author sees, with buttons to send it, shuffle or cancel.
fn giphy(call: &mut Call<'_>, mut message: Message, args: &str) -> Outcome {
    message.command = Some(("giphy".to_owned(), args.to_owned()));
    message.content.attachments = vec![gif(args, 0)];
    keep_ephemeral(call, message)
}

/// Returns a placeholder for an image of Giphy.
fn gif(args: &str, number: usize) -> Map<String, Value> {
    let url = format!("https://media.giphy.com/media/emulated-{number}/giphy.gif");
    let button = |text: &str, value: &str, style: &str| {
        json!({
            "name": "image_action", "text": text, "type": "button",
            "value": value, "style": style,
        })
    };
    let attachment = json!({
        "type": "giphy",
        "title": args,
        "title_link": url,
        "thumb_url": url,
        "custom": {},
        "actions": [
            button("Send", "send", "primary"),
            button("Shuffle", "shuffle", "default"),
            button("Cancel", "cancel", "default"),
        ],
    });
    match attachment {
        Value::Object(attachment) => attachment,
        _ => Map::new(),
    }
}

/// Stores a message that only its author sees, which replaces the previous one.
fn keep_ephemeral(call: &mut Call<'_>, mut message: Message) -> Outcome {
    "ephemeral".clone_into(&mut message.kind);
    let channel = call.channel_mut(&message.cid)?;
    let before = channel.ephemeral.insert(message.user_id.clone(), message.id.clone());
    if let Some(before) = before.filter(|before| *before != message.id) {
        call.world.messages.remove(&before);
    }
    call.world.messages.insert(message.id.clone(), message.clone());
    Ok(Object::new().field("message", call.view().message(&message)))
}

#[derive(Deserialize)]
pub(super) struct Action {
    form_data: BTreeMap<String, String>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// Handles `RunMessageAction`.
pub(super) fn act(call: &mut Call<'_>, input: Action) -> Outcome {
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let id = call.path("id");
    let message = call.message(id)?.clone();
    if message.kind != "ephemeral" || message.user_id != user_id {
        return Err(ApiError::input(format!("message {id} has no actions for user {user_id}")));
    }
    let forget = |call: &mut Call<'_>| {
        call.world.messages.remove(id);
        if let Some(channel) = call.world.channels.get_mut(&message.cid) {
            channel.ephemeral.remove(&user_id);
        }
    };
    match input.form_data.get("image_action").map(String::as_str) {
        Some("send") => {
            forget(call);
            let mut sent = message;
            "regular".clone_into(&mut sent.kind);
            sent.created_at = call.now;
            sent.updated_at = call.now;
            for attachment in &mut sent.content.attachments {
                attachment.remove("actions");
            }
            Ok(Object::new().field("message", publish(call, sent)))
        }
        Some("shuffle") => {
            let mut next = message;
            let args = next.command.clone().map(|(_, args)| args).unwrap_or_default();
            // The first image has the number 0; timestamps are whole microseconds.
            let number = call.now.nanoseconds() / 1000 % 1000;
            let number = usize::try_from(number).unwrap_or_default().saturating_add(1);
            next.content.attachments = vec![gif(&args, number)];
            next.updated_at = call.now;
            keep_ephemeral(call, next)
        }
        Some("cancel") => {
            forget(call);
            Ok(Object::new().only_v1("message", Node::Null))
        }
        _ => Err(ApiError::field("form_data", "image_action must be send, shuffle or cancel")),
    }
}
