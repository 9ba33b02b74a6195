//! Requests have the documented headers and bodies on a real socket.

use crate::support;
use stream_chat::models::channels::QueryChannelsRequest;
use stream_chat::models::filter::Filter;
use stream_chat::{ChannelSort, MessageRequest, UserRequest};
use stream_emulator::ReceivedRequest;

fn last(mut requests: Vec<ReceivedRequest>) -> ReceivedRequest {
    requests.pop().unwrap()
}

#[tokio::test]
async fn headers_and_key_are_in_their_places() {
    let (emulator, client) = support::start().await;
    client.upsert_users([UserRequest::new("john").custom("nothing", None::<u8>)]).await.unwrap();
    client.app().await.unwrap();
    let requests = emulator.requests();
    let (post, get) = (&requests[0], &requests[1]);

    for request in [post, get] {
        let key = format!("api_key={}", emulator.api_key());
        assert_eq!(request.query.as_deref(), Some(key.as_str()));
        let token = request.header("authorization").unwrap();
        assert!(!token.starts_with("Bearer") && token.split('.').count() == 3, "{token}");
        assert_eq!(request.header("stream-auth-type"), Some("jwt"));
        assert_eq!(request.header("accept-encoding"), Some("gzip"));
        let sdk = format!("stream-rust-client-{}", env!("CARGO_PKG_VERSION"));
        assert_eq!(request.header("x-stream-client"), Some(sdk.as_str()));
        assert_eq!(request.header("x-client-request-id").map(str::len), Some(36));
    }
    assert_ne!(post.header("x-client-request-id"), get.header("x-client-request-id"));
    assert_eq!(post.header("content-type"), Some("application/json"));
    assert_eq!(post.body, r#"{"users":{"john":{"custom":{"nothing":null},"id":"john"}}}"#);
    assert_eq!(get.header("content-type"), None);
    assert!(get.body.is_empty());
}

#[tokio::test]
async fn path_segments_are_encoded() {
    let (emulator, client) = support::start().await;
    client.channel("messaging", "kung fu/é").get().await.unwrap_err();
    assert_eq!(
        last(emulator.requests()).path,
        "/api/v2/chat/channels/messaging/kung%20fu%2F%C3%A9"
    );
}

#[tokio::test]
async fn lists_are_joined_and_payloads_are_json() {
    let (emulator, client) = support::start().await;
    support::users(&client, ["john"]).await;
    let channel = client.channel("messaging", "general");
    channel.get_or_create().created_by("john").await.unwrap();
    for id in ["a", "b"] {
        channel.send_message(MessageRequest::from("hi").id(id).user_id("john")).await.unwrap();
    }
    let found = channel.get_messages(["a", "b"]).await.unwrap();
    assert_eq!(found[0].messages.len(), 2);
    let query = last(emulator.requests()).query.unwrap();
    assert!(query.contains("ids=a%2Cb"), "{query}");

    channel.query_members(Filter::default()).await.unwrap();
    let query = last(emulator.requests()).query.unwrap();
    let payload = "payload=%7B%22type%22%3A%22messaging%22%2C%22filter_conditions%22%3A%7B%7D%2C%22id%22%3A%22general%22%7D";
    assert!(query.contains(payload), "{query}");

    let query = QueryChannelsRequest::new().sort(ChannelSort::created_at().descending()).limit(3);
    client.query_channels(query).await.unwrap();
    assert_eq!(
        last(emulator.requests()).json().unwrap(),
        serde_json::json!({ "sort": [{ "field": "created_at", "direction": -1 }], "limit": 3 })
    );
}

#[tokio::test]
async fn a_delete_has_everything_in_its_query() {
    let (emulator, client) = support::start().await;
    client.message("a b").delete().hard().await.unwrap_err();
    let request = last(emulator.requests());
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("DELETE", "/api/v2/chat/messages/a%20b")
    );
    assert!(request.query.unwrap().contains("hard=true"));
    assert!(request.body.is_empty());
}
