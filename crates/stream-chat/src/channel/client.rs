//! What a [`Client`] does with channels.

use super::Channel;
use crate::cid::Cid;
use crate::client::Client;

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
}
