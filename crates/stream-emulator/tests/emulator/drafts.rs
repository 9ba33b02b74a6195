//! Drafts follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const DRAFT: &str = "/api/v2/chat/channels/messaging/general/draft";

async fn setup() -> Setup {
    let setup = Setup::with_users(&["john", "jane"]).await;
    setup.channel(&["john", "jane"]).await;
    setup
}

async fn draft(setup: &Setup, text: &str, parent_id: Option<&str>) -> Value {
    let message = json!({"text": text, "user_id": "jane", "parent_id": parent_id});
    setup.post(DRAFT, json!({"message": message})).await["draft"].clone()
}

fn texts(found: &Value) -> Vec<&str> {
    let drafts = found["drafts"].as_array().unwrap();
    drafts.iter().map(|draft| draft["message"]["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_user_has_one_draft_in_a_channel_and_one_in_a_thread() {
    let setup = setup().await;
    let parent = setup.send_text("john", "a question").await;
    let parent = parent["id"].as_str().unwrap();
    draft(&setup, "almost", None).await;
    let second = draft(&setup, "nearly", None).await;
    assert_eq!(second["channel_cid"], "messaging:general");
    let reply = draft(&setup, "an answer", Some(parent)).await;
    assert_eq!(reply["parent_message"]["text"], "a question");
    let read = setup.get(&format!("{DRAFT}?user_id=jane")).await;
    assert_eq!(read["draft"]["message"]["text"], "nearly");
    let read = setup.get(&format!("{DRAFT}?user_id=jane&parent_id={parent}")).await;
    assert_eq!(read["draft"]["message"]["text"], "an answer");
    setup.fail(Method::GET, &format!("{DRAFT}?user_id=john"), None, 404, 16).await;
    setup.fail(Method::GET, DRAFT, None, 400, 4).await;
}

#[tokio::test]
async fn sending_deletes_the_draft() {
    let setup = setup().await;
    draft(&setup, "nearly", None).await;
    setup.send_text("john", "mine").await;
    setup.get(&format!("{DRAFT}?user_id=jane")).await;
    setup.send_text("jane", "nearly").await;
    setup.fail(Method::GET, &format!("{DRAFT}?user_id=jane"), None, 404, 16).await;
    draft(&setup, "once more", None).await;
    setup.delete(&format!("{DRAFT}?user_id=jane")).await;
    setup.fail(Method::DELETE, &format!("{DRAFT}?user_id=jane"), None, 404, 16).await;
}

#[tokio::test]
async fn drafts_are_queried_in_pages() {
    let setup = setup().await;
    let parent = setup.send_text("john", "a question").await;
    let parent = parent["id"].as_str().unwrap();
    draft(&setup, "in the channel", None).await;
    draft(&setup, "in the thread", Some(parent)).await;
    let query = |body: Value| setup.post("/api/v2/chat/drafts/query", body);
    let first = query(json!({"user_id": "jane", "limit": 1})).await;
    assert_eq!(texts(&first), ["in the thread"], "newest first");
    let next = &first["next"];
    let second = query(json!({"user_id": "jane", "limit": 1, "next": next})).await;
    assert_eq!((texts(&second), second.get("next")), (vec!["in the channel"], None));
    let filter = json!({"parent_id": {"$exists": false}});
    let found = query(json!({"user_id": "jane", "filter": filter})).await;
    assert_eq!(texts(&found), ["in the channel"]);
    let found = query(json!({"user_id": "john"})).await;
    assert_eq!(found["drafts"], json!([]));
    let path = "/api/v2/chat/drafts/query";
    let sort = json!({"user_id": "jane", "sort": [{"field": "text", "direction": 1}]});
    setup.fail(Method::POST, path, Some(sort), 400, 4).await;
    setup.fail(Method::POST, path, Some(json!({"user_id": "jane", "next": "?"})), 400, 4).await;
    setup.delete("/api/v2/chat/channels/messaging/general").await;
    let found = query(json!({"user_id": "jane"})).await;
    assert_eq!(found["drafts"], json!([]), "those of a deleted channel are gone");
}

#[tokio::test]
async fn v1_keeps_custom_data_flat() {
    let setup = setup().await;
    let path = "/channels/messaging/general/draft";
    let message = json!({"text": "almost", "user_id": "jane", "color": "red"});
    setup.post(path, json!({"message": message})).await;
    let read = setup.get(&format!("{path}?user_id=jane")).await;
    assert_eq!(read["draft"]["message"]["color"], "red");
    assert!(read["draft"]["created_at"].is_string());
}
