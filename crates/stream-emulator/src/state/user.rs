//! Users.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Timestamp;

/// A user of the app.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) role: String,
    pub(crate) language: String,
    pub(crate) invisible: bool,
    pub(crate) teams: Vec<String>,
    pub(crate) teams_role: Option<BTreeMap<String, String>>,
    pub(crate) privacy_settings: Option<Value>,
    pub(crate) custom: Map<String, Value>,
    /// The blocked users, with the time of blocking.
    pub(crate) blocked: BTreeMap<String, Timestamp>,
    /// Whether moderation does not check their messages.
    #[serde(default)]
    pub(crate) bypass_moderation: bool,
    pub(crate) last_active: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) deactivated_at: Option<Timestamp>,
    pub(crate) deleted_at: Option<Timestamp>,
    pub(crate) revoke_tokens_issued_before: Option<Timestamp>,
}

impl User {
    pub(crate) fn new(id: &str, now: Timestamp) -> Self {
        Self {
            id: id.to_owned(),
            name: None,
            image: None,
            role: "user".to_owned(),
            language: String::new(),
            invisible: false,
            teams: Vec::new(),
            teams_role: None,
            privacy_settings: None,
            custom: Map::new(),
            blocked: BTreeMap::new(),
            bypass_moderation: false,
            last_active: None,
            created_at: now,
            updated_at: now,
            deactivated_at: None,
            deleted_at: None,
            revoke_tokens_issued_before: None,
        }
    }

    /// Replaces the profile. Fields that the server manages are kept unless they are set.
    pub(crate) fn replace(&mut self, profile: UserInput, now: Timestamp) {
        self.name = None;
        self.image = None;
        self.custom = Map::new();
        self.merge(profile, now);
    }

    /// Removes the profile, and keeps the ID and what the server manages.
    pub(crate) fn prune(&mut self) {
        self.name = None;
        self.image = None;
        self.privacy_settings = None;
        self.custom = Map::new();
    }

    /// Returns whether two users have the same profile, whatever their timestamps.
    pub(crate) fn has_same_profile(&self, other: &Self) -> bool {
        self.name == other.name
            && self.image == other.image
            && self.language == other.language
            && self.invisible == other.invisible
            && self.privacy_settings == other.privacy_settings
            && self.custom == other.custom
    }

    /// Merges the given fields, and keeps the others.
    pub(crate) fn merge(&mut self, profile: UserInput, now: Timestamp) {
        if profile.name.is_some() {
            self.name = profile.name;
        }
        if profile.image.is_some() {
            self.image = profile.image;
        }
        if let Some(role) = profile.role {
            self.role = role;
        }
        if let Some(language) = profile.language {
            self.language = language;
        }
        if let Some(invisible) = profile.invisible {
            self.invisible = invisible;
        }
        if let Some(teams) = profile.teams {
            self.teams = teams;
        }
        if profile.teams_role.is_some() {
            self.teams_role = profile.teams_role;
        }
        if let Some(settings) = profile.privacy_settings {
            self.privacy_settings = serde_json::to_value(settings).ok();
        }
        if let Some(custom) = profile.custom {
            self.custom = custom;
        }
        self.updated_at = now;
    }
}

/// A user, as requests describe it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct UserInput {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) invisible: Option<bool>,
    pub(crate) teams: Option<Vec<String>>,
    pub(crate) teams_role: Option<BTreeMap<String, String>>,
    pub(crate) privacy_settings: Option<PrivacySettings>,
    pub(crate) custom: Option<Map<String, Value>>,
}

/// What a user shares with others; what is not named is shared.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct PrivacySettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    typing_indicators: Option<Sharing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_receipts: Option<Sharing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_receipts: Option<Sharing>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Sharing {
    #[serde(default = "Sharing::usual")]
    enabled: bool,
}

impl Sharing {
    fn usual() -> bool {
        true
    }
}
