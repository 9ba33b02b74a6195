//! Checks of messages before they are sent: block lists of the channel type, and the moderation
//! configuration of the channel.

use serde_json::Value;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::operations::Call;
use crate::operations::moderation::{self, verdict};
use crate::state::{Channel, Message, World};

/// The decision about a message that was checked.
pub(super) enum Decision {
    /// It is sent.
    Sent,
    /// It is sent, and added to the review queue.
    Held(verdict::Verdict),
    /// It is not sent; its author gets this text.
    Blocked(&'static str),
}

/// Checks a message, and hides it from other users if it is shadow-blocked. Messages of backends
/// are checked only on request, and those of users who may skip moderation are not checked.
pub(super) fn check(
    call: &Call<'_>,
    message: &mut Message,
    is_forced: bool,
) -> Result<Decision, ApiError> {
    let channel = call.channel_by_cid(&message.cid)?;
    let is_exempt = match call.caller {
        Caller::Server => !is_forced,
        Caller::User(id) => call.world.is_granted_in(channel, id, "skip-message-moderation"),
    };
    let author = call.world.users.get(&message.user_id);
    if is_exempt || author.is_some_and(|user| user.bypass_moderation) {
        return Ok(Decision::Sent);
    }
    let text = message.content.text.clone();
    match of_type(call.world, channel, &text) {
        Some("block") => return Ok(Decision::Blocked("Automod blocked your message")),
        Some("shadow_block") => message.shadowed = true,
        Some(_) => return Ok(Decision::Held(verdict::flagged())),
        None => {}
    }
    let Some(config) = config(call.world, channel) else {
        return Ok(Decision::Sent);
    };
    let verdict = verdict::of(call.world, &[&text], Some(config));
    match verdict.action.as_str() {
        "keep" => Ok(Decision::Sent),
        "remove" | "bounce_remove" => {
            Ok(Decision::Blocked("Message was blocked by moderation policies"))
        }
        "bounce" | "bounce_flag" => {
            Ok(Decision::Blocked("Message was bounced by moderation policies"))
        }
        action => {
            message.shadowed |= action == "shadow";
            Ok(Decision::Held(verdict))
        }
    }
}

/// Returns the strictest behavior of the channel type's block lists that match a text.
fn of_type(world: &World, channel: &Channel, text: &str) -> Option<&'static str> {
    let setting = |name: &str| world.setting(channel, name).and_then(Value::as_str);
    let one =
        setting("blocklist").map(|list| (list, setting("blocklist_behavior").unwrap_or("flag")));
    let many = world.setting(channel, "blocklists").and_then(Value::as_array);
    let many = many.into_iter().flatten().filter_map(|options| {
        let behavior = options.get("behavior").and_then(Value::as_str).unwrap_or("flag");
        Some((options.get("blocklist")?.as_str()?, behavior))
    });
    let found: Vec<&str> = one
        .into_iter()
        .chain(many)
        .filter(|(list, _)| verdict::matched(world, list, &[text]).is_some())
        .map(|(_, behavior)| behavior)
        .collect();
    ["block", "shadow_block", "flag"].into_iter().find(|behavior| found.contains(behavior))
}

/// Returns the moderation configuration of a channel: its own, that of its type, or that of chat as
/// a whole.
fn config<'a>(world: &'a World, channel: &Channel) -> Option<&'a crate::state::Record> {
    let keys =
        [format!("chat:{}", channel.cid), format!("chat:{}", channel.kind), "chat".to_owned()];
    keys.iter().find_map(|key| moderation::config(world, key))
}

/// Adds a sent message to the review queue.
pub(super) fn hold(call: &mut Call<'_>, message: &Message, verdict: &verdict::Verdict) {
    moderation::hold_message(call, message, verdict);
}
