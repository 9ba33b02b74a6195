//! The feature `reqwest` turns on no feature of the reqwest crate.
#![cfg(test)]
#![cfg(all(feature = "reqwest", not(feature = "reqwest-rustls")))]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use stream_http::transport::reqwest::ReqwestTransport;
use stream_http::{ErrorKind, Executor, RetryPolicy, TransportErrorKind};
use support::operations::{GetApp, SendMessage};
use support::server::{Server, json};

const GOOD: &str = "{\"ok\":true}";

fn executor(url: String, transport: ReqwestTransport) -> stream_http::ExecutorBuilder {
    Executor::builder().api_key("key").token("token").base_url(url).transport(transport)
}

#[tokio::test]
async fn a_client_of_the_program_works() {
    let server = Server::answering(vec![json("200 OK", "", GOOD)]).await;
    // It panics if a feature turns on TLS without a crypto provider.
    let client = reqwest::Client::new();
    let executor = executor(server.url(), client.into()).build().unwrap();
    assert_eq!(executor.send(&SendMessage::text("x")).await.unwrap()["ok"], true);
}

#[tokio::test]
async fn missing_tls_support_is_reported_once() {
    let transport = ReqwestTransport::from_client(reqwest::Client::new());
    let executor = executor("https://localhost:1".to_owned(), transport).build().unwrap();
    let error = executor.send(&GetApp).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport(TransportErrorKind::TlsHandshakeFailed));
    assert_eq!(error.attempts(), 1);
    assert!(error.to_string().contains("`reqwest-rustls`"), "{error}");
}

#[tokio::test]
async fn a_client_that_is_made_by_a_function_is_replaced() {
    // The first connection responds once, and then reads without responding.
    let server = Server::connections(|mut connection, number| async move {
        while connection.request().await.is_some() {
            connection.write(&json("200 OK", "", GOOD)).await;
            if number == 0 {
                while connection.request().await.is_some() {}
            }
        }
    })
    .await;
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let transport = ReqwestTransport::from_builder(move || {
        count.fetch_add(1, Ordering::SeqCst);
        reqwest::Client::builder().no_proxy()
    })
    .unwrap();
    let executor = executor(server.url(), transport)
        .attempt_timeout(Duration::from_millis(700))
        .retry(RetryPolicy::default())
        .build()
        .unwrap();
    assert_eq!(executor.send(&GetApp).await.unwrap().attempts(), 1);
    assert_eq!(executor.send(&GetApp).await.unwrap().attempts(), 2);
    assert_eq!(made.load(Ordering::SeqCst), 2);
}
