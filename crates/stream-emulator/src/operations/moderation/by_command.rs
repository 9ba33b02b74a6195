//! Bans and mutes that are requested by commands in messages.

use super::ban;
use crate::error::ApiError;
use crate::events;
use crate::operations::Call;

/// A moderation command, with its author, channel and target.
pub(in crate::operations) struct Order<'a> {
    pub(in crate::operations) cid: &'a str,
    pub(in crate::operations) by: &'a str,
    pub(in crate::operations) target: &'a str,
    pub(in crate::operations) reason: &'a str,
}

impl Order<'_> {
    /// Executes a command by name, and returns the text for its author.
    pub(in crate::operations) fn execute(
        &self,
        call: &mut Call<'_>,
        name: &str,
    ) -> Result<String, ApiError> {
        let Self { cid, by, target, reason } = *self;
        let done = match name {
            "ban" => {
                self.check_ban(call)?;
                let order = ban::Order {
                    target: target.to_owned(),
                    cid: Some(cid.to_owned()),
                    by: Some(by.to_owned()),
                    reason: Some(reason.to_owned()),
                    minutes: None,
                    shadow: false,
                    ip_ban: false,
                    delete_messages: None,
                    delete_reactions: false,
                    is_future: false,
                };
                order.execute(call, None);
                "banned"
            }
            "unban" => {
                self.check_ban(call)?;
                ban::lift(call, target, Some(cid), Some(by));
                "unbanned"
            }
            "mute" => {
                call.require_in_app("mute-user", false)?;
                if by == target {
                    return Err(ApiError::input("users cannot mute themselves"));
                }
                let now = call.now;
                call.world.moderation.mutes.put(by, target, None, now);
                emit_mute(call, "user.muted", by, target);
                "muted"
            }
            _ => {
                call.require_in_app("mute-user", false)?;
                if call.world.moderation.mutes.remove(by, target) {
                    emit_mute(call, "user.unmuted", by, target);
                }
                "unmuted"
            }
        };
        Ok(format!("User {target} has been {done}."))
    }

    /// Refuses a ban by a user who may not ban in the channel.
    fn check_ban(&self, call: &Call<'_>) -> Result<(), ApiError> {
        let channel = call.channel_by_cid(self.cid)?;
        call.require_in("ban-channel-member", channel, false)
    }
}

fn emit_mute(call: &mut Call<'_>, kind: &'static str, by: &str, target: &str) {
    let targets = [target.to_owned()];
    call.emit(|view| events::moderation::muted(view, kind, by, &targets));
    call.emit(|view| events::moderation::mutes_updated(view, by));
}
