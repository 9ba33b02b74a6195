//! Sends messages.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::input::{pin_expires, require_feature};
use super::{MessageInput, automod, command, pending, question};
use crate::auth::Caller;
use crate::document::Object;
use crate::error::{ApiError, ErrorCode};
use crate::events;
use crate::links::is_local;
use crate::operations::previews::{PAGE_TIMEOUT, first_url, preview_of_page, preview_of_site};
use crate::operations::{Asked, Call, Question, Reply, decode, polls};
use crate::state::{Channel, Message, Pin};

#[derive(Deserialize)]
struct Send {
    message: MessageInput,
    pending: Option<bool>,
    pending_message_metadata: Option<BTreeMap<String, String>>,
    skip_enrich_url: Option<bool>,
    keep_channel_hidden: Option<bool>,
    force_moderation: Option<bool>,
}

/// Handles `SendMessage`. If the app has a before-message-send hook, its server is asked first.
pub(super) fn send(call: &mut Call<'_>, input: Value) -> Result<Reply, ApiError> {
    check_reserved(call, &input)?;
    match question::about(call, &input)? {
        Some(question) => Ok(Reply::Ask(question)),
        None => send_now(call, input),
    }
}

/// The fields of a message that only the server sets.
const RESERVED: &[&str] = &["created_at", "updated_at", "i18n"];

fn check_reserved(call: &Call<'_>, input: &Value) -> Result<(), ApiError> {
    let message = input.get("message").and_then(Value::as_object);
    let is_user = matches!(call.caller, Caller::User(_));
    let is_reserved = |name: &str, value: &Value| match name {
        // Clients that send all fields of a message send this one empty.
        "html" => is_user && value.as_str() != Some(""),
        name => RESERVED.contains(&name),
    };
    let reserved: Vec<String> = message
        .into_iter()
        .flatten()
        .filter(|(name, value)| !value.is_null() && is_reserved(name, value))
        .map(|(name, _)| format!("message.{name} is a reserved field"))
        .collect();
    if reserved.is_empty() { Ok(()) } else { Err(ApiError::input(reserved.join(", "))) }
}

/// Sends a message without asking the hook.
pub(super) fn send_now(call: &mut Call<'_>, input: Value) -> Result<Reply, ApiError> {
    let send: Send = decode(input)?;
    let cid = call.channel()?.cid.clone();
    let mut message = prepare(call, &cid, &send.message, "regular")?;
    let channel = call.channel_by_cid(&cid)?;
    if channel.frozen && matches!(call.caller, Caller::User(_)) {
        let text = "Sorry, this channel has been frozen by the admin";
        return Ok(Reply::Done(refusal(call, message, text)));
    }
    let enriches =
        send.skip_enrich_url != Some(true) && call.world.is_on(channel, "url_enrichment");
    let marks_pending = call.world.is_on(channel, "mark_messages_pending");
    if let Some(reply) = command::run(call, &message)? {
        return Ok(reply);
    }
    let decision = automod::check(call, &mut message, send.force_moderation == Some(true))?;
    if let automod::Decision::Blocked(text) = decision {
        return Ok(Reply::Done(automod::blocked(call, message, text)));
    }
    let metadata = send.pending_message_metadata.unwrap_or_default();
    let ready = Ready {
        message,
        decision,
        pending: send.pending.unwrap_or(marks_pending).then_some(metadata),
        keeps_hidden: send.keep_channel_hidden == Some(true),
    };
    match enriches {
        true => enrich(call, ready),
        false => ready.go_out(call).map(Reply::Done),
    }
}

/// Adds the preview of the first link, which may require reading a page of this machine.
fn enrich(call: &mut Call<'_>, mut ready: Ready) -> Result<Reply, ApiError> {
    let url = first_url(&ready.message.content.text).map(str::to_owned);
    let preview = url.as_deref().and_then(preview_of_site);
    let Some(url) = url.filter(|url| preview.is_none() && is_local(url)) else {
        ready.message.content.attachments.extend(preview);
        return ready.go_out(call).map(Reply::Done);
    };
    let asked = url.clone();
    let then = move |call: &mut Call<'_>, page: Option<Value>| {
        let page = page.as_ref().and_then(Value::as_str);
        let preview = page.and_then(|page| preview_of_page(&asked, page));
        ready.message.content.attachments.extend(preview);
        // In the meantime, the channel may have been deleted, or the ID used.
        call.channel_by_cid(&ready.message.cid)?;
        check_id(call, &ready.message.id)?;
        ready.go_out(call).map(Reply::Done)
    };
    let question =
        Question { url, timeout: PAGE_TIMEOUT, asked: Asked::Page, then: Box::new(then) };
    Ok(Reply::Ask(Box::new(question)))
}

/// A message that is checked and complete.
struct Ready {
    message: Message,
    decision: automod::Decision,
    /// The metadata of a message that has to wait for its commit.
    pending: Option<BTreeMap<String, String>>,
    keeps_hidden: bool,
}

impl Ready {
    fn go_out(self, call: &mut Call<'_>) -> Result<Object, ApiError> {
        if let Some(metadata) = self.pending {
            return pending::hold(call, self.message, metadata);
        }
        if !self.keeps_hidden {
            unhide(call, &self.message.cid)?;
        }
        let automod::Decision::Held(verdict) = self.decision else {
            return Ok(Object::new().field("message", publish(call, self.message)));
        };
        let sent = self.message.clone();
        let shown = publish(call, self.message);
        automod::hold(call, &sent, &verdict);
        Ok(Object::new().field("message", shown))
    }
}

/// Shows the channel again to those members who hid it and did not mute it.
fn unhide(call: &mut Call<'_>, cid: &str) -> Result<(), ApiError> {
    let now = call.now;
    let channel = call.channel_mut(cid)?;
    let shown: Vec<String> = channel
        .hidden
        .iter()
        .filter(|(user_id, hiding)| hiding.is_hidden && channel.mute_of(user_id, now).is_none())
        .map(|(user_id, _)| user_id.clone())
        .collect();
    for user_id in shown {
        if let Some(hiding) = channel.hidden.get_mut(&user_id) {
            hiding.is_hidden = false;
        }
    }
    Ok(())
}

/// Returns a message of the type `error`, which is stored in no channel.
pub(super) fn refusal(call: &Call<'_>, mut message: Message, text: &str) -> Object {
    text.clone_into(&mut message.content.text);
    "error".clone_into(&mut message.kind);
    Object::new().field("message", call.view().message(&message))
}

/// Returns the message of a `SendMessage` request without storing it.
pub(super) fn prepare_for_channel(call: &mut Call<'_>, input: Value) -> Result<Message, ApiError> {
    let send: Send = decode(input)?;
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

/// Stores a message in its channel, emits the event, and renders it for its author. A shadow-banned
/// author does not learn of the ban.
pub(in crate::operations) fn publish(call: &mut Call<'_>, message: Message) -> Object {
    let mut shown = call.view().message(&message);
    if message.shadowed {
        shown.set("shadowed", false);
    }
    let sent = call.has_listeners().then(|| message.clone());
    let draft = call.world.drafts.get(&message.user_id, &message.cid, message.parent_id.as_deref());
    let draft = draft.filter(|_| sent.is_some()).cloned();
    call.world.add_message(message);
    if let Some(message) = sent {
        call.emit(|view| events::messages::new(view, &message));
        if let Some(draft) = draft {
            let author = &message.user_id;
            call.emit(|view| events::drafts::draft(view, "draft.deleted", &draft, author));
        }
    }
    shown
}

fn check_id(call: &Call<'_>, id: &str) -> Result<(), ApiError> {
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
