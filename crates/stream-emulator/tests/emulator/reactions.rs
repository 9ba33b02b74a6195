//! Queries of reactions follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

async fn setup() -> (Setup, String) {
    let setup = Setup::with_users(&["john", "jane"]).await;
    setup.channel(&["john", "jane"]).await;
    let message = setup.send_text("john", "react to this").await;
    let path = format!("/api/v2/chat/messages/{}", message["id"].as_str().unwrap());
    for (kind, user_id) in [("love", "john"), ("wow", "jane"), ("like", "jane")] {
        let reaction = json!({"reaction": {"type": kind, "user_id": user_id}});
        setup.post(&format!("{path}/reaction"), reaction).await;
    }
    (setup, format!("{path}/reactions"))
}

fn kinds(found: &Value) -> Vec<&str> {
    let reactions = found["reactions"].as_array().unwrap();
    reactions.iter().map(|reaction| reaction["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn reactions_are_filtered_and_sorted() {
    let (setup, path) = setup().await;
    let query = |body: Value| setup.post(&path, body);
    assert_eq!(kinds(&query(json!({})).await), ["like", "wow", "love"], "newest first");
    let filter = json!({"type": {"$in": ["love", "like"]}});
    let sort = json!([{"field": "created_at", "direction": 1}]);
    let found = query(json!({"filter": filter, "sort": sort})).await;
    assert_eq!(kinds(&found), ["love", "like"]);
    assert_eq!(kinds(&query(json!({"filter": {"user_id": "john"}})).await), ["love"]);
    setup.fail(Method::POST, &path, Some(json!({"filter": {"score": 1}})), 400, 4).await;
    setup.fail(Method::POST, &path, Some(json!({"limit": 301})), 400, 4).await;
}

#[tokio::test]
async fn custom_data_has_a_limit() {
    let (setup, path) = setup().await;
    let custom = json!({"blob": "x".repeat(1100)});
    let reaction = json!({"type": "sad", "user_id": "john", "custom": custom});
    let body = Some(json!({"reaction": reaction}));
    setup.fail(Method::POST, path.trim_end_matches('s'), body, 413, 22).await;
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended() {
    let (setup, path) = setup().await;
    let first = setup.post(&path, json!({"limit": 2})).await;
    assert_eq!(kinds(&first), ["like", "wow"]);
    assert!(first.get("prev").is_none());
    let body = json!({"reaction": {"type": "sad", "user_id": "john"}});
    setup.post(path.trim_end_matches('s'), body).await;
    let second = setup.post(&path, json!({"limit": 2, "next": first["next"]})).await;
    assert_eq!(kinds(&second), ["love"], "what came since then does not repeat anything");
    let back = setup.post(&path, json!({"limit": 2, "prev": second["prev"]})).await;
    assert_eq!(kinds(&back), ["like", "wow"]);
}
