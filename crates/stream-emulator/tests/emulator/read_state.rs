//! Read state and unread counts follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const CHANNEL: &str = "/api/v2/chat/channels/messaging/general";

async fn setup() -> Setup {
    let setup = Setup::with_users(&["john", "jane", "kate"]).await;
    setup.channel(&["john", "jane"]).await;
    setup
}

async fn unread(setup: &Setup, user_id: &str) -> Value {
    setup.get(&format!("/api/v2/chat/unread?user_id={user_id}")).await
}

async fn total(setup: &Setup, user_id: &str) -> i64 {
    unread(setup, user_id).await["total_unread_count"].as_i64().unwrap()
}

async fn send(setup: &Setup, mut message: Value) -> String {
    message["user_id"] = message.get("user_id").cloned().unwrap_or_else(|| json!("john"));
    let sent = setup.post(&format!("{CHANNEL}/message"), json!({"message": message})).await;
    sent["message"]["id"].as_str().unwrap().to_owned()
}

fn id(message: &Value) -> &str {
    message["id"].as_str().unwrap()
}

#[tokio::test]
async fn hidden_read_receipts_are_shown_to_their_user_only() {
    let setup = setup().await;
    let hides = json!({"read_receipts": {"enabled": false}});
    let users = json!({"users": {"jane": {"id": "jane", "privacy_settings": hides}}});
    setup.post("/api/v2/users", users).await;
    let readers = async |user_id: &str| -> Vec<String> {
        let token = setup.user_token(user_id);
        let reply = setup.call_as(&token, Method::GET, CHANNEL, None).await;
        let reads = reply.body["read"].as_array().unwrap().clone();
        reads.iter().map(|read| id(&read["user"]).to_owned()).collect()
    };
    assert_eq!(readers("john").await, ["john"]);
    assert_eq!(readers("jane").await, ["john", "jane"]);
}

#[tokio::test]
async fn messages_of_others_are_unread() {
    let setup = setup().await;
    setup.send_text("john", "one").await;
    setup.send_text("john", "two").await;
    let counts = unread(&setup, "jane").await;
    assert_eq!(counts["channels"][0]["channel_id"], "messaging:general");
    assert_eq!(counts["channels"][0]["unread_count"], 2);
    let by_type = json!([{"channel_type": "messaging", "channel_count": 1, "unread_count": 2}]);
    assert_eq!(counts["channel_type"], by_type);
    assert_eq!(total(&setup, "john").await, 0);
    let body = json!({"user_ids": ["john", "jane"]});
    let batch = setup.post("/api/v2/chat/unread_batch", body).await;
    assert_eq!(batch["counts_by_user"]["jane"]["total_unread_count"], 2);
    let body = json!({"user_ids": ["jane", "nobody"]});
    let batch = setup.post("/api/v2/chat/unread_batch", body).await;
    assert_eq!(batch["counts_by_user"].as_object().unwrap().len(), 1);
    let state = setup.post(&format!("{CHANNEL}/query"), json!({})).await;
    let counts = state["read"].as_array().unwrap().iter();
    assert_eq!(counts.map(|read| read["unread_messages"].as_i64().unwrap()).sum::<i64>(), 2);
    setup.send_text("jane", "I have read them").await;
    assert_eq!(total(&setup, "jane").await, 0, "whoever writes has read what stands above");
}

#[tokio::test]
async fn some_messages_do_not_count() {
    let setup = setup().await;
    let first = send(&setup, json!({"text": "counts"})).await;
    send(&setup, json!({"text": "silent", "silent": true})).await;
    send(&setup, json!({"text": "system", "type": "system"})).await;
    send(&setup, json!({"text": "reply", "parent_id": first})).await;
    send(&setup, json!({"text": "for john", "restricted_visibility": ["john"]})).await;
    assert_eq!(total(&setup, "jane").await, 1);
    send(&setup, json!({"text": "shown", "parent_id": first, "show_in_channel": true})).await;
    assert_eq!(total(&setup, "jane").await, 2);
    let mute = json!({"channel_cids": ["messaging:general"], "user_id": "jane"});
    setup.post("/api/v2/chat/moderation/mute/channel", mute.clone()).await;
    assert_eq!(total(&setup, "jane").await, 0, "a muted channel");
    setup.post("/api/v2/chat/moderation/unmute/channel", mute).await;
    let last = send(&setup, json!({"text": "counts, too"})).await;
    assert_eq!(total(&setup, "jane").await, 3);
    setup.delete(&format!("/api/v2/chat/messages/{last}?hard=true")).await;
    assert_eq!(total(&setup, "jane").await, 2, "a hard delete takes one away");
    setup.post(&format!("{CHANNEL}/truncate"), json!({})).await;
    assert_eq!(total(&setup, "jane").await, 0);
}

