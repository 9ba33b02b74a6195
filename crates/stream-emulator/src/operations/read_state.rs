//! Read and unread marks, delivery receipts, and unread counts.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Call, Outcome, check_count, operations};
use crate::document::Object;
use crate::error::{ApiError, ErrorCode};
use crate::events;
use crate::state::{Channel, Delivery, Timestamp, UserInput};

operations! {
    "MarkRead" => mark_read,
    "MarkUnread" => mark_unread,
    "MarkChannelsRead" => mark_channels_read,
    "MarkDelivered" => mark_delivered,
    "UnreadCounts" => unread_counts,
    "UnreadCountsBatch" => unread_counts_batch,
}

/// The maximum number of channels in one request to mark them as read.
const MAX_MARKED: usize = 30;
/// The maximum number of deliveries in one request, and of users in one request for counts.
const MAX_BATCH: usize = 100;

#[derive(Deserialize)]
struct MarkRead {
    message_id: Option<String>,
    thread_id: Option<String>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

/// Handles `MarkRead`.
fn mark_read(call: &mut Call<'_>, input: MarkRead) -> Outcome {
    let cid = readable_channel(call)?;
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let thread_id = given(input.thread_id);
    let message_id = given(input.message_id);
    if let Some(thread_id) = &thread_id {
        read_thread(call, &cid, thread_id, &user_id)?;
    } else {
        read_channel(call, &cid, &user_id, message_id.as_deref())?;
    }
    let channel = call.channel_by_cid(&cid)?.clone();
    let thread = thread_id.and_then(|id| call.world.threads.get(&id)).cloned();
    let (_, last) = call.world.read_of(&channel, &user_id);
    let last = last.map(str::to_owned);
    call.emit(|view| {
        events::read_state::read(view, &channel, &user_id, last.as_deref(), thread.as_ref())
    });
    let event = events::read_state::read_response(
        call.view(),
        &channel,
        &user_id,
        last.as_deref(),
        thread.as_ref(),
    );
    Ok(Object::new().field("event", event))
}

/// Marks a channel as read by a user, as a whole or up to a message.
fn read_channel(
    call: &mut Call<'_>,
    cid: &str,
    user_id: &str,
    message_id: Option<&str>,
) -> Result<(), ApiError> {
    let now = call.now;
    let (at, id) = match message_id {
        Some(id) => {
            let message = message_in(call, cid, id)?;
            (message.created_at, Some(message.id.clone()))
        }
        None => {
            let channel = call.channel_by_cid(cid)?;
            let messages = channel.messages.iter().rev();
            let mut messages = messages.filter_map(|id| call.world.messages.get(id));
            let last = messages.find(|message| message.is_in_channel());
            (now, last.map(|message| message.id.clone()))
        }
    };
    call.world.reads.mark(user_id, cid, at, id, now);
    Ok(())
}

fn read_thread(
    call: &mut Call<'_>,
    cid: &str,
    thread_id: &str,
    user_id: &str,
) -> Result<(), ApiError> {
    let last = message_in(call, cid, thread_id)?.replies.last().cloned();
    let now = call.now;
    call.world.threads.mark(user_id, thread_id, now, last);
    Ok(())
}

#[derive(Deserialize)]
struct MarkUnread {
    message_id: Option<String>,
    message_timestamp: Option<Timestamp>,
    thread_id: Option<String>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

/// Handles `MarkUnread`: the message and all later ones become unread.
fn mark_unread(call: &mut Call<'_>, input: MarkUnread) -> Outcome {
    let cid = readable_channel(call)?;
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let (message_id, thread_id) = (given(input.message_id), given(input.thread_id));
    let first = match (&message_id, input.message_timestamp, &thread_id) {
        (Some(id), None, None) => Some(message_in(call, &cid, id)?.created_at),
        (None, Some(at), None) => Some(at),
        (None, None, Some(_)) => None,
        _ => {
            return Err(ApiError::input(
                "exactly one of message_id, message_timestamp and thread_id must be provided",
            ));
        }
    };
    match (first, &thread_id) {
        (Some(first), _) => {
            let channel = call.channel_by_cid(&cid)?;
            let messages = channel.messages.iter().filter_map(|id| call.world.messages.get(id));
            let last = messages.take_while(|message| message.created_at < first).last();
            let last = last.map(|message| message.id.clone());
            let before = first.plus_nanoseconds(-1_000);
            let now = call.now;
            call.world.reads.mark(&user_id, &cid, before, last, now);
        }
        (None, Some(thread_id)) => {
            let before = message_in(call, &cid, thread_id)?.created_at;
            call.world.threads.mark(&user_id, thread_id, before, None);
        }
        (None, None) => {}
    }
    let channel = call.channel_by_cid(&cid)?.clone();
    call.emit(|view| {
        let first = message_id.as_deref();
        events::read_state::unread(view, &channel, &user_id, first, thread_id.as_deref())
    });
    Ok(Object::new())
}

#[derive(Deserialize)]
struct MarkChannelsRead {
    read_by_channel: Option<BTreeMap<String, Option<String>>>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

/// Handles `MarkChannelsRead`; without channels, it marks all channels of the user.
fn mark_channels_read(call: &mut Call<'_>, input: MarkChannelsRead) -> Outcome {
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let named = input.read_by_channel.filter(|channels| !channels.is_empty());
    let channels: Vec<(String, Option<String>)> = match named {
        Some(channels) => {
            check_count("read_by_channel", channels.len(), MAX_MARKED)?;
            for (cid, message_id) in &channels {
                let channel = call.channel_by_cid(cid)?;
                call.require_in("read-channel", channel, call.owns(channel))?;
                if let Some(id) = message_id.as_deref().filter(|id| !id.is_empty()) {
                    message_in(call, cid, id)?;
                }
            }
            channels.into_iter().map(|(cid, message_id)| (cid, given(message_id))).collect()
        }
        None => call
            .world
            .channels
            .of_member(&user_id)
            .filter(|channel| channel.deleted_at.is_none())
            .map(|channel| (channel.cid.clone(), None))
            .collect(),
    };
    for (cid, message_id) in channels {
        read_channel(call, &cid, &user_id, message_id.as_deref())?;
        let channel = call.channel_by_cid(&cid)?.clone();
        call.emit(|view| {
            let (_, last) = view.world.read_of(&channel, &user_id);
            events::read_state::read(view, &channel, &user_id, last, None)
        });
    }
    Ok(Object::new())
}

#[derive(Deserialize)]
struct MarkDelivered {
    latest_delivered_messages: Option<Vec<Delivered>>,
    // Clients of v1 also send it in the body.
    user_id: Option<String>,
    user: Option<UserInput>,
}

#[derive(Deserialize)]
struct Delivered {
    cid: String,
    id: String,
}

/// Handles `MarkDelivered`; ignores channels whose type has no delivery events, and those that the
/// user is not a member of.
fn mark_delivered(call: &mut Call<'_>, input: MarkDelivered) -> Outcome {
    let delivered = input.latest_delivered_messages.unwrap_or_default();
    check_count("latest_delivered_messages", delivered.len(), MAX_BATCH)?;
    let in_query = call.request.query.get("user_id").filter(|id| !id.is_empty());
    let user_id = in_query.or(input.user_id.as_deref());
    let user_id = call.acting_user(user_id, input.user.as_ref(), "user")?;
    for Delivered { cid, id } in &delivered {
        call.channel_by_cid(cid)?;
        message_in(call, cid, id)?;
    }
    let at = call.now;
    for Delivered { cid, id } in delivered {
        let channel = call.channel_by_cid(&cid)?.clone();
        let is_member = channel.member(&user_id).is_some();
        if !is_member || !call.world.is_on(&channel, "delivery_events") {
            continue;
        }
        let delivery = Delivery { at, message_id: id.clone() };
        call.world.reads.deliver(&user_id, &cid, delivery);
        call.emit(|view| events::read_state::delivered(view, &channel, &user_id, &id));
    }
    Ok(Object::new())
}

/// Handles `UnreadCounts`.
fn unread_counts(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let user_id = call.acting_user(call.request.query.get("user_id"), None, "user")?;
    Ok(call.view().unread_counts(&user_id))
}

#[derive(Deserialize)]
struct Batch {
    user_ids: Vec<String>,
}

/// Handles `UnreadCountsBatch`; omits unknown users.
fn unread_counts_batch(call: &mut Call<'_>, Batch { user_ids }: Batch) -> Outcome {
    check_count("user_ids", user_ids.len(), MAX_BATCH)?;
    let view = call.view();
    let mut counts = Object::new();
    for id in user_ids.into_iter().filter(|id| view.world.living_user(id).is_some()) {
        let count = view.unread_counts(&id);
        counts.set(id, count);
    }
    Ok(Object::new().field("counts_by_user", counts))
}

/// Returns the cid of the channel in the path, if its type has read events.
fn readable_channel(call: &Call<'_>) -> Result<String, ApiError> {
    let channel: &Channel = call.channel()?;
    if call.world.is_on(channel, "read_events") {
        return Ok(channel.cid.clone());
    }
    Err(ApiError::new(
        ErrorCode::EventNotSupported,
        format!("channel type {} does not support read events", channel.kind),
    ))
}

fn message_in<'a>(
    call: &'a Call<'_>,
    cid: &str,
    id: &str,
) -> Result<&'a crate::state::Message, ApiError> {
    let message = call.message(id)?;
    if message.cid == cid {
        return Ok(message);
    }
    Err(ApiError::not_found(format!("Message with id {id} doesn't exist in {cid}")))
}

fn given(id: Option<String>) -> Option<String> {
    id.filter(|id| !id.is_empty())
}
