//! The axum extractors verify webhooks and hooks before the handler runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::response::Response;
use axum::routing::post;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::ServiceExt;

use crate::pack::{EVENT, SECRET, gzip, headers, receiver};
use stream_chat::models::events::Event;
use stream_chat::webhook::{
    BeforeMessageSendRequest, BeforeMessageSendResponse, CustomCommandRequest,
    CustomCommandResponse, SIGNATURE_HEADER, Webhook, WebhookReceiver, WebhookRejection,
};

#[derive(Clone)]
struct App {
    receiver: WebhookReceiver,
    handled: Arc<AtomicUsize>,
}

impl FromRef<App> for WebhookReceiver {
    fn from_ref(app: &App) -> Self {
        app.receiver.clone()
    }
}

fn app(receiver: WebhookReceiver) -> (Router, Arc<AtomicUsize>) {
    let handled = Arc::new(AtomicUsize::new(0));
    let state = App { receiver, handled: handled.clone() };
    let router = Router::new()
        .route("/events", post(event))
        .route("/before", post(before))
        .route("/command", post(command))
        .with_state(state);
    (router, handled)
}

async fn event(
    axum::extract::State(app): axum::extract::State<App>,
    webhook: Webhook<Event>,
) -> String {
    app.handled.fetch_add(1, Ordering::Relaxed);
    format!("{} {:?}", webhook.payload.event_type(), webhook.metadata.id)
}

async fn before(webhook: Webhook<BeforeMessageSendRequest>) -> BeforeMessageSendResponse {
    match webhook.payload.message.text.as_str() {
        "rude" => BeforeMessageSendResponse::rewrite("***"),
        "very rude" => BeforeMessageSendResponse::reject("Not here"),
        _ => BeforeMessageSendResponse::accept(),
    }
}

async fn command(webhook: Webhook<CustomCommandRequest>) -> CustomCommandResponse {
    CustomCommandResponse::message(format!("You said {}", webhook.payload.args()))
}

