//! The transport on any `tower::Service`.

use std::fmt;
use std::future::poll_fn;

use bytes::Bytes;
use http_body::Body;
use http_body_util::BodyExt;
use tower_service::Service;

use super::{Transport, TransportError};
use crate::body::{RequestBody, ResponseBody};
use crate::error::BoxError;

/// A transport on a [`tower::Service`](tower_service::Service), for example a stack of `tower-http`
/// layers around a client.
///
/// The service is cloned for each request, as tower services are meant to be. Its errors are
/// classified by their chain of causes; a service whose error is [`TransportError`] keeps its
/// classification.
#[derive(Clone)]
pub struct TowerTransport<S> {
    service: S,
}

impl<S> TowerTransport<S> {
    /// Creates a transport that sends requests through `service`.
    pub const fn new(service: S) -> Self {
        Self { service }
    }
}

impl<S, B> Transport for TowerTransport<S>
where
    S: Service<http::Request<RequestBody>, Response = http::Response<B>>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let mut service = self.service.clone();
        poll_fn(|context| service.poll_ready(context)).await.map_err(|error| {
            // The service has not received the request yet.
            known(error.into()).unwrap_or_else(TransportError::classify).before_send(true)
        })?;
        let response = service.call(request).await.map_err(|error| {
            known(error.into()).unwrap_or_else(TransportError::classify_unanswered)
        })?;
        Ok(response.map(|body| {
            ResponseBody::stream(
                body.map_err(|error| known(error.into()).unwrap_or_else(TransportError::classify)),
            )
        }))
    }
}

impl<S> fmt::Debug for TowerTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TowerTransport(..)")
    }
}

/// Returns the error if it is already classified.
fn known(error: BoxError) -> Result<TransportError, BoxError> {
    error.downcast::<TransportError>().map(|error| *error)
}

/// A [`Transport`] as a tower service, which layers can wrap.
///
/// Wrap it in layers and give the stack to [`TowerTransport`]:
///
/// ```
/// use stream_http::transport::tower::{TowerTransport, TransportService};
/// # use stream_http::{RequestBody, ResponseBody, Transport, TransportError};
/// # #[derive(Clone)] struct Client;
/// # impl Transport for Client {
/// #     async fn send(&self, _: http::Request<RequestBody>) -> Result<http::Response<ResponseBody>, TransportError> {
/// #         Ok(http::Response::new(ResponseBody::empty()))
/// #     }
/// # }
/// # fn layered<S>(service: S) -> S { service }
/// let transport = TowerTransport::new(layered(TransportService::new(Client)));
/// ```
#[derive(Debug, Clone)]
pub struct TransportService<T> {
    transport: T,
}

impl<T> TransportService<T> {
    /// Creates a service from `transport`.
    pub const fn new(transport: T) -> Self {
        Self { transport }
    }
}

impl<T: Transport + Clone> Service<http::Request<RequestBody>> for TransportService<T> {
    type Response = http::Response<ResponseBody>;
    type Error = TransportError;
    type Future = crate::runtime::BoxFuture<'static, Result<Self::Response, TransportError>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), TransportError>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<RequestBody>) -> Self::Future {
        let transport = self.transport.clone();
        Box::pin(async move { transport.send(request).await })
    }
}
