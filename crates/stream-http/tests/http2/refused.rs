//! Streams and connections that the server refuses are repeated only if that is safe.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::Notify;

use crate::BACKENDS;
use crate::server::{
    Action, CANCEL, Deviations, ENHANCE_YOUR_CALM, GOAWAY, INTERNAL_ERROR, NO_ERROR,
    REFUSED_STREAM, Server, frame, until,
};
use crate::support::operations::{GetApp, SendMessage};
use stream_http::{ErrorKind, Executor, RetryBudget, RetryPolicy, TransportErrorKind};

const RESET: ErrorKind = ErrorKind::Transport(TransportErrorKind::ConnectionReset);

/// Makes 1,000 calls whose streams are all refused, and returns the number of attempts.
async fn refused_calls(executor: &Executor, attempts: u32) -> usize {
    let mut sum = 0;
    for _ in 0..20 {
        let calls: Vec<_> =
            (0..50).map(|_| tokio::spawn(executor.send(&SendMessage::text("x")))).collect();
        for call in calls {
            let error = call.await.unwrap().unwrap_err();
            assert_eq!(error.kind(), RESET, "{error:?}");
            assert_eq!(error.attempts(), attempts);
            assert!(!error.may_have_been_processed());
            sum += error.attempts() as usize;
        }
    }
    sum
}

#[tokio::test]
async fn refused_streams_are_repeated_as_often_as_the_policy_says() {
    for backend in BACKENDS {
        for attempts in [1, 3] {
            let server = Server::start(|_| vec![Action::Reset(REFUSED_STREAM)]).await;
            let retry = RetryPolicy::default()
                .max_attempts(attempts)
                .backoff(Duration::ZERO, Duration::ZERO);
            let budget = Arc::new(RetryBudget::new(10_000, 1));
            let executor =
                backend.executor(&server).retry(retry).retry_budget(budget).build().unwrap();
            let sum = refused_calls(&executor, attempts).await;
            assert_eq!(sum, 1_000 * attempts as usize);
            assert_eq!(server.count(), sum, "{backend:?}");
        }
    }
}

