use super::Message;
use crate::request::{Actor, Request};
use stream_models::bans_and_flags::Flag;

/// What moderation calls a message.
const ENTITY_TYPE: &str = "stream:chat:v1:message";

impl Message {
    /// Flags the message for moderation.
    ///
    /// `POST /api/v2/moderation/flag`
    pub fn flag(&self, user: impl Into<Actor>) -> Request<Flag> {
        self.moderated().flag(user)
    }

    /// Returns a handle to the message as something that is moderated. This sends no request.
    #[must_use]
    pub fn moderated(&self) -> crate::ModeratedEntity {
        self.client().moderation().entity(ENTITY_TYPE, self.id())
    }
}
