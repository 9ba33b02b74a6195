//! Threads: what joins or specializes operations.

use crate::{Channel, Request, Thread};
use stream_models::messages::{MessageRequest, SendMessage};
use stream_models::threads::GetReplies;

/// # Replies
impl Thread {
    /// Gets the replies in the thread; see [`Message::replies`](crate::Message::replies).
    ///
    /// `GET /api/v2/chat/messages/{parent_id}/replies` · [guide](crate::guide::conversations)
    pub fn replies(&self) -> Request<GetReplies> {
        self.client().message(self.message_id()).replies()
    }

    /// Sends a reply into the thread, in the channel of its message.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/message` · [guide](crate::guide::messages)
    pub fn reply(
        &self,
        channel: &Channel,
        message: impl Into<MessageRequest>,
    ) -> Request<SendMessage> {
        channel.send_message(message.into().parent_id(self.message_id()))
    }
}
