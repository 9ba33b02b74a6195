//! A lease goes through its states, and expires by itself.

use std::time::Duration;

use crate::server::Server;
use crate::{eventually_new, lease};
use stream_chat::webhook::{Claim, DuplicateFilter};

#[tokio::test]
async fn an_id_goes_from_new_to_in_progress_to_done() {
    let server = Server::start();
    let filter = server.filter().await;
    let token = lease(filter.claim("a").await.unwrap());
    assert_eq!(filter.claim("a").await.unwrap(), Claim::InProgress);
    filter.confirm("a", &token).await.unwrap();
    assert_eq!(filter.claim("a").await.unwrap(), Claim::Done);
    // A lease on one ID does not affect another ID.
    lease(filter.claim("b").await.unwrap());
}

#[tokio::test]
async fn released_ids_are_new_again() {
    let server = Server::start();
    let filter = server.filter().await;
    let token = lease(filter.claim("a").await.unwrap());
    filter.release("a", &token).await.unwrap();
    lease(filter.claim("a").await.unwrap());
}

#[tokio::test]
async fn abandoned_ids_become_new() {
    let server = Server::start();
    let filter = server.filter().await.lease(Duration::from_secs(3600));
    let token = lease(filter.claim("a").await.unwrap());
    filter.abandon("a", &token);
    eventually_new(&filter, "a").await;
}

#[tokio::test]
async fn a_lease_expires() {
    let server = Server::start();
    let filter = server.filter().await.lease(Duration::from_millis(50));
    lease(filter.claim("a").await.unwrap());
    eventually_new(&filter, "a").await;
}

#[tokio::test]
async fn completed_ids_expire() {
    let server = Server::start();
    let filter = server.filter().await.retention(Duration::from_millis(50));
    let token = lease(filter.claim("a").await.unwrap());
    filter.confirm("a", &token).await.unwrap();
    eventually_new(&filter, "a").await;
}

#[tokio::test]
async fn an_expired_lease_has_no_say_about_the_next_one() {
    let server = Server::start();
    let short = server.filter().await.lease(Duration::from_millis(50));
    let long = server.filter().await.lease(Duration::from_secs(3600));
    let expired = lease(short.claim("a").await.unwrap());
    let current = eventually_new(&long, "a").await;
    short.release("a", &expired).await.unwrap();
    assert_eq!(long.claim("a").await.unwrap(), Claim::InProgress);
    short.confirm("a", &expired).await.unwrap();
    assert_eq!(long.claim("a").await.unwrap(), Claim::InProgress);
    long.confirm("a", &current).await.unwrap();
    assert_eq!(long.claim("a").await.unwrap(), Claim::Done);
    // A handled webhook stays handled.
    short.release("a", &expired).await.unwrap();
    long.release("a", &current).await.unwrap();
    assert_eq!(long.claim("a").await.unwrap(), Claim::Done);
}

#[tokio::test]
async fn an_expired_lease_that_nobody_took_over_can_be_confirmed() {
    let server = Server::start();
    let filter = server.filter().await.lease(Duration::from_millis(1));
    let token = lease(filter.claim("a").await.unwrap());
    tokio::time::sleep(Duration::from_millis(100)).await;
    filter.confirm("a", &token).await.unwrap();
    assert_eq!(filter.claim("a").await.unwrap(), Claim::Done);
}

#[tokio::test]
async fn prefixes_keep_apps_apart() {
    let server = Server::start();
    let one = server.filter().await.prefix("one:");
    let two = server.filter().await.prefix("two:");
    lease(one.claim("a").await.unwrap());
    lease(two.claim("a").await.unwrap());
}

#[tokio::test]
async fn extreme_durations_are_taken() {
    let server = Server::start();
    let filter = server.filter().await.lease(Duration::MAX).retention(Duration::MAX);
    let token = lease(filter.claim("a").await.unwrap());
    filter.confirm("a", &token).await.unwrap();
    assert_eq!(filter.claim("a").await.unwrap(), Claim::Done);
    let filter = server.filter().await.lease(Duration::ZERO);
    lease(filter.claim("b").await.unwrap());
}

#[tokio::test]
async fn long_ids_take_no_memory_and_odd_ones_stay_distinct() {
    let server = Server::start();
    let filter = server.filter().await.lease(Duration::from_millis(u64::MAX / 2 - 1));
    let long = "x".repeat(257);
    let token = lease(filter.claim(&long).await.unwrap());
    filter.confirm(&long, &token).await.unwrap();
    filter.release(&long, &lease(filter.claim(&long).await.unwrap())).await.unwrap();
    let longest = &long[..256];
    for id in [longest, "", "*", "a\r\nFLUSHALL", "{a}b", "done", "lease:", "\0", "é"] {
        let token = lease(filter.claim(id).await.unwrap());
        assert_eq!(filter.claim(id).await.unwrap(), Claim::InProgress, "{id:?}");
        filter.confirm(id, &token).await.unwrap();
        assert_eq!(filter.claim(id).await.unwrap(), Claim::Done, "{id:?}");
    }
}
