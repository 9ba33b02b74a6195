//! Shared locations.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A location that a message shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Location {
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    #[serde(default)]
    pub(crate) created_by_device_id: Option<String>,
    /// The end of a live location; a static one has none.
    #[serde(default)]
    pub(crate) end_at: Option<Timestamp>,
}

impl Location {
    pub(crate) fn is_valid(&self) -> bool {
        (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude)
    }

    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.end_at.is_some_and(|end| end > now)
    }
}