async fn call(router: &Router, path: &str, signed: &str, body: impl Into<Body>) -> Response {
    let mut request = Request::post(path).body(body.into()).unwrap();
    *request.headers_mut() = headers(signed);
    router.clone().oneshot(request).await.unwrap()
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 10_000).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn a_handler_gets_the_event() {
    let (router, handled) = app(receiver());
    let response = call(&router, "/events", EVENT, EVENT).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(text(response).await, r#"message.new Some("8a2d")"#);
    let response = call(&router, "/events", EVENT, gzip(EVENT)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(handled.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn invalid_webhooks_are_rejected_before_the_handler() {
    let (router, handled) = app(receiver().max_body_size(1000));
    let large = "x".repeat(1001);
    for (signed, body, expected) in [
        ("other", EVENT, 401),
        ("{", "{", 400),
        ("{}", "{}", 400),
        (large.as_str(), large.as_str(), 413),
    ] {
        let response = call(&router, "/events", signed, body.to_owned()).await;
        assert_eq!(response.status(), expected, "{body}");
        let text = text(response).await;
        assert!(!text.is_empty() && !text.contains(SECRET), "{text}");
    }
    let unsigned = Request::post("/events").body(Body::from(EVENT)).unwrap();
    assert_eq!(router.clone().oneshot(unsigned).await.unwrap().status(), 401);
    let bomb = gzip(vec![b' '; 100_000]);
    assert!(bomb.len() < 1000);
    assert_eq!(call(&router, "/events", EVENT, bomb).await.status(), 413);
    assert_eq!(handled.load(Ordering::Relaxed), 0);
}

/// A body that fails the test if it is read.
struct Unreadable;

impl http_body::Body for Unreadable {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        panic!("the body of an unsigned request was read")
    }
}

#[tokio::test]
async fn an_unsigned_request_is_not_read() {
    let (router, _) = app(receiver());
    let request = Request::post("/events").body(Body::new(Unreadable)).unwrap();
    assert_eq!(router.oneshot(request).await.unwrap().status(), 401);
}

#[tokio::test]
async fn bodies_with_malformed_signatures_are_not_read() {
    let (router, _) = app(receiver());
    for signature in ["", "00", &"0".repeat(63), &"g".repeat(64), &"A".repeat(64), "sha256=00"] {
        let request = Request::post("/events").header(SIGNATURE_HEADER, signature);
        let request = request.body(Body::new(Unreadable)).unwrap();
        assert_eq!(router.clone().oneshot(request).await.unwrap().status(), 401, "{signature}");
    }
    let twice = Request::post("/events")
        .header(SIGNATURE_HEADER, "0".repeat(64))
        .header(SIGNATURE_HEADER, "1".repeat(64));
    let response = router.clone().oneshot(twice.body(Body::new(Unreadable)).unwrap());
    assert_eq!(response.await.unwrap().status(), 401);
    // A body with too large a `Content-Length` is not read either.
    let large = Request::post("/events")
        .header(SIGNATURE_HEADER, "0".repeat(64))
        .header(header::CONTENT_LENGTH, "1048577");
    let response = router.oneshot(large.body(Body::new(Unreadable)).unwrap());
    assert_eq!(response.await.unwrap().status(), 413);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_given_up() {
    struct Stalled;
    impl http_body::Body for Stalled {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
            std::task::Poll::Pending
        }
    }
    let (router, handled) = app(receiver());
    assert_eq!(call(&router, "/events", EVENT, Body::new(Stalled)).await.status(), 408);
    assert_eq!(handled.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn large_bodies_wait_for_each_other_and_small_ones_do_not() {
    /// A body that begins and does not end.
    struct Begun(Option<Bytes>);
    impl http_body::Body for Begun {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
            let part = self.0.take().map(|part| Ok(http_body::Frame::data(part)));
            part.map_or(std::task::Poll::Pending, |part| std::task::Poll::Ready(Some(part)))
        }
    }
    // Two of this size are read at the same time.
    let (router, handled) = app(receiver().max_body_size(32 << 20));
    let large = "x".repeat(20_000);
    let begun = || Body::new(Begun(Some(large.clone().into())));
    let start = Instant::now();
    let others = async {
        tokio::join!(
            call(&router, "/events", EVENT, begun()),
            call(&router, "/events", EVENT, begun()),
        )
    };
    let authentic = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(call(&router, "/events", EVENT, EVENT).await.status(), 200);
        assert_eq!(start.elapsed(), Duration::from_secs(1));
        let body = json!({"type": "message.new", "message": {"text": large}}).to_string();
        assert_eq!(call(&router, "/events", &body, body.clone()).await.status(), 200);
        assert_eq!(start.elapsed(), Duration::from_secs(6));
    };
    let ((first, second), ()) = tokio::join!(others, authentic);
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (408, 408));
    assert_eq!(handled.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn others_run_while_a_body_is_verified() {
    let body = json!({"type": "message.new", "message": {"text": "x".repeat(1_000_000)}});
    let body = body.to_string();
    let (router, _) = app(receiver());
    for packed in [body.clone().into_bytes(), gzip(&body)] {
        let turns = Arc::new(AtomicUsize::new(0));
        let others = turns.clone();
        let other = tokio::spawn(async move {
            loop {
                others.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        });
        assert_eq!(call(&router, "/events", &body, packed).await.status(), 200);
        other.abort();
        // The test has one thread: without yielding, there would be no turns.
        assert!(turns.load(Ordering::Relaxed) >= 10, "{turns:?}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_bad_request() {
    struct Broken;
    impl http_body::Body for Broken {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
            std::task::Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())))
        }
    }
    let (router, _) = app(receiver());
    assert_eq!(call(&router, "/events", EVENT, Body::new(Broken)).await.status(), 400);
}

#[tokio::test]
async fn the_limit_is_that_of_the_receiver() {
    let body =
        json!({"type": "message.new", "message": {"text": "x".repeat(3_000_000)}}).to_string();
    let (router, _) = app(receiver());
    assert_eq!(call(&router, "/events", &body, body.clone()).await.status(), 413);
    let (router, _) = app(receiver().max_body_size(4_000_000));
    assert_eq!(call(&router, "/events", &body, body.clone()).await.status(), 200);
    let narrowed = router.layer(DefaultBodyLimit::max(10));
    assert_eq!(call(&narrowed, "/events", &body, body.clone()).await.status(), 200);
    // A body limit of a layer also applies.
    let limited =
        narrowed.layer(axum::middleware::map_request(|request: axum::extract::Request| async {
            request.map(|body| Body::new(http_body_util::Limited::new(body, 1000)))
        }));
    assert_eq!(call(&limited, "/events", &body, body.clone()).await.status(), 413);
}

async fn answer(path: &str, body: Value) -> Value {
    let (router, _) = app(receiver());
    let body = body.to_string();
    let response = call(&router, path, &body, body.clone()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    serde_json::from_str(&text(response).await).unwrap()
}

#[tokio::test]
async fn handlers_respond_to_synchronous_hooks() {
    let ask = |text: &str| json!({"message": {"text": text}});
    assert_eq!(answer("/before", ask("kind")).await, json!({}));
    assert_eq!(answer("/before", ask("rude")).await, json!({"message": {"text": "***"}}));
    assert_eq!(
        answer("/before", ask("very rude")).await,
        json!({"message": {"type": "error", "text": "Not here"}})
    );
    let asked = json!({"message": {"command": "echo", "args": "hello"}});
    assert_eq!(answer("/command", asked).await, json!({"message": {"text": "You said hello"}}));
}

#[tokio::test]
async fn a_handler_may_look_at_the_rejection() {
    async fn own(webhook: Result<Webhook, WebhookRejection>) -> (StatusCode, &'static str) {
        match webhook {
            Ok(_) => (StatusCode::OK, "yes"),
            Err(rejection) => (rejection.status(), "no"),
        }
    }
    let router = Router::new().route("/", post(own)).with_state(receiver());
    let response = call(&router, "/", "other", EVENT).await;
    assert_eq!((response.status().as_u16(), text(response).await.as_str()), (401, "no"));
}
