//! Tower services work as transports.
#![cfg(feature = "tower")]

use std::convert::Infallible;

use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::Full;
use tower::{ServiceBuilder, service_fn};
use tower_http::set_header::SetRequestHeaderLayer;
use tower_http::trace::TraceLayer;

use crate::support::operations::GetApp;
use crate::support::transport::Mock;
use stream_http::transport::tower::{TowerTransport, TransportService};
use stream_http::{ErrorKind, Executor, RequestBody, RetryPolicy, Transport, TransportErrorKind};

fn executor(transport: impl Transport) -> Executor {
    Executor::builder()
        .api_key("key")
        .token("t0ken")
        .transport(transport)
        .retry(RetryPolicy::off())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_function_is_a_transport() {
    let service = service_fn(|request: Request<RequestBody>| async move {
        let body = format!("{{\"path\":\"{}\"}}", request.uri().path());
        Ok::<_, Infallible>(Response::new(Full::<bytes::Bytes>::from(body)))
    });
    let response = executor(TowerTransport::new(service)).send(&GetApp).await.unwrap();
    assert_eq!(response["path"], "/api/v2/app");
}

#[tokio::test]
async fn layers_see_every_attempt() {
    let mock = Mock::json(200, "{}");
    let stack = ServiceBuilder::new()
        .layer(SetRequestHeaderLayer::overriding(
            HeaderName::from_static("x-region"),
            HeaderValue::from_static("eu"),
        ))
        .layer(TraceLayer::new_for_http())
        .service(TransportService::new(mock.clone()));
    executor(TowerTransport::new(stack)).send(&GetApp).await.unwrap();
    assert_eq!(mock.sent.lock().unwrap()[0].head.headers["x-region"], "eu");
}

#[tokio::test]
async fn errors_are_classified() {
    let service = service_fn(|_: Request<RequestBody>| async {
        let error = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        Err::<Response<Full<bytes::Bytes>>, _>(error)
    });
    let error = executor(TowerTransport::new(service)).send(&GetApp).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport(TransportErrorKind::ConnectionReset));
}
