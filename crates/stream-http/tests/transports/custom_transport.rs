//! The example of a custom transport works.

#[allow(dead_code)]
#[path = "../../examples/custom_transport.rs"]
mod example;

use crate::support::operations::{GetApp, SendMessage};
use crate::support::server::{Server, json};
use stream_http::Executor;

#[tokio::test]
async fn the_example_sends_and_receives() {
    let server = Server::connections(|mut connection, _| async move {
        connection.request().await;
        connection.write(&json("201 Created", "X-RateLimit-Limit: 5\r\n", "{\"ok\":true}")).await;
    })
    .await;
    let executor = Executor::builder()
        .api_key("key")
        .token("token")
        .base_url(server.url())
        .transport(example::PlainTcp)
        .build()
        .unwrap();
    let response = executor.send(&SendMessage::text("hi")).await.unwrap();
    assert_eq!(response["ok"], true);
    assert_eq!(response.rate_limit().limit, Some(5));
    assert_eq!(server.received()[0].header("authorization"), Some("token"));
    drop(server);
    // The transport's own texts, with the kinds of the SDK.
    let closed = Executor::builder()
        .api_key("key")
        .token("token")
        .base_url("http://127.0.0.1:9")
        .transport(example::PlainTcp)
        .build()
        .unwrap();
    let error = closed.send(&GetApp).await.unwrap_err();
    assert!(error.is_transport() && !error.may_have_been_processed(), "{error}");
}
