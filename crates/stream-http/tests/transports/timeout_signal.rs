//! A transport is notified whether an attempt timed out, in Tokio's paused time.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};

use crate::support::operations::{GetApp, UploadFile};
use stream_http::{
    CallOptions, ErrorKind, Executor, ExecutorBuilder, RequestBody, ResponseBody, RetryPolicy,
    TimeoutSignal, Transport, TransportError, TransportErrorKind,
};
use stream_models::Upload;

const SECOND: Duration = Duration::from_secs(1);

/// The behavior of the transport.
#[derive(Clone, Copy)]
enum Behavior {
    Respond,
    Hang,
    /// The headers arrive, but the body does not.
    HangInBody,
}

/// Counts the requests and the signals that fired.
#[derive(Clone)]
struct Watching {
    behavior: Behavior,
    sent: Arc<AtomicUsize>,
    fired: Arc<AtomicUsize>,
}

impl Watching {
    fn new(behavior: Behavior) -> Self {
        Self { behavior, sent: Arc::default(), fired: Arc::default() }
    }

    fn executor(&self) -> ExecutorBuilder {
        Executor::builder().api_key("key").token("token").transport(self.clone())
    }

    fn counts(&self) -> (usize, usize) {
        (self.sent.load(Ordering::SeqCst), self.fired.load(Ordering::SeqCst))
    }
}

impl Transport for Watching {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        self.sent.fetch_add(1, Ordering::SeqCst);
        let fired = self.fired.clone();
        request.extensions().get::<TimeoutSignal>().unwrap().on_timeout(move || {
            fired.fetch_add(1, Ordering::SeqCst);
        });
        match self.behavior {
            Behavior::Respond => Ok(http::Response::new(ResponseBody::bytes("{}"))),
            Behavior::Hang => pending().await,
            Behavior::HangInBody => Ok(http::Response::new(ResponseBody::stream(Never))),
        }
    }
}

struct Never;

impl Body for Never {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_that_times_out_is_told() {
    for behavior in [Behavior::Hang, Behavior::HangInBody] {
        let transport = Watching::new(behavior);
        let executor = transport.executor().attempt_timeout(SECOND).build().unwrap();
        let error = executor.send(&GetApp).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport(TransportErrorKind::Timeout));
        assert_eq!(transport.counts(), (3, 3));
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_the_call_counts_too() {
    for behavior in [Behavior::Hang, Behavior::HangInBody] {
        let transport = Watching::new(behavior);
        let executor = transport.executor().timeout(SECOND).build().unwrap();
        let error = executor.send(&GetApp).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Deadline);
        assert_eq!(transport.counts(), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_streaming_body_that_stalls_counts_too() {
    let transport = Watching::new(Behavior::Hang);
    let executor =
        transport.executor().idle_timeout(SECOND).retry(RetryPolicy::off()).build().unwrap();
    let upload = UploadFile(Upload::bytes("a.bin", vec![0; 1 << 20]));
    let error = executor.send(&upload).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport(TransportErrorKind::Timeout));
    assert_eq!(transport.counts(), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_loses_interest_blames_no_connection() {
    let transport = Watching::new(Behavior::Hang);
    let executor = transport.executor().attempt_timeout(SECOND * 5).build().unwrap();
    let call = executor.send_with(&GetApp, &CallOptions::new().timeout(SECOND * 9));
    tokio::time::timeout(SECOND, call).await.unwrap_err();
    assert_eq!(transport.counts(), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_complete_response_blames_no_connection() {
    let transport = Watching::new(Behavior::Respond);
    let executor = transport.executor().attempt_timeout(SECOND).build().unwrap();
    executor.send(&GetApp).await.unwrap();
    assert_eq!(transport.counts(), (1, 0));
}
