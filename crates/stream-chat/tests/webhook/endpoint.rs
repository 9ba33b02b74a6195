//! Each event is handled once, whatever happens to its handler.

use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use axum::Router;
use axum::body::Body;
use axum::routing::post;
use http::{HeaderMap, Request, StatusCode, header};
use tokio::sync::oneshot;
use tower::ServiceExt;

use crate::duplicates::Stopped;
use crate::pack::{EVENT, SECRET, gzip, headers, receiver};
use stream_chat::transport::{BoxError, BoxFuture};
use stream_chat::webhook::{
    Claim, DuplicateFilter, LeaseToken, RecentWebhooks, Webhook, WebhookEndpoint, WebhookOutcome,
};

type Answer = Result<(), &'static str>;
type Handling = BoxFuture<'static, Answer>;

/// A handler whose result the test provides.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<Vec<oneshot::Sender<Answer>>>>);

impl Script {
    fn started(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn finish(&self, index: usize, answer: Answer) {
        let sender = {
            let mut started = self.0.lock().unwrap();
            std::mem::replace(&mut started[index], oneshot::channel().0)
        };
        sender.send(answer).unwrap();
    }

    fn endpoint(
        &self,
        filter: impl DuplicateFilter,
    ) -> WebhookEndpoint<impl Fn(Webhook) -> Handling + Clone + Send + Sync + 'static> {
        let script = self.clone();
        WebhookEndpoint::with_filter(receiver(), filter, move |webhook: Webhook| {
            assert_eq!(webhook.event_type(), "message.new");
            let (sender, answer) = oneshot::channel();
            script.0.lock().unwrap().push(sender);
            Box::pin(async move { answer.await.unwrap_or(Ok(())) }) as Handling
        })
    }
}

fn with_id(id: Option<&str>) -> HeaderMap {
    let mut headers = headers(EVENT);
    headers.remove("x-webhook-id");
    if let Some(id) = id {
        headers.insert("x-webhook-id", id.parse().unwrap());
    }
    headers
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn status<F: Future<Output = WebhookOutcome>>(future: Pin<&mut F>) -> Option<u16> {
    match poll(future) {
        Poll::Ready(outcome) => Some(outcome.status().as_u16()),
        Poll::Pending => None,
    }
}

#[test]
fn a_redelivery_during_handling_is_deferred() {
    let script = Script::default();
    let endpoint = script.endpoint(RecentWebhooks::new());
    let headers = with_id(Some("1"));
    let deliver = || endpoint.handle(&headers, EVENT.as_bytes());
    let mut first = pin!(deliver());
    assert_eq!(status(first.as_mut()), None);
    for _ in 0..3 {
        let outcome = poll(pin!(deliver()));
        assert!(matches!(outcome, Poll::Ready(WebhookOutcome::InProgress)), "{outcome:?}");
    }
    assert_eq!(status(pin!(deliver())), Some(503));
    script.finish(0, Ok(()));
    assert_eq!(status(first.as_mut()), Some(200));
    let outcome = poll(pin!(deliver()));
    assert!(matches!(outcome, Poll::Ready(WebhookOutcome::AlreadyHandled)), "{outcome:?}");
    assert_eq!((status(pin!(deliver())), script.started()), (Some(200), 1));
}

#[test]
fn failed_webhooks_are_handled_at_the_next_delivery() {
    let script = Script::default();
    let endpoint = script.endpoint(RecentWebhooks::new());
    let headers = with_id(Some("1"));
    for attempt in 0..3 {
        let mut call = pin!(endpoint.handle(&headers, EVENT.as_bytes()));
        assert_eq!(status(call.as_mut()), None);
        // A redelivery arrives while the handler fails: the event is not lost.
        assert_eq!(status(pin!(endpoint.handle(&headers, EVENT.as_bytes()))), Some(503));
        script.finish(attempt, Err("the database is down"));
        let Poll::Ready(WebhookOutcome::Failed(error)) = poll(call.as_mut()) else { panic!() };
        assert_eq!(error.to_string(), "the database is down");
        assert_eq!(script.started(), attempt + 1);
    }
}

#[test]
fn a_dropped_handler_leaves_the_event_to_the_next_delivery() {
    let script = Script::default();
    let endpoint = script.endpoint(RecentWebhooks::new());
    let headers = with_id(Some("1"));
    for attempt in 1..4 {
        let mut call = Box::pin(endpoint.handle(&headers, EVENT.as_bytes()));
        assert_eq!(status(call.as_mut()), None);
        assert_eq!(script.started(), attempt);
        drop(call);
    }
    // Never polled: nothing was claimed.
    drop(endpoint.handle(&headers, EVENT.as_bytes()));
    let mut call = pin!(endpoint.handle(&headers, EVENT.as_bytes()));
    assert_eq!(status(call.as_mut()), None);
    script.finish(3, Ok(()));
    assert_eq!(status(call.as_mut()), Some(200));
}

#[test]
fn a_panicking_handler_leaves_the_event_to_the_next_delivery() {
    let calls = Arc::new(Mutex::new(0));
    let counted = calls.clone();
    let endpoint = WebhookEndpoint::new(receiver(), move |_: Webhook| {
        let mut calls = counted.lock().unwrap_or_else(PoisonError::into_inner);
        *calls += 1;
        let call = *calls;
        async move {
            assert_ne!(call, 1, "the first panics");
            Ok::<(), BoxError>(())
        }
    });
    let headers = with_id(Some("1"));
    let panicked = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let _ = poll(pin!(endpoint.handle(&headers, EVENT.as_bytes())));
    }));
    assert!(panicked.is_err());
    assert_eq!(status(pin!(endpoint.handle(&headers, EVENT.as_bytes()))), Some(200));
    assert_eq!(status(pin!(endpoint.handle(&headers, EVENT.as_bytes()))), Some(200));
    assert_eq!(*calls.lock().unwrap(), 2);
}

