//! Processes that share a Redis server stay within one rate limit. The stand-in for the API has
//! short windows, and refuses requests beyond them.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use crate::server::{Server, monotonous};
use stream_chat::models::app::GetApp;
use stream_chat::transport::shared_limits::{Admission, AdmissionRequest, SharedLimits};
use stream_chat::transport::{
    CallOptions, Executor, RateLimiter, RequestBody, ResponseBody, RetryPolicy, Transport,
    TransportError,
};
use stream_redis::{RedisRateLimits, redis};

/// The environment variable with the URL of the server for a child process, which sends requests
/// and waits to be killed.
const SEND_BY: &str = "STREAM_REDIS_TEST_SEND_BY";

/// Allows this number of requests in the first window, and in each further minute.
#[derive(Clone)]
struct Limited {
    limit: usize,
    start: Instant,
    window: Duration,
    /// The time that a request takes to the server.
    way: Duration,
    latency: Duration,
    passed: Arc<Mutex<Vec<Duration>>>,
    refused: Arc<Mutex<usize>>,
}

impl Limited {
    fn new(limit: usize, window: Duration) -> Self {
        Self {
            limit,
            start: Instant::now(),
            window,
            way: Duration::ZERO,
            latency: Duration::from_millis(30),
            passed: Arc::default(),
            refused: Arc::default(),
        }
    }

    /// Returns an executor like that of another process.
    fn executor(&self, limiter: RateLimiter) -> Executor {
        Executor::builder()
            .api_key("key")
            .token("t")
            .transport(self.clone())
            .rate_limiter(Arc::new(limiter))
            .retry(RetryPolicy::off())
            .timeout(Duration::from_secs(120))
            .build()
            .unwrap()
    }

    /// Returns the number of the window at a time.
    fn window(&self, at: Duration) -> u64 {
        at.checked_sub(self.window).map_or(0, |later| 1 + later.as_secs() / 60)
    }

    fn in_first_window(&self) -> usize {
        self.passed.lock().unwrap().iter().filter(|at| **at < self.window).count()
    }
}

