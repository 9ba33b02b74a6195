//! Devices as documents.

use super::View;
use crate::{
    document::{Node, Object},
    state::Device,
};

impl View<'_> {
    /// The devices of a user, newest first.
    pub(crate) fn devices_of(self, user_id: &str) -> Node {
        self.world.push.devices_of(user_id).map(|device| self.device(user_id, device)).collect()
    }

    /// A device (`DeviceResponse`).
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
