//! Messages.

#[cfg(feature = "moderation")]
mod moderation;
mod pin;
mod reminder;

use crate::client::Client;
use crate::{Request, Thread};
use stream_models::messages::{MessageHistoryFilter, QueryMessageHistory};

/// A handle to a message, identified by its ID.
#[derive(Debug, Clone)]
pub struct Message {
    client: Client,
    id: String,
}

/// # Handle and history
impl Message {
    pub(crate) const fn new(client: Client, id: String) -> Self {
        Self { client, id }
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the ID of the message.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns a handle to the thread of the message. This sends no request.
    #[must_use]
    pub fn thread(&self) -> Thread {
        self.client.thread(&self.id)
    }

    /// Queries the earlier versions of the message.
    ///
    /// `POST /api/v2/chat/messages/history` · [guide](crate::guide::messages)
    pub fn history(&self) -> Request<QueryMessageHistory> {
        self.client.query_message_history(MessageHistoryFilter::message_id().eq(&*self.id))
    }
}

/// # Handles
impl Client {
    /// Returns a handle to a message, identified by its ID. This sends no request.
    pub fn message(&self, message_id: impl Into<String>) -> Message {
        Message::new(self.clone(), message_id.into())
    }
}
