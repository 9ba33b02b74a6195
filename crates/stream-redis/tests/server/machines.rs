//! Several machines handle each webhook once.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::server::Server;
use crate::{eventually_new, lease};
use stream_chat::webhook::{Claim, DuplicateFilter};

/// The environment variable with the URL of the server for a child process, which claims a webhook
/// and waits to be killed.
const CLAIM_AT: &str = "STREAM_REDIS_TEST_CLAIM_AT";

#[tokio::test]
async fn one_of_many_simultaneous_claims_gets_the_lease() {
    let server = Server::start();
    let mut claims = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let filter = server.filter().await;
        for _ in 0..10 {
            let filter = filter.clone();
            claims.spawn(async move { filter.claim("a").await.unwrap() });
        }
    }
    let claims = claims.join_all().await;
    assert_eq!(claims.len(), 100);
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::New(_))).count(), 1);
    assert_eq!(claims.iter().filter(|claim| **claim == Claim::InProgress).count(), 99);
}

#[tokio::test]
async fn a_process_that_is_killed_loses_its_lease() {
    let server = Server::start();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["machines::child_that_claims", "--exact", "--nocapture", "--ignored"])
        .env(CLAIM_AT, server.url())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let claimed = output.lines().map_while(Result::ok).any(|line| line.contains("claimed"));
    let filter = server.filter().await;
    let state = filter.claim("a").await.unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(claimed);
    assert_eq!(state, Claim::InProgress);
    let token = eventually_new(&filter, "a").await;
    filter.confirm("a", &token).await.unwrap();
    assert_eq!(filter.claim("a").await.unwrap(), Claim::Done);
}

#[tokio::test]
#[ignore = "its sibling starts it as a child process"]
async fn child_that_claims() {
    let Ok(url) = std::env::var(CLAIM_AT) else { return };
    let filter = stream_redis::RedisWebhooks::connect(&url).await.unwrap();
    lease(filter.lease(Duration::from_secs(2)).claim("a").await.unwrap());
    println!("claimed");
    tokio::time::sleep(Duration::from_secs(600)).await;
}
