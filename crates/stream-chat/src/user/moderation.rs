use super::User;
use crate::request::{Actor, Bulk, Request};
use stream_models::bans_and_flags::{Ban, Flag, Mute, MuteRequest, Unmute, UnmuteRequest};

/// What moderation calls a user.
const ENTITY_TYPE: &str = "stream:user";
/// How many users the server mutes in one request.
const MAX_MUTES: usize = 1000;

impl User {
    /// Bans the user from the whole app without the user noticing it: nobody else sees what the user
    /// writes.
    ///
    /// `POST /api/v2/moderation/ban`
    pub fn shadow_ban(&self, banned_by: impl Into<Actor>) -> Request<Ban> {
        self.ban(banned_by).shadow()
    }

    /// Flags the user for moderation, on behalf of another.
    ///
    /// `POST /api/v2/moderation/flag`
    pub fn flag(&self, flagged_by: impl Into<Actor>) -> Request<Flag> {
        self.moderated().flag(flagged_by)
    }

    /// Returns a handle to the user as something that is moderated. This sends no request.
    #[must_use]
    pub fn moderated(&self) -> crate::ModeratedEntity {
        self.client().moderation().entity(ENTITY_TYPE, self.id())
    }

    /// Mutes users for this user. The server takes 1,000 at a time; more are sent in several
    /// requests, one after another.
    ///
    /// `POST /api/v2/moderation/mute`
    pub fn mute_users(&self, targets: impl IntoIterator<Item = impl Into<String>>) -> Bulk<Mute> {
        Bulk::new(self.client().executor(), MAX_MUTES, targets, |targets| {
            Mute::new(MuteRequest::new(targets).user_id(self.id()))
        })
    }

    /// Unmutes users for this user. The server takes 1,000 at a time; more are sent in several
    /// requests, one after another.
    ///
    /// `POST /api/v2/moderation/unmute`
    pub fn unmute_users(
        &self,
        targets: impl IntoIterator<Item = impl Into<String>>,
    ) -> Bulk<Unmute> {
        Bulk::new(self.client().executor(), MAX_MUTES, targets, |targets| {
            Unmute::new(UnmuteRequest::new(targets).user_id(self.id()))
        })
    }
}
