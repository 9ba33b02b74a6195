//! Several machines that share a Redis server handle each webhook once and stay within one rate
//! limit.

#![cfg(test)]

mod cluster;
mod cuts;
mod killed;
mod limits;
mod machines;
mod outage;
mod server;
mod states;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use stream_chat::webhook::{Claim, DuplicateFilter, LeaseToken};
use stream_redis::RedisWebhooks;

/// Returns the token of a lease that must have been granted.
fn lease(claim: Claim) -> LeaseToken {
    match claim {
        Claim::New(token) => token,
        other => panic!("no lease, but {other:?}"),
    }
}

/// Polls a future once, so that its command is sent, and does not await the response.
async fn begin<F: Future>(future: F) -> Pin<Box<F>> {
    let mut future = Box::pin(future);
    let poll_once = poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending()));
    assert!(poll_once.await, "there is a response already");
    future
}

/// Claims an ID until its lease is granted, for at most 20 seconds.
async fn eventually_new(filter: &RedisWebhooks, id: &str) -> LeaseToken {
    for _ in 0..400 {
        match filter.claim(id).await {
            Ok(Claim::New(token)) => return token,
            Ok(_) | Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    panic!("{id} did not become new again");
}
