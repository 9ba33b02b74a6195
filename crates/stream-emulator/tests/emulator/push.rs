//! Devices and push preferences follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

async fn add(setup: &Setup, user_id: &str, id: &str) {
    let device = json!({"id": id, "push_provider": "apn", "user_id": user_id});
    setup.post("/api/v2/devices", device).await;
}

async fn devices(setup: &Setup, user_id: &str) -> Vec<String> {
    let found = setup.get(&format!("/api/v2/devices?user_id={user_id}")).await;
    let devices = found["devices"].as_array().unwrap();
    devices.iter().map(|device| device["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn devices_belong_to_the_newest_user() {
    let setup = Setup::with_users(&["john", "jane"]).await;
    add(&setup, "john", "phone").await;
    add(&setup, "john", "tablet").await;
    add(&setup, "john", "phone").await;
    assert_eq!(devices(&setup, "john").await, ["tablet", "phone"], "newest first");
    add(&setup, "jane", "tablet").await;
    assert_eq!(devices(&setup, "john").await, ["phone"]);
    assert_eq!(devices(&setup, "jane").await, ["tablet"]);
    let payload = "%7B%22filter_conditions%22%3A%7B%22id%22%3A%22jane%22%7D%7D";
    let found = setup.get(&format!("/api/v2/users?payload={payload}")).await;
    assert_eq!(found["users"][0]["devices"][0]["id"], "tablet");
    setup.delete("/api/v2/devices?id=phone&user_id=john").await;
    assert_eq!(devices(&setup, "john").await, Vec::<String>::new());
    setup.fail(Method::DELETE, "/api/v2/devices?id=phone&user_id=john", None, 404, 16).await;
}

#[tokio::test]
async fn the_oldest_device_makes_way() {
    let setup = Setup::with_users(&["john"]).await;
    for n in 0..26 {
        add(&setup, "john", &format!("device-{n}")).await;
    }
    let left = devices(&setup, "john").await;
    assert_eq!((left.len(), left.last().unwrap().as_str()), (25, "device-1"));
}

#[tokio::test]
async fn devices_go_with_their_user() {
    let setup = Setup::with_users(&["john"]).await;
    add(&setup, "john", "phone").await;
    let body = json!({"user_ids": ["john"], "user": "hard", "messages": "hard"});
    setup.post("/api/v2/users/delete", body).await;
    setup.upsert(&["john"]).await;
    assert_eq!(devices(&setup, "john").await, Vec::<String>::new());
}

#[tokio::test]
async fn bad_devices_are_refused() {
    let setup = Setup::with_users(&["john"]).await;
    for device in [
        json!({"id": "phone", "push_provider": "pigeon", "user_id": "john"}),
        json!({"push_provider": "apn", "user_id": "john"}),
        json!({"id": "phone", "push_provider": "apn"}),
    ] {
        setup.fail(Method::POST, "/api/v2/devices", Some(device), 400, 4).await;
    }
}

#[tokio::test]
async fn preferences_add_up() {
    let setup = Setup::with_users(&["john"]).await;
    setup.channel(&["john"]).await;
    let update = |preference: Value| {
        setup.post("/api/v2/push_preferences", json!({"preferences": [preference]}))
    };
    update(json!({"user_id": "john", "chat_level": "mentions"})).await;
    let until = "2030-01-01T00:00:00Z";
    let kept = update(json!({"user_id": "john", "call_level": "none", "disabled_until": until}));
    let kept = kept.await["user_preferences"]["john"].clone();
    assert_eq!((&kept["chat_level"], &kept["call_level"]), (&json!("mentions"), &json!("none")));
    assert!(kept["disabled_until"].is_i64());
    let kept = update(json!({"user_id": "john", "remove_disable": true})).await;
    assert!(kept["user_preferences"]["john"].get("disabled_until").is_none());
    let cid = "messaging:general";
    let kept = update(json!({"user_id": "john", "channel_cid": cid, "chat_level": "none"})).await;
    assert_eq!(kept["user_channel_preferences"]["john"][cid]["chat_level"], "none");
    let bad = json!({"preferences": [{"user_id": "john", "chat_level": "loud"}]});
    setup.fail(Method::POST, "/api/v2/push_preferences", Some(bad), 400, 4).await;
}
