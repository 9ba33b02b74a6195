//! Calls through an executor: whatever a server sends, the call ends in time and within the limits,
//! and an error prints on one line without secrets.
//!
//! The input contains one response for each attempt, divided by record separators (0x1e). A response
//! is a line with its status and the size of its body's chunks, header lines, an empty line, and the
//! body. Without a status, the connection breaks instead.
#![no_main]

use std::error::Error as _;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body::{Body, Frame};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

use stream_http::transport::testing::ScriptedTransport;
use stream_http::{
    BoxFuture, CallOptions, Clock, Error, ErrorKind, Executor, RateLimit, RateLimiter,
    ResponseBody, RetryPolicy, TransportError, TransportErrorKind,
};
use stream_models::users::QueryUsers;
use stream_models::{InvalidRequest, Method, Operation, OperationInfo};

const KEY: &str = "key-of-the-app";
const TOKEN: &str = "token.of.the.backend";
const LIMIT: usize = 2048;
const TIMEOUT: Duration = Duration::from_secs(30);

fuzz_target!(|data: &[u8]| {
    let Some((&kind, responses)) = data.split_first() else { return };
    let transport = ScriptedTransport::new();
    for text in responses.split(|byte| *byte == 0x1e) {
        match parse_response(text) {
            Ok(response) => transport.response(response),
            Err(error) => transport.fail(error),
        };
    }
    let time = Time::default();
    let mut builder = Executor::builder()
        .api_key(KEY)
        .token(TOKEN)
        .transport(transport)
        .clock(time.clone())
        .timeout(TIMEOUT)
        .max_response_size(LIMIT);
    if kind & 1 == 1 {
        builder = builder
            .rate_limiter(Arc::new(RateLimiter::with_clock(Duration::from_secs(20), time.clone())));
    }
    if kind & 2 == 2 {
        builder = builder.retry(RetryPolicy::official());
    }
    let executor = builder.build().unwrap();
    let options = CallOptions::new().keep_raw_body();
    if kind & 4 == 4 {
        let call = executor.send_with(&QueryUsers::new(), &options);
        check(time.until_done(pin!(call)));
    } else {
        let call = executor.send_with(&Act, &options);
        check(time.until_done(pin!(call)));
    }
    assert!(time.monotonic() <= TIMEOUT);
});

fn check<T>(result: Result<stream_http::Response<T>, Error>) {
    match result {
        Ok(response) => {
            assert!(response.status().is_success());
            assert!((1..=3).contains(&response.attempts()));
            assert!(response.raw_body().is_some_and(|body| body.len() <= LIMIT));
            assert_eq!(response.rate_limit(), RateLimit::from_headers(response.headers()));
        }
        Err(error) => check_error(&error),
    }
}

fn check_error(error: &Error) {
    let line = error.to_string();
    assert!(!line.contains(char::is_control), "{line:?}");
    assert!(line.chars().count() < 4000, "{line}");

    let mut texts = vec![line, format!("{error:?}"), format!("{:?}", error.api_error())];
    let mut source = error.source();
    while let Some(cause) = source {
        texts.extend([cause.to_string(), format!("{cause:?}")]);
        source = cause.source();
    }
    // The path contains names of members, which the server chose.
    let path = error.json_path().unwrap_or("$");
    assert!(path.starts_with('$'));
    for text in texts {
        let text = text.replace(&format!("{path:?}"), " ").replace(path, " ");
        assert!(!text.contains(KEY) && !text.contains(TOKEN), "{text}");
    }

    assert!(error.attempts() <= 3);
    assert!(error.retry_after() != Some(Duration::ZERO));
    assert!(error.raw_body().is_none_or(|body| body.len() <= LIMIT));
    assert!(!error.is_invalid_input() || !error.is_server_error());
    let status = error.status();
    match error.kind() {
        ErrorKind::Api => assert!(status.is_some_and(|status| !status.is_success())),
        ErrorKind::RateLimited => assert_eq!(status, Some(StatusCode::TOO_MANY_REQUESTS)),
        ErrorKind::Decode | ErrorKind::ResponseTooLarge => {
            assert!(status.is_some_and(|status| status.is_success()));
            assert!(error.may_have_been_processed());
        }
        ErrorKind::Transport(_) | ErrorKind::Deadline => assert_eq!(status, None),
        other => panic!("{other}: {error}"),
    }
}

