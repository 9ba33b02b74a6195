//! Renders the app.

use serde_json::{Map, Value, json};

use super::View;
use crate::document::{Node, Object};
use crate::state::{App, Kind, Setting, Timestamp};

/// Settings that responses do not contain, or contain under another name.
const NOT_SHOWN: &[&str] = &[
    "apn_config",
    "async_moderation_config",
    "channel_hide_members_only",
    "enable_hook_payload_compression",
    "feeds_moderation_enabled",
    "feeds_v2_region",
    "firebase_config",
    "huawei_config",
    "image_moderation_block_labels",
    "migrate_permissions_to_v2",
    "moderation_analytics_enabled",
    "push_config",
    "reminders_max_members",
    "reminders_max_per_user",
    "xiaomi_config",
];

/// Settings that users see, too. They see the defaults of the others.
const PUBLIC: &[&str] = &[
    "async_url_enrich_enabled",
    "auto_translation_enabled",
    "file_upload_config",
    "guest_user_creation_disabled",
    "image_upload_config",
    "multi_tenant_enabled",
];

impl View<'_> {
    /// Renders the app (`AppResponseFields`).
    pub(crate) fn app(self, app: &App) -> Object {
        let is_public = self.viewer.is_some();
        let unset = App::new(app.created_at);
        let mut fields = defaults()
            .field("channel_configs", self.channel_configs())
            .field("push_notifications", push_notifications(if is_public { &unset } else { app }));
        for (name, value) in app.given() {
            if is_public && !PUBLIC.contains(&name.as_str()) {
                continue;
            }
            if !NOT_SHOWN.contains(&name.as_str()) {
                fields.set(name.clone(), setting(name, value));
            }
        }
        fields
    }
}

fn setting(name: &str, value: &Value) -> Node {
    if Setting::find(name).is_some_and(|setting| setting.kind == Kind::Time) {
        return Timestamp::parse(value).map_or(Node::Null, Node::Time);
    }
    match value {
        Value::Array(hooks) if name == "event_hooks" => hooks.iter().map(event_hook).collect(),
        value => value.clone().into(),
    }
}

fn event_hook(hook: &Value) -> Node {
    let Some(hook) = hook.as_object() else {
        return Node::Null;
    };
    let fields = hook.iter().map(|(name, value)| {
        let time = matches!(name.as_str(), "created_at" | "updated_at")
            .then(|| Timestamp::parse(value))
            .flatten();
        (name.clone(), time.map_or_else(|| Node::Json(value.clone()), Node::Time))
    });
    fields.collect::<Object>().into()
}

/// Settings whose default is `false`.
const FLAGS: &[&str] = &[
    "allow_multi_user_devices",
    "async_url_enrich_enabled",
    "auto_translation_enabled",
    "campaign_enabled",
    "disable_auth_checks",
    "disable_permissions_checks",
    "feed_audit_logs_enabled",
    "guest_user_creation_disabled",
    "image_moderation_enabled",
    "member_custom_on_mentioned_users_enabled",
    "member_custom_on_messages_enabled",
    "member_custom_on_typing_events_enabled",
    "moderation_audio_call_moderation_enabled",
    "moderation_enabled",
    "moderation_keyframe_video_enabled",
    "moderation_llm_configurability_enabled",
    "moderation_multitenant_blocklist_enabled",
    "moderation_video_call_moderation_enabled",
    "multi_tenant_enabled",
    "suspended",
    "user_response_time_enabled",
];

/// Settings whose default is an empty text.
const TEXTS: &[&str] = &[
    "custom_action_handler_url",
    "moderation_webhook_url",
    "sns_key",
    "sns_secret",
    "sns_topic_arn",
    "sqs_key",
    "sqs_secret",
    "sqs_url",
    "suspended_explanation",
    "webhook_url",
];

/// Settings whose default is an empty list.
const LISTS: &[&str] = &["event_hooks", "user_search_disallowed_roles", "webhook_events"];

/// Settings whose default is an empty object.
const MAPS: &[&str] = &["call_types", "grants", "policies"];

/// Returns the defaults of all settings.
fn defaults() -> Object {
    let named = |names: &'static [&'static str], value: Value| {
        names.iter().map(move |name| (*name, value.clone()))
    };
    let fields: Object = named(FLAGS, false.into())
        .chain(named(TEXTS, "".into()))
        .chain(named(LISTS, Value::Array(Vec::new())))
        .chain(named(MAPS, Value::Object(Map::new())))
        .collect();
    fields
        .field("id", 1)
        .field("name", "Emulated app")
        .field("organization", "Emulator")
        .field("placement", "local")
        .field("cdn_expiration_seconds", 1_209_600)
        .field("enforce_unique_usernames", "no")
        .field("file_upload_config", upload_config())
        .field("image_upload_config", upload_config())
        .field("max_aggregated_activities_length", 0)
        .field("permission_version", "v2")
        .field("reminders_interval", 3600)
        .field("use_hook_v2", true)
}

fn upload_config() -> Value {
    json!({
        "size_limit": 104_857_600,
        "allowed_file_extensions": [],
        "blocked_file_extensions": [],
        "allowed_mime_types": [],
        "blocked_mime_types": [],
    })
}

fn push_notifications(app: &App) -> Object {
    let push = app.get("push_config");
    let part = |name: &str| push.and_then(|push| push.get(name)).cloned();
    Object::new()
        .field("version", part("version").unwrap_or_else(|| "v2".into()))
        .field("offline_only", part("offline_only").unwrap_or(false.into()))
        .field("apn", provider(app, "apn_config", true))
        .field("firebase", provider(app, "firebase_config", false))
        .field("huawei", provider(app, "huawei_config", false))
        .field("xiaomi", provider(app, "xiaomi_config", false))
}

/// Renders the settings of a push provider, which is enabled as soon as it is configured, unless
/// its settings disable it.
fn provider(app: &App, name: &str, has_development: bool) -> Value {
    let given = app.get(name).and_then(Value::as_object);
    let mut fields = given.cloned().unwrap_or_default();
    let is_disabled = fields.remove("Disabled").or_else(|| fields.remove("disabled"));
    let is_enabled = given.is_some() && is_disabled != Some(Value::Bool(true));
    fields.insert("enabled".to_owned(), is_enabled.into());
    if has_development {
        fields.entry("development").or_insert_with(|| Value::Bool(false));
    }
    fields.into()
}
