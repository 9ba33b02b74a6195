//! Requests have the documented headers and bodies on a real socket.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use crate::support;
use stream_chat::models::channels::QueryChannelsRequest;
use stream_chat::transport::hyper::HyperTransport;
use stream_chat::{CallOptions, ChannelSort, Client, Filter, MessageRequest, UserRequest};
use stream_emulator::{Fault, ReceivedRequest};

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
async fn options_of_a_client_apply_to_all_that_it_sends() {
    let (emulator, client) = support::start().await;
    let team = |name| (HeaderName::from_static("x-team"), HeaderValue::from_static(name));
    let (name, value) = team("sales");
    let sales = client.with_options(CallOptions::new().header(name, value));
    // In one request, in the requests of a method, in those of a batch, and on each page.
    sales.app().await.unwrap();
    sales.create_user_if_missing("john").await.unwrap();
    sales.upsert_users((0..101).map(|n| format!("user-{n}"))).await.unwrap();
    sales.query_users(Filter::new()).limit(100).items().collect().await.unwrap();
    let requests = emulator.requests();
    assert!(requests.len() >= 7, "{}", requests.len());
    assert!(requests.iter().all(|request| request.header("x-team") == Some("sales")));

    emulator.clear_requests();
    let (name, value) = team("support");
    sales.app().options(CallOptions::new().header(name, value)).await.unwrap();
    client.app().await.unwrap();
    let requests = emulator.requests();
    assert_eq!(requests[0].header("x-team"), Some("support"));
    assert_eq!(requests[1].header("x-team"), None);

    let quick = client.with_options(CallOptions::new().timeout(Duration::from_millis(20)));
    emulator.fail_next(Fault::delay(Duration::from_secs(60)));
    assert!(quick.user("john").get().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn clients_share_a_transport() {
    let (emulator, _) = support::start().await;
    let transport = Arc::new(HyperTransport::new().unwrap());
    for _ in 0..2 {
        let client = Client::builder(emulator.api_key(), emulator.api_secret())
            .base_url(emulator.base_url())
            .transport(transport.clone())
            .build()
            .unwrap();
        client.app().await.unwrap();
    }
    assert_eq!(emulator.requests().len(), 2);
}

#[tokio::test]
async fn a_struct_is_custom_data() {
    #[derive(serde::Serialize)]
    struct Profile {
        level: u8,
        city: &'static str,
    }

    let (emulator, client) = support::start().await;
    let profile = Profile { level: 3, city: "Oslo" };
    let john = UserRequest::new("john").custom("level", 1).custom_fields(&profile);
    client.upsert_user(john).await.unwrap();
    let channel = client.channel("messaging", "general");
    channel.get_or_create().created_by("john").custom_fields(&profile).await.unwrap();
    let requests = emulator.requests();
    let custom = serde_json::json!({ "level": 3, "city": "Oslo" });
    assert_eq!(requests[0].json().unwrap()["users"]["john"]["custom"], custom);
    assert_eq!(requests[1].json().unwrap()["data"]["custom"], custom);

    let odd = client.upsert_user(UserRequest::new("jane").custom_fields(3)).await.unwrap_err();
    assert!(odd.is_invalid_input(), "{odd}");
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
