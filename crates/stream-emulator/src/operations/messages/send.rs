//! Sends messages.

use std::collections::BTreeMap;

use serde_json::Value;

use super::automod;
use super::command;
use super::compose::{SendInput, check_id, prepare};
use super::input::{check_length, max_length};
use super::pending;
use super::publish::{publish, refusal};
use super::question;
use crate::auth::Caller;
use crate::document::Object;
use crate::error::ApiError;
use crate::links::is_local;
use crate::operations::previews::{PAGE_TIMEOUT, first_url, preview_of_page, preview_of_site};
use crate::operations::{Asked, Call, Question, Reply, decode};
use crate::state::Message;

/// Handles `SendMessage`. If the app has a before-message-send hook, its server is asked first.
pub(super) fn send(call: &mut Call<'_>, input: Value) -> Result<Reply, ApiError> {
    check_reserved(call, &input)?;
    if let Some(problem) = too_long(call, &input)? {
        return refuse(call, input, &problem).map(Reply::Done);
    }
    match question::about(call, &input, send_now)? {
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

/// Returns why the text is too long, if it is.
fn too_long(call: &Call<'_>, input: &Value) -> Result<Option<String>, ApiError> {
    let text = input.get("message").and_then(|message| message.get("text"));
    let text = text.and_then(Value::as_str).unwrap_or_default();
    let problem = check_length(call, call.channel()?, text).err();
    Ok(problem.map(|problem| problem.message))
}

/// Returns the message of a request as refused, with the reason as its text.
fn refuse(call: &mut Call<'_>, input: Value, reason: &str) -> Result<Object, ApiError> {
    let mut send: SendInput = decode(input)?;
    let channel = call.channel()?;
    let (cid, most) = (channel.cid.clone(), max_length(call, channel));
    // Everything else about the message is checked.
    send.message.text = send.message.text.map(|text| text.chars().take(most).collect());
    let message = prepare(call, &cid, &send.message, "regular")?;
    Ok(refusal(call, message, reason))
}

/// Sends a message without asking the hook.
fn send_now(call: &mut Call<'_>, input: Value) -> Result<Reply, ApiError> {
    let send: SendInput = decode(input)?;
    let cid = call.channel()?.cid.clone();
    let mut message = prepare(call, &cid, &send.message, "regular")?;
    let channel = call.channel_by_cid(&cid)?;
    if call.is_frozen(channel) {
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
        return Ok(Reply::Done(refusal(call, message, text)));
    }
    let metadata = send.pending_message_metadata.unwrap_or_default();
    let ready = Ready {
        message,
        decision,
        pending: send.pending.unwrap_or(marks_pending).then_some(metadata),
        keeps_hidden: send.keep_channel_hidden == Some(true),
        shows_channel: send.include_channel_context == Some(true),
        shows_mentioned: send.include_mentioned_members == Some(true),
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
    /// Whether the response describes the channel.
    shows_channel: bool,
    /// Whether the response says which of the mentioned users are members.
    shows_mentioned: bool,
}

impl Ready {
    fn go_out(self, call: &mut Call<'_>) -> Result<Object, ApiError> {
        let channel = call.channel_by_cid(&self.message.cid)?;
        let context = self.shows_channel.then(|| call.view().channel_context(channel));
        let mentioned = self.shows_mentioned.then(|| {
            let ids = self.message.content.mentioned_users.iter();
            ids.map(|id| (id.clone(), channel.member(id).is_some())).collect::<Object>()
        });
        let sent = self.store(call)?;
        Ok(sent.optional("channel_context", context).optional("mentioned_members", mentioned))
    }

    fn store(self, call: &mut Call<'_>) -> Result<Object, ApiError> {
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
