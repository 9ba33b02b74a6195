//! Makes messages from requests, with all checks of `SendMessage`, without storing them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::input::{MessageInput, pin_expires, require_feature};
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::operations::{Call, decode, polls};
use crate::state::{Channel, Message, Pin};

/// The body of `SendMessage`.
#[derive(Deserialize)]
pub(super) struct SendInput {
    pub(super) message: MessageInput,
    pub(super) pending: Option<bool>,
    pub(super) pending_message_metadata: Option<BTreeMap<String, String>>,
    pub(super) skip_enrich_url: Option<bool>,
    pub(super) keep_channel_hidden: Option<bool>,
    pub(super) force_moderation: Option<bool>,
    pub(super) include_channel_context: Option<bool>,
    pub(super) include_mentioned_members: Option<bool>,
}

/// Returns the message of a `SendMessage` request without storing it.
pub(super) fn prepare_for_channel(call: &mut Call<'_>, input: Value) -> Result<Message, ApiError> {
    let send: SendInput = decode(input)?;
    let cid = call.channel()?.cid.clone();
    prepare(call, &cid, &send.message, "regular")
}

/// Creates a message from a request without storing it.
pub(in crate::operations) fn prepare(
    call: &mut Call<'_>,
    cid: &str,
    input: &MessageInput,
    default_kind: &str,
) -> Result<Message, ApiError> {
    let channel = call.channel_by_cid(cid)?;
    check_channel(call, channel)?;
    let content = input.content(call, channel)?;
    let id = match input.id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => id.to_owned(),
        None => uuid::Uuid::new_v4().to_string(),
    };
    check_id(call, &id)?;
    let parent_id = input.parent_id.clone().filter(|id| !id.is_empty());
    if let Some(parent_id) = &parent_id {
        check_parent(call, cid, parent_id)?;
        require_feature(call, call.channel_by_cid(cid)?, "replies")?;
    }
    let kind = match input.kind.as_deref() {
        None | Some("") => default_kind,
        Some(kind @ ("regular" | "system")) => kind,
        Some(kind) => {
            return Err(ApiError::field(
                "message.type",
                format!("{kind:?} must be one of [regular system]"),
            ));
        }
    };
    let user_id =
        call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "message.user")?;
    if let Some(poll_id) = &content.poll_id {
        polls::check_sender(call, poll_id, &user_id)?;
    }
    let channel = call.channel_by_cid(cid)?;
    let shadowed = call.world.moderation.bans.is_shadowed(channel, &user_id, call.now);
    let expires = pin_expires(call, input.pin_expires.as_ref())?;
    let pin =
        (input.pinned == Some(true)).then(|| Pin { at: call.now, by: user_id.clone(), expires });
    Ok(Message {
        id,
        cid: cid.to_owned(),
        kind: kind.to_owned(),
        user_id,
        content,
        parent_id,
        replies: Vec::new(),
        show_in_channel: input.show_in_channel,
        silent: input.silent.unwrap_or_default(),
        shadowed,
        pin,
        reactions: Vec::new(),
        history: Vec::new(),
        deleted_for: Vec::new(),
        pending: None,
        command: None,
        translations: BTreeMap::new(),
        created_at: call.now,
        updated_at: call.now,
        text_updated_at: None,
        deleted_at: None,
    })
}

/// Refuses an ID that is not valid or in use.
pub(super) fn check_id(call: &Call<'_>, id: &str) -> Result<(), ApiError> {
    if id.len() > 255 {
        return Err(ApiError::field("message.id", "is longer than 255 characters"));
    }
    if id.contains([',', '%', '/']) {
        return Err(ApiError::field("message.id", "must not contain , or % or /"));
    }
    if call.world.messages.contains_key(id) {
        return Err(ApiError::field(
            "message.id",
            format!("a message with ID {id} already exists"),
        ));
    }
    Ok(())
}

/// Refuses a reply to a reply: threads have one level.
fn check_parent(call: &Call<'_>, cid: &str, parent_id: &str) -> Result<(), ApiError> {
    let parent =
        call.world.messages.get(parent_id).filter(|parent| parent.cid == cid).ok_or_else(|| {
            ApiError::field(
                "message.parent_id",
                format!("parent message {parent_id} doesn't exist in {cid}"),
            )
        })?;
    if parent.parent_id.is_some() {
        return Err(ApiError::new(
            ErrorCode::NestingTooDeep,
            "a message in a thread cannot have a thread of its own",
        ));
    }
    Ok(())
}

/// Checks the rules of the channel that apply to users and not to backends.
fn check_channel(call: &Call<'_>, channel: &Channel) -> Result<(), ApiError> {
    let Caller::User(id) = call.caller else {
        return Ok(());
    };
    let cid = &channel.cid;
    let bans = &call.world.moderation.bans;
    let found = [bans.in_app(id, call.now), bans.in_channel(channel, id, call.now)];
    if found.into_iter().flatten().any(|ban| !ban.shadow) {
        return Err(ApiError::not_allowed(format!(
            "user {id} is banned from channel {cid} and cannot send messages"
        )));
    }
    let Some(cooldown) = channel.cooldown else {
        return Ok(());
    };
    let latest = channel
        .messages
        .iter()
        .rev()
        .filter_map(|message| call.world.messages.get(message))
        .find(|message| message.user_id == *id)
        .filter(|message| channel.is_slow_since(message.created_at));
    let has_waited = latest.is_none_or(|message| {
        call.now.seconds() - message.created_at.seconds() >= i64::from(cooldown)
    });
    if has_waited || call.world.is_granted_in(channel, id, "skip-channel-cooldown") {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::Cooldown,
        format!(
            "user {id} is not allowed to send messages on channel {cid} under cool down \
             period({cooldown}s)"
        ),
    ))
}
