//! The policies retry, wait and give up as documented, in Tokio's paused time.
#![cfg(test)]

#[path = "../support/mod.rs"]
mod support;

mod allocations;
mod shared_limits;
mod windows;

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue};
use tokio::time::Instant;

use stream_http::{
    AuthType, BodySource, BoxError, CallOptions, ErrorCode, ErrorKind, Executor, FileSource,
    PreparedRequest, RateLimiter, RequestBody, ResponseBody, RetryBudget, RetryPolicy, Token,
    TokenSource, Transport, TransportError, TransportErrorKind,
};
use stream_models::{InvalidRequest, Operation, OperationInfo, Upload};
use support::operations::{DeleteMessage, GetApp, SendMessage, UploadFile};
use support::transport::{Mock, answer};

fn reset(before_send: bool) -> TransportError {
    TransportError::new(TransportErrorKind::ConnectionReset, "reset").before_send(before_send)
}

fn refused(retry_after: &'static str) -> http::Response<ResponseBody> {
    let mut response = answer(429, r#"{"code":9,"message":"Too many requests"}"#);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(retry_after));
    response
}

#[tokio::test(start_paused = true)]
async fn an_idempotent_request_is_sent_again_with_the_same_id_and_body() {
    let mock = Mock::new(|number| match number {
        0 => Err(reset(false)),
        1 => Ok(answer(503, "busy")),
        _ => Ok(answer(200, "{}")),
    });
    let response = mock.executor().build().unwrap().send(&DeleteMessage).await.unwrap();
    assert_eq!(response.attempts(), 3);
    let sent = mock.sent.lock().unwrap();
    for request in sent.iter() {
        assert_eq!(request.head.headers["x-client-request-id"], response.request_id());
        assert_eq!(request.head.uri, sent[0].head.uri);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_is_not_sent_again_once_it_may_have_arrived() {
    for outcome in [None, Some(502), Some(503), Some(504), Some(500)] {
        let mock = Mock::new(move |_| match outcome {
            None => Err(reset(false)),
            Some(status) => Ok(answer(status, "")),
        });
        let executor = mock.executor().build().unwrap();
        let error = executor.send(&SendMessage::text("hi")).await.unwrap_err();
        assert_eq!(mock.count(), 1);
        assert!(error.may_have_been_processed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_was_refused_or_never_sent_is_sent_again() {
    let mock = Mock::new(|number| match number {
        0 => Err(reset(true)),
        1 => Ok(refused("7")),
        _ => Ok(answer(201, "{}")),
    });
    let start = Instant::now();
    let executor = mock.executor().build().unwrap();
    let response = executor.send(&SendMessage::text("hi")).await.unwrap();
    assert_eq!(response.attempts(), 3);
    assert!(start.elapsed() >= Duration::from_secs(7));
    let sent = mock.sent.lock().unwrap();
    assert!(sent.iter().all(|request| request.body == r#"{"message":{"text":"hi"}}"#));
}

#[tokio::test(start_paused = true)]
async fn an_earlier_attempt_that_may_have_arrived_is_not_forgotten() {
    let mock = Mock::new(|number| match number {
        0 => Err(reset(false)),
        _ => Err(reset(true)),
    });
    let error = mock.executor().build().unwrap().send(&DeleteMessage).await.unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert!(error.may_have_been_processed());
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let mock = Mock::new(|_| Ok(refused("31")));
    let start = Instant::now();
    let error = mock.executor().build().unwrap().send(&GetApp).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.code(), Some(ErrorCode::RateLimited));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(31)));
    assert_eq!(error.attempts(), 1);
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(!error.may_have_been_processed());
}

#[tokio::test(start_paused = true)]
async fn an_unrecoverable_error_is_not_retried() {
    let mock = Mock::json(429, r#"{"code":9,"message":"no","unrecoverable":true}"#);
    let error = mock.executor().build().unwrap().send(&GetApp).await.unwrap_err();
    assert!(error.is_unrecoverable());
    assert_eq!(mock.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_call_can_turn_retries_off_or_change_them() {
    let mock = Mock::json(503, "");
    let executor = mock.executor().build().unwrap();
    let options = CallOptions::new().retry(RetryPolicy::off());
    executor.send_with(&GetApp, &options).await.unwrap_err();
    assert_eq!(mock.count(), 1);
    let options = CallOptions::new().retry(RetryPolicy::default().max_attempts(5));
    let error = executor.send_with(&GetApp, &options).await.unwrap_err();
    assert_eq!(error.attempts(), 5);
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_multiplied() {
    let mock = Mock::json(503, "");
    let budget = Arc::new(RetryBudget::new(20, 5));
    let executor = mock.executor().retry_budget(budget.clone()).build().unwrap();
    for _ in 0..100 {
        executor.send(&GetApp).await.unwrap_err();
    }
    assert_eq!(mock.count(), 104);
    assert_eq!(budget.tokens(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_without_any_header_is_repeated_after_a_short_wait() {
    let mock = Mock::new(|number| Ok(answer(if number < 2 { 429 } else { 201 }, "")));
    let executor = mock.executor().build().unwrap();
    let start = Instant::now();
    // The body of the last response is not JSON, which shows that the attempts reached it.
    let error = executor.send(&SendMessage::text("hi")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 3));
    assert_eq!(error.rate_limit(), stream_http::RateLimit::default());
    assert!(start.elapsed() <= Duration::from_millis(250 + 500 + 2));

    let mock = Mock::json(429, "");
    let error = mock.executor().build().unwrap().send(&SendMessage::text("hi")).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.retry_after(), error.attempts()), (None, 3));
    assert!(!error.may_have_been_processed());
}

/// A body whose first part arrives and whose rest does not.
struct Halfway(Option<&'static str>);

impl http_body::Body for Halfway {
    type Data = bytes::Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, TransportError>>> {
        match self.0.take() {
            Some(part) => std::task::Poll::Ready(Some(Ok(http_body::Frame::data(part.into())))),
            None => std::task::Poll::Pending,
        }
    }
}

fn halfway(status: u16) -> http::Response<ResponseBody> {
    let body = ResponseBody::stream(Halfway(Some("{\"duration\"")));
    http::Response::builder().status(status).body(body).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_response_that_stalls_halfway_ends_and_gives_its_place_back() {
    for status in [200, 429, 503] {
        let mock = Mock::new(move |number| match number {
            0 | 1 => Ok(halfway(status)),
            _ => Ok(answer(200, "{}")),
        });
        let executor = mock.executor().max_in_flight(1).build().unwrap();
        let start = Instant::now();
        let options = CallOptions::new().timeout(Duration::from_secs(2));
        let error = executor.send_with(&GetApp, &options).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 1), "{status}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert!(error.to_string().contains(&format!(": {status} but no complete response")));
        assert_eq!(error.may_have_been_processed(), status != 429, "{status}");
        assert_eq!(start.elapsed(), Duration::from_secs(2));
        // A caller that drops the call halfway.
        let call = tokio::time::timeout(Duration::from_secs(1), executor.send(&GetApp));
        call.await.unwrap_err();
        executor.send(&GetApp).await.unwrap();
        assert_eq!(mock.count(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn the_status_of_a_response_that_stalls_halfway_decides() {
    let second = Duration::from_secs(1);
    for (status, attempts) in [(200, 1), (404, 1), (429, 2), (503, 1)] {
        let mock = Mock::new(move |number| match number {
            0 => {
                let mut response = halfway(status);
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("3"));
                Ok(response)
            }
            _ => Ok(answer(500, "")),
        });
        let start = Instant::now();
        let executor = mock.executor().attempt_timeout(second).build().unwrap();
        let error = executor.send(&SendMessage::text("hi")).await.unwrap_err();
        assert_eq!(mock.count(), attempts, "{status}: {error}");
        let (kind, expected) = match status {
            200 => (ErrorKind::Transport(TransportErrorKind::Timeout), 200),
            // It was refused, so that it was sent again, when the server said.
            429 => {
                assert_eq!(start.elapsed(), 4 * second);
                (ErrorKind::Api, 500)
            }
            _ => (ErrorKind::Api, status),
        };
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(expected));
        assert_eq!(error.may_have_been_processed(), status != 404, "{status}");
        if status == 404 {
            let cause = std::error::Error::source(&error).unwrap();
            assert!(cause.to_string().contains("no complete response within 1 s"), "{cause}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_says_whether_a_request_was_in_flight() {
    for (first, is_unclear) in [(429, false), (200, true)] {
        let mock = Mock::new(move |number| match number {
            0 if first == 429 => Ok(refused("1")),
            _ => Ok(halfway(200)),
        });
        let executor = mock.executor().max_in_flight(1).build().unwrap();
        let options = CallOptions::new().timeout(Duration::from_secs(5));
        let call = executor.send_with(&SendMessage::text("hi"), &options);
        // Takes the only place while the refused call sleeps.
        let other = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            executor.send(&GetApp).await
        };
        let (result, _) = tokio::join!(call, other);
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 1));
        assert_eq!(error.may_have_been_processed(), is_unclear, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_upload_whose_response_stalls_halfway_ends() {
    let mock = Mock::new(|number| Ok(if number == 0 { halfway(201) } else { answer(201, "{}") }));
    let executor = mock.executor().idle_timeout(Duration::from_secs(5)).build().unwrap();
    let upload = UploadFile(Upload::bytes("a.txt", *b"hello"));
    let start = Instant::now();
    let error = executor.send(&upload).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport(TransportErrorKind::Timeout));
    assert!(error.to_string().contains("201 but timeout: no progress for 5 s"), "{error}");
    // The message may have been stored, so it is not sent again.
    assert_eq!(mock.count(), 1);
    assert!(error.may_have_been_processed());
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn an_upload_does_not_wait_for_its_token_for_ever() {
    struct Hangs;
    impl TokenSource for Hangs {
        async fn token(&self) -> Result<Token, BoxError> {
            pending().await
        }
    }
    let mock = Mock::json(201, "{}");
    let executor = mock.executor().token_source(Hangs).idle_timeout(Duration::from_secs(5));
    let start = Instant::now();
    let upload = UploadFile(Upload::bytes("a.txt", *b"hello"));
    let error = executor.build().unwrap().send(&upload).await.unwrap_err();
    assert!(error.is_configuration() && !error.may_have_been_processed(), "{error}");
    assert_eq!((start.elapsed().as_secs(), mock.count()), (5, 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_once_the_time_is_over() {
    /// A token source that takes as long as the whole call may take.
    struct Late;
    impl TokenSource for Late {
        async fn token(&self) -> Result<Token, BoxError> {
            tokio::time::sleep(Duration::from_secs(3)).await;
            Ok(Token::new("t"))
        }
    }
    let mock = Mock::json(200, "{}");
    let late = mock.executor().token_source(Late).timeout(Duration::from_secs(3)).build().unwrap();
    let at_once = mock.executor().timeout(Duration::ZERO).build().unwrap();
    for executor in [late, at_once] {
        let error = executor.send(&GetApp).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 0));
        assert!(!error.may_have_been_processed());
    }
    assert_eq!(mock.count(), 0);
}

/// A transport that never responds.
struct Silent;

impl Transport for Silent {
    async fn send(
        &self,
        _: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        pending().await
    }
}

fn silent() -> stream_http::ExecutorBuilder {
    Executor::builder().api_key("key").token("t").transport(Silent)
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_its_deadline() {
    let start = Instant::now();
    let error = silent().build().unwrap().send(&GetApp).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert_eq!(start.elapsed(), Duration::from_secs(30));
    assert!(error.is_timeout() && error.may_have_been_processed());
    assert_eq!(
        error.to_string().split(", request").next().unwrap(),
        "GET /api/v2/app failed: no complete response within 30 s, server chat.stream-io-api.com"
    );
}

#[tokio::test(start_paused = true)]
async fn attempts_end_within_the_call() {
    let start = Instant::now();
    let executor = silent().attempt_timeout(Duration::from_secs(4)).build().unwrap();
    let error = executor.send(&GetApp).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport(TransportErrorKind::Timeout));
    assert_eq!(error.attempts(), 3);
    assert!(start.elapsed() >= Duration::from_secs(12));
    let options = CallOptions::new().timeout(Duration::from_secs(6));
    let error = executor.send_with(&GetApp, &options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert_eq!(error.attempts(), 2);
    let cause = std::error::Error::source(&error).unwrap();
    assert!(cause.to_string().contains("timeout"), "{cause}");
}

#[tokio::test(start_paused = true)]
async fn an_upload_may_take_long_but_not_stand_still() {
    /// A body that yields a byte every 20 s, five times, and then hangs.
    struct Slow {
        left: usize,
        sleep: std::pin::Pin<Box<tokio::time::Sleep>>,
    }
    impl tokio::io::AsyncRead for Slow {
        fn poll_read(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
            buffer: &mut tokio::io::ReadBuf<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            if self.left == 0 {
                return std::task::Poll::Pending;
            }
            std::task::ready!(self.sleep.as_mut().poll(context));
            self.left -= 1;
            self.sleep.as_mut().reset(Instant::now() + Duration::from_secs(20));
            buffer.put_slice(b"x");
            std::task::Poll::Ready(Ok(()))
        }
    }
    let slow = Slow { left: 5, sleep: Box::pin(tokio::time::sleep(Duration::from_secs(20))) };
    let mock = Mock::json(201, "{}");
    let executor = mock.executor().build().unwrap();
    let request = PreparedRequest::from_operation(&UploadFile(Upload::bytes("a", *b""))).unwrap();
    let request = request.file("file", FileSource::reader("a", slow, None));
    let reports = Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = reports.clone();
    let options =
        CallOptions::new().on_progress(move |progress| log.lock().unwrap().push(progress));
    let start = Instant::now();
    let error = executor.execute(request, &options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport(TransportErrorKind::Timeout));
    assert_eq!(start.elapsed().as_secs(), 130);
    let reports = reports.lock().unwrap();
    assert!(reports.windows(2).all(|pair| pair[0].sent < pair[1].sent));
    assert_eq!(reports.last().unwrap().total, None);
}

#[tokio::test(start_paused = true)]
async fn uploads_are_repeated_only_if_they_can_be_read_again() {
    let mock = Mock::new(|number| Ok(if number == 0 { refused("1") } else { answer(201, "{}") }));
    let executor = mock.executor().build().unwrap();
    let upload = UploadFile(Upload::bytes("a.txt", *b"hello"));
    let options = CallOptions::new().on_progress(|progress| {
        assert!(progress.sent <= progress.total.unwrap());
    });
    let response = executor.send_with(&upload, &options).await.unwrap();
    assert_eq!(response.attempts(), 2);
    let sent = mock.sent.lock().unwrap().clone();
    assert_eq!(sent[0].body, sent[1].body);

    let mock = Mock::new(|_| Ok(refused("1")));
    let executor = mock.executor().build().unwrap();
    let request = PreparedRequest::from_operation(&upload).unwrap();
    let request = request.file("file", FileSource::reader("a.txt", &b"hello"[..], None));
    let error = executor.execute(request, &CallOptions::new()).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(mock.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_read_is_the_callers_error() {
    let mock = Mock::json(201, "{}");
    let executor = mock.executor().build().unwrap();
    let error = executor.send(&UploadFile(Upload::path("/does/not/exist.png"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("/does/not/exist.png"), "{error}");
    let request = PreparedRequest::from_operation(&UploadFile(Upload::bytes("a", *b""))).unwrap();
    let short = FileSource::reader("a", &b"abc"[..], Some(10));
    let error =
        executor.execute(request.file("file", short), &CallOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("announced length"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn calls_wait_for_the_next_window_instead_of_running_into_the_limit() {
    let mock = Mock::new(|_| {
        let mut response = answer(200, "{}");
        let reset = SystemTime::now() + Duration::from_secs(3);
        let reset = reset.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        for (name, value) in
            [("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", reset.to_string())]
        {
            response.headers_mut().insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        Ok(response)
    });
    let limiter = Arc::new(RateLimiter::new(Duration::from_secs(10)));
    let executor = mock.executor().rate_limiter(limiter).build().unwrap();
    let start = Instant::now();
    executor.send(&GetApp).await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
    executor.send(&DeleteMessage).await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
    executor.send(&GetApp).await.unwrap();
    assert!(start.elapsed() > Duration::from_secs(1));
}

/// A server that allows 50 requests a minute by its own clock, and refuses the others.
#[derive(Clone)]
struct Limited {
    start: Instant,
    /// The times at which requests were accepted and refused.
    passed: Arc<Mutex<Vec<Duration>>>,
    refused: Arc<Mutex<Vec<Duration>>>,
    latency: Duration,
}

impl Limited {
    const LIMIT: usize = 50;

    fn new() -> Self {
        Self {
            start: Instant::now(),
            passed: Arc::default(),
            refused: Arc::default(),
            latency: Duration::from_millis(80),
        }
    }

    fn executor(&self, limiter: RateLimiter) -> Executor {
        Executor::builder()
            .api_key("key")
            .token("t")
            .transport(self.clone())
            .rate_limiter(Arc::new(limiter))
            .retry(RetryPolicy::off())
            .timeout(Duration::from_secs(1000))
            .build()
            .unwrap()
    }
}

impl Transport for Limited {
    async fn send(
        &self,
        _: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let now = self.start.elapsed();
        let window = now.as_secs() / 60;
        let remaining = {
            let mut passed = self.passed.lock().unwrap();
            let used = passed.iter().filter(|at| at.as_secs() / 60 == window).count();
            let remaining = Self::LIMIT.checked_sub(used + 1);
            let log =
                if remaining.is_some() { &mut passed } else { &mut self.refused.lock().unwrap() };
            log.push(now);
            remaining
        };
        tokio::time::sleep(self.latency).await;
        let status = if remaining.is_some() { 200 } else { 429 };
        let mut response = answer(status, "{}");
        // The server's clock is hours ahead of ours.
        let epoch = SystemTime::now() + Duration::from_secs(7200);
        let date = epoch + self.start.elapsed();
        let seconds = date.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let reset = seconds - self.start.elapsed().as_secs() + (window + 1) * 60;
        for (name, value) in [
            ("x-ratelimit-limit", Self::LIMIT.to_string()),
            ("x-ratelimit-remaining", remaining.unwrap_or(0).to_string()),
            ("x-ratelimit-reset", reset.to_string()),
            ("date", httpdate::fmt_http_date(date)),
        ] {
            response.headers_mut().insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        Ok(response)
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_into_an_unknown_limit_is_not_refused() {
    let server = Limited::new();
    let executor = server.executor(RateLimiter::new(Duration::from_secs(600)));
    let calls: Vec<_> = (0..80).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.refused.lock().unwrap().len(), 0);
    let passed = server.passed.lock().unwrap();
    // Requests that the window allows are not held back.
    assert_eq!(passed.iter().filter(|at| **at < Duration::from_secs(1)).count(), 50);
}

#[tokio::test(start_paused = true)]
async fn waiting_requests_are_spread_over_the_new_window() {
    let server = Limited::new();
    let executor = server.executor(RateLimiter::new(Duration::from_secs(600)));
    let calls: Vec<_> = (0..200).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.refused.lock().unwrap().len(), 0);
    let passed = server.passed.lock().unwrap();
    let waited: Vec<_> = passed.iter().filter(|at| at.as_secs() >= 60).collect();
    assert_eq!(waited.len(), 150);
    for at in &waited {
        let beside = waited.iter().filter(|other| other.abs_diff(**at) < Duration::from_secs(1));
        assert!(beside.count() <= 4, "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn requests_that_wait_too_long_are_sent_one_by_one() {
    let server = Limited::new();
    let executor = server.executor(RateLimiter::new(Duration::from_secs(10)));
    let calls: Vec<_> = (0..250).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
    let mut refused = 0;
    for call in calls {
        refused += usize::from(call.await.unwrap().is_err());
    }
    assert_eq!(refused, 200);
    assert_eq!(server.refused.lock().unwrap().len(), 200);
    assert!(server.refused.lock().unwrap().iter().all(|at| *at <= Duration::from_secs(11)));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_its_window_takes_no_place_and_may_be_dropped() {
    let server = Limited::new();
    let limiter = RateLimiter::new(Duration::from_secs(600));
    let executor = Executor::builder()
        .api_key("key")
        .token("t")
        .transport(server.clone())
        .rate_limiter(Arc::new(limiter))
        .max_in_flight(1)
        .timeout(Duration::from_secs(1000))
        .build()
        .unwrap();
    for _ in 0..50 {
        executor.send(&GetApp).await.unwrap();
    }
    let start = Instant::now();
    let waiting: Vec<_> = (0..20).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
    tokio::task::yield_now().await;
    // Another operation, with which this server shares the count, is sent at once.
    let _ = executor.send_with(&DeleteMessage, &CallOptions::new().retry(RetryPolicy::off())).await;
    assert!(start.elapsed() < Duration::from_secs(1));
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    for call in waiting {
        assert!(call.await.unwrap_err().is_cancelled());
    }
    tokio::time::sleep(Duration::from_secs(180)).await;
    let start = Instant::now();
    for _ in 0..50 {
        executor.send(&GetApp).await.unwrap();
    }
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn calls_that_move_up_in_the_queue_remain_spread() {
    let server = Limited::new();
    let executor = server.executor(RateLimiter::new(Duration::from_secs(900)));
    let mut calls: Vec<_> = (0..100).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
    // The second half waits, and the first ones of it are sent when the next window has begun.
    tokio::time::sleep(Duration::from_secs(65)).await;
    calls.retain(|call| !call.is_finished());
    let waiting = calls.len();
    assert!((30..50).contains(&waiting), "{waiting}");
    for call in calls.iter().step_by(2).chain(calls.iter().skip(1).step_by(4)) {
        call.abort();
    }
    let mut sent = 0;
    for call in calls {
        sent += usize::from(call.await.is_ok());
    }
    assert!(sent >= waiting / 5, "{sent} of {waiting}");
    assert!(server.refused.lock().unwrap().is_empty());
    let passed = server.passed.lock().unwrap();
    let late: Vec<_> = passed.iter().filter(|at| at.as_secs() >= 60).collect();
    for at in &late {
        let beside = late.iter().filter(|other| other.abs_diff(**at) < Duration::from_secs(1));
        assert!(beside.count() <= 4, "{late:?}");
    }
    // They moved up: those that were last would have been sent at 90 s.
    assert!(late.last().unwrap().as_secs() < 80, "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn a_thousand_dropped_calls_do_not_delay_the_others() {
    let server = Limited::new();
    let executor = server.executor(RateLimiter::new(Duration::from_secs(900)));
    let send = |number: usize| -> Vec<_> {
        (0..number).map(|_| tokio::spawn(executor.send(&GetApp))).collect()
    };
    for call in send(50) {
        call.await.unwrap().unwrap();
    }
    let dropped = send(1000);
    tokio::task::yield_now().await;
    let waiting = send(1);
    tokio::task::yield_now().await;
    for call in &dropped {
        call.abort();
    }
    for call in dropped {
        assert!(call.await.unwrap_err().is_cancelled());
    }
    for call in waiting.into_iter().chain(send(1)) {
        call.await.unwrap().unwrap();
    }
    // At the start of the next window, both the one that waited behind them and a new one.
    let late = server.passed.lock().unwrap()[50..].to_vec();
    assert!(late.len() == 2 && late.iter().all(|at| at.as_secs() <= 61), "{late:?}");
    assert!(server.refused.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn calls_are_sent_in_the_order_in_which_they_arrived() {
    // A burst, and then a call at each interval, for ten minutes.
    for (burst, interval, slowest) in
        [(300, None, 330), (120, Some(1500), 140), (60, Some(1000), 200), (400, Some(2000), 480)]
    {
        let server = Limited::new();
        let executor = server.executor(RateLimiter::new(Duration::from_secs(3600)));
        let ended = Arc::new(Mutex::new(Vec::new()));
        let mut calls = tokio::task::JoinSet::new();
        let mut arrive = |number: usize| {
            let (call, arrived, ended) = (executor.send(&GetApp), Instant::now(), ended.clone());
            calls.spawn(async move {
                call.await.unwrap();
                ended.lock().unwrap().push((number, arrived.elapsed()));
            });
        };
        (0..burst).for_each(&mut arrive);
        tokio::task::yield_now().await;
        if let Some(interval) = interval {
            for number in burst..burst + 600_000 / interval {
                tokio::time::sleep(Duration::from_millis(interval as u64)).await;
                arrive(number);
            }
        }
        calls.join_all().await;
        let ended = ended.lock().unwrap();
        assert!(ended.is_sorted_by_key(|(number, _)| *number), "{ended:?}");
        let longest = ended.iter().map(|(_, waited)| *waited).max();
        assert!(longest <= Some(Duration::from_secs(slowest)), "{longest:?}");
        assert!(server.refused.lock().unwrap().is_empty());
        let passed = server.passed.lock().unwrap();
        let windows = passed.last().unwrap().as_secs() / 60;
        assert_eq!(windows as usize, (passed.len() - 1) / Limited::LIMIT, "each window is used up");
    }
}

/// A transport that counts the requests in flight. Each takes a second.
#[derive(Clone, Default)]
struct Counting {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    started: Arc<AtomicUsize>,
}

/// Decrements the count when its request ends or is dropped.
struct InFlight<'a>(&'a AtomicUsize);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Transport for Counting {
    async fn send(
        &self,
        _: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        let _in_flight = InFlight(&self.now);
        self.started.fetch_add(1, Ordering::SeqCst);
        self.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(answer(200, "{}"))
    }
}

impl Counting {
    fn executor(&self) -> stream_http::ExecutorBuilder {
        Executor::builder().api_key("key").token("t").transport(self.clone())
    }
}

#[tokio::test(start_paused = true)]
async fn requests_in_flight_are_limited() {
    let counting = Counting::default();
    let executor = counting.executor().max_in_flight(3).build().unwrap();
    let start = Instant::now();
    let calls: Vec<_> = (0..9).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(counting.most.load(Ordering::SeqCst), 3);
    assert_eq!(start.elapsed(), Duration::from_secs(3));
    let options = CallOptions::new().timeout(Duration::from_millis(1500));
    let calls: Vec<_> =
        (0..9).map(|_| tokio::spawn(executor.send_with(&GetApp, &options))).collect();
    let mut waited_in_vain = 0;
    for call in calls {
        if let Err(error) = call.await.unwrap() {
            waited_in_vain += usize::from(!error.may_have_been_processed());
        }
    }
    assert_eq!(waited_in_vain, 3);
}

#[tokio::test(start_paused = true)]
async fn requests_in_flight_are_limited_to_256_by_default() {
    for (bound, most) in [(None, 256), (Some(usize::MAX), 1000)] {
        let counting = Counting::default();
        let builder = counting.executor();
        let builder = bound.map_or(counting.executor(), |bound| builder.max_in_flight(bound));
        let executor = builder.build().unwrap();
        let calls: Vec<_> = (0..1000).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        assert_eq!(counting.most.load(Ordering::SeqCst), most);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_gives_its_place_back() {
    let counting = Counting::default();
    let executor = counting.executor().max_in_flight(2).build().unwrap();
    for round in 0..100 {
        // Each call is dropped in flight or while it waits for its turn.
        let calls: Vec<_> = (0..10).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
        tokio::time::sleep(Duration::from_millis(1 + round % 7 * 300)).await;
        calls.iter().for_each(tokio::task::JoinHandle::abort);
        for call in calls {
            let _ = call.await;
        }
        assert_eq!(counting.now.load(Ordering::SeqCst), 0);
    }
    let start = Instant::now();
    let calls: Vec<_> = (0..4).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_sleeps_between_attempts_takes_no_place() {
    let mock = Mock::new(|number| match number {
        0 => Ok(refused("10")),
        _ => Ok(answer(200, "{}")),
    });
    let executor = mock.executor().max_in_flight(1).build().unwrap();
    let start = Instant::now();
    let refused = tokio::spawn(executor.send(&DeleteMessage));
    tokio::time::sleep(Duration::from_secs(1)).await;
    executor.send(&GetApp).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(1));
    assert_eq!(refused.await.unwrap().unwrap().attempts(), 2);
    assert!(start.elapsed() >= Duration::from_secs(10));
}

/// A message whose ID the caller may choose.
#[derive(Clone)]
struct SendNamed(Option<&'static str>);

impl Operation for SendNamed {
    type Response = serde_json::Value;
    const INFO: OperationInfo = SendMessage::INFO;

    fn path(&self) -> Result<String, InvalidRequest> {
        SendMessage::text("hi").path()
    }

    fn is_idempotent(&self) -> bool {
        self.0.is_some()
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_may_know_that_it_is_idempotent() {
    for (id, attempts) in [(None, 1), (Some("m1"), 2)] {
        let mock = Mock::new(|number| match number {
            0 => Ok(answer(503, "")),
            _ => Ok(answer(400, r#"{"code":4,"message":"a message with ID m1 already exists"}"#)),
        });
        let error = mock.executor().build().unwrap().send(&SendNamed(id)).await.unwrap_err();
        assert_eq!(mock.count(), attempts);
        assert_eq!(error.is_already_exists(), attempts == 2);
        assert!(error.may_have_been_processed());
    }
}

#[tokio::test(start_paused = true)]
async fn the_caller_may_say_that_a_call_is_idempotent() {
    for (idempotent, attempts) in [(None, 1), (Some(false), 1), (Some(true), 2)] {
        let mock = Mock::new(|number| match number {
            0 => Err(reset(false)),
            _ => Ok(answer(201, "{}")),
        });
        let executor = mock.executor().build().unwrap();
        let options =
            idempotent.map_or_else(CallOptions::new, |said| CallOptions::new().idempotent(said));
        let result = executor.send_with(&SendMessage::text("hi"), &options).await;
        assert_eq!(result.is_ok(), attempts == 2, "{idempotent:?}");
        assert_eq!(mock.count(), attempts, "{idempotent:?}");
    }
    let mock = Mock::new(|_| Err(reset(false)));
    let executor = mock.executor().build().unwrap();
    let options = CallOptions::new().idempotent(false);
    executor.send_with(&DeleteMessage, &options).await.unwrap_err();
    assert_eq!(mock.count(), 1);
}

#[tokio::test]
async fn tokens_come_from_their_source() {
    struct Fresh(AtomicUsize);
    impl TokenSource for Fresh {
        async fn token(&self) -> Result<Token, BoxError> {
            match self.0.fetch_add(1, Ordering::SeqCst) {
                2 => Err("the vault is sealed".into()),
                number => Ok(Token::new(format!("token-{number}"))),
            }
        }
    }
    let mock = Mock::json(200, "{}");
    let executor = mock.executor().token_source(Fresh(AtomicUsize::new(0))).build().unwrap();
    executor.send(&GetApp).await.unwrap();
    executor.send(&GetApp).await.unwrap();
    let error = executor.send(&GetApp).await.unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("the vault is sealed"));
    let sent = mock.sent.lock().unwrap();
    assert_eq!(sent[1].head.headers["authorization"], "token-1");
}

#[tokio::test]
async fn a_source_decides_whether_a_refused_token_is_replaced() {
    struct Source {
        asked: AtomicUsize,
        replaces: bool,
    }
    impl TokenSource for Source {
        async fn token(&self) -> Result<Token, BoxError> {
            Ok(Token::new(format!("token-{}", self.asked.fetch_add(1, Ordering::SeqCst))))
        }

        fn refused(&self, token: &Token) -> bool {
            assert!(token.expose_secret().starts_with("token-"));
            self.replaces
        }
    }
    const EXPIRED: &str = r#"{"code":40,"message":"no"}"#;
    const EARLY: &str = r#"{"code":42,"message":"no"}"#;
    const OTHER: &str = r#"{"code":5,"message":"no"}"#;
    for (replaces, body, attempts) in
        [(true, EXPIRED, 2), (true, EARLY, 2), (true, OTHER, 1), (false, EXPIRED, 1)]
    {
        let mock = Mock::json(401, body);
        let source = Source { asked: AtomicUsize::new(0), replaces };
        let executor =
            mock.executor().token_source(source).retry(RetryPolicy::off()).build().unwrap();
        let error = executor.send(&SendMessage::text("x")).await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "{body} {error}");
        assert!(!error.may_have_been_processed());
        assert_eq!(mock.sent.lock().unwrap().len(), attempts as usize);
        // A body that can be read only once is not sent again.
        let once = BodySource::once("text/plain", RequestBody::bytes("x"));
        let request = PreparedRequest::new(SendMessage::INFO, "/api/v2/x").body(once);
        let error = executor.execute(request, &CallOptions::new()).await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{body} {error}");
    }
}

#[tokio::test]
async fn anonymous_calls_need_no_token() {
    let mock = Mock::json(200, "{}");
    let executor = Executor::builder()
        .api_key("key")
        .auth_type(AuthType::Anonymous)
        .transport(mock.clone())
        .build()
        .unwrap();
    executor.send(&GetApp).await.unwrap();
    let sent = mock.sent.lock().unwrap();
    assert_eq!(sent[0].head.headers["stream-auth-type"], "anonymous");
    assert!(!sent[0].head.headers.contains_key("authorization"));
}

#[tokio::test]
async fn headers_can_be_added_but_not_replaced() {
    let mock = Mock::json(200, "{}");
    let options = CallOptions::new()
        .header(HeaderName::from_static("x-trace"), HeaderValue::from_static("1"))
        .header(HeaderName::from_static("x-trace"), HeaderValue::from_static("2"))
        .header(HeaderName::from_static("host"), HeaderValue::from_static("other"))
        .header(HeaderName::from_static("authorization"), HeaderValue::from_static("other"))
        .header(HeaderName::from_static("stream-auth-type"), HeaderValue::from_static("other"))
        .keep_raw_body();
    let executor = mock.executor().build().unwrap();
    let response = executor.send_with(&GetApp, &options).await.unwrap();
    assert_eq!(response.raw_body().unwrap(), "{}");
    let sent = mock.sent.lock().unwrap();
    let traces: Vec<_> = sent[0].head.headers.get_all("x-trace").iter().collect();
    assert_eq!(traces, ["1", "2"]);
    assert!(!sent[0].head.headers.contains_key("host"));
    assert_eq!(sent[0].head.headers["authorization"], "t0ken");
    assert_eq!(sent[0].head.headers["stream-auth-type"], "jwt");
    assert!(sent[0].head.extensions.get::<stream_models::OperationInfo>().is_some());
}

#[test]
fn missing_settings_are_named() {
    let mock = Mock::json(200, "{}");
    let error = Executor::builder().token("t").transport(mock.clone()).build().unwrap_err();
    assert!(error.to_string().contains("STREAM_API_KEY"), "{error}");
    let from_file = Executor::builder().api_key("key\n").token("t").transport(mock.clone());
    let error = from_file.build().unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("line break"), "{error}");
    let error = Executor::builder().api_key("k").transport(mock).build().unwrap_err();
    assert!(error.to_string().contains("token_source"), "{error}");
    #[cfg(not(any(feature = "reqwest-rustls", feature = "hyper")))]
    {
        let error = Executor::builder().api_key("k").token("t").build().unwrap_err();
        assert!(error.to_string().contains("`hyper` or `reqwest-rustls`"), "{error}");
    }
    #[cfg(all(feature = "hyper", not(any(feature = "ring", feature = "aws-lc-rs"))))]
    {
        let error = Executor::builder().api_key("k").token("t").build().unwrap_err();
        assert!(error.to_string().contains("`ring` or `aws-lc-rs`"), "{error}");
    }
}
