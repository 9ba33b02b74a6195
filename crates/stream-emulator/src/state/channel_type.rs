//! Channel types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Timestamp;

/// A channel type, with the default configuration of its channels.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ChannelType {
    pub(crate) name: String,
    /// The fields of the configuration, without the commands.
    pub(crate) settings: Map<String, Value>,
    /// The names of the commands.
    pub(crate) commands: Vec<String>,
    /// The grants by role, where they differ from the defaults.
    pub(crate) grants: BTreeMap<String, Vec<String>>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// The built-in types, and whether each is for conversations among few users.
const BUILT_IN: &[(&str, bool)] = &[
    ("messaging", true),
    ("livestream", false),
    ("team", true),
    ("gaming", false),
    ("commerce", true),
];

/// The default commands of a type.
const COMMANDS: &[&str] = &["giphy", "ban", "unban", "mute", "unmute"];

impl ChannelType {
    /// Creates a type with the default settings.
    pub(crate) fn new(name: &str, is_conversation: bool, now: Timestamp) -> Self {
        let settings = json!({
            "automod": "disabled",
            "automod_behavior": "flag",
            "connect_events": is_conversation,
            "count_messages": true,
            "custom_events": true,
            "delivery_events": false,
            "mark_messages_pending": false,
            "max_message_length": 5000,
            "message_retention": "infinite",
            "mutes": is_conversation,
            "polls": is_conversation,
            "push_notifications": true,
            "quotes": true,
            "reactions": true,
            "read_events": is_conversation,
            "reminders": false,
            "replies": true,
            "search": is_conversation,
            "shared_locations": false,
            "skip_last_msg_update_for_system_msgs": false,
            "typing_events": is_conversation,
            "uploads": is_conversation,
            "url_enrichment": true,
            "user_message_reminders": false,
        });
        let Value::Object(settings) = settings else {
            return Self::empty(name, now);
        };
        Self { settings, ..Self::empty(name, now) }
    }

    /// Returns whether the type is built in, so that it cannot be deleted.
    pub(crate) fn is_built_in(name: &str) -> bool {
        BUILT_IN.iter().any(|(other, _)| *other == name)
    }

    fn empty(name: &str, now: Timestamp) -> Self {
        Self {
            name: name.to_owned(),
            settings: Map::new(),
            commands: COMMANDS.iter().map(|name| (*name).to_owned()).collect(),
            grants: BTreeMap::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Returns the built-in types, sorted by name.
    pub(crate) fn built_in(now: Timestamp) -> BTreeMap<String, Self> {
        let types = BUILT_IN.iter().map(|(name, is_conversation)| {
            ((*name).to_owned(), Self::new(name, *is_conversation, now))
        });
        types.collect()
    }
}
