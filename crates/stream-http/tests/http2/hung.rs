//! A connection that hangs is replaced, and its requests fail or are repeated.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::Notify;

use crate::server::{Action, Server, until};
use crate::support::operations::{GetApp, SendMessage, UploadFile};
use crate::{ATTEMPT, BACKENDS, Backend, executor};
use stream_http::transport::TransportBuilder;
use stream_http::{CallOptions, ErrorKind, RetryPolicy, SharedTransport, TransportErrorKind};
use stream_models::Upload;

const TIMEOUT: ErrorKind = ErrorKind::Transport(TransportErrorKind::Timeout);
/// A short interval between pings.
const SOON: Duration = Duration::from_millis(200);

/// Returns a server whose first connection hangs from its first request on.
async fn first_connection_hangs() -> Server {
    Server::start(|request| match request.connection {
        0 => vec![Action::Hang],
        _ => vec![Action::Respond],
    })
    .await
}

#[tokio::test]
async fn the_first_retry_uses_a_new_connection() {
    for backend in BACKENDS {
        let server = first_connection_hangs().await;
        let executor = backend.executor(&server).attempt_timeout(ATTEMPT).build().unwrap();
        for number in 0..15 {
            let response = executor.send(&GetApp).await.unwrap();
            assert_eq!(response["connection"], 1, "{backend:?}");
            assert_eq!(response.attempts(), if number == 0 { 2 } else { 1 }, "{backend:?}");
        }
        assert_eq!(server.opened.load(Ordering::SeqCst), 2, "{backend:?}");
    }
}

#[tokio::test]
async fn a_call_that_hit_its_deadline_leaves_the_connection_too() {
    for backend in BACKENDS {
        let server = first_connection_hangs().await;
        let executor = backend.executor(&server).build().unwrap();
        let options = CallOptions::new().timeout(ATTEMPT);
        let error = executor.send_with(&SendMessage::text("x"), &options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Deadline, "{backend:?}");
        let response = executor.send(&SendMessage::text("x")).await.unwrap();
        assert_eq!(response["connection"], 1, "{backend:?}");
    }
}

#[tokio::test]
async fn a_caller_who_loses_interest_keeps_the_connection() {
    for backend in BACKENDS {
        let server = Server::start(|request| match request.number {
            0 => vec![],
            _ => vec![Action::Respond],
        })
        .await;
        let executor = backend.executor(&server).build().unwrap();
        let call = tokio::spawn(executor.send(&GetApp));
        until("the request", || server.count() == 1).await;
        call.abort();
        let response = executor.send(&GetApp).await.unwrap();
        assert_eq!(response["connection"], 0, "{backend:?}");
        assert_eq!(server.opened.load(Ordering::SeqCst), 1, "{backend:?}");
    }
}

#[tokio::test]
async fn requests_on_their_way_finish_on_the_old_connection() {
    for backend in BACKENDS {
        let release = Arc::new(Notify::new());
        let told = release.clone();
        let server = Server::start(move |request| match (request.connection, request.number) {
            (0, 0) => vec![Action::RespondAfter(told.clone())],
            (0, _) => vec![],
            _ => vec![Action::Respond],
        })
        .await;
        let transport = backend.transport(&server, Duration::from_secs(60));
        let patient = executor(&server, transport.clone()).build().unwrap();
        let slow = tokio::spawn(patient.send(&GetApp));
        until("the slow request", || server.count() == 1).await;

        let hasty = executor(&server, transport).attempt_timeout(ATTEMPT).build().unwrap();
        let response = hasty.send(&GetApp).await.unwrap();
        assert_eq!((&response["connection"], response.attempts()), (&1.into(), 2), "{backend:?}");

        release.notify_one();
        let response = slow.await.unwrap().unwrap();
        assert_eq!((&response["connection"], response.attempts()), (&0.into(), 1), "{backend:?}");
        // The old connection is no longer used.
        until("the old connection to close", || server.closed.load(Ordering::SeqCst) == 1).await;
    }
}

#[tokio::test]
async fn pings_end_an_idle_connection_that_hangs() {
    for backend in BACKENDS {
        let server = Server::start(|request| match request.connection {
            0 => vec![Action::Respond, Action::Hang],
            _ => vec![Action::Respond],
        })
        .await;
        let executor = executor(&server, backend.transport(&server, SOON)).build().unwrap();
        assert_eq!(executor.send(&GetApp).await.unwrap()["connection"], 0);
        until("the connection to close", || server.closed.load(Ordering::SeqCst) == 1).await;
        let response = executor.send(&SendMessage::text("x")).await.unwrap();
        assert_eq!((&response["connection"], response.attempts()), (&1.into(), 1), "{backend:?}");
    }
}

#[tokio::test]
async fn pings_keep_an_idle_connection_that_responds() {
    for backend in BACKENDS {
        let server = Server::start(|_| vec![Action::Respond]).await;
        let executor = executor(&server, backend.transport(&server, SOON)).build().unwrap();
        for _ in 0..3 {
            assert_eq!(executor.send(&GetApp).await.unwrap()["connection"], 0, "{backend:?}");
            tokio::time::sleep(SOON * 3).await;
        }
    }
}

