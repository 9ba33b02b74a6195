//! The capabilities of a user in a channel.
//!
//! The service's derivation of capabilities from grants and configuration is not published; this
//! one follows their names and recorded channels.

use super::View;
use crate::state::Channel;

/// The requirement of a capability.
enum Needs {
    /// A permission in the channel.
    Permission(&'static str),
    /// A permission for objects of the user in the channel, such as a message.
    Own(&'static str),
    /// A permission for objects of others in the channel.
    Any(&'static str),
    /// A setting of the channel.
    Setting(&'static str),
    /// A permission in the channel, and a setting of it.
    Both(&'static str, &'static str),
}

use Needs::{Any, Both, Own, Permission, Setting};

/// The capabilities sorted by name, without `slow-mode`.
const CAPABILITIES: &[(&str, Needs)] = &[
    ("ban-channel-members", Permission("ban-channel-member")),
    ("cast-poll-vote", Both("read-channel", "polls")),
    ("connect-events", Setting("connect_events")),
    ("create-attachment", Permission("create-attachment")),
    ("create-mention", Permission("create-mention")),
    ("delete-any-message", Any("delete-message")),
    ("delete-channel", Permission("delete-channel")),
    ("delete-own-message", Own("delete-message")),
    ("delivery-events", Setting("delivery_events")),
    ("flag-message", Permission("flag-message")),
    ("freeze-channel", Permission("update-channel-frozen")),
    ("join-channel", Permission("read-channel")),
    ("leave-channel", Permission("remove-own-channel-membership")),
    ("mute-channel", Both("mute-channel", "mutes")),
    ("pin-message", Permission("pin-message")),
    ("query-poll-votes", Both("read-channel", "polls")),
    ("quote-message", Both("create-message", "quotes")),
    ("read-events", Setting("read_events")),
    ("search-messages", Setting("search")),
    ("send-custom-events", Both("send-custom-event", "custom_events")),
    ("send-links", Permission("add-links")),
    ("send-message", Permission("create-message")),
    ("send-poll", Both("create-message", "polls")),
    ("send-reaction", Both("create-reaction", "reactions")),
    ("send-reply", Both("create-message", "replies")),
    ("send-restricted-visibility-message", Permission("create-restricted-visibility-message")),
    ("send-typing-events", Setting("typing_events")),
    ("set-channel-cooldown", Permission("update-channel-cooldown")),
    ("share-location", Both("create-message", "shared_locations")),
    ("skip-slow-mode", Permission("skip-channel-cooldown")),
    ("typing-events", Setting("typing_events")),
    ("update-any-message", Any("update-message")),
    ("update-channel", Permission("update-channel")),
    ("update-channel-members", Permission("update-channel-members")),
    ("update-own-message", Own("update-message")),
    ("update-thread", Both("create-message", "replies")),
    ("upload-file", Both("upload-attachment", "uploads")),
];

/// The capabilities that require a permission in a frozen channel.
const FROZEN: &[&str] = &["send-message", "send-poll", "send-reaction", "send-reply"];

impl View<'_> {
    /// Returns the capabilities of a user in a channel.
    pub(crate) fn capabilities(self, channel: &Channel, user_id: &str) -> Vec<&'static str> {
        let may = |permission: &str| self.world.may_in(channel, user_id, permission);
        let is_frozen = channel.frozen && !may("use-frozen-channel");
        let mut capabilities: Vec<&str> = CAPABILITIES
            .iter()
            .filter(|(name, needs)| {
                let has = match needs {
                    Permission(permission) => may(permission),
                    Any(permission) => self.world.is_granted_in(channel, user_id, permission),
                    Own(permission) => {
                        let of_owners = format!("{permission}-owner");
                        self.world.is_granted_in(channel, user_id, &of_owners) || may(permission)
                    }
                    Setting(setting) => self.world.is_on(channel, setting),
                    Both(permission, setting) => {
                        self.world.is_on(channel, setting) && may(permission)
                    }
                };
                has && !(is_frozen && FROZEN.contains(name))
            })
            .map(|(name, _)| *name)
            .collect();
        if channel.cooldown.is_some() && !may("skip-channel-cooldown") {
            capabilities.push("slow-mode");
            capabilities.sort_unstable();
        }
        capabilities
    }
}

#[cfg(test)]
mod tests {
    use super::CAPABILITIES;

    #[test]
    fn names_are_in_order() {
        assert!(CAPABILITIES.is_sorted_by_key(|(name, _)| name));
    }
}
