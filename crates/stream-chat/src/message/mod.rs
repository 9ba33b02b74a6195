//! Messages.

use crate::client::Client;

/// A message, known by id. Making it sends nothing.
#[derive(Debug, Clone)]
pub struct Message {
    client: Client,
    id: String,
}

impl Message {
    pub(crate) const fn new(client: Client, id: String) -> Self {
        Self { client, id }
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// The id of the message.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Client {
    /// A message, known by id. Nothing is sent.
    pub fn message(&self, message_id: impl Into<String>) -> Message {
        Message::new(self.clone(), message_id.into())
    }
}
