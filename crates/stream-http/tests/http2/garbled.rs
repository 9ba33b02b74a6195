//! Responses that violate HTTP/2, or are excessive, give an error in bounded time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::Notify;

use crate::server::{
    Action, DATA, Deviations, END_HEADERS, END_STREAM, HEADERS, NO_ERROR, PING, RST_STREAM,
    SETTINGS, STATUS_200, Server, WINDOW_UPDATE, frame, until,
};
use crate::support::operations::{GetApp, SendMessage, UploadFile};
use crate::{ATTEMPT, BACKENDS, Backend};
use stream_http::{
    CallOptions, Error, ErrorKind, Executor, Response, RetryPolicy, TransportErrorKind,
};
use stream_models::Upload;

const UNKNOWN: ErrorKind = ErrorKind::Transport(TransportErrorKind::Unknown);
const RESET: ErrorKind = ErrorKind::Transport(TransportErrorKind::ConnectionReset);
const CONTINUATION: u8 = 0x9;
const GOOD: &[u8] = b"{\"ok\":true}";
/// Settings that allow no stream, or one at a time (MAX_CONCURRENT_STREAMS).
const NONE: &[u8] = &[0, 3, 0, 0, 0, 0];
const ONE: &[u8] = &[0, 3, 0, 0, 0, 1];

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
    let hints = |stream| {
        let block = [0x08, 3, b'1', b'0', b'3', 0x00, 4, b'l', b'i', b'n', b'k', 1, b'x'];
        [frame(HEADERS, END_HEADERS, stream, &block), good(stream)].concat()
    };
    succeeds("early hints", hints).await;
    let trailers = |stream| {
        let headers = frame(HEADERS, END_HEADERS, stream, STATUS_200);
        let trailer = [0x00, 4, b'x', b'-', b'o', b'k', 1, b'1'];
        let trailers = frame(HEADERS, END_HEADERS | END_STREAM, stream, &trailer);
        [headers, frame(DATA, 0, stream, GOOD), trailers].concat()
    };
    succeeds("trailers", trailers).await;
    let bytes = |stream| {
        let block = [0x88, 0x00, 4, b'x', b'-', b'i', b'd', 3, 0xff, 0xfe, 0x80];
        let headers = frame(HEADERS, END_HEADERS, stream, &block);
        [headers, frame(DATA, END_STREAM, stream, GOOD)].concat()
    };
    succeeds("a header that is not UTF-8", bytes).await;
    let complete = |stream| {
        let reset = frame(RST_STREAM, 0, stream, &NO_ERROR.to_be_bytes());
        [good(stream), reset].concat()
    };
    succeeds("a reset after the complete response", complete).await;
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

/// RFC 9113, section 8.1: a server that needs no more of the body sends its response and then
/// resets the stream without an error.
#[tokio::test]
async fn a_response_before_the_body_has_arrived_is_the_response() {
    for backend in BACKENDS {
        let refuse = |stream| {
            // `:status: 413`, as a literal whose name is in the static table.
            let block = [0x08, 3, b'4', b'1', b'3'];
            [
                frame(HEADERS, END_HEADERS, stream, &block),
                frame(DATA, END_STREAM, stream, b"{\"code\":22,\"message\":\"too big\"}"),
                frame(RST_STREAM, 0, stream, &NO_ERROR.to_be_bytes()),
            ]
            .concat()
        };
        let early = move |connection| match connection {
            0 => Deviations { early: Some(refuse), ..Deviations::default() },
            _ => Deviations::default(),
        };
        let server = Server::with(early, |_| vec![Action::Respond]).await;
        let executor = executor(*backend, &server);
        let upload = UploadFile(Upload::bytes("a.bin", vec![0; 1 << 20]));
        let error = executor.send(&upload).await.unwrap_err();
        assert!(error.is_payload_too_large(), "{backend:?}: {error:?}");
        assert_eq!(error.message(), "too big", "{backend:?}");
        let error = executor.send(&SendMessage::text(&"x".repeat(200_000))).await.unwrap_err();
        assert!(error.is_payload_too_large(), "{backend:?}: {error:?}");
        assert_eq!(executor.send(&GetApp).await.unwrap()["connection"], 0, "{backend:?}");
    }
}

#[tokio::test]
async fn a_server_may_stop_taking_streams() {
    for backend in BACKENDS {
        let server = Server::start(|request| match (request.connection, request.number) {
            (0, 0) => vec![Action::Bytes(|_| frame(SETTINGS, 0, 0, NONE)), Action::Respond],
            _ => vec![Action::Respond],
        })
        .await;
        let executor = executor(*backend, &server);
        executor.send(&GetApp).await.unwrap();
        let options = CallOptions::new().timeout(ATTEMPT);
        let calls: Vec<_> = (0..64)
            .map(|_| tokio::spawn(executor.send_with(&SendMessage::text("x"), &options)))
            .collect();
        for call in calls {
            let error = call.await.unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Deadline, "{backend:?}: {error:?}");
        }
        assert_eq!(server.count(), 1, "{backend:?}");
        // The connection is left.
        let response = executor.send(&SendMessage::text("x")).await.unwrap();
        assert_eq!(response["connection"], 1, "{backend:?}");
    }
}

#[tokio::test]
async fn a_server_may_take_fewer_streams_while_many_are_open() {
    for backend in BACKENDS {
        let told = Arc::new(Notify::new());
        let waits = told.clone();
        let server = Server::start(move |request| match (request.connection, request.number) {
            (0, 0) => vec![Action::Respond],
            (0, 1..64) => vec![Action::RespondAfter(waits.clone())],
            (0, 64) => vec![
                Action::Bytes(|_| frame(SETTINGS, 0, 0, ONE)),
                Action::RespondAfter(waits.clone()),
            ],
            _ => vec![Action::Respond],
        })
        .await;
        let executor = executor(*backend, &server);
        executor.send(&GetApp).await.unwrap();
        let send = || tokio::spawn(executor.send(&SendMessage::text("x")));
        let open: Vec<_> = (0..64).map(|_| send()).collect();
        until("64 open streams", || server.count() == 65).await;
        let waiting: Vec<_> = (0..64).map(|_| send()).collect();
        let telling = async {
            loop {
                told.notify_waiters();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let all = async {
            for call in open.into_iter().chain(waiting) {
                assert_eq!(call.await.unwrap().unwrap()["connection"], 0, "{backend:?}");
            }
        };
        tokio::select! { () = all => {}, () = telling => {} }
        assert_eq!(server.count(), 129, "{backend:?}");
    }
}

#[tokio::test]
async fn streams_wait_for_each_other_where_the_server_allows_one() {
    for backend in BACKENDS {
        let one = |_| Deviations { settings: ONE, ..Deviations::default() };
        let server = Server::with(one, |_| vec![Action::Respond]).await;
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
