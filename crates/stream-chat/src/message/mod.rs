//! Messages.

use crate::client::Client;
use crate::request::Request;
use stream_models::messages::{
    DeleteMessage, GetMessage, MessageRequest, Search, SearchPayload, UpdateMessage,
    UpdateMessagePartial, UpdateMessagePartialRequest, UpdateMessageRequest,
};
use stream_models::reactions::{
    DeleteReaction, ReactionRequest, SendReaction, SendReactionRequest,
};
use stream_models::threads::GetReplies;

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

    /// The id of the message.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Gets the message.
    ///
    /// `GET /api/v2/chat/messages/{id}`
    pub fn get(&self) -> Request<GetMessage> {
        self.client.request(GetMessage::new(&self.id))
    }

    /// Replaces the message; what is not given is removed. To change some of it, use
    /// [`Message::update_partial`].
    ///
    /// `POST /api/v2/chat/messages/{id}`
    pub fn update(&self, message: impl Into<MessageRequest>) -> Request<UpdateMessage> {
        let body = UpdateMessageRequest::new(message);
        self.client.request(UpdateMessage::new(&self.id, body))
    }

    /// Sets and removes fields of the message on behalf of a user, and leaves the others as they
    /// are.
    ///
    /// `PUT /api/v2/chat/messages/{id}`
    pub fn update_partial(&self, user_id: impl Into<String>) -> Request<UpdateMessagePartial> {
        let body = UpdateMessagePartialRequest::new().user_id(user_id);
        self.client.request(UpdateMessagePartial::new(&self.id, body))
    }

    /// Deletes the message. Softly, unless [`Request::map`] sets `hard`.
    ///
    /// `DELETE /api/v2/chat/messages/{id}`
    pub fn delete(&self) -> Request<DeleteMessage> {
        self.client.request(DeleteMessage::new(&self.id))
    }

    /// Adds a reaction of a user, such as `like`.
    ///
    /// `POST /api/v2/chat/messages/{id}/reaction`
    pub fn react(
        &self,
        reaction: impl Into<String>,
        user_id: impl Into<String>,
    ) -> Request<SendReaction> {
        let reaction = ReactionRequest::new(reaction).user_id(user_id);
        self.client.request(SendReaction::new(&self.id, SendReactionRequest::new(reaction)))
    }

    /// Removes a reaction of a user.
    ///
    /// `DELETE /api/v2/chat/messages/{id}/reaction/{type}`
    pub fn remove_reaction(
        &self,
        reaction: impl Into<String>,
        user_id: impl Into<String>,
    ) -> Request<DeleteReaction> {
        self.client.request(DeleteReaction::new(&self.id, reaction).user_id(user_id))
    }

    /// The replies in the thread of the message.
    ///
    /// `GET /api/v2/chat/messages/{parent_id}/replies`
    pub fn replies(&self) -> Request<GetReplies> {
        self.client.request(GetReplies::new(&self.id))
    }
}

impl Client {
    /// A message, known by id. Nothing is sent.
    pub fn message(&self, message_id: impl Into<String>) -> Message {
        Message::new(self.clone(), message_id.into())
    }

    /// Searches the messages of the channels that match; [`Request::pages`] walks all results.
    ///
    /// `GET /api/v2/chat/search`
    pub fn search(&self, search: impl Into<SearchPayload>) -> Request<Search> {
        self.request(Search::new().payload(search))
    }
}