#[test]
fn without_an_id_every_webhook_is_handled() {
    let script = Script::default();
    let endpoint = script.endpoint(RecentWebhooks::new());
    for (index, id) in [None, None, Some(" "), Some("")].into_iter().enumerate() {
        let headers = with_id(id);
        let mut call = pin!(endpoint.handle(&headers, EVENT.as_bytes()));
        assert_eq!(status(call.as_mut()), None);
        script.finish(index, Ok(()));
        assert_eq!(status(call.as_mut()), Some(200));
    }
    assert_eq!(script.started(), 4);
}

#[test]
fn a_hung_handler_holds_the_event_for_the_lease() {
    let script = Script::default();
    let clock = Stopped::default();
    let filter = RecentWebhooks::with_clock(clock.clone());
    let endpoint = script.endpoint(filter);
    let headers = with_id(Some("1"));
    let mut hung = pin!(endpoint.handle(&headers, EVENT.as_bytes()));
    assert_eq!(status(hung.as_mut()), None);
    clock.advance(59);
    assert_eq!(status(pin!(endpoint.handle(&headers, EVENT.as_bytes()))), Some(503));
    clock.advance(1);
    let mut second = pin!(endpoint.handle(&headers, EVENT.as_bytes()));
    assert_eq!(status(second.as_mut()), None);
    // The handler that hung fails late, which has no effect.
    script.finish(0, Err("too late"));
    assert_eq!(status(hung.as_mut()), Some(500));
    assert_eq!(status(pin!(endpoint.handle(&headers, EVENT.as_bytes()))), Some(503));
    script.finish(1, Ok(()));
    assert_eq!(status(second.as_mut()), Some(200));
    assert_eq!(status(pin!(endpoint.handle(&headers, EVENT.as_bytes()))), Some(200));
    assert_eq!(script.started(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_simultaneous_deliveries_is_handled() {
    let handled = Arc::new(Mutex::new(0));
    let counted = handled.clone();
    let endpoint = Arc::new(WebhookEndpoint::new(receiver(), move |_: Webhook| {
        let counted = counted.clone();
        async move {
            *counted.lock().unwrap() += 1;
            tokio::task::yield_now().await;
            Ok::<(), BoxError>(())
        }
    }));
    let deliveries: Vec<_> = (0..400)
        .map(|number| {
            let endpoint = endpoint.clone();
            tokio::spawn(async move {
                let headers = with_id(Some(&(number % 20).to_string()));
                endpoint.handle(&headers, EVENT.as_bytes()).await.status()
            })
        })
        .collect();
    for delivery in deliveries {
        let status = delivery.await.unwrap();
        assert!(status == StatusCode::OK || status == StatusCode::SERVICE_UNAVAILABLE, "{status}");
    }
    assert_eq!(*handled.lock().unwrap(), 20);
}

#[tokio::test]
async fn refused_webhooks_claim_no_lease() {
    let script = Script::default();
    let filter = RecentWebhooks::new();
    let endpoint = script.endpoint(filter.clone());
    let mut forged = with_id(Some("1"));
    forged.insert("x-signature", "0".repeat(64).parse().unwrap());
    let outcome = endpoint.handle(&forged, EVENT.as_bytes()).await;
    assert!(matches!(outcome, WebhookOutcome::Refused(_)) && outcome.status() == 401);
    assert!(filter.is_empty() && script.started() == 0);
}

/// A store that is not available.
struct Away;

impl Away {
    fn fail<T: Send + 'static>() -> BoxFuture<'static, Result<T, BoxError>> {
        Box::pin(std::future::ready(Err("connection refused".into())))
    }
}

impl DuplicateFilter for Away {
    fn claim<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Claim, BoxError>> {
        Self::fail()
    }

    fn confirm<'a>(&'a self, _: &'a str, _: &'a LeaseToken) -> BoxFuture<'a, Result<(), BoxError>> {
        Self::fail()
    }

    fn release<'a>(&'a self, _: &'a str, _: &'a LeaseToken) -> BoxFuture<'a, Result<(), BoxError>> {
        Self::fail()
    }
}

