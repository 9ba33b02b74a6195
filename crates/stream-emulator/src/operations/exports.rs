//! Exports of channels and users, as files that the emulator serves.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Call, Outcome, operations, require_users};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::links::file_url;
use crate::state::{Channel, File, Message, Timestamp, cid};

operations! {
    "ExportChannels" => export_channels,
    "ExportUsers" => export_users,
}

#[derive(Deserialize)]
struct ExportChannels {
    channels: Vec<Part>,
    export_users: Option<bool>,
    clear_deleted_message_text: Option<bool>,
    include_truncated_messages: Option<bool>,
    include_soft_deleted_channels: Option<bool>,
    format: Option<String>,
}

/// A channel, and the period of its export.
#[derive(Deserialize)]
struct Part {
    cid: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<String>,
    messages_since: Option<Timestamp>,
    messages_until: Option<Timestamp>,
}

impl Part {
    fn cid(&self) -> Result<String, ApiError> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        match (given(&self.cid), given(&self.kind), given(&self.id)) {
            (Some(cid), ..) => Ok(cid),
            (None, Some(kind), Some(id)) => Ok(cid(&kind, &id)),
            _ => Err(ApiError::field("channels", "each must have a cid, or a type and an id")),
        }
    }

    fn has(&self, message: &Message) -> bool {
        self.messages_since.is_none_or(|since| message.created_at >= since)
            && self.messages_until.is_none_or(|until| message.created_at <= until)
    }
}

/// Handles `ExportChannels`.
fn export_channels(call: &mut Call<'_>, input: ExportChannels) -> Outcome {
    if input.channels.is_empty() || input.channels.len() > 100 {
        return Err(ApiError::field("channels", "must have 1 to 100 items"));
    }
    let is_csv = match input.format.as_deref().filter(|format| !format.is_empty()) {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(ApiError::field("format", "must be one of [json csv]")),
    };
    let mut exported: Vec<(&Channel, Vec<&Message>)> = Vec::new();
    for part in &input.channels {
        let cid = part.cid()?;
        let with_deleted = input.include_soft_deleted_channels == Some(true);
        let channel = match with_deleted {
            true => call.world.channels.get(&cid),
            false => call.world.living_channel(&cid),
        };
        let channel = channel
            .ok_or_else(|| ApiError::not_found(format!("Can't find channel with id {cid}")))?;
        let since = match input.include_truncated_messages {
            Some(true) => None,
            _ => channel.truncated_at,
        };
        let messages = channel
            .messages
            .iter()
            .filter_map(|id| call.world.messages.get(id))
            .filter(|message| since.is_none_or(|since| message.created_at > since))
            .filter(|message| part.has(message))
            .collect();
        exported.push((channel, messages));
    }
    let bytes = match is_csv {
        true => csv(&exported),
        false => json(call, &input, &exported),
    };
    let name = if is_csv { "channels.csv" } else { "channels.json" };
    Ok(finish(call, name, bytes, "export.channels.success"))
}

fn json(
    call: &Call<'_>,
    input: &ExportChannels,
    exported: &[(&Channel, Vec<&Message>)],
) -> Vec<u8> {
    let view = call.view();
    let clears = input.clear_deleted_message_text == Some(true);
    let channels: Node = exported
        .iter()
        .map(|(channel, messages)| {
            let members: Node =
                channel.members().iter().map(|member| view.member(channel, member)).collect();
            let messages: Node = messages
                .iter()
                .map(|message| {
                    let mut shown = view.message(message);
                    if message.deleted_at.is_some() && !clears {
                        shown.set("text", message.content.text.as_str());
                    }
                    shown
                })
                .collect();
            Object::new()
                .field("channel", view.channel(channel))
                .field("members", members)
                .field("messages", messages)
        })
        .collect();
    let users = (input.export_users == Some(true)).then(|| {
        let mut ids: Vec<&str> = exported
            .iter()
            .flat_map(|(channel, messages)| {
                let members = channel.members().iter().map(|member| member.user_id.as_str());
                members.chain(messages.iter().map(|message| message.user_id.as_str()))
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(|id| view.user_by_id(id)).collect::<Node>()
    });
    let document = Object::new().field("channels", channels).optional("users", users);
    document.to_json().to_string().into_bytes()
}

/// Renders messages as CSV.
fn csv(exported: &[(&Channel, Vec<&Message>)]) -> Vec<u8> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut lines = vec!["channel_cid,id,user_id,created_at,text".to_owned()];
    for message in exported.iter().flat_map(|(_, messages)| messages) {
        lines.push(format!(
            "{},{},{},{},{}",
            quoted(&message.cid),
            quoted(&message.id),
            quoted(&message.user_id),
            message.created_at.to_rfc3339(),
            quoted(&message.content.text)
        ));
    }
    lines.join("\r\n").into_bytes()
}

#[derive(Deserialize)]
struct ExportUsers {
    user_ids: Vec<String>,
}

/// Handles `ExportUsers`: the users with their messages and reactions.
fn export_users(call: &mut Call<'_>, input: ExportUsers) -> Outcome {
    if input.user_ids.is_empty() || input.user_ids.len() > 25 {
        return Err(ApiError::field("user_ids", "must have 1 to 25 items"));
    }
    require_users(call.world, input.user_ids.iter().map(String::as_str), "user_ids")?;
    let users = input.user_ids.iter().map(|id| super::users::exported(call, id));
    let users: Node = users.collect();
    let bytes = Object::new().field("users", users).to_json().to_string().into_bytes();
    Ok(finish(call, "users.json", bytes, "export.users.success"))
}

/// Stores a file, records a finished task with it, and emits an event.
fn finish(call: &mut Call<'_>, name: &str, bytes: Vec<u8>, event: &'static str) -> Object {
    let key = uuid::Uuid::new_v4().to_string();
    let url = file_url(&call.request.base_url, &key, name);
    let kind = if name.ends_with(".csv") { "text/csv" } else { "application/json" };
    let file =
        File { name: name.to_owned(), content_type: kind.to_owned(), bytes, uploaded_by: None };
    call.world.files.insert(key, file);
    let result = Map::from_iter([("url".to_owned(), Value::from(url.as_str()))]);
    let now = call.now;
    let task_id = call.world.finish_task(result, now);
    call.emit(|view| {
        events::Event::new(event, view)
            .with("task_id", task_id.as_str())
            .with("url", url)
            .with("started_at", now)
            .with("finished_at", now)
    });
    Object::new().field("task_id", task_id)
}
