//! What a [`Client`] does with channels.

use super::Channel;
use crate::client::Client;
use stream_models::Cid;

/// # Handles
impl Client {
    /// Returns a handle to a channel, known by type and ID. This sends no request.
    ///
    /// An empty type or id is an error when a request of the channel is awaited.
    pub fn channel(&self, channel_type: impl Into<String>, id: impl Into<String>) -> Channel {
        Channel::new(self.clone(), channel_type.into(), id.into())
    }

    /// Returns a handle to a channel, known by its full ID, such as `messaging:general`. This sends
    /// no request.
    ///
    /// A string that is not a valid ID is an error when a request of the channel is awaited.
    pub fn channel_by_cid(&self, cid: impl Into<Cid>) -> Channel {
        let cid = cid.into();
        self.channel(cid.channel_type(), cid.id())
    }
}
