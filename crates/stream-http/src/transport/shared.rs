//! The object-safe counterpart of a transport.

use std::fmt;
use std::sync::Arc;

use super::{InFlight, Transport, TransportError};
use crate::body::{RequestBody, ResponseBody};
use crate::runtime::{BoxFuture, MaybeSend, MaybeSync};

pub(crate) type Answer = Result<http::Response<ResponseBody>, TransportError>;

/// The object-safe counterpart of [`Transport`], so that a client needs no type parameter.
trait DynTransport: MaybeSend + MaybeSync {
    fn send(&self, request: http::Request<RequestBody>) -> BoxFuture<'_, Answer>;

    fn send_in_flight<'a>(
        &'a self,
        request: http::Request<RequestBody>,
        in_flight: &'a InFlight<'_>,
    ) -> BoxFuture<'a, Answer>;
}

impl<T: Transport> DynTransport for T {
    fn send(&self, request: http::Request<RequestBody>) -> BoxFuture<'_, Answer> {
        Box::pin(Transport::send(self, request))
    }

    fn send_in_flight<'a>(
        &'a self,
        request: http::Request<RequestBody>,
        in_flight: &'a InFlight<'_>,
    ) -> BoxFuture<'a, Answer> {
        Box::pin(Transport::send_in_flight(self, request, in_flight))
    }
}

/// A [`Transport`] of any type, shared by reference counting.
#[derive(Clone)]
pub struct SharedTransport(Arc<dyn DynTransport>);

impl SharedTransport {
    /// Shares `transport`.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
    }

    /// Sends a request of the executor.
    pub(crate) fn dispatch<'a>(
        &'a self,
        request: http::Request<RequestBody>,
        in_flight: &'a InFlight<'_>,
    ) -> BoxFuture<'a, Answer> {
        self.0.send_in_flight(request, in_flight)
    }
}

impl Transport for SharedTransport {
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> impl Future<Output = Answer> + MaybeSend {
        self.0.send(request)
    }

    async fn send_in_flight(
        &self,
        request: http::Request<RequestBody>,
        in_flight: &InFlight<'_>,
    ) -> Answer {
        self.dispatch(request, in_flight).await
    }
}

impl fmt::Debug for SharedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedTransport(..)")
    }
}
