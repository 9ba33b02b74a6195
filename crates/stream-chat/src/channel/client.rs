//! What a [`Client`] does with channels.

use super::Channel;
use crate::cid::Cid;
use crate::client::Client;
use crate::request::{Bulk, Request};
use stream_models::channels::{
    ChannelGetOrCreateRequest, ChannelInput, DeleteChannels, DeleteChannelsRequest,
    GetOrCreateDistinctChannel, QueryChannels, QueryChannelsRequest,
};
use stream_models::members::ChannelMemberRequest;

impl Client {
    /// A channel, known by type and id. Nothing is sent.
    ///
    /// An empty type or id is an error when a request of the channel is awaited.
    pub fn channel(&self, channel_type: impl Into<String>, id: impl Into<String>) -> Channel {
        Channel::new(self.clone(), channel_type.into(), id.into())
    }

    /// A channel, known by its cid. Nothing is sent.
    pub fn channel_by_cid(&self, cid: &Cid) -> Channel {
        self.channel(cid.channel_type(), cid.id())
    }

    /// Creates the channel that has exactly these members, or gets it if it exists: the server
    /// makes its id of them.
    ///
    /// `POST /api/v2/chat/channels/{type}/query`
    pub fn distinct_channel<M: Into<ChannelMemberRequest>>(
        &self,
        channel_type: impl Into<String>,
        members: impl IntoIterator<Item = M>,
    ) -> Request<GetOrCreateDistinctChannel> {
        let data = ChannelInput::new().members(members);
        let body = ChannelGetOrCreateRequest::new().data(data);
        self.request(GetOrCreateDistinctChannel::new(channel_type, body))
    }

    /// Finds channels by a filter, or by a query with order and limits; at most 30 a page.
    /// [`Request::pages`] walks all of them.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::channels::ChannelFilter;
    ///
    /// let filter = ChannelFilter::type_().eq("messaging") & ChannelFilter::members().is_in(["john"]);
    /// let mut pages = client.query_channels(filter).pages();
    /// while let Some(page) = pages.next().await? {
    ///     println!("{} channels", page.channels.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/chat/channels`
    pub fn query_channels(&self, query: impl Into<QueryChannelsRequest>) -> Request<QueryChannels> {
        self.request(QueryChannels::new(query))
    }

    /// Deletes channels in the background, 100 a call; the answers name the tasks. Softly, unless
    /// [`Bulk::map`] sets `hard_delete`.
    ///
    /// `POST /api/v2/chat/channels/delete`
    pub fn delete_channels<'a>(
        &self,
        cids: impl IntoIterator<Item = &'a Cid>,
    ) -> Bulk<DeleteChannels> {
        let cids = cids.into_iter().map(ToString::to_string);
        Bulk::new(self.executor(), cids, |cids| {
            DeleteChannels::new(DeleteChannelsRequest::new(cids))
        })
    }
}