#[tokio::test]
async fn without_its_store_an_event_is_handled_and_the_error_reported() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let errors = told.clone();
    let endpoint = WebhookEndpoint::with_filter(receiver(), Away, |_: Webhook| async {
        Ok::<(), BoxError>(())
    })
    .on_filter_error(move |error| errors.lock().unwrap().push(error.to_string()));
    let outcome = endpoint.handle(&with_id(Some("1")), EVENT.as_bytes()).await;
    assert!(matches!(outcome, WebhookOutcome::Handled), "{outcome:?}");
    assert_eq!(*told.lock().unwrap(), ["the filter of duplicate webhooks: connection refused"]);
}

fn request(headers: HeaderMap, body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::post("/").body(body.into()).unwrap();
    *request.headers_mut() = headers;
    request
}

#[tokio::test]
async fn an_endpoint_is_a_handler_of_axum() {
    let script = Script::default();
    let endpoint = script.endpoint(RecentWebhooks::new());
    let router: Router = Router::new().route("/", post(endpoint.into_handler()));
    let first = tokio::spawn(router.clone().oneshot(request(with_id(Some("1")), gzip(EVENT))));
    while script.started() == 0 {
        tokio::task::yield_now().await;
    }
    let response = router.clone().oneshot(request(with_id(Some("1")), EVENT)).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    script.finish(0, Ok(()));
    assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
    let response = router.clone().oneshot(request(with_id(Some("1")), EVENT)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);

    let failed = tokio::spawn(router.clone().oneshot(request(with_id(Some("2")), EVENT)));
    while script.started() == 1 {
        tokio::task::yield_now().await;
    }
    script.finish(1, Err(SECRET));
    let response = failed.await.unwrap().unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
    assert!(body.is_empty(), "what went wrong here is nobody's business there");

    let forged = router.oneshot(request(HeaderMap::new(), EVENT)).await.unwrap();
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(script.started(), 2);
}

#[test]
fn an_endpoint_shows_no_secret() {
    let endpoint = Script::default().endpoint(RecentWebhooks::new());
    assert!(!format!("{endpoint:?}").contains(SECRET));
}
