//! Members of channels.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Timestamp;

/// The default role of members.
pub(crate) const MEMBER_ROLE: &str = "channel_member";
/// The role of a channel's moderators.
pub(crate) const MODERATOR_ROLE: &str = "channel_moderator";

/// The state of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Invitation {
    Pending,
    Accepted(Timestamp),
    Rejected(Timestamp),
}

/// A member of a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) user_id: String,
    pub(crate) channel_role: String,
    pub(crate) custom: Map<String, Value>,
    pub(crate) invitation: Option<Invitation>,
    pub(crate) pinned_at: Option<Timestamp>,
    pub(crate) archived_at: Option<Timestamp>,
    /// The member does not see messages up to this time.
    pub(crate) history_hidden_before: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Member {
    pub(crate) fn new(user_id: &str, now: Timestamp) -> Self {
        Self {
            user_id: user_id.to_owned(),
            channel_role: MEMBER_ROLE.to_owned(),
            custom: Map::new(),
            invitation: None,
            pinned_at: None,
            archived_at: None,
            history_hidden_before: None,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn is_moderator(&self) -> bool {
        self.channel_role == MODERATOR_ROLE
    }

    /// Returns whether the user has joined the channel and is not only invited.
    pub(crate) fn has_joined(&self) -> bool {
        matches!(self.invitation, None | Some(Invitation::Accepted(_)))
    }
}
