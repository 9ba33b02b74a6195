//! Renders devices and push preferences.

use serde_json::{Map, Value};

use super::View;
use crate::document::{Node, Object};
use crate::state::{Device, Timestamp};

/// Renders preferences (`PushPreferencesResponse`).
pub(crate) fn push_preferences(kept: &Map<String, Value>) -> Object {
    let fields = kept.iter().map(|(name, value)| {
        let node = match name.as_str() {
            "disabled_until" => Timestamp::parse(value).map_or(Node::Null, Node::Time),
            _ => Node::Json(value.clone()),
        };
        (name.clone(), node)
    });
    fields.collect()
}

impl View<'_> {
    /// Renders the devices of a user, newest first.
    pub(crate) fn devices_of(self, user_id: &str) -> Node {
        self.world.push.devices_of(user_id).map(|device| self.device(user_id, device)).collect()
    }

    /// Renders the push preferences of a user in a channel, if there are any.
    pub(crate) fn push_preferences_in(self, cid: &str, user_id: &str) -> Option<Object> {
        let kept = self.world.push.channel_preferences.get(user_id)?.get(cid)?;
        Some(push_preferences(kept))
    }

    /// Renders the push preferences of a user, if there are any.
    pub(crate) fn push_preferences_of(self, user_id: &str) -> Option<Object> {
        self.world.push.preferences.get(user_id).map(push_preferences)
    }

    /// Renders a device (`DeviceResponse`).
    fn device(self, user_id: &str, device: &Device) -> Object {
        Object::new()
            .field("id", device.id.as_str())
            .field("push_provider", device.push_provider.as_str())
            .optional("push_provider_name", device.push_provider_name.as_deref())
            .optional("voip", device.voip)
            .optional("hardware_id", device.hardware_id.as_deref())
            .field("user_id", user_id)
            .field("created_at", device.created_at)
    }
}