#[cfg(feature = "reqwest-rustls")]
#[tokio::test]
async fn a_client_that_repeats_by_itself_is_kept_from_it() {
    use stream_http::transport::reqwest::ReqwestTransport;

    let server = Server::start(|_| vec![Action::Reset(REFUSED_STREAM)]).await;
    let certificate = reqwest::Certificate::from_pem(server.pem.as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([certificate]).build().unwrap();
    let transport = stream_http::SharedTransport::new(ReqwestTransport::from_client(client));
    let executor = crate::executor(&server, transport).retry(RetryPolicy::off()).build().unwrap();
    let sum = refused_calls(&executor, 1).await;
    assert_eq!(server.count(), sum);
    // Requests without a body are not repeated either.
    let error = executor.send(&GetApp).await.unwrap_err();
    assert_eq!((error.attempts(), server.count()), (1, sum + 1));
}

#[tokio::test]
async fn a_write_that_a_goaway_excludes_is_sent_again() {
    for backend in BACKENDS {
        for code in [NO_ERROR, INTERNAL_ERROR] {
            let server = Server::start(move |request| match request.connection {
                0 => vec![Action::GoAway { includes: false, code }],
                _ => vec![Action::Respond],
            })
            .await;
            let executor = backend.executor(&server).build().unwrap();
            let response = executor.send(&SendMessage::text("x")).await.unwrap();
            assert_eq!(response["connection"], 1, "{backend:?} {code}");
            assert_eq!(response.attempts(), 2, "{backend:?} {code}");
            assert_eq!(server.count(), 2, "{backend:?} {code}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_begins_with_a_goaway_takes_no_request() {
    for backend in BACKENDS {
        for code in [NO_ERROR, ENHANCE_YOUR_CALM] {
            let leaving = move |connection| match connection {
                0 | 1 => Deviations {
                    greeting: frame(GOAWAY, 0, 0, &[[0; 4], code.to_be_bytes()].concat()),
                    ..Deviations::default()
                },
                _ => Deviations::default(),
            };
            let server = Server::with(leaving, |_| vec![Action::Respond]).await;
            let executor = backend.executor(&server).build().unwrap();
            let response = executor.send(&SendMessage::text("x")).await.unwrap();
            assert_eq!(response["connection"], 2, "{backend:?} {code}");
            // A server that always leaves is given up, and no request may have been processed.
            let always = move |_| leaving(0);
            let server = Server::with(always, |_| vec![Action::Respond]).await;
            let executor = backend.executor(&server).build().unwrap();
            let error = executor.send(&SendMessage::text("x")).await.unwrap_err();
            assert_eq!(error.kind(), RESET, "{backend:?} {code}: {error:?}");
            assert!(!error.may_have_been_processed(), "{backend:?} {code}");
        }
    }
}

#[tokio::test]
async fn a_write_that_a_goaway_includes_is_not_sent_again() {
    for backend in BACKENDS {
        for code in [NO_ERROR, INTERNAL_ERROR] {
            let server = Server::start(move |request| match request.connection {
                0 => vec![Action::GoAway { includes: true, code }, Action::Close],
                _ => vec![Action::Respond],
            })
            .await;
            let executor = backend.executor(&server).build().unwrap();
            let error = executor.send(&SendMessage::text("x")).await.unwrap_err();
            assert_eq!(error.kind(), RESET, "{backend:?} {code}: {error:?}");
            assert!(error.may_have_been_processed(), "{backend:?} {code}");
            assert_eq!(server.count(), 1, "{backend:?} {code}");
            // An idempotent request is repeated.
            assert_eq!(executor.send(&GetApp).await.unwrap()["connection"], 1);
        }
    }
}

#[tokio::test]
async fn a_goaway_splits_the_writes_in_flight() {
    for backend in BACKENDS {
        let told = Arc::new(Notify::new());
        let waits = told.clone();
        let server = Server::start(move |request| match (request.connection, request.number) {
            (0, 1..=4) => vec![Action::RespondAfter(waits.clone())],
            (0, 5..=7) => Vec::new(),
            // Excludes the last 4 of 8 open streams, whose numbers are 2 apart.
            (0, 8) => vec![Action::Bytes(|stream| {
                frame(GOAWAY, 0, 0, &[(stream - 8).to_be_bytes(), NO_ERROR.to_be_bytes()].concat())
            })],
            _ => vec![Action::Respond],
        })
        .await;
        let executor = backend.executor(&server).build().unwrap();
        executor.send(&GetApp).await.unwrap();
        let calls: Vec<_> =
            (0..8).map(|_| tokio::spawn(executor.send(&SendMessage::text("x")))).collect();
        // 9 requests over the first connection, of which 4 are sent again.
        until("the excluded writes to be sent again", || server.count() == 13).await;
        let telling = async {
            loop {
                told.notify_waiters();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let all = async {
            let mut outcomes = Vec::new();
            for call in calls {
                let response = call.await.unwrap().unwrap();
                outcomes.push((response["connection"] != 0, response.attempts()));
            }
            outcomes
        };
        let mut outcomes = tokio::select! { outcomes = all => outcomes, () = telling => vec![] };
        outcomes.sort_unstable();
        assert_eq!(outcomes, [[(false, 1); 4], [(true, 2); 4]].concat(), "{backend:?}");
        assert_eq!(server.count(), 13, "{backend:?}");
    }
}

#[tokio::test]
async fn a_response_that_a_goaway_includes_arrives() {
    for backend in BACKENDS {
        let server = Server::start(|request| match request.connection {
            0 => vec![Action::GoAway { includes: true, code: NO_ERROR }, Action::Respond],
            _ => vec![Action::Respond],
        })
        .await;
        let executor = backend.executor(&server).build().unwrap();
        let response = executor.send(&SendMessage::text("x")).await.unwrap();
        assert_eq!((&response["connection"], response.attempts()), (&0.into(), 1), "{backend:?}");
        let response = executor.send(&SendMessage::text("x")).await.unwrap();
        assert_eq!(response["connection"], 1, "{backend:?}");
        until("the old connection to close", || server.closed.load(Ordering::SeqCst) == 1).await;
    }
}

#[tokio::test]
async fn a_stream_that_failed_leaves_its_connection() {
    for backend in BACKENDS {
        let server = Server::start(|request| match request.number {
            0 => vec![Action::Reset(INTERNAL_ERROR)],
            1 => vec![Action::Reset(CANCEL)],
            2 => vec![Action::Reset(ENHANCE_YOUR_CALM)],
            _ => vec![Action::Respond],
        })
        .await;
        let executor = backend.executor(&server).build().unwrap();
        let error = executor.send(&SendMessage::text("x")).await.unwrap_err();
        assert_eq!(error.kind(), RESET, "{backend:?}: {error:?}");
        assert!(error.may_have_been_processed(), "{backend:?}");
        let response = executor.send(&GetApp).await.unwrap();
        assert_eq!((&response["connection"], response.attempts()), (&0.into(), 3), "{backend:?}");
        assert_eq!(server.opened.load(Ordering::SeqCst), 1, "{backend:?}");
    }
}

#[tokio::test]
async fn a_response_that_breaks_off_is_not_taken_for_a_refusal() {
    for backend in BACKENDS {
        for code in [CANCEL, REFUSED_STREAM] {
            let server =
                Server::start(move |_| vec![Action::RespondInPart, Action::Reset(code)]).await;
            let executor = backend.executor(&server).build().unwrap();
            let error = executor.send(&SendMessage::text("x")).await.unwrap_err();
            assert_eq!(error.kind(), RESET, "{backend:?} {code}: {error:?}");
            assert_eq!(error.status().unwrap(), 200, "{backend:?} {code}");
            assert!(error.may_have_been_processed(), "{backend:?} {code}");
            assert_eq!(server.count(), 1, "{backend:?} {code}");
        }
    }
}
