//! Truncates a channel.

use std::collections::HashSet;

use serde::Deserialize;

use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::messages::{self, MessageInput};
use crate::operations::{Call, Outcome};
use crate::state::{Timestamp, UserInput};

#[derive(Deserialize)]
pub(super) struct Truncate {
    hard_delete: Option<bool>,
    message: Option<MessageInput>,
    truncated_at: Option<Timestamp>,
    member_ids: Option<Vec<String>>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// Handles `TruncateChannel`.
pub(super) fn truncate(call: &mut Call<'_>, order: Truncate) -> Outcome {
    let cid = call.channel()?.cid.clone();
    let message = match &order.message {
        Some(message) => Some(messages::prepare(call, &cid, message, "system")?),
        None => None,
    };
    let actor = call.named_user(order.user_id.as_deref(), order.user.as_ref(), "user")?;
    let truncated_at = order.truncated_at.unwrap_or(call.now);
    let members = order.member_ids.unwrap_or_default();
    if members.is_empty() {
        remove_until(call, &cid, truncated_at, order.hard_delete == Some(true));
    } else {
        hide_from(call, &cid, truncated_at, &members)?;
    }

    let now = call.now;
    let channel = call.channel_mut(&cid)?;
    if members.is_empty() {
        channel.truncated_at = Some(truncated_at);
        channel.truncated_by.clone_from(&actor);
    }
    channel.updated_at = now;
    call.emit(|view| {
        events::channels::with_message(
            view,
            "channel.truncated",
            &cid,
            actor.as_deref(),
            message.as_ref(),
        )
    });
    let message = message.map(|message| messages::publish(call, message));
    let channel = call.view().channel(call.channel()?);
    Ok(Object::new().field("channel", channel).optional("message", message))
}

/// Hides messages from some members; for the others, nothing changes.
fn hide_from(
    call: &mut Call<'_>,
    cid: &str,
    until: Timestamp,
    ids: &[String],
) -> Result<(), ApiError> {
    let channel = call.channel()?;
    if let Some(stranger) = ids.iter().find(|id| channel.member(id).is_none()) {
        return Err(ApiError::field("member_ids", format!("{stranger} is not a member of {cid}")));
    }
    let channel = call.channel_mut(cid)?;
    for id in ids {
        if let Some(member) = channel.member_mut(id) {
            member.history_hidden_before = member.history_hidden_before.max(Some(until));
        }
    }
    Ok(())
}

/// Removes messages from the channel. After a soft truncation they can still be read by ID.
fn remove_until(call: &mut Call<'_>, cid: &str, until: Timestamp, is_hard: bool) {
    let world = &mut *call.world;
    let Some(channel) = world.channels.get_mut(cid) else {
        return;
    };
    let messages = &world.messages;
    let is_old = |id: &&String| messages.get(id).is_none_or(|message| message.created_at <= until);
    let old: HashSet<String> = channel.messages.iter().filter(is_old).cloned().collect();
    channel.messages.retain(|id| !old.contains(id));
    if is_hard {
        world.remove_messages(&old);
    } else {
        channel.truncated.extend(old);
    }
    world.refresh_last_message(cid);
}
