//! Devices and push preferences.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Timestamp;

/// A device that gets push notifications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) push_provider: String,
    pub(crate) push_provider_name: Option<String>,
    pub(crate) voip: Option<bool>,
    pub(crate) hardware_id: Option<String>,
    pub(crate) created_at: Timestamp,
}

/// The devices and preferences of all users.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Push {
    /// The devices by user, from the oldest to the newest.
    devices: BTreeMap<String, Vec<Device>>,
    pub(crate) preferences: BTreeMap<String, Map<String, Value>>,
    /// The preferences by user and cid.
    pub(crate) channel_preferences: BTreeMap<String, BTreeMap<String, Map<String, Value>>>,
}

impl Push {
    /// The maximum number of devices of a user; beyond it, the oldest is removed.
    const MAX_DEVICES: usize = 25;

    /// Returns the devices of a user, from the newest to the oldest.
    pub(crate) fn devices_of(&self, user_id: &str) -> impl Iterator<Item = &Device> {
        self.devices.get(user_id).into_iter().flatten().rev()
    }

    /// Adds a device to a user, and removes it from its previous user.
    pub(crate) fn add_device(&mut self, user_id: &str, device: Device) {
        if self.devices_of(user_id).any(|other| other.id == device.id) {
            return;
        }
        for devices in self.devices.values_mut() {
            devices.retain(|other| other.id != device.id);
        }
        let devices = self.devices.entry(user_id.to_owned()).or_default();
        devices.push(device);
        let surplus = devices.len().saturating_sub(Self::MAX_DEVICES);
        devices.drain(..surplus);
    }

    /// Removes the devices and the preferences of a permanently deleted user.
    pub(super) fn forget_user(&mut self, user_id: &str) {
        self.devices.remove(user_id);
        self.preferences.remove(user_id);
        self.channel_preferences.remove(user_id);
    }

    pub(crate) fn remove_device(&mut self, user_id: &str, id: &str) -> Option<Device> {
        let devices = self.devices.get_mut(user_id)?;
        let position = devices.iter().position(|device| device.id == id)?;
        Some(devices.remove(position))
    }
}
