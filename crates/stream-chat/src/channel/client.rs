//! The channel methods of [`Client`].

use super::Channel;
use crate::client::Client;
use stream_models::Cid;

/// # Handles
impl Client {
    /// Returns a handle to a channel, identified by type and ID. This sends no request.
    ///
    /// If the type or the ID is empty, awaiting a request of the channel returns an error.
    pub fn channel(&self, channel_type: impl Into<String>, id: impl Into<String>) -> Channel {
        Channel::new(self.clone(), channel_type.into(), id.into())
    }

    /// Returns a handle to a channel, identified by its full ID, such as `messaging:general`. This
    /// sends no request.
    ///
    /// If the string is not a valid ID, awaiting a request of the channel returns an error.
    pub fn channel_by_cid(&self, cid: impl Into<Cid>) -> Channel {
        let cid = cid.into();
        self.channel(cid.channel_type(), cid.id())
    }
}
