//! Batches stay within the rate limit.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::server::{Answer, Server, ids};
use stream_chat::Client;
use stream_chat::transport::RateLimiter;

/// Starts a server that grants and reports `limit` requests per minute, and a thirtieth of them per
/// second.
fn limited(limit: u64, used_by_others: u64) -> (Server, Client, Arc<Mutex<usize>>) {
    struct Window {
        starts: Instant,
        used: u64,
        recent: Vec<Instant>,
    }
    let window =
        Mutex::new(Window { starts: Instant::now(), used: used_by_others, recent: Vec::new() });
    let refused = Arc::new(Mutex::new(0));
    let counted = refused.clone();
    let (server, client) = Server::new(move |_| {
        let now = Instant::now();
        let mut window = window.lock().unwrap();
        let minute = Duration::from_secs(60);
        while now - window.starts >= minute {
            window.starts += minute;
            window.used = 0;
        }
        window.used += 1;
        window.recent.retain(|at| now - *at < Duration::from_millis(999));
        window.recent.push(now);
        let is_over = window.used > limit || window.recent.len() as u64 > (limit / 30).max(1);
        let resets = window.starts + minute - now;
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let reset = 1_700_000_000 + resets.as_millis().div_ceil(1000) as u64;
        let mut headers = vec![
            ("x-ratelimit-limit", limit.to_string()),
            ("x-ratelimit-remaining", limit.saturating_sub(window.used).to_string()),
            ("x-ratelimit-reset", reset.to_string()),
            ("date", httpdate(date)),
        ];
        if is_over {
            *counted.lock().unwrap() += 1;
            headers.push(("retry-after", "5".to_owned()));
        }
        (Duration::from_millis(50), Answer::With(if is_over { 429 } else { 200 }, headers))
    });
    (server, client, refused)
}

/// Returns the date of `limited`.
fn httpdate(_: SystemTime) -> String {
    "Tue, 14 Nov 2023 22:13:20 GMT".to_owned()
}

#[tokio::test(start_paused = true)]
async fn the_window_is_never_exceeded() {
    for (limit, used) in [(60, 0), (60, 55), (300, 0)] {
        let (server, client, refused) = limited(limit, used);
        let sent = client.restore_users(ids(0..15_000)).in_flight(16);
        assert_eq!(sent.await.unwrap().entries(), 15_000);
        assert_eq!((server.requests().len(), *refused.lock().unwrap()), (150, 0), "{limit} {used}");
    }
}

#[tokio::test(start_paused = true)]
async fn all_batches_wait_after_a_refusal() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let (server, client) = {
        let (times, start) = (times.clone(), Instant::now());
        Server::steady(move |request| {
            times.lock().unwrap().push(start.elapsed().as_millis());
            match request.number {
                4 => Answer::With(429, vec![("retry-after", "7".to_owned())]),
                _ => Answer::ok(),
            }
        })
    };
    let bulk = client.restore_users(ids(0..1000)).in_flight(3);
    let handle = bulk.handle();
    bulk.await.unwrap();
    assert_eq!(server.requests().len(), 11, "the refused one was sent again");
    let times = times.lock().unwrap();
    assert_eq!(times[..7], [0, 50, 50, 50, 100, 100, 100]);
    assert!(times[7..].iter().all(|time| *time >= 7150), "{times:?}");
    // In order: the refused batch goes first.
    assert_eq!(server.requests()[7].ids()[0], "400");
    assert_eq!(handle.confirmed(), [0..1000]);
    assert!(handle.failed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_rate_limit_has_a_maximum() {
    let (server, client) =
        Server::steady(|_| Answer::With(429, vec![("retry-after", "20".to_owned())]));
    let start = Instant::now();
    let bulk = client.restore_users(ids(0..300)).patience(Duration::from_secs(100));
    let report = bulk.report().await;
    assert!(report.failed[0].error.is_rate_limited());
    assert_eq!(report.unsent.collect().await, ids(100..300));
    assert!(start.elapsed() <= Duration::from_secs(100));
    assert_eq!(server.requests().len(), 5, "0, 20, 40, 60 and 80 s");

    let (server, client) = Server::steady(|_| Answer::With(429, Vec::new()));
    let bulk = client.restore_users(ids(0..300)).patience(Duration::ZERO);
    assert!(bulk.await.unwrap_err().is_rate_limited());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn each_of_many_that_are_refused_together_is_sent_once_more() {
    let (server, client) = Server::steady(|request| match request.number {
        // The first one alone, and then sixteen, all of which are refused.
        1..=16 => Answer::With(429, vec![("retry-after", "9".to_owned())]),
        _ => Answer::ok(),
    });
    let bulk = client.restore_users(ids(0..4000)).in_flight(16);
    let handle = bulk.handle();
    assert_eq!(bulk.await.unwrap().entries(), 4000);
    assert_eq!((server.requests().len(), handle.confirmed()), (40 + 16, vec![0..4000]));
    assert!(handle.failed().is_empty() && handle.unknown().is_empty());
    let mut taken = server.requests();
    taken.retain(|request| !(1..=16).contains(&request.number));
    let mut firsts: Vec<usize> =
        taken.iter().map(|request| request.ids()[0].parse().unwrap()).collect();
    firsts.sort_unstable();
    assert_eq!(firsts, (0..40).map(|batch| batch * 100).collect::<Vec<_>>(), "each once");
}

#[tokio::test(start_paused = true)]
async fn two_at_once_lose_nothing_to_the_limit_that_they_share() {
    let (server, client, refused) = limited(90, 0);
    let (one, other) = tokio::join!(
        client.restore_users(ids(0..10_000)).in_flight(8),
        client.restore_users(ids(10_000..20_000)).in_flight(8),
    );
    assert_eq!((one.unwrap().entries(), other.unwrap().entries()), (10_000, 10_000));
    let refused = *refused.lock().unwrap();
    assert_eq!(server.requests().len(), 200 + refused, "only what was refused is sent again");
}

#[tokio::test(start_paused = true)]
async fn what_the_limiter_of_the_client_holds_back_is_not_a_failure() {
    let (server, _, refused) = limited(30, 0);
    let limiter = RateLimiter::new(Duration::from_secs(600));
    let client = Client::builder("key", "secret")
        .transport(server.clone())
        .rate_limiter(Arc::new(limiter))
        .build()
        .unwrap();
    let (one, other) = tokio::join!(
        client.restore_users(ids(0..3_000)).in_flight(4),
        client.restore_users(ids(3_000..6_000)).in_flight(4),
    );
    assert_eq!((one.unwrap().entries(), other.unwrap().entries()), (3_000, 3_000));
    assert_eq!(server.requests().len(), 60 + *refused.lock().unwrap());
}
