//! A limiter stays within the windows of a server, wherever they begin and however long requests
//! take.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http::{HeaderName, HeaderValue};
use tokio::time::{Instant, sleep};

use super::support::operations::GetApp;
use super::support::transport::answer;
use stream_http::{
    Executor, RateLimiter, RequestBody, ResponseBody, RetryPolicy, Transport, TransportError,
};

const MINUTE: Duration = Duration::from_secs(60);

/// A server whose windows begin at `phase`, and whose requests take random times both ways.
#[derive(Clone)]
struct Server {
    start: Instant,
    phase: Duration,
    limit: u64,
    /// The maximum time of either way.
    way: Duration,
    random: Arc<Mutex<fastrand::Rng>>,
    /// The number of requests by window.
    used: Arc<Mutex<BTreeMap<u128, u64>>>,
}

impl Server {
    fn way(&self) -> Duration {
        self.way.mul_f64(self.random.lock().unwrap().f64())
    }
}

impl Transport for Server {
    async fn send(
        &self,
        _: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        sleep(self.way()).await;
        let now = self.start.elapsed() + self.phase;
        let window = now.as_nanos() / MINUTE.as_nanos();
        let used = {
            let mut used = self.used.lock().unwrap();
            let used = used.entry(window).or_default();
            *used += 1;
            *used
        };
        let epoch = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_040);
        let reset = epoch + MINUTE * (window as u32 + 1);
        let seconds = reset.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        sleep(self.way()).await;
        let mut response = answer(if used > self.limit { 429 } else { 200 }, "{}");
        for (name, value) in [
            ("x-ratelimit-limit", self.limit.to_string()),
            ("x-ratelimit-remaining", self.limit.saturating_sub(used).to_string()),
            ("x-ratelimit-reset", seconds.to_string()),
            ("date", httpdate::fmt_http_date(epoch + now)),
        ] {
            let value = HeaderValue::try_from(value).unwrap();
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
        Ok(response)
    }
}

/// Sends calls at random times, of which some are dropped, and checks the windows.
async fn run(seed: u64, way: Duration) {
    let mut random = fastrand::Rng::with_seed(seed);
    let server = Server {
        start: Instant::now(),
        phase: MINUTE.mul_f64(random.f64()),
        limit: random.u64(1..60),
        way,
        random: Arc::new(Mutex::new(random.fork())),
        used: Arc::default(),
    };
    let executor = Executor::builder()
        .api_key("key")
        .token("t")
        .transport(server.clone())
        .rate_limiter(Arc::new(RateLimiter::new(Duration::from_secs(100_000))))
        .retry(RetryPolicy::off())
        .timeout(Duration::from_secs(100_000))
        .build()
        .unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..random.usize(50..250) {
        let (call, is_dropped) = (executor.send(&GetApp), random.u8(..5) == 0);
        let patience = Duration::from_secs(if is_dropped { random.u64(..100) } else { 50_000 });
        calls.spawn(async move {
            let ended = tokio::time::timeout(patience, call).await;
            assert!(is_dropped || ended.is_ok(), "it waits for hours");
        });
        if random.bool() {
            sleep(Duration::from_secs(3).mul_f64(random.f64())).await;
        }
    }
    calls.join_all().await;
    // Until the first response, the limit is not known.
    let used = server.used.lock().unwrap();
    let first = if server.limit >= 50 { server.limit } else { u64::MAX };
    for (window, used) in used.iter() {
        let allowed = if *window == 0 { first } else { server.limit };
        assert!(*used <= allowed, "seed {seed}, {way:?}, window {window}: {used} of {allowed}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_window_is_exceeded_wherever_it_begins_and_however_long_requests_take() {
    for way in [0, 100, 1000, 3000] {
        for seed in 0..10 {
            run(seed, Duration::from_millis(way)).await;
        }
    }
}
