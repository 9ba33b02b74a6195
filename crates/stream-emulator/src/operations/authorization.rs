//! What users may do: their roles, and what these are granted.

use super::Call;
use crate::{auth::Caller, error::ApiError, state::Channel};
use serde_json::Value;

/// In what an operation needs a permission, and who owns it.
#[derive(Debug, Clone, Copy)]
enum About {
    /// The channel that the path names; whoever made it owns it.
    Channel,
    /// The channel of the message that the path names.
    MessageChannel(&'static str),
    /// The message itself, which its author owns.
    Message(&'static str),
}

/// What users need for an operation.
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
    ("SendMessage", "create-message", About::Channel),
    ("SendReaction", "create-reaction", About::MessageChannel("id")),
    ("ShowChannel", "read-channel", About::Channel),
    ("TranslateMessage", "read-channel", About::MessageChannel("id")),
    ("TruncateChannel", "truncate-channel", About::Channel),
    ("UpdateChannelPartial", "update-channel", About::Channel),
    ("UpdateMessage", "update-message", About::Message("id")),
    ("UpdateMessagePartial", "update-message", About::Message("id")),
    ("UpdateReminder", "read-channel", About::MessageChannel("message_id")),
    ("UpdateThreadPartial", "read-channel", About::MessageChannel("message_id")),
    ("UploadChannelFile", "upload-attachment", About::Channel),
    ("UploadChannelImage", "upload-attachment", About::Channel),
];

/// Refuses an operation for which a user lacks the permission. What does not exist is for the
/// operation to say.
pub(crate) fn authorize(call: &Call<'_>, operation: &str, input: &Value) -> Result<(), ApiError> {
    let Caller::User(user_id) = call.caller else {
        return Ok(());
    };
    if !call.world.users.contains_key(user_id) {
        return Ok(());
    }
    if operation == "UpdateChannel" {
        let channel = call.world.living_channel(&call.cid());
        return channel.map_or(Ok(()), |channel| update_channel(call, channel, user_id, input));
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

/// `UpdateChannel` needs a permission for each kind of change. Nobody makes moderators from a
/// client, and everyone answers an invitation.
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
    if has("add_members") || has("invites") {
        call.require_in("update-channel-members", channel, is_owner)?;
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
    }
    if has("cooldown") {
        call.require_in("update-channel-cooldown", channel, false)?;
    }
    Ok(())
}

impl Call<'_> {
    /// Refuses a user who has neither a permission in a channel nor, owning what it is about, the
    /// one of owners. Backends may do everything.
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

    /// Whether the caller is the user who made a channel.
    pub(crate) fn owns(&self, channel: &Channel) -> bool {
        matches!(self.caller, Caller::User(id) if *id == channel.created_by)
    }

    /// Whether the caller may read a channel; backends read all.
    pub(crate) fn may_read(&self, channel: &Channel) -> bool {
        match self.caller {
            Caller::Server => true,
            Caller::User(id) => self.world.may_read(channel, id),
        }
    }

    /// As [`Self::require_in`], for the app as a whole.
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

/// The action of a permission: `UpdateChannel` for `update-channel`.
pub(super) fn action(permission: &str) -> String {
    let parts = permission.trim_end_matches("-owner").split('-').map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    parts.collect()
}
