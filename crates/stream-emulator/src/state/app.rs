//! The settings of the app.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Kind, Mismatch, Timestamp};

/// A setting of `UpdateApp`.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

const fn of(kind: Kind, name: &'static str) -> Setting {
    Setting { name, kind }
}

use Kind::{Bool, Choice, Fields, Integer, Items, Text, Texts, Time, Values};

/// The fields that push providers of all kinds have in the app's settings.
const PUSH_PROVIDER: Kind = Fields(&[
    ("Disabled", Bool),
    ("apn_template", Text),
    ("auth_key", Text),
    ("auth_type", Choice(&["certificate", "token"])),
    ("bundle_id", Text),
    ("credentials_json", Text),
    ("data_template", Text),
    ("development", Bool),
    ("host", Text),
    ("id", Text),
    ("key_id", Text),
    ("notification_template", Text),
    ("p12_cert", Text),
    ("package_name", Text),
    ("secret", Text),
    ("server_key", Text),
    ("team_id", Text),
]);

const CALLBACK: Kind = Fields(&[
    ("mode", Choice(&["CALLBACK_MODE_NONE", "CALLBACK_MODE_REST", "CALLBACK_MODE_TWIRP"])),
    ("server_url", Text),
]);

const UPLOADS: Kind = Fields(&[
    ("allowed_file_extensions", Texts),
    ("allowed_mime_types", Texts),
    ("blocked_file_extensions", Texts),
    ("blocked_mime_types", Texts),
    ("size_limit", Integer),
]);

const EVENT_HOOK: Kind = Fields(&[
    ("callback", CALLBACK),
    ("created_at", Time),
    ("enabled", Bool),
    ("event_types", Texts),
    ("failover_config", Values(&Text)),
    ("hook_type", Text),
    ("id", Text),
    ("product", Text),
    ("should_send_custom_events", Bool),
    ("sns_auth_type", Text),
    ("sns_event_based_message_group_id_enabled", Bool),
    ("sns_key", Text),
    ("sns_region", Text),
    ("sns_role_arn", Text),
    ("sns_secret", Text),
    ("sns_topic_arn", Text),
    ("sqs_auth_type", Text),
    ("sqs_key", Text),
    ("sqs_queue_url", Text),
    ("sqs_region", Text),
    ("sqs_role_arn", Text),
    ("sqs_secret", Text),
    ("timeout_ms", Integer),
    ("updated_at", Time),
    ("webhook_url", Text),
]);

const DASHBOARD: Kind = Fields(&[
    ("allowed_moderation_action_reasons", Texts),
    ("async_review_queue_upsert", Bool),
    ("block_foreign_cdn_attachments", Bool),
    ("custom_views_enabled", Bool),
    ("disable_audit_logs", Bool),
    ("disable_flagging_reviewed_entity", Bool),
    ("enforce_shadow_server_side", Bool),
    ("escalation_queue_enabled", Bool),
    ("escalation_reasons", Texts),
    ("filterable_custom_keys", Texts),
    ("flag_user_on_flagged_content", Bool),
    ("include_attachment_payload", Bool),
    ("keyframe_classifications_map", Values(&Values(&Bool))),
    ("media_queue_blur_enabled", Bool),
    (
        "overview_dashboard",
        Fields(&[("default_date_range_days", Integer), ("visible_charts", Texts)]),
    ),
]);

const SETTINGS: &[Setting] = &[
    of(Values(&Integer), "activity_metrics_config"),
    of(Texts, "allowed_flag_reasons"),
    of(PUSH_PROVIDER, "apn_config"),
    of(Fields(&[("callback", CALLBACK), ("timeout_ms", Integer)]), "async_moderation_config"),
    of(Bool, "async_url_enrich_enabled"),
    of(Bool, "auto_translation_enabled"),
    of(Integer, "before_message_send_hook_attempt_timeout_ms"),
    of(Text, "before_message_send_hook_url"),
    of(Integer, "cdn_expiration_seconds"),
    of(Bool, "channel_hide_members_only"),
    of(Text, "chat_primary_use_case"),
    of(Text, "custom_action_handler_url"),
    of(Fields(&[("api_key", Text), ("enabled", Bool), ("site", Text)]), "datadog_info"),
    of(Bool, "disable_auth_checks"),
    of(Bool, "disable_permissions_checks"),
    of(Bool, "enable_hook_payload_compression"),
    of(Choice(&["no", "app", "team"]), "enforce_unique_usernames"),
    of(Items(&EVENT_HOOK), "event_hooks"),
    of(Bool, "feed_audit_logs_enabled"),
    of(Bool, "feeds_moderation_enabled"),
    of(Text, "feeds_v2_region"),
    of(UPLOADS, "file_upload_config"),
    of(PUSH_PROVIDER, "firebase_config"),
    of(Values(&Texts), "grants"),
    of(Bool, "guest_user_creation_disabled"),
    of(PUSH_PROVIDER, "huawei_config"),
    of(Texts, "image_moderation_block_labels"),
    of(Bool, "image_moderation_enabled"),
    of(Texts, "image_moderation_labels"),
    of(UPLOADS, "image_upload_config"),
    of(Integer, "max_aggregated_activities_length"),
    of(Bool, "member_custom_on_mentioned_users_enabled"),
    of(Bool, "member_custom_on_messages_enabled"),
    of(Bool, "member_custom_on_typing_events_enabled"),
    of(Bool, "migrate_permissions_to_v2"),
    of(Bool, "moderation_analytics_enabled"),
    of(DASHBOARD, "moderation_dashboard_preferences"),
    of(Bool, "moderation_enabled"),
    of(Bool, "moderation_onboarding_complete"),
    of(Text, "moderation_s3_image_access_role_arn"),
    of(Text, "moderation_webhook_url"),
    of(Bool, "multi_tenant_enabled"),
    of(Choice(&["v1", "v2"]), "permission_version"),
    of(Fields(&[("offline_only", Bool), ("version", Choice(&["v1", "v2", "v3"]))]), "push_config"),
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
    of(Bool, "user_response_time_enabled"),
    of(Texts, "user_search_disallowed_roles"),
    of(Text, "video_primary_use_case"),
    of(Texts, "webhook_events"),
    of(Text, "webhook_url"),
    of(PUSH_PROVIDER, "xiaomi_config"),
];

impl Setting {
    /// Returns a setting by name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// Refuses an invalid value.
    pub(crate) fn check(&self, value: &Value) -> Result<(), Mismatch> {
        self.kind.check(self.name, value)
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
