//! Webhooks are handled and requests are sent while Redis cannot be reached.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use serde_json::json;

use crate::server::{Server, address, free_port, monotonous};
use crate::{eventually_new, lease};
use stream_chat::Client;
use stream_chat::auth::ApiSecret;
use stream_chat::testing::Script;
use stream_chat::webhook::{
    Claim, DuplicateFilter, Webhook, WebhookEndpoint, WebhookOutcome, WebhookReceiver,
};
use stream_redis::{RedisRateLimits, RedisWebhooks, redis};

/// Fails the test if something never ends.
async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), what).await.expect("it waits without end")
}

/// Returns a filter that connects when it is first used.
fn lazy(url: &str) -> RedisWebhooks {
    let client = redis::Client::open(url).unwrap();
    let config = ConnectionManagerConfig::new();
    RedisWebhooks::new(ConnectionManager::new_lazy_with_config(client, config).unwrap())
}

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

#[tokio::test]
async fn a_program_starts_before_its_server() {
    let port = free_port();
    let filter = lazy(&format!("redis://127.0.0.1:{port}/"));
    in_time(filter.claim("a")).await.unwrap_err();
    let _server = Server::start_at(port);
    eventually_new(&filter, "a").await;
    assert_eq!(filter.claim("a").await.unwrap(), Claim::InProgress);
}

#[tokio::test]
async fn a_webhook_is_handled_if_the_server_accepts_connections_and_never_responds() {
    for response in ["", "-LOADING Redis is loading the dataset in memory\r\n"] {
        let handled = Arc::new(AtomicU32::new(0));
        let handler = {
            let handled = handled.clone();
            move |_: Webhook| {
                handled.fetch_add(1, Ordering::SeqCst);
                async { Ok::<(), std::io::Error>(()) }
            }
        };
        let client = Client::scripted(&Script::new()).unwrap();
        let webhook = json!({ "type": "user.updated", "user": { "id": "a" } });
        let webhook: http::Request<Vec<u8>> =
            client.signed_webhook(&webhook).unwrap().id("a").request("/").unwrap();
        let receiver = WebhookReceiver::new(&ApiSecret::new("secret").unwrap());
        let filter = lazy(&monotonous(response));
        let failures = Arc::new(AtomicU32::new(0));
        let counted = failures.clone();
        let endpoint =
            WebhookEndpoint::with_filter(receiver, filter, handler).on_filter_error(move |_| {
                counted.fetch_add(1, Ordering::SeqCst);
            });
        let outcome = in_time(endpoint.handle(webhook.headers(), webhook.body())).await;
        assert!(matches!(outcome, WebhookOutcome::Handled), "{outcome:?}");
        let counts = [&handled, &failures].map(|count| count.load(Ordering::SeqCst));
        assert_eq!(counts, [1, 1], "{response:?}");
    }
}

#[tokio::test]
async fn connecting_to_a_server_that_never_responds_ends() {
    let url = monotonous("");
    let (webhooks, limits) =
        tokio::join!(RedisWebhooks::connect(&url), RedisRateLimits::connect(&url, "app"));
    assert_eq!(webhooks.unwrap_err().kind(), stream_chat::ErrorKind::Store);
    assert_eq!(limits.unwrap_err().kind(), stream_chat::ErrorKind::Store);
}

#[tokio::test]
async fn an_address_that_leads_to_another_server_after_a_failover_is_opened_again() {
    let (old, new) = (Server::start(), Server::start());
    let current = Arc::new(AtomicU16::new(old.port()));
    let url = address(current.clone());
    let filter = RedisWebhooks::connect(&url).await.unwrap();
    let token = lease(filter.claim("a").await.unwrap());

    old.admin(&["REPLICAOF", "127.0.0.1", &new.port().to_string()]).await;
    current.store(new.port(), Ordering::SeqCst);
    // The connection to the old primary stays open, and refuses to write.
    filter.claim("b").await.unwrap_err();
    eventually_new(&filter, "b").await;
    // The new primary knows nothing of the first lease; it is confirmed nevertheless.
    filter.confirm("a", &token).await.unwrap();
    assert_eq!(filter.claim("a").await.unwrap(), Claim::Done);
}

#[tokio::test]
async fn a_server_without_memory_refuses_and_takes_again() {
    let server = Server::start();
    let filter = server.filter().await;
    let token = lease(filter.claim("a").await.unwrap());
    server.admin(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let error = filter.claim("b").await.unwrap_err();
    assert!(error.to_string().contains("OOM"), "{error}");
    filter.release("a", &token).await.unwrap();
    server.admin(&["CONFIG", "SET", "maxmemory", "0"]).await;
    lease(filter.claim("a").await.unwrap());
    lease(filter.claim("b").await.unwrap());
}

#[tokio::test]
async fn leases_of_a_server_that_restarts_without_persistence_are_lost_and_confirmed() {
    let server = Server::start();
    let filter = server.filter().await.lease(Duration::from_secs(3600));
    let token = lease(filter.claim("a").await.unwrap());
    let port = server.kill();
    let _server = Server::start_at(port);
    eventually_new(&filter, "b").await;
    filter.confirm("a", &token).await.unwrap();
    assert_eq!(filter.claim("a").await.unwrap(), Claim::Done);
}

#[tokio::test]
async fn an_error_of_a_wrong_password_does_not_contain_it() {
    let server = Server::start_with(free_port(), &["--requirepass", "correct"]);
    let url = format!("redis://:hunter2@127.0.0.1:{}/", server.port());
    for error in [
        in_time(RedisWebhooks::connect(&url)).await.unwrap_err(),
        in_time(RedisWebhooks::connect("rediss://:hunter2@127.0.0.1/")).await.unwrap_err(),
        in_time(RedisWebhooks::connect("redis://:hunter2@[/")).await.unwrap_err(),
    ] {
        let text = format!("{error} {error:?}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    let error = in_time(lazy(&url).claim("a")).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(!text.contains("hunter2"), "{text}");
    let filter = format!("{:?}", lazy(&url));
    assert!(!filter.contains("hunter2"), "{filter}");
}
