//! The permissions of users: their roles, and the grants of each role.

use serde_json::Value;

use super::Call;
use super::audience::is_for_users;
use crate::auth::{ANONYMOUS_PREFIX, Caller};
use crate::error::ApiError;
use crate::state::{Channel, distinct_id};

/// The scope in which an operation needs a permission, which also determines the owner.
#[derive(Debug, Clone, Copy)]
enum About {
    /// The channel of the path, owned by its creator.
    Channel,
    /// The channel of the message in the path.
    MessageChannel(&'static str),
    /// The message in the path, owned by its author.
    Message(&'static str),
}

/// The permissions that users need, by operation.
const NEEDED: &[(&str, &str, About)] = &[
    ("CastPollVote", "read-channel", About::MessageChannel("message_id")),
    ("CreateDraft", "create-message", About::Channel),
    ("CreateReminder", "read-channel", About::MessageChannel("message_id")),
    ("DeleteChannel", "delete-channel", About::Channel),
    ("DeleteDraft", "read-channel", About::Channel),
    ("DeleteMessage", "delete-message", About::Message("id")),
    ("DeletePollVote", "read-channel", About::MessageChannel("message_id")),
    ("DeleteReaction", "read-channel", About::MessageChannel("id")),
    ("DeleteReminder", "read-channel", About::MessageChannel("message_id")),
    ("GetChannel", "read-channel", About::Channel),
    ("GetDraft", "read-channel", About::Channel),
    ("GetManyMessages", "read-channel", About::Channel),
    ("GetMessage", "read-channel", About::MessageChannel("id")),
    ("GetOrCreateChannel", "read-channel", About::Channel),
    ("GetPinnedMessages", "read-channel", About::Channel),
    ("GetReactions", "read-channel", About::MessageChannel("id")),
    ("GetReplies", "read-channel", About::MessageChannel("parent_id")),
    ("GetThread", "read-channel", About::MessageChannel("message_id")),
    ("HideChannel", "read-channel", About::Channel),
    ("MarkRead", "read-channel", About::Channel),
    ("MarkUnread", "read-channel", About::Channel),
    ("QueryReactions", "read-channel", About::MessageChannel("id")),
    ("RunMessageAction", "run-message-action", About::MessageChannel("id")),
    ("SendEvent", "send-custom-event", About::Channel),
    ("SendReaction", "create-reaction", About::MessageChannel("id")),
    ("ShowChannel", "read-channel", About::Channel),
    ("TranslateMessage", "read-channel", About::MessageChannel("id")),
    ("TruncateChannel", "truncate-channel", About::Channel),
    ("UpdateMessage", "update-message", About::Message("id")),
    ("UpdateMessagePartial", "update-message", About::Message("id")),
    ("UpdateReminder", "read-channel", About::MessageChannel("message_id")),
    ("UpdateThreadPartial", "read-channel", About::MessageChannel("message_id")),
    ("UploadChannelFile", "upload-attachment", About::Channel),
    ("UploadChannelImage", "upload-attachment", About::Channel),
];

/// Refuses an operation for which a user lacks the permission. If the object does not exist, the
/// operation itself reports that.
pub(crate) fn authorize(call: &Call<'_>, operation: &str, input: &Value) -> Result<(), ApiError> {
    let Caller::User(user_id) = call.caller else {
        return Ok(());
    };
    if !is_for_users(operation) {
        return Err(ApiError::not_allowed(format!(
            "user {user_id} may not do this: it takes server-side authentication"
        )));
    }
    call.check_active(user_id)?;
    // The operation itself refuses unknown users; anonymous ones have a role.
    if !call.world.users.contains_key(user_id) && !user_id.starts_with(ANONYMOUS_PREFIX) {
        return Ok(());
    }
    let special: Option<Special> = match operation {
        "SendMessage" => Some(send_message),
        "UpdateChannel" => Some(update_channel),
        "UpdateChannelPartial" => Some(update_channel_partial),
        _ => None,
    };
    if let Some(special) = special {
        let channel = call.world.living_channel(&call.cid());
        return channel.map_or(Ok(()), |channel| special(call, channel, user_id, input));
    }
    // Whoever reads a message may delete it for themselves.
    if operation == "DeleteMessage" && call.request.query.flag("delete_for_me")? == Some(true) {
        let message = call.world.messages.get(call.path("id"));
        let channel = message.and_then(|message| call.world.living_channel(&message.cid));
        return channel.map_or(Ok(()), |channel| {
            call.require_in("read-channel", channel, call.owns(channel))
        });
    }
    if operation == "UpdateMessagePartial" && only_pins(input) {
        return pin_message(call, user_id, call.path("id"));
    }
    let Some((_, permission, about)) = NEEDED.iter().find(|(id, ..)| *id == operation) else {
        return Ok(());
    };
    let (channel, owner) = match about {
        About::Channel => {
            let channel = call.world.living_channel(&call.cid());
            (channel, channel.map(|channel| channel.created_by.as_str()))
        }
        About::MessageChannel(parameter) | About::Message(parameter) => {
            let message = call.world.messages.get(call.path(parameter));
            let channel = message.and_then(|message| call.world.living_channel(&message.cid));
            let author = message.map(|message| message.user_id.as_str());
            let maker = channel.map(|channel| channel.created_by.as_str());
            (channel, if matches!(about, About::Message(_)) { author } else { maker })
        }
    };
    match channel {
        Some(channel) => call.require_in(permission, channel, owner == Some(user_id)),
        None => Ok(()),
    }
}

/// A permission check that depends on the input.
type Special = fn(&Call<'_>, &Channel, &str, &Value) -> Result<(), ApiError>;

/// Checks the additional permissions of `SendMessage`, for system messages, links and pins.
fn send_message(
    call: &Call<'_>,
    channel: &Channel,
    user_id: &str,
    input: &Value,
) -> Result<(), ApiError> {
    let is_owner = channel.created_by == user_id;
    let message = |name: &str| input.get("message").and_then(|message| message.get(name));
    let text = message("text").and_then(Value::as_str).unwrap_or_default();
    call.require_in("create-message", channel, is_owner)?;
    if message("type").and_then(Value::as_str) == Some("system") {
        call.require_in("create-system-message", channel, is_owner)?;
    }
    if text.contains("http://") || text.contains("https://") {
        call.require_in("add-links", channel, is_owner)?;
    }
    let restricted = message("restricted_visibility").and_then(Value::as_array);
    if restricted.is_some_and(|ids| !ids.is_empty()) {
        call.require_in("create-restricted-visibility-message", channel, is_owner)?;
    }
    if message("pinned") == Some(&Value::Bool(true)) {
        // The author of a message owns it.
        call.require_in("pin-message", channel, true)?;
    }
    Ok(())
}

/// Returns whether a partial update of a message only pins or unpins it.
fn only_pins(input: &Value) -> bool {
    let is_pin = |name: &str| matches!(name, "pinned" | "pinned_at" | "pin_expires");
    let set = input.get("set").and_then(Value::as_object);
    let unset = input.get("unset").and_then(Value::as_array);
    let set = set.into_iter().flat_map(|set| set.keys().map(String::as_str));
    let unset = unset.into_iter().flatten().filter_map(Value::as_str);
    let mut names = set.chain(unset).peekable();
    names.peek().is_some() && names.all(is_pin)
}

fn pin_message(call: &Call<'_>, user_id: &str, id: &str) -> Result<(), ApiError> {
    let message = call.world.messages.get(id);
    let channel = message.and_then(|message| call.world.living_channel(&message.cid));
    match (message, channel) {
        (Some(message), Some(channel)) => {
            call.require_in("pin-message", channel, message.user_id == user_id)
        }
        _ => Ok(()),
    }
}

/// Checks the permission for each kind of change of `UpdateChannelPartial`.
fn update_channel_partial(
    call: &Call<'_>,
    channel: &Channel,
    user_id: &str,
    input: &Value,
) -> Result<(), ApiError> {
    let is_owner = channel.created_by == user_id;
    let set = input.get("set").and_then(Value::as_object);
    let unset = input.get("unset").and_then(Value::as_array);
    let set = set.into_iter().flat_map(|set| set.keys().map(String::as_str));
    let unset = unset.into_iter().flatten().filter_map(Value::as_str);
    let names: Vec<&str> = set.chain(unset).collect();
    for (name, permission) in [("frozen", FREEZE), ("cooldown", SLOW_DOWN)] {
        if names.contains(&name) {
            call.require_in(permission, channel, false)?;
        }
    }
    match names.iter().all(|name| matches!(*name, "frozen" | "cooldown")) && !names.is_empty() {
        true => Ok(()),
        false => call.require_in("update-channel", channel, is_owner),
    }
}

/// The permission to freeze a channel.
const FREEZE: &str = "update-channel-frozen";
/// The permission to set the slow mode of a channel.
const SLOW_DOWN: &str = "update-channel-cooldown";

/// Checks the permission for each kind of change of `UpdateChannel`. No client can add moderators,
/// and everyone may accept or reject an invitation.
fn update_channel(
    call: &Call<'_>,
    channel: &Channel,
    user_id: &str,
    input: &Value,
) -> Result<(), ApiError> {
    let has = |name: &str| match input.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    };
    let is_owner = channel.created_by == user_id;
    if ["add_moderators", "demote_moderators", "assign_roles"].into_iter().any(has) {
        return Err(ApiError::not_allowed(format!(
            "User '{user_id}' is not allowed to change the roles of members client-side"
        )));
    }
    if (has("add_members") || has("invites")) && !rejoins(channel, user_id, input) {
        if let Err(refused) = call.require_in("update-channel-members", channel, is_owner) {
            let may_join = call.require_in("add-own-channel-membership", channel, false).is_ok();
            if !may_join || !adds_only(user_id, input) {
                return Err(refused);
            }
        }
        if channel.is_distinct() {
            return Err(ApiError::not_allowed(
                "cannot add members to a channel that is identified by its members",
            ));
        }
    }
    if has("remove_members") {
        let removed = input.get("remove_members").and_then(Value::as_array);
        let leaves = removed.is_some_and(|ids| ids.iter().all(|id| id.as_str() == Some(user_id)));
        let all = call.require_in("update-channel-members", channel, is_owner);
        match leaves {
            true => all
                .or_else(|_| call.require_in("remove-own-channel-membership", channel, is_owner))?,
            false => all?,
        }
    }
    if has("data") {
        call.require_in("update-channel", channel, is_owner)?;
        let is_frozen = input.get("data").and_then(|data| data.get("frozen")?.as_bool());
        if is_frozen.is_some_and(|is_frozen| is_frozen != channel.frozen) {
            call.require_in(FREEZE, channel, false)?;
        }
    }
    if has("cooldown") {
        call.require_in(SLOW_DOWN, channel, false)?;
    }
    Ok(())
}

/// Returns whether a former member rejoins a distinct channel.
fn rejoins(channel: &Channel, user_id: &str, input: &Value) -> bool {
    let members = channel.members().iter().map(|member| member.user_id.as_str());
    adds_only(user_id, input) && channel.id == distinct_id(members.chain([user_id]))
}

/// Returns whether a change adds this user and nobody else.
fn adds_only(user_id: &str, input: &Value) -> bool {
    let list = |name: &str| input.get(name).and_then(Value::as_array);
    let is_alone = list("add_members").is_some_and(|added| {
        added.iter().all(|one| {
            let id = one.as_str().or_else(|| one.get("user_id")?.as_str());
            id == Some(user_id)
        })
    });
    is_alone && list("invites").is_none_or(Vec::is_empty)
}

impl Call<'_> {
    /// Refuses a user who has neither the permission in a channel nor, as the owner, the permission
    /// of owners. Backends may do everything.
    pub(crate) fn require_in(
        &self,
        permission: &str,
        channel: &Channel,
        is_owner: bool,
    ) -> Result<(), ApiError> {
        let Caller::User(id) = self.caller else {
            return Ok(());
        };
        let is_granted = self.world.is_granted_in(channel, id, permission)
            || is_owner && self.world.is_granted_in(channel, id, &format!("{permission}-owner"));
        match is_granted {
            true => Ok(()),
            false => {
                let roles = self.world.roles_in(channel, id);
                Err(refusal(id, &roles, permission, &channel.kind))
            }
        }
    }

    /// Refuses a user whose app role does not have a permission in channels of a type. It is for
    /// channels that do not exist yet.
    pub(crate) fn require_in_type(&self, permission: &str, kind: &str) -> Result<(), ApiError> {
        let Caller::User(id) = self.caller else {
            return Ok(());
        };
        match self.world.is_granted_in_type(kind, id, permission) {
            true => Ok(()),
            false => Err(refusal(id, &[self.world.role_of(id)], permission, kind)),
        }
    }

    /// Returns whether a channel is frozen for the caller; for backends, none is.
    pub(crate) fn is_frozen(&self, channel: &Channel) -> bool {
        match self.caller {
            Caller::Server => false,
            Caller::User(id) => {
                channel.frozen && !self.world.is_granted_in(channel, id, "use-frozen-channel")
            }
        }
    }

    /// Returns whether the caller created a channel.
    pub(crate) fn owns(&self, channel: &Channel) -> bool {
        matches!(self.caller, Caller::User(id) if *id == channel.created_by)
    }

    /// Returns whether the caller may read a channel; backends may read all.
    pub(crate) fn may_read(&self, channel: &Channel) -> bool {
        match self.caller {
            Caller::Server => true,
            Caller::User(id) => self.world.may_read(channel, id),
        }
    }

    /// Refuses a user as [`Self::require_in`] does, for a permission in the whole app.
    pub(crate) fn require_in_app(&self, permission: &str, is_owner: bool) -> Result<(), ApiError> {
        let Caller::User(id) = self.caller else {
            return Ok(());
        };
        let is_granted = self.world.is_granted_in_app(id, permission)
            || is_owner && self.world.is_granted_in_app(id, &format!("{permission}-owner"));
        match is_granted {
            true => Ok(()),
            false => Err(refusal(id, &[self.world.role_of(id)], permission, ".app")),
        }
    }
}

fn refusal(id: &str, roles: &[&str], permission: &str, scope: &str) -> ApiError {
    ApiError::not_allowed(format!(
        "User '{id}' with roles [{}] is not allowed to perform action {} in scope '{scope}'",
        roles.join(", "),
        action(permission)
    ))
}

/// Returns the action of a permission: `UpdateChannel` for `update-channel`.
pub(super) fn action(permission: &str) -> String {
    let parts = permission.trim_end_matches("-owner").split('-').map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    parts.collect()
}
