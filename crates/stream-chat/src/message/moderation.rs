//! Flags of a message.

use super::Message;
use crate::request::{Actor, Request};
use stream_models::bans_and_flags::Flag;
use stream_models::checks::{CustomCheck, CustomCheckFlag};

/// The entity type of a message in moderation.
const ENTITY_TYPE: &str = "stream:chat:v1:message";

/// # Flags
impl Message {
    /// Flags the message for moderation.
    ///
    /// `POST /api/v2/moderation/flag` · [guide](crate::guide::moderation)
    pub fn flag(&self, user: impl Into<Actor>) -> Request<Flag> {
        self.moderated().flag(user)
    }

    /// Adds flags of a custom moderation system to the message, 10 at most. The message gets an
    /// item in the review queue.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::checks::CustomCheckFlag;
    ///
    /// let flag = CustomCheckFlag::new("scam-model").labels(["phishing"]).reason("a known link");
    /// client.message("id").add_custom_flags([flag]).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/moderation/custom_check` · [guide](crate::guide::moderation)
    pub fn add_custom_flags(
        &self,
        flags: impl IntoIterator<Item = impl Into<CustomCheckFlag>>,
    ) -> Request<CustomCheck> {
        self.moderated().custom_check(flags)
    }

    /// Returns a handle to the message as a moderated entity. This sends no request.
    #[must_use]
    pub fn moderated(&self) -> crate::ModeratedEntity {
        self.client().moderation().entity(ENTITY_TYPE, self.id())
    }
}
