//! Renders shared locations.

use super::View;
use crate::document::{Node, Object};
use crate::state::Message;

impl<'a> View<'a> {
    /// Renders the location of a message (`SharedLocationResponseData`).
    pub(crate) fn location(self, message: &Message) -> Option<Object> {
        let location = message.content.shared_location.as_ref()?;
        let object = Object::new()
            .field("message_id", message.id.as_str())
            .field("channel_cid", message.cid.as_str())
            .field("user_id", message.user_id.as_str())
            .field("latitude", location.latitude)
            .field("longitude", location.longitude)
            .field(
                "created_by_device_id",
                location.created_by_device_id.as_deref().unwrap_or_default(),
            )
            .optional("end_at", location.end_at)
            .field("created_at", message.created_at)
            .field("updated_at", message.updated_at);
        Some(object)
    }

    /// Returns the messages with active live locations.
    fn live_locations(self) -> impl Iterator<Item = &'a Message> {
        let messages = self.world.live_locations.iter();
        messages.filter_map(|id| self.world.messages.get(id)).filter(move |message| {
            message.deleted_at.is_none()
                && message
                    .content
                    .shared_location
                    .as_ref()
                    .is_some_and(|location| location.is_live(self.now))
        })
    }

    /// Renders the live locations of a user.
    pub(crate) fn live_locations_of(self, user_id: &str) -> Node {
        let messages = self.live_locations().filter(|message| message.user_id == user_id);
        messages.filter_map(|message| self.location(message)).collect()
    }

    /// Renders the live locations in a channel.
    pub(crate) fn live_locations_in(self, cid: &str) -> Node {
        let messages = self.live_locations().filter(|message| message.cid == cid);
        messages.filter_map(|message| self.location(message)).collect()
    }
}
