//! Messages: summaries for lists, and single messages in full.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::listing::Listing;
use super::{channels, view_of};
use crate::error::ApiError;
use crate::parameters::QueryParameters;
use crate::runtime::Shared;
use crate::state::{Message, Timestamp, World};
use crate::view::{View, attachment};

/// Returns the messages of a channel or a thread, oldest first, or those of all channels, newest
/// first.
pub(in super::super) fn list(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let world = shared.world();
    let view = view_of(&world);
    let matches = |message: &&Message| {
        listing.matches([
            message.content.text.as_str(),
            message.id.as_str(),
            message.user_id.as_str(),
        ])
    };
    let show = |message: &Message| summary(view, message);
    if let Some(parent) = query.get("parent_id") {
        let parent = find(&world, parent)?;
        return Ok(listing.part(world.replies(parent).filter(matches), show));
    }
    if query.get("cid").is_some() {
        let channel = channels::find(&world, query)?;
        let messages = channel.messages.iter().filter_map(|id| world.messages.get(id));
        let messages = messages.filter(|message| message.is_in_channel()).filter(matches);
        return Ok(listing.part(messages, show));
    }
    let mut messages: Vec<&Message> = world.messages.values().filter(matches).collect();
    messages.sort_by_key(|message| Reverse(message.created_at));
    Ok(listing.part(messages, show))
}

fn find<'a>(world: &'a World, id: &str) -> Result<&'a Message, ApiError> {
    world.messages.get(id).ok_or_else(|| ApiError::not_found(format!("there is no message {id}")))
}

/// Returns a message as the API renders it, with its reactions and previous versions.
pub(in super::super) fn one(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let world = shared.world();
    let view = view_of(&world);
    let message = find(&world, query.required("id")?)?;
    let reactions =
        message.reactions.iter().map(|reaction| view.reaction(message, reaction).to_json());
    let history =
        message.history.iter().map(|version| view.version(&message.id, version).to_json());
    let mut shown = summary(view, message);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("document".to_owned(), view.message(message).to_json());
        fields.insert("all_reactions".to_owned(), reactions.collect());
        fields.insert("history".to_owned(), history.collect());
    }
    Ok(shown)
}

fn author(world: &World, id: &str) -> Value {
    let user = world.users.get(id);
    json!({
        "id": id,
        "name": user.and_then(|user| user.name.as_deref()),
        "image": user.and_then(|user| user.image.as_deref()),
    })
}

fn summary(view: View<'_>, message: &Message) -> Value {
    let world = view.world;
    let content = &message.content;
    let replies: Vec<&Message> = world.replies(message).collect();
    let mut authors: Vec<&str> = replies.iter().map(|reply| reply.user_id.as_str()).collect();
    authors.sort_unstable();
    authors.dedup();
    let quoted = content.quoted_message_id.as_ref().and_then(|id| world.messages.get(id));
    let quoted = quoted.map(|quoted| {
        json!({"id": quoted.id, "user": author(world, &quoted.user_id), "text": quoted.content.text})
    });
    let attachments = content.attachments.iter().map(|fields| attachment(fields).to_json());
    let poll = content.poll_id.as_ref().and_then(|id| world.polls.get(id));
    let given = json!({
        "id": message.id,
        "cid": message.cid,
        "type": message.kind,
        "text": content.text,
        "user": author(world, &message.user_id),
        "attachments": attachments.collect::<Vec<_>>(),
        "reactions": reactions(message),
        "reply_count": replies.len(),
        "thread_authors": authors,
        "parent_id": message.parent_id,
        "show_in_channel": message.show_in_channel,
        "quoted": quoted,
        "poll": poll.map(|poll| view.poll(poll).to_json()),
        "location": view.location(message).map(|location| location.to_json()),
        "mentioned": content.mentioned_users,
        "command": message.command.as_ref().map(|(name, args)| format!("/{name} {args}")),
        "pinned": message.pin_at(view.now).map(|pin| pin.by.as_str()),
        "silent": message.silent,
        "shadowed": message.shadowed,
        "restricted_to": content.restricted_visibility,
        "custom": content.custom,
        "edited": !message.history.is_empty() && message.deleted_at.is_none(),
        "created_at": message.created_at.to_rfc3339(),
        "deleted_at": message.deleted_at.map(Timestamp::to_rfc3339),
    });
    without_nothing(given)
}

/// Removes empty values, since lists of messages are long.
fn without_nothing(value: Value) -> Value {
    let Value::Object(fields) = value else {
        return value;
    };
    let says_something = |value: &Value| match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    fields.into_iter().filter(|(_, value)| says_something(value)).collect::<Map<_, _>>().into()
}

/// Returns the reactions by type, with their users.
fn reactions(message: &Message) -> Value {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for reaction in &message.reactions {
        groups.entry(&reaction.kind).or_default().push(&reaction.user_id);
    }
    groups.into_iter().map(|(kind, users)| json!({"type": kind, "users": users})).collect()
}
