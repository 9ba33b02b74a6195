//! Messages and their reactions.

use super::Moment;
use serde_json::{Map, Value};

/// A message in a channel.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) cid: String,
    pub(crate) kind: String,
    pub(crate) user_id: String,
    pub(crate) content: Content,
    pub(crate) parent_id: Option<String>,
    /// Ids of the messages of its thread, from the oldest to the newest.
    pub(crate) replies: Vec<String>,
    pub(crate) show_in_channel: Option<bool>,
    pub(crate) silent: bool,
    pub(crate) pin: Option<Pin>,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) text_updated_at: Option<Moment>,
    pub(crate) deleted_at: Option<Moment>,
}

impl Message {
    /// Whether it stands in the channel itself, and not only in a thread.
    pub(crate) fn is_in_channel(&self) -> bool {
        self.parent_id.is_none() || self.show_in_channel == Some(true)
    }
}

/// What an update of a message replaces.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Content {
    pub(crate) text: String,
    pub(crate) mml: Option<String>,
    pub(crate) attachments: Vec<Value>,
    pub(crate) mentioned_users: Vec<String>,
    pub(crate) mentioned_channel: bool,
    pub(crate) mentioned_here: bool,
    pub(crate) mentioned_roles: Vec<String>,
    pub(crate) mentioned_group_ids: Vec<String>,
    pub(crate) quoted_message_id: Option<String>,
    pub(crate) restricted_visibility: Vec<String>,
    pub(crate) custom: Map<String, Value>,
}

/// That a message is pinned, and by whom.
#[derive(Debug, Clone)]
pub(crate) struct Pin {
    pub(crate) at: Moment,
    pub(crate) by: String,
    pub(crate) expires: Option<Moment>,
}

/// A user's reaction to a message.
#[derive(Debug, Clone)]
pub(crate) struct Reaction {
    pub(crate) kind: String,
    pub(crate) user_id: String,
    pub(crate) score: i32,
    pub(crate) custom: Map<String, Value>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
}
