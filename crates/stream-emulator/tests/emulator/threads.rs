//! Threads follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const CHANNEL: &str = "/api/v2/chat/channels/messaging/general";

async fn reply(setup: &Setup, parent: &str, user_id: &str, text: &str) -> String {
    let message = json!({"text": text, "user_id": user_id, "parent_id": parent});
    let sent = setup.post(&format!("{CHANNEL}/message"), json!({"message": message})).await;
    sent["message"]["id"].as_str().unwrap().to_owned()
}

/// Creates two threads: jane has replied twice to the first, kate once to the second.
async fn setup() -> (Setup, Vec<String>) {
    let setup = Setup::with_users(&["john", "jane", "kate"]).await;
    setup.channel(&["john", "jane", "kate"]).await;
    let mut parents = Vec::new();
    for text in ["one", "two"] {
        parents.push(setup.send_text("john", text).await["id"].as_str().unwrap().to_owned());
    }
    reply(&setup, &parents[0], "jane", "a").await;
    reply(&setup, &parents[0], "jane", "b").await;
    reply(&setup, &parents[1], "kate", "c").await;
    (setup, parents)
}

fn path(parent: &str) -> String {
    format!("/api/v2/chat/threads/{parent}")
}

fn parents_of(found: &Value) -> Vec<&str> {
    let threads = found["threads"].as_array().unwrap();
    threads.iter().map(|thread| thread["parent_message_id"].as_str().unwrap()).collect()
}

async fn query(setup: &Setup, body: Value) -> Value {
    setup.post("/api/v2/chat/threads", body).await
}

#[tokio::test]
async fn a_thread_begins_with_the_first_reply() {
    let (setup, parents) = setup().await;
    let thread = setup.get(&format!("{}?reply_limit=1", path(&parents[0]))).await["thread"].clone();
    assert_eq!(thread["created_by_user_id"], "jane");
    assert_eq!((&thread["reply_count"], &thread["participant_count"]), (&json!(2), &json!(2)));
    assert_eq!(thread["latest_replies"].as_array().unwrap().len(), 1);
    assert_eq!(thread["latest_replies"][0]["text"], "b");
    assert_eq!(thread["parent_message"]["text"], "one");
    let lonely = setup.send_text("john", "no replies").await;
    let lonely = path(lonely["id"].as_str().unwrap());
    setup.fail(Method::GET, &lonely, None, 404, 16).await;
}

#[tokio::test]
async fn a_thread_has_a_title_and_custom_data() {
    let (setup, parents) = setup().await;
    let body = json!({"user_id": "john", "set": {"title": "T", "color": "red", "size": 2}});
    let thread = setup.patch(&path(&parents[0]), body).await["thread"].clone();
    assert_eq!(thread["title"], "T");
    let body = json!({"user_id": "john", "unset": ["size", "title"]});
    setup.patch(&path(&parents[0]), body).await;
    let thread = setup.get(&path(&parents[0])).await["thread"].clone();
    assert_eq!((&thread["title"], &thread["custom"]), (&json!(""), &json!({"color": "red"})));
    let body = json!({"user_id": "john", "set": {"reply_count": 7}});
    let refused = setup.call(Method::PATCH, &path(&parents[0]), Some(body)).await;
    assert!(refused.status.is_client_error(), "a reserved field");
}

#[tokio::test]
async fn users_find_the_threads_that_they_take_part_in() {
    let (setup, parents) = setup().await;
    let sort = json!([{"field": "reply_count", "direction": -1}]);
    let all = query(&setup, json!({"user_id": "john", "sort": sort})).await;
    assert_eq!(parents_of(&all), [&parents[0], &parents[1]]);
    assert_eq!(parents_of(&query(&setup, json!({"user_id": "kate"})).await), [&parents[1]]);
    let first = query(&setup, json!({"user_id": "john", "sort": sort, "limit": 1})).await;
    let body = json!({"user_id": "john", "sort": sort, "limit": 1, "next": first["next"]});
    assert_eq!(parents_of(&query(&setup, body).await), [&parents[1]]);
    for (filter, found) in [
        (json!({"reply_count": {"$gt": 1}}), vec![&parents[0]]),
        (json!({"created_by_user_id": "kate"}), vec![&parents[1]]),
        (json!({"has_unread": false}), vec![]),
    ] {
        let body = json!({"user_id": "john", "filter": filter});
        assert_eq!(parents_of(&query(&setup, body).await), found, "{filter}");
    }
    let body = Some(json!({"user_id": "john", "filter": {"color": {"$foo": 1}}}));
    setup.fail(Method::POST, "/api/v2/chat/threads", body, 400, 4).await;
}

#[tokio::test]
async fn replies_are_unread_until_the_thread_is_read() {
    let (setup, parents) = setup().await;
    let unread = || async {
        let counts = setup.get("/api/v2/chat/unread?user_id=john").await;
        counts["total_unread_threads_count"].as_i64().unwrap()
    };
    assert_eq!(unread().await, 2, "the author of the parents");
    let read = json!({"user_id": "john", "thread_id": parents[0]});
    let event = setup.post(&format!("{CHANNEL}/read"), read).await["event"].clone();
    assert_eq!(event["thread"]["parent_message_id"], parents[0]);
    assert_eq!(unread().await, 1);
    let body = json!({"user_id": "john", "thread_id": parents[0]});
    setup.post(&format!("{CHANNEL}/unread"), body).await;
    assert_eq!(unread().await, 2);
}

#[tokio::test]
async fn a_thread_goes_with_its_parent() {
    let (setup, parents) = setup().await;
    setup.delete(&format!("/api/v2/chat/messages/{}?hard=true", parents[0])).await;
    setup.fail(Method::GET, &path(&parents[0]), None, 404, 16).await;
    assert_eq!(parents_of(&query(&setup, json!({"user_id": "john"})).await), [&parents[1]]);
}

#[tokio::test]
async fn a_channel_has_the_unread_counts_of_the_users_threads_on_request() {
    let (setup, parents) = setup().await;
    let jane = setup.user_token("jane");
    let path = format!("{CHANNEL}/query");
    reply(&setup, &parents[0], "john", "unread").await;
    let ask = async |body: Value| {
        setup.call_as(&jane, Method::POST, &path, Some(body)).await.body["threads"].clone()
    };
    assert_eq!(ask(json!({})).await, json!([]));
    let threads = ask(json!({"thread_unread_counts": true})).await;
    assert_eq!(threads.as_array().unwrap().len(), 1, "jane is in one of two threads");
    assert_eq!(threads[0]["parent_message_id"], parents[0].as_str());
    let reads = threads[0]["read"].as_array().unwrap();
    let own = reads.iter().find(|read| read["user"]["id"] == "jane").unwrap();
    assert_eq!(own["unread_messages"], 1);
}
