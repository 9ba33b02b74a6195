//! Webhooks are handled and requests are sent while Redis cannot be reached.

use std::time::Duration;

use crate::server::Server;
use crate::{eventually_new, lease};
use stream_chat::webhook::{Claim, DuplicateFilter};
use stream_redis::redis;

#[tokio::test]
async fn a_connection_that_breaks_is_opened_again() {
    let server = Server::start();
    let filter = server.filter().await;
    let token = lease(filter.claim("a").await.unwrap());
    filter.confirm("a", &token).await.unwrap();

    let client = redis::Client::open(server.url()).unwrap();
    let mut admin = client.get_multiplexed_async_connection().await.unwrap();
    let killed: i64 = redis::cmd("CLIENT")
        .arg(&["KILL", "TYPE", "normal", "SKIPME", "yes"])
        .query_async(&mut admin)
        .await
        .unwrap();
    assert!(killed >= 1);

    eventually_new(&filter, "b").await;
    assert_eq!(filter.claim("a").await.unwrap(), Claim::Done);
}

#[tokio::test]
async fn without_its_server_a_claim_fails_until_it_is_back() {
    let server = Server::start();
    let filter = server.filter().await;
    lease(filter.claim("a").await.unwrap());
    let port = server.kill();
    filter.claim("b").await.unwrap_err();
    // Claims also fail while the client reconnects.
    for _ in 0..3 {
        let claim = tokio::time::timeout(Duration::from_secs(5), filter.claim("b"));
        claim.await.expect("a claim waits for the server without end").unwrap_err();
    }

    let server = Server::start_at(port);
    assert_eq!(server.port(), port);
    eventually_new(&filter, "b").await;
}

#[tokio::test]
async fn scripts_that_the_server_has_lost_are_loaded_again() {
    let server = Server::start();
    let filter = server.filter().await;
    lease(filter.claim("a").await.unwrap());
    let client = redis::Client::open(server.url()).unwrap();
    let mut admin = client.get_multiplexed_async_connection().await.unwrap();
    let _: () = redis::cmd("SCRIPT").arg("FLUSH").query_async(&mut admin).await.unwrap();
    assert_eq!(filter.claim("a").await.unwrap(), Claim::InProgress);
}

#[tokio::test]
async fn a_url_that_is_not_valid_is_an_error() {
    stream_redis::RedisWebhooks::connect("http://127.0.0.1/").await.unwrap_err();
}