/// An operation that must not be repeated once the server may have processed it.
#[derive(Clone)]
struct Act;

impl Operation for Act {
    type Response = Value;
    const INFO: OperationInfo = OperationInfo::new("Act", Method::Post, "/api/v2/act");

    fn path(&self) -> Result<String, InvalidRequest> {
        Ok(Self::INFO.path.to_owned())
    }
}

fn parse_response(text: &[u8]) -> Result<Response<ResponseBody>, TransportError> {
    let (head, body) = split_at(text, b"\n\n");
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let (status, size) = first.split_once(' ').unwrap_or((&first, "0"));
    let Some(status) = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok())
    else {
        return Err(broken_connection(&first));
    };
    let body = match size.parse() {
        Ok(size @ 1..) => ResponseBody::stream(Chunks { rest: body.to_vec().into(), size }),
        _ => ResponseBody::bytes(body.to_vec()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for line in lines {
        let (name, value) = split_at(line, b":");
        if let Ok(name) = HeaderName::from_bytes(name.trim_ascii())
            && let Ok(value) = HeaderValue::from_bytes(value.trim_ascii())
        {
            response.headers_mut().append(name, value);
        }
    }
    Ok(response)
}

fn broken_connection(text: &str) -> TransportError {
    let kinds = [
        TransportErrorKind::ConnectionReset,
        TransportErrorKind::Timeout,
        TransportErrorKind::DnsFailure,
        TransportErrorKind::TlsHandshakeFailed,
        TransportErrorKind::Unknown,
    ];
    TransportError::new(kinds[text.len() % kinds.len()], "the connection broke")
        .before_send(text.starts_with('-'))
}

fn split_at<'a>(text: &'a [u8], mark: &[u8]) -> (&'a [u8], &'a [u8]) {
    match text.windows(mark.len()).position(|window| window == mark) {
        Some(at) => (&text[..at], &text[at + mark.len()..]),
        None => (text, &[]),
    }
}

/// A body in chunks of one size.
struct Chunks {
    rest: Bytes,
    size: usize,
}

impl Body for Chunks {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let size = self.size.min(self.rest.len());
        let chunk = self.rest.split_to(size);
        Poll::Ready((!chunk.is_empty()).then(|| Ok(Frame::data(chunk))))
    }
}

/// A clock that advances only while a call waits.
#[derive(Clone, Default)]
struct Time(Arc<Mutex<Alarms>>);

#[derive(Default)]
struct Alarms {
    now: Duration,
    ahead: Vec<Duration>,
}

impl Clock for Time {
    fn monotonic(&self) -> Duration {
        self.0.lock().unwrap().now
    }

    fn utc(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + self.monotonic()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let time = self.clone();
        // An alarm beyond the range of `Duration` never rings.
        let alarm = time.monotonic().checked_add(duration);
        time.0.lock().unwrap().ahead.extend(alarm);
        Box::pin(poll_fn(move |_| match alarm {
            Some(alarm) if alarm <= time.monotonic() => Poll::Ready(()),
            _ => Poll::Pending,
        }))
    }
}

impl Time {
    /// Polls a future to its end, and advances the clock to the next alarm whenever it waits.
    fn until_done<F: Future>(&self, mut future: Pin<&mut F>) -> F::Output {
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            let mut alarms = self.0.lock().unwrap();
            let now = alarms.now;
            alarms.ahead.retain(|alarm| *alarm > now);
            alarms.now = *alarms.ahead.iter().min().expect("the call waits for something");
        }
    }
}
