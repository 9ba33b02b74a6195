//! Search finds the messages that match.

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::support::Setup;

async fn setup() -> Setup {
    let setup = Setup::with_users(&["john", "jane"]).await;
    setup.channel(&["john", "jane"]).await;
    setup.send_text("john", "a ripe pineapple").await;
    let attachments = json!([{"type": "image", "image_url": "https://example.com/a.png"}]);
    let message = json!({
        "text": "Pineapple, and a melon",
        "user_id": "jane",
        "attachments": attachments,
        "custom": {"mood": "hungry"},
    });
    let path = "/api/v2/chat/channels/messaging/general/message";
    setup.post(path, json!({"message": message})).await;
    setup
}

fn path(mut payload: Value) -> String {
    if payload.get("filter_conditions").is_none() {
        payload["filter_conditions"] = json!({"cid": "messaging:general"});
    }
    let payload = payload.to_string();
    format!("/api/v2/chat/search?payload={}", utf8_percent_encode(&payload, NON_ALPHANUMERIC))
}

fn texts(found: &Value) -> Vec<&str> {
    let results = found["results"].as_array().unwrap();
    results.iter().map(|result| result["message"]["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn messages_are_found_by_words_and_filters() {
    let setup = setup().await;
    let (one, two) = ("a ripe pineapple", "Pineapple, and a melon");
    for (payload, expected) in [
        (json!({"query": "pineapple"}), vec![two, one]),
        (json!({"query": "pineapple ripe!"}), vec![one]),
        (json!({"query": "pine"}), vec![two, one]),
        (json!({"query": "apple"}), vec![]),
        (json!({"query": "rhubarb"}), vec![]),
        (json!({"message_filter_conditions": {"text": {"$q": "melon pineapple"}}}), vec![two]),
        (json!({"message_filter_conditions": {"text": {"$autocomplete": "mel"}}}), vec![two]),
        (json!({"message_filter_conditions": {"user.id": "john"}}), vec![one]),
        (json!({"message_filter_conditions": {"attachments": {"$exists": true}}}), vec![two]),
        (json!({"message_filter_conditions": {"attachments.type": {"$in": ["image"]}}}), vec![two]),
        (json!({"message_filter_conditions": {"mood": "hungry"}}), vec![two]),
        (json!({"query": "pineapple", "filter_conditions": {"cid": "messaging:x"}}), vec![]),
    ] {
        let found = setup.get(&path(payload.clone())).await;
        assert_eq!(texts(&found), expected, "{payload}");
    }
    let found = setup.get(&path(json!({"query": "ripe"}))).await;
    assert_eq!(found["results"][0]["message"]["channel"]["cid"], "messaging:general");
}

#[tokio::test]
async fn results_come_in_pages() {
    let setup = setup().await;
    let by_relevance = json!({"field": "relevance", "direction": -1});
    let sort = json!([by_relevance, {"field": "created_at", "direction": 1}]);
    let query = json!({"query": "pineapple", "sort": sort, "limit": 1});
    let first = setup.get(&path(query.clone())).await;
    assert_eq!(texts(&first), ["a ripe pineapple"]);
    let mut query = query;
    query["next"] = first["next"].clone();
    let second = setup.get(&path(query)).await;
    assert_eq!(texts(&second), ["Pineapple, and a melon"]);
    assert!(second["previous"].is_string());
    let found = setup.get(&path(json!({"query": "pineapple", "offset": 1}))).await;
    assert_eq!(texts(&found), ["a ripe pineapple"]);
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let setup = setup().await;
    let sort = json!([{"field": "created_at", "direction": 1}]);
    for payload in [
        json!({}),
        json!({"query": "a", "message_filter_conditions": {"text": "a"}}),
        json!({"query": "..."}),
        json!({"query": "a", "offset": 1, "sort": sort}),
        json!({"query": "a", "offset": 1, "next": "x"}),
        json!({"query": "a", "filter_conditions": null}),
        json!({"query": "a", "limit": 101}),
    ] {
        setup.fail(Method::GET, &path(payload), None, 400, 4).await;
    }
    let data = json!({"data": {"created_by_id": "john"}});
    setup.post("/api/v2/chat/channels/livestream/show/query", data).await;
    let filter = json!({"cid": "livestream:show"});
    let payload = json!({"query": "a", "filter_conditions": filter});
    setup.fail(Method::GET, &path(payload), None, 400, 4).await;
}

#[tokio::test]
async fn results_have_the_participants_of_threads_on_request() {
    let setup = setup().await;
    let parent = setup.send_text("john", "a question").await["id"].clone();
    let reply = json!({"text": "an answer", "user_id": "jane", "parent_id": parent});
    let path_of_general = "/api/v2/chat/channels/messaging/general/message";
    setup.post(path_of_general, json!({"message": reply})).await;
    let found = setup.get(&path(json!({"query": "question"}))).await;
    assert_eq!(found["results"][0]["message"].get("thread_participants"), None);
    assert_eq!(found["results"][0]["message"]["reply_count"], 1);
    let options = json!({"include_thread_participants": true});
    let found = setup.get(&path(json!({"query": "question", "message_options": options}))).await;
    assert_eq!(found["results"][0]["message"]["thread_participants"][0]["id"], "jane");
    let member = "/api/v2/chat/channels/messaging/general/member?user_id=john";
    setup.patch(member, json!({"set": {"badge": "gold"}})).await;
    let options = json!({"member_custom_include": ["badge"]});
    let found = setup.get(&path(json!({"query": "question", "message_options": options}))).await;
    assert_eq!(found["results"][0]["message"]["member"]["custom"], json!({"badge": "gold"}));
}
