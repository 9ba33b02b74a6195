//! The settings of the app.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Timestamp;

/// The JSON type of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SettingKind {
    Flag,
    Integer,
    Text,
    List,
    Object,
    Time,
}

impl SettingKind {
    fn admits(self, value: &Value) -> bool {
        match self {
            Self::Flag => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Text => value.is_string(),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
            Self::Time => Timestamp::parse(value).is_some(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Flag => "a boolean",
            Self::Integer => "an integer",
            Self::Text => "a string",
            Self::List => "a list",
            Self::Object => "an object",
            Self::Time => "a time (RFC 3339)",
        }
    }
}

/// A setting of `UpdateApp`.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) kind: SettingKind,
    /// The possible values; empty if any is valid.
    choices: &'static [&'static str],
}

const fn of(kind: SettingKind, name: &'static str) -> Setting {
    Setting { name, kind, choices: &[] }
}

const fn choice(name: &'static str, choices: &'static [&'static str]) -> Setting {
    Setting { name, kind: SettingKind::Text, choices }
}

use SettingKind::{Flag, Integer, List, Object, Text, Time};

const SETTINGS: &[Setting] = &[
    of(Object, "activity_metrics_config"),
    of(List, "allowed_flag_reasons"),
    of(Object, "apn_config"),
    of(Object, "async_moderation_config"),
    of(Flag, "async_url_enrich_enabled"),
    of(Flag, "auto_translation_enabled"),
    of(Integer, "before_message_send_hook_attempt_timeout_ms"),
    of(Text, "before_message_send_hook_url"),
    of(Integer, "cdn_expiration_seconds"),
    of(Flag, "channel_hide_members_only"),
    of(Text, "chat_primary_use_case"),
    of(Text, "custom_action_handler_url"),
    of(Object, "datadog_info"),
    of(Flag, "disable_auth_checks"),
    of(Flag, "disable_permissions_checks"),
    of(Flag, "enable_hook_payload_compression"),
    choice("enforce_unique_usernames", &["no", "app", "team"]),
    of(List, "event_hooks"),
    of(Flag, "feed_audit_logs_enabled"),
    of(Flag, "feeds_moderation_enabled"),
    of(Text, "feeds_v2_region"),
    of(Object, "file_upload_config"),
    of(Object, "firebase_config"),
    of(Object, "grants"),
    of(Flag, "guest_user_creation_disabled"),
    of(Object, "huawei_config"),
    of(List, "image_moderation_block_labels"),
    of(Flag, "image_moderation_enabled"),
    of(List, "image_moderation_labels"),
    of(Object, "image_upload_config"),
    of(Integer, "max_aggregated_activities_length"),
    of(Flag, "member_custom_on_mentioned_users_enabled"),
    of(Flag, "member_custom_on_messages_enabled"),
    of(Flag, "member_custom_on_typing_events_enabled"),
    of(Flag, "migrate_permissions_to_v2"),
    of(Flag, "moderation_analytics_enabled"),
    of(Object, "moderation_dashboard_preferences"),
    of(Flag, "moderation_enabled"),
    of(Flag, "moderation_onboarding_complete"),
    of(Text, "moderation_s3_image_access_role_arn"),
    of(Text, "moderation_webhook_url"),
    of(Flag, "multi_tenant_enabled"),
    choice("permission_version", &["v1", "v2"]),
    of(Object, "push_config"),
    of(Integer, "reminders_interval"),
    of(Integer, "reminders_max_members"),
    of(Integer, "reminders_max_per_user"),
    of(Time, "revoke_tokens_issued_before"),
    of(Text, "sns_key"),
    of(Text, "sns_secret"),
    of(Text, "sns_topic_arn"),
    of(Text, "sqs_key"),
    of(Text, "sqs_secret"),
    of(Text, "sqs_url"),
    of(Flag, "user_response_time_enabled"),
    of(List, "user_search_disallowed_roles"),
    of(Text, "video_primary_use_case"),
    of(List, "webhook_events"),
    of(Text, "webhook_url"),
    of(Object, "xiaomi_config"),
];

impl Setting {
    /// Returns a setting by name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// Returns an error message for an invalid value.
    pub(crate) fn check(&self, value: &Value) -> Result<(), String> {
        let name = self.name;
        if !self.kind.admits(value) {
            return Err(format!("{name} must be {}", self.kind.name()));
        }
        if let Some(text) = value.as_str()
            && !self.choices.is_empty()
            && !self.choices.contains(&text)
        {
            return Err(format!("{name} must be one of [{}]", self.choices.join(" ")));
        }
        Ok(())
    }
}

/// The scope in which user names must be unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UniqueNames {
    No,
    App,
    Team,
}

/// The app, with the settings that differ from the defaults.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct App {
    settings: Map<String, Value>,
    pub(crate) created_at: Timestamp,
}

impl App {
    pub(crate) fn new(created_at: Timestamp) -> Self {
        Self { settings: Map::new(), created_at }
    }

    /// Sets a validated value.
    pub(crate) fn set(&mut self, setting: &Setting, value: Value) {
        self.settings.insert(setting.name.to_owned(), value);
    }

    /// Resets a setting to its default.
    pub(crate) fn clear(&mut self, setting: &Setting) {
        self.settings.remove(setting.name);
    }

    /// Returns the value of a setting; `None` if it has its default.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.settings.get(name)
    }

    /// Returns the settings that were set.
    pub(crate) fn given(&self) -> &Map<String, Value> {
        &self.settings
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns a text, unless it is absent or empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn revoked_before(&self) -> Option<Timestamp> {
        self.get("revoke_tokens_issued_before").and_then(Timestamp::parse)
    }

    pub(crate) fn unique_names(&self) -> UniqueNames {
        match self.text("enforce_unique_usernames") {
            Some("app") => UniqueNames::App,
            Some("team") => UniqueNames::Team,
            _ => UniqueNames::No,
        }
    }
}
