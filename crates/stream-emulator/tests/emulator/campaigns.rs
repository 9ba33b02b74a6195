//! Campaigns and segments follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const SEGMENTS: &str = "/api/v2/chat/segments";
const CAMPAIGNS: &str = "/api/v2/chat/campaigns";

#[tokio::test]
async fn segments_have_targets() {
    let setup = Setup::new().await;
    let new = json!({"id": "s", "type": "user", "name": "Friends", "description": "Of mine"});
    let made = setup.post(SEGMENTS, new).await["segment"].clone();
    assert_eq!((&made["size"], &made["type"]), (&json!(0), &json!("user")));
    let one = format!("{SEGMENTS}/s");
    let changed = setup.put(&one, json!({"name": "Best friends", "type": "channel"})).await;
    assert_eq!(changed["segment"]["description"], "Of mine");
    assert_eq!(changed["segment"]["type"], "user");
    let add = format!("{one}/addtargets");
    setup.post(&add, json!({"target_ids": ["jane", "kate", "jane"]})).await;
    assert_eq!(setup.get(&one).await["segment"]["size"], 2);
    setup.get(&format!("{one}/target/jane")).await;
    setup.post(&format!("{one}/deletetargets"), json!({"target_ids": ["kate", "bob"]})).await;
    setup.fail(Method::GET, &format!("{one}/target/kate"), None, 404, 16).await;
    let targets = setup.post(&format!("{one}/targets/query"), json!({"limit": 10})).await;
    assert_eq!(targets["targets"][0]["target_id"], "jane");
    let query = json!({"filter": {"name": "Best friends"}});
    let found = setup.post(&format!("{SEGMENTS}/query"), query).await["segments"].clone();
    assert_eq!(found[0]["id"], "s");
    setup.fail(Method::POST, &add, Some(json!({"target_ids": []})), 400, 4).await;
    setup.fail(Method::POST, SEGMENTS, Some(json!({"type": "team"})), 400, 4).await;
    setup.delete(&one).await;
    setup.fail(Method::GET, &one, None, 404, 16).await;
    setup.fail(Method::POST, &add, Some(json!({"target_ids": ["jane"]})), 404, 16).await;
}

async fn campaign(setup: &Setup, more: Value) -> String {
    let mut new = json!({
        "sender_id": "john", "name": "News", "user_ids": ["jane"],
        "message_template": {"text": "Hello {{user.id}}"},
        "channel_template": {"type": "messaging", "id": "{{receiver.id}}-{{sender.id}}"},
        "create_channels": true,
    });
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = setup.post(CAMPAIGNS, new).await["campaign"].clone();
    assert_eq!(made["status"], "draft");
    format!("{CAMPAIGNS}/{}", made["id"].as_str().unwrap())
}

#[tokio::test]
async fn attachments_of_a_campaign_have_custom_data() {
    let setup = Setup::with_users(&["john", "jane"]).await;
    let attachments = json!([{"type": "image", "image_url": "https://example.com/a.png"}]);
    let template = json!({"text": "Look", "attachments": attachments});
    let one = campaign(&setup, json!({"message_template": template})).await;
    let shown = setup.get(&one).await["campaign"]["message_template"].clone();
    assert_eq!(shown["attachments"][0]["custom"], json!({}));
    assert_eq!(shown["attachments"][0]["type"], "image");
}

#[tokio::test]
async fn a_campaign_writes_to_each_once() {
    let setup = Setup::with_users(&["john", "jane", "kate"]).await;
    setup.post(SEGMENTS, json!({"id": "s", "type": "user"})).await;
    let targets = json!({"target_ids": ["jane", "kate", "nobody"]});
    setup.post(&format!("{SEGMENTS}/s/addtargets"), targets).await;
    let one = campaign(&setup, json!({"segment_ids": ["s"]})).await;
    let started = setup.post(&format!("{one}/start"), json!({})).await["campaign"].clone();
    assert_eq!(started["status"], "completed");
    assert_eq!(started["stats"]["stats_messages_sent"], 2);
    assert_eq!(started["stats"]["stats_channels_created"], 2);
    for user in ["jane", "kate"] {
        let path = format!("/api/v2/chat/channels/messaging/{user}-john/query");
        let state = setup.post(&path, json!({"state": true})).await;
        assert_eq!(state["messages"][0]["text"], format!("Hello {user}"));
        assert_eq!(state["channel"]["member_count"], 2);
    }
    setup.fail(Method::POST, &format!("{one}/start"), Some(json!({})), 400, 4).await;
    setup.fail(Method::POST, &format!("{one}/stop"), Some(json!({})), 400, 4).await;
}

#[tokio::test]
async fn a_campaign_waits_for_its_time() {
    let setup = Setup::with_users(&["john", "jane"]).await;
    let one = campaign(&setup, json!({})).await;
    setup.fail(Method::POST, &format!("{one}/stop"), Some(json!({})), 400, 4).await;
    let start = |at: &str| json!({"scheduled_for": at});
    let past = start("2020-01-01T00:00:00Z");
    setup.fail(Method::POST, &format!("{one}/start"), Some(past), 400, 4).await;
    let at = start("2100-01-01T00:00:00Z");
    let started = setup.post(&format!("{one}/start"), at.clone()).await["campaign"].clone();
    assert_eq!(started["status"], "scheduled");
    assert_eq!(started["scheduled_for"], 4_102_444_800_000_000_000_i64);
    let v1 = one.strip_prefix("/api/v2/chat").unwrap();
    let stopped = setup.post(&format!("{v1}/stop"), json!({})).await;
    assert_eq!(stopped["campaign"]["status"], "stopped");
    assert_eq!(setup.get(&one).await["campaign"]["status"], "stopped");
    setup.post(&format!("{one}/start"), at).await;
    setup.post("/emulator/clock", json!({"now": "2100-01-01T00:00:01Z"})).await;
    let query = json!({"filter": {"status": "completed", "sender_id": "john"}});
    let found = setup.post(&format!("{CAMPAIGNS}/query"), query).await["campaigns"].clone();
    assert_eq!(found[0]["stats"]["stats_users_sent"], 1);
    setup.delete(&one).await;
    setup.fail(Method::GET, &one, None, 404, 16).await;
}

#[tokio::test]
async fn campaigns_that_make_no_sense_are_refused() {
    let setup = Setup::with_users(&["john"]).await;
    let message = json!({"text": "x"});
    for bad in [
        json!({"message_template": message}),
        json!({"sender_id": "nobody", "message_template": message}),
        json!({"sender_id": "john"}),
        json!({"sender_id": "john", "message_template": {"text": ""}}),
        json!({"sender_id": "john", "message_template": message, "user_ids": ["nobody"]}),
        json!({"sender_id": "john", "message_template": message, "segment_ids": ["none"]}),
    ] {
        setup.fail(Method::POST, CAMPAIGNS, Some(bad), 400, 4).await;
    }
}
