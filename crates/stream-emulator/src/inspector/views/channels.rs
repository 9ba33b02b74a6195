//! Channels and their members.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::super::listing::Listing;
use super::view_of;
use crate::error::ApiError;
use crate::parameters::QueryParameters;
use crate::runtime::Shared;
use crate::state::{Channel, Message, Timestamp, World};

/// The maximum number of members of a channel in a list.
const SHOWN_MEMBERS: usize = 5;
/// The maximum number of characters of the last message in a list.
const SHOWN_TEXT: usize = 140;

/// Returns the channels, sorted by their latest message; only those of a user, if one is named.
pub(in super::super) fn list(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let world = shared.world();
    let mut channels: Vec<&Channel> = match query.get("user_id") {
        Some(user_id) => world.channels.of_member(user_id).collect(),
        None => world.channels.values().collect(),
    };
    channels.retain(|channel| listing.matches([channel.cid.as_str(), name(channel)]));
    channels.sort_by_key(|channel| Reverse(channel.last_message_at.unwrap_or(channel.created_at)));
    Ok(listing.part(channels, |channel| summary(&world, channel)))
}

pub(super) fn name(channel: &Channel) -> &str {
    channel.custom.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn summary(world: &World, channel: &Channel) -> Value {
    let shown = |message: &&Message| message.is_in_channel() && message.deleted_at.is_none();
    let messages = channel.messages.iter().rev().filter_map(|id| world.messages.get(id));
    let last = messages.take(SHOWN_TEXT).find(shown).map(|message| {
        let text: String = message.content.text.chars().take(SHOWN_TEXT).collect();
        json!({"user_id": message.user_id, "text": text, "attachments": message.content.attachments.len()})
    });
    let members = channel.members().iter().take(SHOWN_MEMBERS).map(|member| {
        let user = world.users.get(&member.user_id);
        json!({
            "id": member.user_id,
            "name": user.and_then(|user| user.name.as_deref()),
            "image": user.and_then(|user| user.image.as_deref()),
        })
    });
    json!({
        "cid": channel.cid,
        "type": channel.kind,
        "id": channel.id,
        "name": name(channel),
        "image": channel.custom.get("image"),
        "members": members.collect::<Vec<_>>(),
        "member_count": channel.members().len(),
        "message_count": channel.messages.len(),
        "last_message": last,
        "last_message_at": channel.last_message_at.map(Timestamp::to_rfc3339),
        "created_at": channel.created_at.to_rfc3339(),
        "frozen": channel.frozen,
        "disabled": channel.disabled,
        "deleted": channel.deleted_at.is_some(),
    })
}

pub(super) fn find<'a>(world: &'a World, query: &QueryParameters) -> Result<&'a Channel, ApiError> {
    let cid = query.required("cid")?;
    world.channels.get(cid).ok_or_else(|| ApiError::not_found(format!("there is no channel {cid}")))
}

/// Returns a channel as the API renders it, with its summary.
pub(in super::super) fn one(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let world = shared.world();
    let channel = find(&world, query)?;
    let mut shown = summary(&world, channel);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("document".to_owned(), view_of(&world).channel(channel).to_json());
        let pending: Vec<_> = channel.pending.iter().map(String::as_str).collect();
        fields.insert("pending".to_owned(), pending.into());
    }
    Ok(shown)
}

/// Returns the members of a channel with their read state.
pub(in super::super) fn members(
    shared: &Shared,
    query: &QueryParameters,
) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let world = shared.world();
    let view = view_of(&world);
    let channel = find(&world, query)?;
    let members = channel.members().iter().filter(|member| {
        let user = world.users.get(&member.user_id);
        let name = user.and_then(|user| user.name.as_deref()).unwrap_or_default();
        listing.matches([member.user_id.as_str(), name, member.channel_role.as_str()])
    });
    Ok(listing.part(members, |member| {
        let mut shown = view.member(channel, member).to_json();
        let (last_read, message_id) = world.read_of(channel, &member.user_id);
        if let Some(fields) = shown.as_object_mut() {
            let unread = world.unread_of(channel, &member.user_id, view.now);
            fields.insert("unread".to_owned(), unread.into());
            fields.insert("last_read".to_owned(), last_read.to_rfc3339().into());
            fields.insert("last_read_message_id".to_owned(), message_id.into());
        }
        shown
    }))
}
