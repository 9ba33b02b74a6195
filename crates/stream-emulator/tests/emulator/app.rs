//! App settings follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const APP: &str = "/api/v2/app";

async fn app(setup: &Setup) -> Value {
    setup.get(APP).await["app"].clone()
}

#[tokio::test]
async fn what_is_left_out_stays() {
    let setup = Setup::new().await;
    let hook = json!({"enabled": false, "hook_type": "webhook", "webhook_url": "http://127.0.0.1:9/", "event_types": ["message.new"]});
    setup
        .patch(APP, json!({"event_hooks": [hook], "user_search_disallowed_roles": ["guest"], "moderation_enabled": true}))
        .await;
    setup.patch(APP, json!({"cdn_expiration_seconds": 20_000})).await;
    let shown = app(&setup).await;
    assert_eq!(shown["event_hooks"][0]["event_types"], json!(["message.new"]));
    assert_eq!(shown["event_hooks"][0]["id"].as_str().unwrap().len(), 36);
    assert!(shown["event_hooks"][0]["created_at"].is_i64());
    assert_eq!(shown["user_search_disallowed_roles"], json!(["guest"]));
    assert_eq!(shown["cdn_expiration_seconds"], 20_000);
    assert_eq!(shown["moderation_enabled"], true);
}

#[tokio::test]
async fn null_clears_and_an_empty_list_empties() {
    let setup = Setup::new().await;
    let settings = json!({
        "webhook_events": ["message.new"],
        "user_search_disallowed_roles": ["guest"],
        "reminders_interval": 120,
        "datadog_info": {"site": "x"},
        "grants": {"user": ["read-channel"], "guest": []},
    });
    setup.patch(APP, settings).await;
    assert_eq!(app(&setup).await["datadog_info"], json!({"site": "x"}));
    setup
        .patch(
            APP,
            json!({"webhook_events": [], "user_search_disallowed_roles": null, "reminders_interval": null, "datadog_info": null, "grants": {"guest": null}}),
        )
        .await;
    let shown = app(&setup).await;
    assert_eq!(shown["webhook_events"], json!([]));
    assert_eq!(shown["user_search_disallowed_roles"], json!([]));
    assert_eq!(shown["reminders_interval"], 3600);
    assert_eq!(shown.get("datadog_info"), None);
    assert_eq!(shown["grants"], json!({"user": ["read-channel"]}));
}

#[tokio::test]
async fn push_providers_show_where_the_app_keeps_them() {
    let setup = Setup::new().await;
    let settings = json!({
        "apn_config": {"auth_type": "token", "team_id": "T"},
        "firebase_config": {"credentials_json": "{}", "Disabled": true},
        "push_config": {"version": "v3", "offline_only": true},
    });
    setup.patch(APP, settings).await;
    let push = app(&setup).await["push_notifications"].clone();
    assert_eq!(push["apn"]["team_id"], "T");
    assert_eq!(push["apn"]["enabled"], true);
    assert_eq!(push["firebase"]["enabled"], false);
    assert_eq!(push["huawei"]["enabled"], false);
    assert_eq!((&push["version"], &push["offline_only"]), (&json!("v3"), &json!(true)));
}

#[tokio::test]
async fn a_setting_of_the_wrong_kind_changes_nothing() {
    let setup = Setup::new().await;
    let text = setup
        .fail(
            Method::PATCH,
            APP,
            Some(json!({"moderation_enabled": true, "webhook_events": "message.new"})),
            400,
            4,
        )
        .await;
    assert!(text.contains("webhook_events: must be a list of strings"), "{text}");
    assert_eq!(app(&setup).await["moderation_enabled"], false);
    for bad in [
        json!({"enforce_unique_usernames": "sometimes"}),
        json!({"revoke_tokens_issued_before": "yesterday"}),
        json!({"event_hooks": ["http://x"]}),
    ] {
        setup.fail(Method::PATCH, APP, Some(bad), 400, 4).await;
    }
}

#[tokio::test]
async fn what_is_nested_in_settings_has_types_too() {
    let setup = Setup::new().await;
    for (bad, place) in [
        (json!({"push_config": {"version": 2}}), "push_config.version"),
        (json!({"push_config": {"offline_only": "yes"}}), "push_config.offline_only"),
        (json!({"file_upload_config": {"size_limit": "1"}}), "file_upload_config.size_limit"),
        (json!({"apn_config": {"development": 1}}), "apn_config.development"),
        (json!({"grants": {"user": "read-channel"}}), "grants.user"),
        (json!({"event_hooks": [{"event_types": "x"}]}), "event_hooks[0].event_types"),
        (json!({"webhook_events": [1]}), "webhook_events"),
        (
            json!({"moderation_dashboard_preferences": {"overview_dashboard": []}}),
            "moderation_dashboard_preferences.overview_dashboard",
        ),
    ] {
        let before = app(&setup).await;
        let text = setup.fail(Method::PATCH, APP, Some(bad), 400, 4).await;
        assert!(text.contains(&format!("{place}: must be ")), "{text}");
        assert_eq!(app(&setup).await, before);
    }
    let kind = "/api/v2/chat/channeltypes/team";
    for (bad, place) in [
        (json!({"automod_thresholds": {"toxic": {"flag": "x"}}}), "automod_thresholds.toxic.flag"),
        (json!({"blocklists": ["words"]}), "blocklists[0]"),
        (json!({"permissions": [{"priority": "1"}]}), "permissions[0].priority"),
        (json!({"chat_preferences": {"thread_replies": 1}}), "chat_preferences.thread_replies"),
    ] {
        let text = setup.fail(Method::PUT, kind, Some(bad), 400, 4).await;
        assert!(text.contains(&format!("{place}: must be ")), "{text}");
    }
    let config = "/api/v2/moderation/config";
    let audio = json!({"key": "chat", "ai_audio_config": {"profile": "default"}});
    let shown = setup.post(config, audio).await["config"]["ai_audio_config"].clone();
    assert_eq!(shown, json!({"enabled": false, "profile": "default", "rules": []}));
    for (bad, place) in [
        (json!({"ai_text_config": {"rules": [{"label": 1}]}}), "ai_text_config.rules[0].label"),
        (json!({"velocity_filter_config": {"enabled": "x"}}), "velocity_filter_config.enabled"),
        (json!({"bodyguard_config": {"enabled": 1}}), "bodyguard_config.enabled"),
        (
            json!({"rule_builder_config": {"rules": [{"conditions": [{"confidence": []}]}]}}),
            "rule_builder_config.rules[0].conditions[0].confidence",
        ),
    ] {
        let mut body = bad;
        body["key"] = json!("chat");
        let text = setup.fail(Method::POST, config, Some(body), 400, 4).await;
        assert!(text.contains(&format!("{place}: must be ")), "{text}");
    }
}

#[tokio::test]
async fn times_are_shown_as_nanoseconds() {
    let setup = Setup::new().await;
    setup
        .patch(APP, json!({"revoke_tokens_issued_before": "2020-01-01T00:00:00.000000001Z"}))
        .await;
    assert_eq!(app(&setup).await["revoke_tokens_issued_before"], 1_577_836_800_000_000_001_i64);
}