impl Transport for Limited {
    async fn send(
        &self,
        _: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        tokio::time::sleep(self.way).await;
        let now = self.start.elapsed();
        let window = self.window(now);
        let remaining = {
            let mut passed = self.passed.lock().unwrap();
            let used = passed.iter().filter(|at| self.window(**at) == window).count();
            let remaining = self.limit.checked_sub(used + 1);
            match remaining {
                Some(_) => passed.push(now),
                None => *self.refused.lock().unwrap() += 1,
            }
            remaining
        };
        tokio::time::sleep(self.latency).await;
        let ends = self.window + Duration::from_secs(60 * window);
        // Rounded up, as by a server whose windows end on whole seconds.
        let reset = (SystemTime::now() + ends.saturating_sub(self.start.elapsed()))
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs()
            + 1;
        let response = http::Response::builder()
            .status(if remaining.is_some() { 200 } else { 429 })
            .header("x-ratelimit-limit", self.limit)
            .header("x-ratelimit-remaining", remaining.unwrap_or(0))
            .header("x-ratelimit-reset", reset);
        Ok(response.body(ResponseBody::bytes(r#"{"app":{"name":"app"}}"#)).unwrap())
    }
}

fn limiter() -> RateLimiter {
    RateLimiter::new(Duration::from_secs(100))
}

async fn send_all(executors: &[Executor], each: usize) -> Vec<bool> {
    let mut calls = tokio::task::JoinSet::new();
    for executor in executors {
        for _ in 0..each {
            let call = executor.send(&GetApp::new());
            calls.spawn(async move { call.await.is_ok() });
        }
    }
    calls.join_all().await
}

#[tokio::test]
async fn ten_processes_stay_within_the_window_together() {
    let redis = Server::start();
    let server = Limited::new(40, Duration::from_secs(4));
    let mut executors = Vec::new();
    for _ in 0..10 {
        let limits = RedisRateLimits::connect(&redis.url(), "app").await.unwrap();
        executors.push(server.executor(limiter().shared(limits)));
    }
    let sent = send_all(&executors, 5).await;
    assert_eq!(sent.len(), 50);
    assert_eq!(sent.iter().filter(|is_ok| !**is_ok).count(), 0);
    assert_eq!(*server.refused.lock().unwrap(), 0);
    // Requests that the window allows are not held back.
    assert_eq!(server.in_first_window(), 40);

    // Without shared limits, requests are refused.
    let server = Limited::new(40, Duration::from_secs(4));
    let executors: Vec<_> = (0..10).map(|_| server.executor(limiter())).collect();
    let sent = send_all(&executors, 5).await;
    assert_eq!(sent.iter().filter(|is_ok| !**is_ok).count(), 10);
}

#[tokio::test]
async fn requests_that_arrive_after_the_edge_of_a_window_count_in_the_next_one() {
    let redis = Server::start();
    // Windows end on whole seconds, as resets do.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let window = Duration::from_millis(3980 - u64::from(now.subsec_millis()));
    let mut server = Limited::new(40, window);
    let url = redis.url();
    let connect = || RedisRateLimits::connect(&url, "app");
    let probe = server.executor(limiter().shared(connect().await.unwrap()));
    probe.send(&GetApp::new()).await.unwrap();
    server.way = Duration::from_millis(1500);
    let mut calls = tokio::task::JoinSet::new();
    let until = |at: Duration| tokio::time::sleep(at.saturating_sub(server.start.elapsed()));
    for (at, each) in
        [(window - Duration::from_millis(300), 2), (window + Duration::from_millis(150), 3)]
    {
        until(at).await;
        for _ in 0..10 {
            let process = server.executor(limiter().shared(connect().await.unwrap()));
            for _ in 0..each {
                calls.spawn(process.send(&GetApp::new()));
            }
        }
    }
    let passed = || server.passed.lock().unwrap().len();
    for _ in 0..400 {
        if passed() >= 41 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Nothing else is on its way.
    tokio::time::sleep(2 * server.way).await;
    assert_eq!((passed(), *server.refused.lock().unwrap()), (41, 0));
}

#[tokio::test]
async fn each_window_has_as_many_turns_as_its_limit() {
    let redis = Server::start();
    let server = Limited::new(10, Duration::from_secs(30));
    let limits = RedisRateLimits::connect(&redis.url(), "app").await.unwrap();
    let executor = server.executor(limiter().shared(limits.clone()));
    executor.send(&GetApp::new()).await.unwrap();
    let request = AdmissionRequest::new("GetApp").patience(Duration::from_secs(3600));
    let mut turns = Vec::new();
    for _ in 0..40 {
        if let Admission::Wait { turn, .. } = limits.admit(request).await.unwrap() {
            turns.push(turn.as_millis());
        }
    }
    // Those after the 9 that the first window still has, from the first of the next one on.
    let first = turns[0];
    let turns: Vec<_> = turns.iter().map(|turn| turn - first).collect();
    let expected = |number: u128| number / 10 * 60_000 + number % 10 * 3000;
    assert_eq!(turns.len(), 31);
    for (turn, number) in turns.iter().zip(0..) {
        assert!(turn.abs_diff(expected(number)) < 1500, "{turns:?}");
    }
    // The turns that are given back are assigned again, over the edge of a window.
    for _ in 0..15 {
        limits.withdraw("GetApp");
    }
    let again = limits.admit(request).await.unwrap();
    let Admission::Wait { turn, .. } = again else { panic!("{again:?}") };
    let turn = turn.as_millis() - first;
    assert!(turn.abs_diff(expected(31 - 15)) < 1500, "{turn}");
}

#[tokio::test]
#[ignore = "runs for four minutes"]
async fn no_request_waits_longer_than_those_behind_it() {
    let redis = Server::start();
    let server = Limited::new(20, Duration::from_secs(4));
    let mut executors = Vec::new();
    for _ in 0..8 {
        let limits = RedisRateLimits::connect(&redis.url(), "app").await.unwrap();
        let limiter = RateLimiter::new(Duration::from_secs(600));
        executors.push(server.executor(limiter.shared(limits)));
    }
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..100 {
        let call = executors[number % executors.len()]
            .send_with(&GetApp::new(), &CallOptions::new().timeout(Duration::from_secs(600)));
        calls.spawn(async move {
            call.await.unwrap();
            number
        });
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    let mut order = Vec::new();
    while let Some(number) = calls.join_next().await {
        order.push(number.unwrap());
    }
    assert_eq!(*server.refused.lock().unwrap(), 0);
    let mut counts = std::collections::BTreeMap::<u64, usize>::new();
    for at in server.passed.lock().unwrap().iter() {
        *counts.entry(server.window(*at)).or_default() += 1;
    }
    assert_eq!(counts.into_values().collect::<Vec<_>>(), [20; 5]);
    let moved = order.iter().zip(0..).map(|(number, place)| number.abs_diff(place)).max();
    assert!(moved.unwrap() <= 2, "{order:?}");
}

#[tokio::test]
async fn the_next_window_has_the_latest_limit() {
    let redis = Server::start();
    let client = redis::Client::open(redis.url()).unwrap();
    let mut admin = client.get_multiplexed_async_connection().await.unwrap();
    let key = "stream:limits:app:GetApp";
    let limits = RedisRateLimits::connect(&redis.url(), "app").await.unwrap();
    for limit in [7, 3, 11] {
        let before = Limited::new(limit, Duration::from_secs(60));
        before.executor(limiter().shared(limits.clone())).send(&GetApp::new()).await.unwrap();
        for _ in 0..400 {
            let known: Option<i64> =
                redis::cmd("HGET").arg(key).arg("limit").query_async(&mut admin).await.unwrap();
            if known == i64::try_from(limit).ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let second_ago = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() - 1000;
        // Requests that wait no longer keep their turns, so there is no queue either.
        let end = ["turn".to_owned(), "0".to_owned(), "ends".to_owned(), second_ago.to_string()];
        let _: i64 = redis::cmd("HSET").arg(key).arg(&end).query_async(&mut admin).await.unwrap();

        let server = Limited::new(limit, Duration::from_secs(60));
        let executor = server.executor(limiter().shared(limits.clone()));
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..limit + 5 {
            calls.spawn(executor.send(&GetApp::new()));
        }
        for _ in 0..limit {
            calls.join_next().await.unwrap().unwrap().unwrap();
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let passed = server.passed.lock().unwrap().len();
        assert_eq!((passed, *server.refused.lock().unwrap()), (limit, 0));
        drop(calls);
        let _: i64 = redis::cmd("HSET").arg(key).arg(&end).query_async(&mut admin).await.unwrap();
    }
}

#[tokio::test]
async fn apps_have_limits_of_their_own() {
    let redis = Server::start();
    for app in ["one", "another"] {
        let server = Limited::new(3, Duration::from_secs(30));
        let limits = RedisRateLimits::connect(&redis.url(), app).await.unwrap();
        let executor = server.executor(limiter().shared(limits));
        for _ in 0..3 {
            executor.send(&GetApp::new()).await.unwrap();
        }
        assert_eq!(server.in_first_window(), 3, "{app}");
    }
}

#[tokio::test]
async fn what_a_killed_process_had_sent_counts_until_its_window_ends() {
    let redis = Server::start();
    let server = Limited::new(5, Duration::from_secs(8));
    let limits = RedisRateLimits::connect(&redis.url(), "app").await.unwrap();
    let executor = server.executor(limiter().shared(limits));
    executor.send(&GetApp::new()).await.unwrap();
    // Waits until the response is reported.
    tokio::time::sleep(Duration::from_millis(500)).await;

    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["limits::child_that_sends", "--exact", "--nocapture", "--ignored"])
        .env(SEND_BY, redis.url())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let sent = output.lines().map_while(Result::ok).any(|line| line.contains("sent 4"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(sent);

    executor.send(&GetApp::new()).await.unwrap();
    assert_eq!(server.in_first_window(), 1);
    assert_eq!(server.passed.lock().unwrap().len(), 2);
}

#[tokio::test]
#[ignore = "its sibling starts it as a child process"]
async fn child_that_sends() {
    let Ok(url) = std::env::var(SEND_BY) else { return };
    let mut server = Limited::new(100, Duration::from_secs(60));
    server.latency = Duration::from_secs(600);
    let limits = RedisRateLimits::connect(&url, "app").await.unwrap();
    let executor = server.executor(limiter().shared(limits));
    let _calls: Vec<_> = (0..4).map(|_| tokio::spawn(executor.send(&GetApp::new()))).collect();
    while server.passed.lock().unwrap().len() < 4 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("sent 4");
    tokio::time::sleep(Duration::from_secs(600)).await;
}

#[tokio::test]
async fn without_redis_calls_go_on_and_with_it_they_count_together_again() {
    let redis = Server::start();
    let server = Limited::new(1000, Duration::from_secs(60));
    let limits = RedisRateLimits::connect(&redis.url(), "app").await.unwrap();
    let executor = server.executor(limiter().shared(limits));
    executor.send(&GetApp::new()).await.unwrap();

    let port = redis.kill();
    let executors = [executor];
    let sent = send_all(&executors, 20).await;
    assert!(sent.iter().all(|is_ok| *is_ok));
    assert_eq!(*server.refused.lock().unwrap(), 0);

    let redis = Server::start_at(port);
    let client = redis::Client::open(redis.url()).unwrap();
    let mut admin = client.get_multiplexed_async_connection().await.unwrap();
    for _ in 0..100 {
        executors[0].send(&GetApp::new()).await.unwrap();
        let (known, limit): (Option<String>, Option<String>) = redis::cmd("HMGET")
            .arg("stream:limits:app:GetApp")
            .arg(&["known", "limit"])
            .query_async(&mut admin)
            .await
            .unwrap();
        if known.as_deref() == Some("limited") {
            assert_eq!(limit.as_deref(), Some("1000"));
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the limits are not counted in Redis again");
}

#[tokio::test]
async fn requests_are_sent_while_redis_refuses_or_hangs() {
    let full = Server::start();
    full.admin(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let hanging = Server::start();
    hanging.pause();
    let loading = monotonous("-LOADING Redis is loading the dataset in memory\r\n");
    for url in [full.url(), hanging.url(), loading] {
        let client = redis::Client::open(url.as_str()).unwrap();
        let config = ConnectionManagerConfig::new();
        let connection = ConnectionManager::new_lazy_with_config(client, config).unwrap();
        let limits = RedisRateLimits::new(connection, "app");
        limits.admit(AdmissionRequest::new("GetApp")).await.unwrap_err();
        let server = Limited::new(20, Duration::from_secs(60));
        let sent = send_all(&[server.executor(limiter().shared(limits))], 20).await;
        assert!(sent.iter().all(|is_ok| *is_ok), "{url}");
        assert_eq!(*server.refused.lock().unwrap(), 0, "it counts alone");
    }
}

#[tokio::test]
async fn all_keys_in_redis_expire() {
    let redis = Server::start();
    let server = Limited::new(10, Duration::from_secs(60));
    let limits = RedisRateLimits::connect(&redis.url(), "app").await.unwrap();
    let executor = server.executor(limiter().shared(limits));
    executor.send(&GetApp::new()).await.unwrap();
    let client = redis::Client::open(redis.url()).unwrap();
    let mut admin = client.get_multiplexed_async_connection().await.unwrap();
    let expires: i64 =
        redis::cmd("PTTL").arg("stream:limits:app:GetApp").query_async(&mut admin).await.unwrap();
    assert!(expires > 0, "{expires}");
}
