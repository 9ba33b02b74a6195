//! Renders channel types and the configuration of channels.

use serde_json::Value;

use super::View;
use crate::document::{Node, Object};
use crate::state::{Channel, ChannelType};

/// The built-in commands: name, description, arguments, set.
pub(crate) const BUILT_IN_COMMANDS: &[(&str, &str, &str, &str)] = &[
    ("giphy", "Post a random gif to the channel", "[text]", "fun_set"),
    ("ban", "Ban a user", "[@username] [text]", "moderation_set"),
    ("unban", "Unban a user", "[@username]", "moderation_set"),
    ("mute", "Mute a user", "[@username]", "moderation_set"),
    ("unmute", "Unmute a user", "[@username]", "moderation_set"),
];

impl View<'_> {
    fn type_settings(self, kind: &ChannelType) -> Object {
        let settings = kind.settings.iter().filter(|(name, _)| *name != "permissions");
        let settings = settings.map(|(name, value)| (name.clone(), value.clone()));
        settings
            .collect::<Object>()
            .field("name", kind.name.as_str())
            .field("created_at", kind.created_at)
            .field("updated_at", kind.updated_at)
    }

    /// Renders the configuration of a channel (`ChannelConfigWithInfo`).
    pub(crate) fn channel_config(self, channel: &Channel) -> Option<Object> {
        let kind = self.world.channel_types.get(&channel.kind)?;
        let mut config = self.type_settings(kind);
        for (name, value) in &channel.config_overrides {
            if name != "commands" && !value.is_null() {
                config.set(name.clone(), value.clone());
            }
        }
        let commands = self.enabled_commands(channel);
        Some(config.field("commands", self.commands(&commands)))
    }

    /// Returns the names of the commands of a channel.
    pub(crate) fn enabled_commands(self, channel: &Channel) -> Vec<String> {
        let overridden = channel.config_overrides.get("commands").and_then(Value::as_array);
        match (overridden, self.world.channel_types.get(&channel.kind)) {
            (Some(names), _) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            (None, Some(kind)) => kind.commands.clone(),
            (None, None) => Vec::new(),
        }
    }

    /// Renders the configuration of all channel types, as part of the app (`ChannelConfig`).
    pub(crate) fn channel_configs(self) -> Object {
        let configs = self.world.channel_types.values().map(|kind| {
            let config = self.type_settings(kind).field("commands", kind.commands.clone());
            (kind.name.clone(), config)
        });
        configs.collect()
    }

    /// Renders a single channel type (`ChannelTypeConfig`).
    pub(crate) fn channel_type(self, kind: &ChannelType) -> Object {
        self.with_grants(kind).field("commands", self.commands(&kind.commands))
    }

    /// Renders a channel type that was created or updated, with the names of its commands.
    pub(crate) fn changed_channel_type(self, kind: &ChannelType) -> Object {
        self.with_grants(kind).field("commands", kind.commands.clone())
    }

    fn with_grants(self, kind: &ChannelType) -> Object {
        let grants: Object = self.world.grants_of_type(&kind.name).into_iter().collect();
        let permissions = kind.settings.get("permissions").cloned();
        self.type_settings(kind)
            .field("grants", grants)
            .field("permissions", permissions.map_or_else(Node::empty_list, Node::Json))
    }

    /// Renders all channel types, sorted by name.
    pub(crate) fn channel_types(self) -> Object {
        let types = self.world.channel_types.values();
        types.map(|kind| (kind.name.clone(), self.channel_type(kind))).collect()
    }

    /// Renders commands by name: built-in and custom ones.
    fn commands(self, names: &[String]) -> Node {
        names.iter().filter_map(|name| self.command(name)).collect()
    }

    /// Renders a command by name (`Command`).
    pub(crate) fn command(self, name: &str) -> Option<Object> {
        let built_in = BUILT_IN_COMMANDS.iter().find(|(other, ..)| *other == name);
        if let Some((name, description, args, set)) = built_in {
            let command = Object::new()
                .field("name", *name)
                .field("description", *description)
                .field("args", *args)
                .field("set", *set);
            return Some(command);
        }
        let own = self.world.records.get("command", name)?;
        let mut command: Object =
            own.fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        command.set("name", own.key.as_str());
        command.set("created_at", own.created_at);
        command.set("updated_at", own.updated_at);
        Some(command)
    }
}
