use crate::cid::{Cid, InvalidCid};
use crate::client::Client;
use crate::request::Request;
use stream_models::Operation;
use stream_models::channels::{
    ChannelGetOrCreateRequest, DeleteChannel, GetChannel, GetOrCreateChannel, HideChannel,
    HideChannelRequest, ShowChannel, ShowChannelRequest, TruncateChannel, TruncateChannelRequest,
    UpdateChannel, UpdateChannelPartial, UpdateChannelPartialRequest, UpdateChannelRequest,
};
use stream_models::read_state::{MarkRead, MarkReadRequest};

/// A channel, known by type and id. Making it sends nothing, and the channel need not exist yet.
#[derive(Debug, Clone)]
pub struct Channel {
    pub(super) client: Client,
    pub(super) channel_type: String,
    pub(super) id: String,
}

impl Channel {
    pub(crate) const fn new(client: Client, channel_type: String, id: String) -> Self {
        Self { client, channel_type, id }
    }

    pub(super) fn request<O: Operation>(&self, operation: O) -> Request<O> {
        self.client.request(operation)
    }

    /// The type of the channel, such as `messaging`.
    #[must_use]
    pub fn channel_type(&self) -> &str {
        &self.channel_type
    }

    /// The id of the channel within its type.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The identifier of the channel in the whole app.
    ///
    /// # Errors
    /// The type or the id is empty.
    pub fn cid(&self) -> Result<Cid, InvalidCid> {
        Cid::new(&self.channel_type, &self.id)
    }

    /// Creates the channel, or gets it if it exists. Creating one needs a creator.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/query`
    pub fn get_or_create(&self) -> Request<GetOrCreateChannel> {
        let body = ChannelGetOrCreateRequest::new();
        self.request(GetOrCreateChannel::new(&self.channel_type, &self.id, body))
    }

    /// Gets the channel with its members and latest messages.
    ///
    /// `GET /api/v2/chat/channels/{type}/{id}`
    pub fn get(&self) -> Request<GetChannel> {
        self.request(GetChannel::new(&self.channel_type, &self.id).state(true))
    }

    /// Replaces the channel's data; what is not given is removed. To change some of it, use
    /// [`Channel::update_partial`].
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}`
    pub fn update(&self) -> Request<UpdateChannel> {
        let body = UpdateChannelRequest::new();
        self.request(UpdateChannel::new(&self.channel_type, &self.id, body))
    }

    /// Sets and removes fields of the channel, and leaves the others as they are.
    ///
    /// `PATCH /api/v2/chat/channels/{type}/{id}`
    pub fn update_partial(&self) -> Request<UpdateChannelPartial> {
        let body = UpdateChannelPartialRequest::new();
        self.request(UpdateChannelPartial::new(&self.channel_type, &self.id, body))
    }

    /// Deletes the channel. Softly, unless [`Request::map`] sets `hard_delete`.
    ///
    /// `DELETE /api/v2/chat/channels/{type}/{id}`
    pub fn delete(&self) -> Request<DeleteChannel> {
        self.request(DeleteChannel::new(&self.channel_type, &self.id))
    }

    /// Removes the messages of the channel.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/truncate`
    pub fn truncate(&self) -> Request<TruncateChannel> {
        let body = TruncateChannelRequest::new();
        self.request(TruncateChannel::new(&self.channel_type, &self.id, body))
    }

    /// Hides the channel from a user until a message comes.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/hide`
    pub fn hide(&self, user_id: impl Into<String>) -> Request<HideChannel> {
        let body = HideChannelRequest::new().user_id(user_id);
        self.request(HideChannel::new(&self.channel_type, &self.id, body))
    }

    /// Undoes [`Channel::hide`].
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/show`
    pub fn show(&self, user_id: impl Into<String>) -> Request<ShowChannel> {
        let body = ShowChannelRequest::new().user_id(user_id);
        self.request(ShowChannel::new(&self.channel_type, &self.id, body))
    }

    /// Marks the channel as read by a user.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/read`
    pub fn mark_read(&self, user_id: impl Into<String>) -> Request<MarkRead> {
        let body = MarkReadRequest::new().user_id(user_id);
        self.request(MarkRead::new(&self.channel_type, &self.id, body))
    }
}
