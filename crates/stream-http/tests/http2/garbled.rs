//! Responses that violate HTTP/2, or are excessive, give an error in bounded time.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::server::{
    Action, DATA, END_HEADERS, END_STREAM, HEADERS, PING, SETTINGS, STATUS_200, Server,
    WINDOW_UPDATE, frame,
};
use crate::support::operations::{GetApp, SendMessage};
use crate::{BACKENDS, Backend};
use stream_http::{
    CallOptions, Error, ErrorKind, Executor, Response, RetryPolicy, TransportErrorKind,
};

const UNKNOWN: ErrorKind = ErrorKind::Transport(TransportErrorKind::Unknown);
const RESET: ErrorKind = ErrorKind::Transport(TransportErrorKind::ConnectionReset);
const CONTINUATION: u8 = 0x9;
const GOOD: &[u8] = b"{\"ok\":true}";

fn executor(backend: Backend, server: &Server) -> Executor {
    let executor = backend.executor(server).retry(RetryPolicy::off());
    executor.max_response_size(1 << 20).build().unwrap()
}

/// Sends a write whose response is garbled, then a read whose response is valid. Returns the
/// outcome of the first, and the number of connections of both.
async fn garbled(
    backend: Backend,
    actions: &[Action],
) -> (Result<Response<serde_json::Value>, Error>, usize) {
    let actions = actions.to_vec();
    let server = Server::start(move |request| match (request.connection, request.number) {
        (0, 0) => actions.clone(),
        _ => vec![Action::Respond],
    })
    .await;
    let executor = executor(backend, &server);
    let first = executor.send(&SendMessage::text("x")).await;
    // The connection may be closing, in which case the read is repeated.
    let options = CallOptions::new().retry(RetryPolicy::default());
    executor.send_with(&GetApp, &options).await.unwrap();
    (first, server.opened.load(Ordering::SeqCst))
}

