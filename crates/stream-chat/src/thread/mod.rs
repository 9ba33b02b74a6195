//! Threads: methods that combine or specialize operations.

use crate::{Request, Thread};
use stream_models::Cid;
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

    /// Sends a reply to the thread. The server needs the channel of the thread's message: pass its
    /// handle, its full ID, or the `channel_cid` of a thread in a query response.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::MessageRequest;
    /// use stream_chat::models::threads::ThreadFilter;
    ///
    /// let reply = MessageRequest::from("Is this done?").user_id("john");
    /// client.thread("message-id").reply("messaging:general", reply.clone()).await?;
    ///
    /// for thread in &client.user("john").query_threads(ThreadFilter::all()).await?.threads {
    ///     let thread_handle = client.thread(&thread.parent_message_id);
    ///     thread_handle.reply(&thread.channel_cid, reply.clone()).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/message` · [guide](crate::guide::messages)
    pub fn reply(
        &self,
        channel: impl Into<Cid>,
        message: impl Into<MessageRequest>,
    ) -> Request<SendMessage> {
        let channel = self.client().channel_by_cid(channel);
        channel.send_message(message.into().parent_id(self.message_id()))
    }
}
