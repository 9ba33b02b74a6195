//! Reminders follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Setup, now, rfc3339};

async fn setup() -> (Setup, Vec<String>) {
    let setup = Setup::with_users(&["john", "jane"]).await;
    let overrides = json!({"user_message_reminders": true});
    let data = json!({"created_by_id": "john", "config_overrides": overrides});
    setup.post("/api/v2/chat/channels/messaging/general/query", json!({"data": data})).await;
    let mut ids = Vec::new();
    for text in ["do this", "remember this"] {
        let message = setup.send_text("john", text).await;
        ids.push(message["id"].as_str().unwrap().to_owned());
    }
    (setup, ids)
}

fn path(id: &str) -> String {
    format!("/api/v2/chat/messages/{id}/reminders")
}

async fn query(setup: &Setup, filter: Value) -> Vec<String> {
    let body = json!({"user_id": "jane", "filter": filter});
    let found = setup.post("/api/v2/chat/reminders/query", body).await;
    let reminders = found["reminders"].as_array().unwrap();
    reminders.iter().map(|one| one["message_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_message_has_one_reminder_of_a_user() {
    let (setup, ids) = setup().await;
    let at = rfc3339(now() + 3600);
    let body = json!({"user_id": "jane", "remind_at": at});
    let made = setup.post(&path(&ids[0]), body.clone()).await;
    assert_eq!((&made["message_id"], &made["user_id"]), (&json!(ids[0]), &json!("jane")));
    assert_eq!(made["message"]["text"], "do this");
    let text = setup.fail(Method::POST, &path(&ids[0]), Some(body), 400, 4).await;
    assert!(text.contains("already has reminder created for this message_id"), "{text}");
    setup.post(&path(&ids[1]), json!({"user_id": "jane"})).await;
    assert_eq!(query(&setup, json!({})).await, ids, "a bookmark comes last");
    assert_eq!(query(&setup, json!({"remind_at": {"$exists": false}})).await, ids[1..]);
    let soon = rfc3339(now() + 60);
    assert_eq!(query(&setup, json!({"remind_at": {"$gt": soon}})).await, ids[..1]);
}

#[tokio::test]
async fn reminders_change_and_go() {
    let (setup, ids) = setup().await;
    setup.post(&path(&ids[0]), json!({"user_id": "jane", "remind_at": rfc3339(now())})).await;
    let updated = setup.patch(&path(&ids[0]), json!({"user_id": "jane"})).await;
    assert!(updated["reminder"].get("remind_at").is_none(), "it is a bookmark now");
    setup.delete(&format!("{}?user_id=jane", path(&ids[0]))).await;
    let gone = format!("{}?user_id=jane", path(&ids[0]));
    let text = setup.fail(Method::DELETE, &gone, None, 404, 16).await;
    assert!(text.contains("reminder does not exist"), "{text}");
    let body = Some(json!({"user_id": "jane"}));
    setup.fail(Method::PATCH, &path(&ids[0]), body, 404, 16).await;
}

#[tokio::test]
async fn a_reminder_goes_with_its_message() {
    let (setup, ids) = setup().await;
    setup.post(&path(&ids[0]), json!({"user_id": "jane"})).await;
    setup.delete(&format!("/api/v2/chat/messages/{}?hard=true", ids[0])).await;
    assert_eq!(query(&setup, json!({})).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_channel_must_have_the_feature() {
    let (setup, _) = setup().await;
    let data = json!({"created_by_id": "john"});
    setup.post("/api/v2/chat/channels/messaging/plain/query", json!({"data": data})).await;
    let body = json!({"message": {"text": "hi", "user_id": "john"}});
    let sent = setup.post("/api/v2/chat/channels/messaging/plain/message", body).await;
    let id = sent["message"]["id"].as_str().unwrap();
    setup.fail(Method::POST, &path(id), Some(json!({"user_id": "jane"})), 400, 19).await;
}