#[tokio::test]
async fn marks_go_both_ways() {
    let setup = setup().await;
    let messages = [setup.send_text("john", "a").await, setup.send_text("john", "b").await];
    let read = format!("{CHANNEL}/read");
    let event = setup.post(&read, json!({"user_id": "jane"})).await["event"].clone();
    assert_eq!((&event["type"], &event["user"]["id"]), (&json!("message.read"), &json!("jane")));
    assert_eq!(event["last_read_message_id"], messages[1]["id"]);
    assert_eq!(total(&setup, "jane").await, 0);
    let unread_path = format!("{CHANNEL}/unread");
    setup.post(&unread_path, json!({"user_id": "jane", "message_id": id(&messages[0])})).await;
    assert_eq!(total(&setup, "jane").await, 2);
    setup.post(&read, json!({"user_id": "jane", "message_id": id(&messages[0])})).await;
    assert_eq!(total(&setup, "jane").await, 1);
    let at = messages[0]["created_at"].clone();
    setup.post(&unread_path, json!({"user_id": "jane", "message_timestamp": at})).await;
    assert_eq!(total(&setup, "jane").await, 2);
    setup.post("/api/v2/chat/channels/read", json!({"user_id": "jane"})).await;
    assert_eq!(total(&setup, "jane").await, 0);
    setup.send_text("john", "c").await;
    let body = json!({"user_id": "jane", "read_by_channel": {"messaging:general": ""}});
    setup.post("/api/v2/chat/channels/read", body).await;
    assert_eq!(total(&setup, "jane").await, 0);
    // This also applies to a user who is not a member.
    setup.post(&unread_path, json!({"user_id": "kate", "message_id": id(&messages[0])})).await;
    setup.post(&read, json!({"user_id": "kate"})).await;
}

#[tokio::test]
async fn a_membership_begins_at_zero() {
    let setup = setup().await;
    setup.send_text("john", "before").await;
    setup.post(CHANNEL, json!({"add_members": [{"user_id": "kate"}]})).await;
    assert_eq!(total(&setup, "kate").await, 0);
    setup.send_text("john", "after").await;
    assert_eq!(total(&setup, "kate").await, 1);
    setup.post(CHANNEL, json!({"add_members": [{"user_id": "kate"}]})).await;
    assert_eq!(total(&setup, "kate").await, 1, "being added again changes nothing");
    setup.post(CHANNEL, json!({"remove_members": ["kate"]})).await;
    assert_eq!(total(&setup, "kate").await, 0);
    setup.post(CHANNEL, json!({"add_members": [{"user_id": "kate"}]})).await;
    assert_eq!(total(&setup, "kate").await, 0);
}

#[tokio::test]
async fn channels_are_found_by_it() {
    let setup = setup().await;
    setup.send_text("john", "one").await;
    for (has_unread, count) in [(true, 1), (false, 0)] {
        let filter = json!({"has_unread": has_unread});
        let body = json!({"user_id": "jane", "filter_conditions": filter});
        let found = setup.post("/api/v2/chat/channels", body).await;
        assert_eq!(found["channels"].as_array().unwrap().len(), count, "{has_unread}");
    }
}

#[tokio::test]
async fn bad_marks_are_refused() {
    let setup = setup().await;
    let (read, unread) = (format!("{CHANNEL}/read"), format!("{CHANNEL}/unread"));
    setup.fail(Method::POST, &read, Some(json!({})), 400, 4).await;
    let missing = json!({"user_id": "jane", "message_id": "missing"});
    setup.fail(Method::POST, &read, Some(missing.clone()), 404, 16).await;
    setup.fail(Method::POST, &unread, Some(missing), 404, 16).await;
    setup.fail(Method::POST, &unread, Some(json!({"user_id": "jane"})), 400, 4).await;
    let data = json!({"data": {"created_by_id": "john"}});
    setup.post("/api/v2/chat/channels/livestream/show/query", data).await;
    let path = "/api/v2/chat/channels/livestream/show/read";
    setup.fail(Method::POST, path, Some(json!({"user_id": "jane"})), 400, 18).await;
    let many: serde_json::Map<_, _> =
        (0..31).map(|n| (format!("messaging:{n}"), json!(""))).collect();
    let body = json!({"user_id": "jane", "read_by_channel": many});
    setup.fail(Method::POST, "/api/v2/chat/channels/read", Some(body), 400, 4).await;
}
