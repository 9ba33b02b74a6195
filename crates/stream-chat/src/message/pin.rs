//! Pins of a message.

use std::time::Duration;

use super::Message;
use crate::request::{Actor, Request};
use stream_models::Timestamp;
use stream_models::messages::UpdateMessagePartial;

/// # Pins
impl Message {
    /// Pins the message, permanently unless [`Request::pin_expires_in`] sets a duration.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use std::time::Duration;
    ///
    /// client.message("id").pin("moderator").pin_expires_in(Duration::from_secs(86_400)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `PUT /api/v2/chat/messages/{id}` · [guide](crate::guide::messages)
    pub fn pin(&self, user: impl Into<Actor>) -> Request<UpdateMessagePartial> {
        // The end of an earlier pin would otherwise remain.
        self.update_partial(user).set("pinned", true).set("pin_expires", ())
    }

    /// Unpins the message.
    ///
    /// `PUT /api/v2/chat/messages/{id}` · [guide](crate::guide::messages)
    pub fn unpin(&self, user: impl Into<Actor>) -> Request<UpdateMessagePartial> {
        self.update_partial(user).set("pinned", false)
    }
}

impl Request<UpdateMessagePartial> {
    /// Sets how long from now the message stays pinned; see [`Message::pin`].
    pub fn pin_expires_in(self, duration: Duration) -> Self {
        match Timestamp::now().checked_add(duration) {
            Some(end) => self.pin_expires_at(end),
            // A duration beyond the range of timestamps means permanently.
            None => self,
        }
    }

    /// Sets the timestamp at which the message is unpinned; see [`Message::pin`].
    pub fn pin_expires_at(self, end: impl Into<Timestamp>) -> Self {
        self.set("pin_expires", end.into())
    }
}
