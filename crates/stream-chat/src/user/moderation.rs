use super::User;
use crate::request::Request;
use stream_models::bans_and_flags::{
    Ban, BanRequest, Mute, MuteRequest, Unban, UnbanRequest, Unmute, UnmuteRequest,
};

impl User {
    /// Bans the user from the whole app, or by [`Request::map`] from one channel.
    ///
    /// `POST /api/v2/moderation/ban`
    pub fn ban(&self, banned_by: impl Into<String>) -> Request<Ban> {
        self.client.request(Ban::new(BanRequest::new(&self.id).banned_by_id(banned_by)))
    }

    /// Lifts a ban from the whole app, or by [`Request::map`] from one channel.
    ///
    /// `POST /api/v2/moderation/unban`
    pub fn unban(&self) -> Request<Unban> {
        self.client.request(Unban::new(&self.id, UnbanRequest::new()))
    }

    /// Hides from this user what the user `target` writes.
    ///
    /// `POST /api/v2/moderation/mute`
    pub fn mute(&self, target: impl Into<String>) -> Request<Mute> {
        self.client.request(Mute::new(MuteRequest::new([target]).user_id(&self.id)))
    }

    /// Undoes [`User::mute`].
    ///
    /// `POST /api/v2/moderation/unmute`
    pub fn unmute(&self, target: impl Into<String>) -> Request<Unmute> {
        self.client.request(Unmute::new(UnmuteRequest::new([target]).user_id(&self.id)))
    }
}