async fn fails(what: &str, make: fn(u32) -> Vec<u8>, kind: ErrorKind, status: Option<u16>) {
    for backend in BACKENDS {
        let (result, connections) = garbled(*backend, &[Action::Bytes(make)]).await;
        let error = result.expect_err(what);
        assert_eq!(error.kind(), kind, "{backend:?}, {what}: {error} {error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), status, "{backend:?}, {what}");
        assert!(error.may_have_been_processed(), "{backend:?}, {what}");
        assert!(connections <= 2, "{backend:?}, {what}");
    }
}

async fn succeeds(what: &str, make: fn(u32) -> Vec<u8>) {
    for backend in BACKENDS {
        let (result, connections) = garbled(*backend, &[Action::Bytes(make)]).await;
        let response = result.unwrap_or_else(|error| panic!("{backend:?}, {what}: {error:?}"));
        assert_eq!(response["ok"], true, "{backend:?}, {what}");
        assert_eq!(connections, 1, "{backend:?}, {what}");
    }
}

fn good(stream: u32) -> Vec<u8> {
    let headers = frame(HEADERS, END_HEADERS, stream, STATUS_200);
    [headers, frame(DATA, END_STREAM, stream, GOOD)].concat()
}

/// Returns headers with a literal field in addition to the status.
fn headers_with(stream: u32, name: &str, value: &str) -> Vec<u8> {
    let length = |text: &str| u8::try_from(text.len()).unwrap();
    let mut block = STATUS_200.to_vec();
    block.extend([0, length(name)]);
    block.extend(name.as_bytes());
    block.push(length(value));
    block.extend(value.as_bytes());
    frame(HEADERS, END_HEADERS, stream, &block)
}

#[tokio::test]
async fn what_is_not_http_2_is_an_unknown_failure() {
    let http1 = |_| b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec();
    fails("HTTP/1.1", http1, UNKNOWN, None).await;
    let large = |stream| frame(DATA, 0, stream, &[0; 20_000]);
    fails("a frame over the limit", large, UNKNOWN, None).await;
    let broken = |stream| frame(HEADERS, END_HEADERS, stream, &[0xff; 40]);
    fails("headers that do not decode", broken, UNKNOWN, None).await;
    let nameless = |stream| frame(HEADERS, END_HEADERS | END_STREAM, stream, &[]);
    fails("no status", nameless, UNKNOWN, None).await;
    let early = |stream| frame(DATA, END_STREAM, stream, GOOD);
    fails("a body before its headers", early, UNKNOWN, None).await;
    let overflow = |_| frame(WINDOW_UPDATE, 0, 0, &u32::MAX.to_be_bytes()).repeat(2);
    fails("a window over the limit", overflow, UNKNOWN, None).await;
    let short = |stream| {
        [headers_with(stream, "content-length", "100"), frame(DATA, END_STREAM, stream, GOOD)]
            .concat()
    };
    fails("a body shorter than announced", short, UNKNOWN, Some(200)).await;
}

#[tokio::test]
async fn a_connection_that_closes_is_reset() {
    for backend in BACKENDS {
        for (actions, status) in
            [(vec![Action::Close], None), (vec![Action::RespondInPart, Action::Close], Some(200))]
        {
            let (result, connections) = garbled(*backend, &actions).await;
            let error = result.unwrap_err();
            assert_eq!(error.kind(), RESET, "{backend:?}: {error:?}");
            assert_eq!(error.status().map(|status| status.as_u16()), status, "{backend:?}");
            assert!(error.may_have_been_processed(), "{backend:?}");
            assert_eq!(connections, 2, "{backend:?}");
        }
    }
}

#[tokio::test]
async fn odd_but_valid_responses_succeed() {
    let pings = |stream| [frame(PING, 0, 0, &[0; 8]).repeat(1_000), good(stream)].concat();
    succeeds("a thousand pings", pings).await;
    let settings = |stream| [frame(SETTINGS, 0, 0, &[]).repeat(100), good(stream)].concat();
    succeeds("a hundred settings", settings).await;
    let interim = |stream| {
        // `:status: 100`, as a literal whose name is in the static table.
        let block = [0x08, 3, b'1', b'0', b'0'];
        [frame(HEADERS, END_HEADERS, stream, &block).repeat(20), good(stream)].concat()
    };
    succeeds("interim responses", interim).await;
    let empty = |stream| {
        let headers = frame(HEADERS, END_HEADERS, stream, STATUS_200);
        let nothing = frame(DATA, 0, stream, &[]).repeat(50);
        [headers, nothing, frame(DATA, END_STREAM, stream, GOOD)].concat()
    };
    succeeds("empty frames", empty).await;
    let unknown = |stream| [frame(0xfa, 0xff, stream, b"grease"), good(stream)].concat();
    succeeds("frames of an unknown type", unknown).await;
}

#[tokio::test]
async fn headers_and_bodies_are_cut_off() {
    let headers = |stream| {
        let block = [0x00, 1, b'x', 100].iter().copied().chain([b'y'; 100]).collect::<Vec<u8>>();
        let more = frame(CONTINUATION, 0, stream, &block.repeat(100));
        [frame(HEADERS, 0, stream, STATUS_200), more.repeat(200)].concat()
    };
    for backend in BACKENDS {
        let (result, _) = garbled(*backend, &[Action::Bytes(headers)]).await;
        let error = result.unwrap_err();
        assert!(error.is_transport(), "{backend:?}: {error:?}");
    }
    let body = |stream| {
        let headers = frame(HEADERS, END_HEADERS, stream, STATUS_200);
        [headers, frame(DATA, 0, stream, &[b' '; 16_384]).repeat(80)].concat()
    };
    fails("a body over the limit", body, ErrorKind::ResponseTooLarge, Some(200)).await;
}

#[tokio::test]
async fn streams_wait_for_each_other_where_the_server_allows_one() {
    // MAX_CONCURRENT_STREAMS = 1.
    const ONE: &[u8] = &[0, 3, 0, 0, 0, 1];
    for backend in BACKENDS {
        let server = Server::with_settings(ONE, |_| vec![Action::Respond]).await;
        let executor = executor(*backend, &server);
        executor.send(&GetApp).await.unwrap();
        let calls: Vec<_> = (0..30).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap()["connection"], 0, "{backend:?}");
        }
        // The dropped requests leave no stream behind.
        for _ in 0..30 {
            let call = tokio::time::timeout(Duration::ZERO, executor.send(&GetApp));
            let _ = call.await;
        }
        assert_eq!(executor.send(&GetApp).await.unwrap()["connection"], 0, "{backend:?}");
    }
}
