//! Search in a channel, and delivery receipts.

use super::Channel;
use crate::request::{Actor, Request};
use stream_models::channels::ChannelFilter;
use stream_models::messages::{Search, SearchPayload};
use stream_models::read_state::{MarkDelivered, MarkDeliveredRequest};

/// # Search and delivery
impl Channel {
    /// Searches the messages of the channel for a text.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// let mut found = client.channel("messaging", "general").search("release").limit(50).items();
    /// while let Some(result) = found.next().await? {
    ///     println!("{result:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `GET /api/v2/chat/search` · [guide](crate::guide::messages)
    pub fn search(&self, text: impl Into<String>) -> Request<Search> {
        let filter = ChannelFilter::cid().eq(self.cid_string());
        self.client().search(SearchPayload::new(filter)).text(text)
    }

    /// Marks a message, and all earlier ones, as delivered to a user.
    ///
    /// `POST /api/v2/chat/channels/delivered` · [guide](crate::guide::channels)
    pub fn mark_delivered(
        &self,
        message_id: impl Into<String>,
        user: impl Into<Actor>,
    ) -> Request<MarkDelivered> {
        let message = (self.cid_string(), message_id);
        let body = MarkDeliveredRequest::new().latest_delivered_messages([message]);
        let mut operation = MarkDelivered::new(body);
        operation.user_id = self.client().acting(user);
        self.client().request(operation)
    }
}
