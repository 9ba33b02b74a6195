//! Bans of users.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::state::{Channel, Timestamp};

/// The scope of a ban.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Scope {
    App,
    /// The channel with this cid.
    Channel(String),
    /// The channels that this user creates from now on.
    FutureChannelsOf(String),
}

impl Scope {
    /// Returns the scope of a request that may name a channel.
    pub(crate) fn of(cid: Option<&str>) -> Self {
        cid.map_or(Self::App, |cid| Self::Channel(cid.to_owned()))
    }

    pub(crate) fn cid(&self) -> Option<&str> {
        match self {
            Self::Channel(cid) => Some(cid),
            Self::App | Self::FutureChannelsOf(_) => None,
        }
    }
}

/// A ban of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ban {
    pub(crate) target: String,
    pub(crate) scope: Scope,
    pub(crate) by: Option<String>,
    pub(crate) reason: Option<String>,
    /// Whether the user does not notice it: others do not see their messages.
    pub(crate) shadow: bool,
    /// Whether the IP address of the user is banned, too. The emulator only stores this, since all
    /// its clients have the same address.
    pub(crate) ip_ban: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) expires: Option<Timestamp>,
}

impl Ban {
    fn holds_at(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|at| at > now)
    }
}

/// All bans, by user.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Bans(BTreeMap<String, Vec<Ban>>);

impl Bans {
    /// Adds a ban, and replaces the user's previous one in the same scope.
    pub(crate) fn put(&mut self, ban: Ban) {
        let bans = self.0.entry(ban.target.clone()).or_default();
        bans.retain(|other| other.scope != ban.scope);
        bans.push(ban);
    }

    /// Removes the bans of a user that match a condition, and returns whether there were any.
    pub(crate) fn lift(&mut self, target: &str, is_lifted: impl Fn(&Ban) -> bool) -> bool {
        let Some(bans) = self.0.get_mut(target) else {
            return false;
        };
        let count = bans.len();
        bans.retain(|ban| !is_lifted(ban));
        count > bans.len()
    }

    /// Removes the bans of a permanently deleted user.
    pub(crate) fn forget_user(&mut self, target: &str) {
        self.0.remove(target);
    }

    /// Returns the bans in force, by user.
    pub(crate) fn all(&self, now: Timestamp) -> impl Iterator<Item = &Ban> {
        self.0.values().flatten().filter(move |ban| ban.holds_at(now))
    }

    /// Returns the bans of a user that are in force.
    pub(crate) fn of(&self, target: &str, now: Timestamp) -> impl Iterator<Item = &Ban> {
        let bans = self.0.get(target).map(Vec::as_slice).unwrap_or_default();
        bans.iter().filter(move |ban| ban.holds_at(now))
    }

    /// Returns a user's ban from the whole app.
    pub(crate) fn in_app(&self, target: &str, now: Timestamp) -> Option<&Ban> {
        self.of(target, now).find(|ban| ban.scope == Scope::App)
    }

    /// Returns a user's ban from a channel: one of the channel itself, or of the creator's future
    /// channels.
    pub(crate) fn in_channel(
        &self,
        channel: &Channel,
        target: &str,
        now: Timestamp,
    ) -> Option<&Ban> {
        self.of(target, now).find(|ban| match &ban.scope {
            Scope::App => false,
            Scope::Channel(cid) => *cid == channel.cid,
            Scope::FutureChannelsOf(user_id) => {
                *user_id == channel.created_by && channel.created_at > ban.created_at
            }
        })
    }

    /// Returns whether others do not see the messages of a user in a channel.
    pub(crate) fn is_shadowed(&self, channel: &Channel, target: &str, now: Timestamp) -> bool {
        let bans = [self.in_app(target, now), self.in_channel(channel, target, now)];
        bans.into_iter().flatten().any(|ban| ban.shadow)
    }
}
