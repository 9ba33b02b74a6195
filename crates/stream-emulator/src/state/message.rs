//! Messages and their reactions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Location, Timestamp};

/// A message in a channel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) cid: String,
    pub(crate) kind: String,
    pub(crate) user_id: String,
    pub(crate) content: Content,
    pub(crate) parent_id: Option<String>,
    /// The IDs of its replies, from the oldest to the newest.
    pub(crate) replies: Vec<String>,
    pub(crate) show_in_channel: Option<bool>,
    pub(crate) silent: bool,
    /// Whether only the author sees it, because of a shadow ban or a check.
    #[serde(default)]
    pub(crate) shadowed: bool,
    pub(crate) pin: Option<Pin>,
    pub(crate) reactions: Vec<Reaction>,
    /// Its previous versions, from the oldest to the newest.
    pub(crate) history: Vec<Version>,
    /// The users who have deleted it for themselves.
    pub(crate) deleted_for: Vec<String>,
    /// The state of a message that waits for its commit.
    pub(crate) pending: Option<Pending>,
    /// The command that it ran, and the arguments.
    pub(crate) command: Option<(String, String)>,
    /// The translated texts, by language.
    pub(crate) translations: BTreeMap<String, String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) text_updated_at: Option<Timestamp>,
    pub(crate) deleted_at: Option<Timestamp>,
}

impl Message {
    /// Returns whether it is in the channel itself, and not only in a thread.
    pub(crate) fn is_in_channel(&self) -> bool {
        self.parent_id.is_none() || self.show_in_channel == Some(true)
    }

    /// Returns whether it shares a location that moves.
    pub(super) fn has_live_location(&self) -> bool {
        self.content.shared_location.as_ref().is_some_and(|location| location.end_at.is_some())
    }

    /// Returns the pin, unless it has expired.
    pub(crate) fn pin_at(&self, now: Timestamp) -> Option<&Pin> {
        self.pin.as_ref().filter(|pin| pin.expires.is_none_or(|at| at > now))
    }

    /// Removes its content and the reactions to it. The message itself and the replies remain.
    pub(crate) fn prune(&mut self) {
        let restricted_visibility = std::mem::take(&mut self.content.restricted_visibility);
        self.content = Content { restricted_visibility, ..Content::default() };
        self.reactions.clear();
        self.history.clear();
        self.translations.clear();
        self.command = None;
        self.pin = None;
    }
}

/// The fields of a message that an update replaces.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) text: String,
    pub(crate) mml: Option<String>,
    pub(crate) attachments: Vec<Map<String, Value>>,
    pub(crate) mentioned_users: Vec<String>,
    pub(crate) mentioned_channel: bool,
    pub(crate) mentioned_here: bool,
    pub(crate) mentioned_roles: Vec<String>,
    pub(crate) mentioned_group_ids: Vec<String>,
    pub(crate) quoted_message_id: Option<String>,
    pub(crate) poll_id: Option<String>,
    #[serde(default)]
    pub(crate) shared_location: Option<Location>,
    pub(crate) restricted_visibility: Vec<String>,
    pub(crate) custom: Map<String, Value>,
}

/// A previous version of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) text: String,
    pub(crate) attachments: Vec<Map<String, Value>>,
    pub(crate) custom: Map<String, Value>,
    pub(crate) is_deleted: bool,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
}

/// The state of a message that waits for its commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) metadata: BTreeMap<String, String>,
}

/// The pin of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pin {
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) expires: Option<Timestamp>,
}

/// A user's reaction to a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reaction {
    pub(crate) kind: String,
    pub(crate) user_id: String,
    pub(crate) score: i32,
    pub(crate) custom: Map<String, Value>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}
