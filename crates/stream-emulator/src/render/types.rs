//! The built-in channel types.

use super::{Object, View};
use serde_json::{Map, Value, json};

/// What sets one built-in channel type apart from the others.
#[derive(Debug)]
pub(crate) struct ChannelType {
    pub(crate) name: &'static str,
    typing_events: bool,
    read_events: bool,
    connect_events: bool,
    search: bool,
    mutes: bool,
    uploads: bool,
    pub(crate) max_message_length: usize,
}

const fn of(name: &'static str, is_conversation: bool) -> ChannelType {
    ChannelType {
        name,
        typing_events: is_conversation,
        read_events: is_conversation,
        connect_events: is_conversation,
        search: is_conversation,
        mutes: is_conversation,
        uploads: is_conversation,
        max_message_length: 5000,
    }
}

const TYPES: &[ChannelType] = &[
    of("messaging", true),
    of("livestream", false),
    of("team", true),
    of("gaming", false),
    of("commerce", true),
];

/// The built-in type of a name.
pub(crate) fn channel_type(name: &str) -> Option<&'static ChannelType> {
    TYPES.iter().find(|kind| kind.name == name)
}

const COMMANDS: &[(&str, &str, &str, &str)] = &[
    ("giphy", "Post a random gif to the channel", "[text]", "fun_set"),
    ("ban", "Ban a user", "[@username] [text]", "moderation_set"),
    ("unban", "Unban a user", "[@username]", "moderation_set"),
    ("mute", "Mute a user", "[@username]", "moderation_set"),
    ("unmute", "Unmute a user", "[@username]", "moderation_set"),
];

impl ChannelType {
    fn settings(&self, created_at: Value) -> Object {
        Object::new()
            .field("name", self.name)
            .field("automod", "disabled")
            .field("automod_behavior", "flag")
            .field("connect_events", self.connect_events)
            .field("count_messages", true)
            .field("created_at", created_at.clone())
            .field("custom_events", true)
            .field("delivery_events", false)
            .field("mark_messages_pending", false)
            .field("max_message_length", self.max_message_length)
            .field("message_retention", "infinite")
            .field("mutes", self.mutes)
            .field("polls", false)
            .field("push_notifications", true)
            .field("quotes", true)
            .field("reactions", true)
            .field("read_events", self.read_events)
            .field("reminders", false)
            .field("replies", true)
            .field("search", self.search)
            .field("shared_locations", false)
            .field("skip_last_msg_update_for_system_msgs", false)
            .field("typing_events", self.typing_events)
            .field("updated_at", created_at)
            .field("uploads", self.uploads)
            .field("url_enrichment", true)
            .field("user_message_reminders", false)
    }
}

impl View<'_> {
    /// The configuration of a channel (`ChannelConfigWithInfo`).
    pub(crate) fn channel_config(
        self,
        kind: &ChannelType,
        overrides: &Map<String, Value>,
    ) -> Value {
        let mut config = Map::from(kind.settings(self.time(self.world.app.created_at)));
        config.insert("commands".to_owned(), commands());
        for (name, value) in overrides {
            // The override names commands, the configuration describes them.
            if name == "commands" {
                let named = value.as_array().map_or(&[][..], Vec::as_slice);
                if let Some(Value::Array(all)) = config.get_mut("commands") {
                    all.retain(|command| command.get("name").is_some_and(|n| named.contains(n)));
                }
            } else if !value.is_null() {
                config.insert(name.clone(), value.clone());
            }
        }
        config.into()
    }

    /// The configuration of all channel types, as part of the app (`ChannelConfig`).
    pub(crate) fn channel_configs(self) -> Value {
        let configs = TYPES.iter().map(|kind| {
            let names: Vec<&str> = COMMANDS.iter().map(|(name, ..)| *name).collect();
            let config =
                kind.settings(self.time(self.world.app.created_at)).field("commands", names);
            (kind.name.to_owned(), Value::from(config))
        });
        configs.collect::<Map<_, _>>().into()
    }
}

impl View<'_> {
    /// A channel type on its own (`ChannelTypeConfig`).
    pub(crate) fn channel_type(self, kind: &ChannelType) -> Object {
        kind.settings(self.time(self.world.app.created_at))
            .field("commands", commands())
            .field("grants", Value::Object(Map::new()))
            .field("permissions", Value::Array(Vec::new()))
    }

    /// All channel types, by name.
    pub(crate) fn channel_types(self) -> Value {
        let types =
            TYPES.iter().map(|kind| (kind.name.to_owned(), Value::from(self.channel_type(kind))));
        types.collect::<Map<_, _>>().into()
    }
}

fn commands() -> Value {
    COMMANDS
        .iter()
        .map(|(name, description, args, set)| {
            json!({"name": name, "description": description, "args": args, "set": set})
        })
        .collect()
}
