//! Requests that begin together before there is a connection share the first one.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::Notify;

use crate::server::{Action, Server, until};
use crate::support::operations::GetApp;
use crate::{Backend, executor};

#[tokio::test]
async fn requests_that_begin_together_share_the_first_connection() {
    // If a handshake takes too long, the requests open their own connections: the test tries again.
    for _ in 0..20 {
        if begin_together().await == 1 {
            return;
        }
    }
    panic!("fifty requests never shared the first connection");
}

/// Returns how many connections fifty requests opened.
async fn begin_together() -> usize {
    let release = Arc::new(Notify::new());
    let told = release.clone();
    // No request waits for the response to the first one.
    let server = Server::start(move |request| match (request.connection, request.number) {
        (0, 0) => vec![Action::RespondAfter(told.clone())],
        _ => vec![Action::Respond],
    })
    .await;
    let executor = Backend::Hyper.executor(&server).build().unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        calls.spawn(executor.send(&GetApp));
    }
    for _ in 0..49 {
        calls.join_next().await.unwrap().unwrap().unwrap();
    }
    release.notify_one();
    calls.join_next().await.unwrap().unwrap().unwrap();
    server.opened.load(Ordering::SeqCst)
}

#[tokio::test]
async fn a_first_connection_that_does_not_come_keeps_nobody_waiting() {
    let server = Server::start(|_| vec![Action::Respond]).await;
    let transport = Backend::Hyper.transport(&server, Duration::from_secs(60));
    server.stall_handshakes(1);
    let first = executor(&server, transport.clone()).build().unwrap();
    let first = tokio::spawn(first.send(&GetApp));
    until("the first connection", || server.opened.load(Ordering::SeqCst) == 1).await;
    let response = executor(&server, transport).build().unwrap().send(&GetApp).await.unwrap();
    assert_eq!(response["connection"], 1);
    // The first request uses the second connection as well.
    assert_eq!(first.await.unwrap().unwrap()["connection"], 1);
}
