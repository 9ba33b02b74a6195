//! The handle to a channel.

use crate::client::Client;
use stream_http::Error;
use stream_models::Cid;

/// A handle to a channel, identified by type and ID. The channel need not exist yet.
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

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the type of the channel, such as `messaging`.
    #[must_use]
    pub fn channel_type(&self) -> &str {
        &self.channel_type
    }

    /// Returns the ID of the channel within its type.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the full ID of the channel.
    ///
    /// # Errors
    /// The type or the ID is empty.
    pub fn cid(&self) -> Result<Cid, Error> {
        Ok(Cid::new(&self.channel_type, &self.id)?)
    }

    /// Returns the full ID of the channel as it is sent, whether or not it is valid.
    pub(crate) fn cid_string(&self) -> String {
        format!("{}:{}", self.channel_type, self.id)
    }
}
