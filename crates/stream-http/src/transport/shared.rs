//! The object-safe twin of a transport.

use std::fmt;
use std::sync::Arc;

use super::{Transport, TransportError};
use crate::body::{RequestBody, ResponseBody};
use crate::runtime::{BoxFuture, MaybeSend, MaybeSync};

type Answer = Result<http::Response<ResponseBody>, TransportError>;

/// The object-safe twin of [`Transport`], so that a client needs no type parameter.
trait DynTransport: MaybeSend + MaybeSync {
    fn send(&self, request: http::Request<RequestBody>) -> BoxFuture<'_, Answer>;
}

impl<T: Transport> DynTransport for T {
    fn send(&self, request: http::Request<RequestBody>) -> BoxFuture<'_, Answer> {
        Box::pin(Transport::send(self, request))
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
}

impl Transport for SharedTransport {
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> impl Future<Output = Answer> + MaybeSend {
        self.0.send(request)
    }
}

impl fmt::Debug for SharedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedTransport(..)")
    }
}