#[tokio::test]
async fn pings_end_a_request_that_hangs_without_any_timeout_of_the_attempt() {
    for backend in BACKENDS {
        let server = first_connection_hangs().await;
        let transport = backend.transport(&server, SOON);
        let executor = executor(&server, transport).build().unwrap();
        let error = executor.send(&SendMessage::text("x")).await.unwrap_err();
        assert_eq!(error.kind(), TIMEOUT, "{backend:?}: {error:?}");
        assert!(error.may_have_been_processed(), "{backend:?}");

        let server = first_connection_hangs().await;
        let transport = backend.transport(&server, SOON);
        let executor = crate::executor(&server, transport).build().unwrap();
        let response = executor.send(&GetApp).await.unwrap();
        assert_eq!((&response["connection"], response.attempts()), (&1.into(), 2), "{backend:?}");
    }
}

#[tokio::test]
async fn a_window_that_never_opens_ends_an_upload() {
    for backend in BACKENDS {
        // The server grants only the 64 KiB that every stream begins with.
        let server = Server::start(|_| vec![Action::Respond]).await;
        let executor = backend.executor(&server).retry(RetryPolicy::off()).build().unwrap();
        let upload = UploadFile(Upload::bytes("a.bin", vec![0; 1 << 20]));
        let options = CallOptions::new().idle_timeout(ATTEMPT);
        let error = executor.send_with(&upload, &options).await.unwrap_err();
        assert_eq!(error.kind(), TIMEOUT, "{backend:?}: {error:?}");
        let response = executor.send(&GetApp).await.unwrap();
        assert_eq!(response["connection"], 1, "{backend:?}");
    }
}

#[tokio::test]
async fn a_window_that_never_opens_ends_a_body_in_memory() {
    for backend in BACKENDS {
        let server = Server::start(|_| vec![Action::Respond]).await;
        let executor = backend
            .executor(&server)
            .attempt_timeout(ATTEMPT)
            .retry(RetryPolicy::off())
            .build()
            .unwrap();
        let error = executor.send(&SendMessage::text(&"x".repeat(100_000))).await.unwrap_err();
        assert_eq!(error.kind(), TIMEOUT, "{backend:?}: {error:?}");
        let response = executor.send(&SendMessage::text("x")).await.unwrap();
        assert_eq!(response["connection"], 1, "{backend:?}");
    }
}

#[tokio::test]
async fn settings_that_mean_never_do_not_overflow() {
    fn endless<T>(builder: TransportBuilder<T>, pem: &str, ping: Duration) -> TransportBuilder<T> {
        builder
            .no_proxy()
            .root_certificates_pem(pem)
            .connect_timeout(Duration::MAX)
            .pool_idle_timeout(Duration::MAX)
            .http2_ping_interval(ping)
            .http2_ping_timeout(Duration::MAX)
            .tcp_keepalive(Duration::MAX)
            .tcp_user_timeout(Duration::MAX)
    }
    // A ping is sent at once, never, and not at all.
    for ping in [Duration::from_millis(1), Duration::MAX, Duration::ZERO] {
        for backend in BACKENDS {
            let server = Server::start(|_| vec![Action::Respond]).await;
            let transport = match backend {
                #[cfg(feature = "hyper")]
                Backend::Hyper => {
                    let builder = stream_http::transport::hyper::HyperTransport::builder();
                    SharedTransport::new(endless(builder, &server.pem, ping).build().unwrap())
                }
                #[cfg(feature = "reqwest-rustls")]
                Backend::Reqwest => {
                    let builder = stream_http::transport::reqwest::ReqwestTransport::builder();
                    SharedTransport::new(endless(builder, &server.pem, ping).build().unwrap())
                }
            };
            let executor = crate::executor(&server, transport)
                .timeout(Duration::MAX)
                .attempt_timeout(Duration::MAX)
                .retry(RetryPolicy::off())
                .build()
                .unwrap();
            for _ in 0..3 {
                let response = executor.send(&SendMessage::text("x")).await.unwrap();
                assert_eq!(response["connection"], 0, "{backend:?} {ping:?}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// A runtime that ends closes the connections that it drove.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_outlives_the_runtimes_that_it_is_used_in() {
    for backend in BACKENDS {
        let server = Server::start(|_| vec![Action::Respond]).await;
        let executor = backend.executor(&server).retry(RetryPolicy::off()).build().unwrap();
        let calls = tokio::task::spawn_blocking(move || {
            for connection in 0..3 {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                for _ in 0..2 {
                    let response = runtime.block_on(executor.send(&SendMessage::text("x")));
                    let response =
                        response.unwrap_or_else(|error| panic!("{backend:?}: {error:?}"));
                    assert_eq!(response["connection"], connection, "{backend:?}");
                }
            }
        });
        calls.await.unwrap();
    }
}
