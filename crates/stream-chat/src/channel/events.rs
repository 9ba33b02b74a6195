//! Events that an application sends to the watchers of a channel.

use super::Channel;
use crate::request::{Actor, Request};
use stream_models::custom_events::{EventRequest, SendEvent};
use stream_models::locations::SharedLocation;
use stream_models::messages::{MessageRequest, SendMessage};

/// # Typing, AI and locations
///
/// Events that clients recognize, all of them `POST /api/v2/chat/channels/{type}/{id}/event`.
impl Channel {
    /// Shows that a user is typing. Clients show it for a few seconds: send it again while typing
    /// continues.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/event` · [guide](crate::guide::conversations)
    pub fn start_typing(&self, user: impl Into<Actor>) -> Request<SendEvent> {
        self.send_as(user, EventRequest::new("typing.start"))
    }

    /// Shows that a user has stopped typing.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/event` · [guide](crate::guide::conversations)
    pub fn stop_typing(&self, user: impl Into<Actor>) -> Request<SendEvent> {
        self.send_as(user, EventRequest::new("typing.stop"))
    }

    /// Shows the state of an AI that writes the message, such as `AI_STATE_THINKING`.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/event` · [guide](crate::guide::conversations)
    pub fn update_ai_state(
        &self,
        message_id: impl Into<String>,
        state: impl Into<String>,
        user: impl Into<Actor>,
    ) -> Request<SendEvent> {
        let event = EventRequest::new("ai_indicator.update")
            .custom("message_id", message_id.into())
            .custom("ai_state", state.into());
        self.send_as(user, event)
    }

    /// Removes the indicator of [`Channel::update_ai_state`].
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/event` · [guide](crate::guide::conversations)
    pub fn clear_ai_indicator(&self, user: impl Into<Actor>) -> Request<SendEvent> {
        self.send_as(user, EventRequest::new("ai_indicator.clear"))
    }

    /// Asks the AI to stop its response.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/event` · [guide](crate::guide::conversations)
    pub fn stop_ai_response(&self, user: impl Into<Actor>) -> Request<SendEvent> {
        self.send_as(user, EventRequest::new("ai_indicator.stop"))
    }

    fn send_as(&self, user: impl Into<Actor>, mut event: EventRequest) -> Request<SendEvent> {
        event.user_id = self.client().acting(user).into();
        self.send_event(event)
    }

    /// Sends a message that shares a location, permanently or, with an `end_at`, live until then.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/message` · [guide](crate::guide::messages)
    pub fn send_location(
        &self,
        location: impl Into<SharedLocation>,
        user: impl Into<Actor>,
    ) -> Request<SendMessage> {
        let mut message = MessageRequest::new().shared_location(location);
        message.user_id = self.client().acting(user).into();
        self.send_message(message)
    }
}
