//! Moderation: bans, mutes, flags and the review queue.

mod bans;
mod mutes;
mod review;

use serde::{Deserialize, Serialize};

pub(crate) use bans::{Ban, Bans, Scope};
pub(crate) use mutes::{Mute, Mutes};
pub(crate) use review::{Action, Appeal, Flag, Item, Review};

/// The entity type of messages in flags and checks.
pub(crate) const MESSAGE_ENTITY: &str = "stream:chat:v1:message";

/// The entity type of users in flags and checks.
pub(crate) const USER_ENTITY: &str = "stream:user";

/// The state of moderation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Moderation {
    pub(crate) bans: Bans,
    pub(crate) mutes: Mutes,
    pub(crate) review: Review,
}
