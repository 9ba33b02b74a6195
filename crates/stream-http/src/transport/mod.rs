//! Transports, which send one request and return its response. They contain no policies.

#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod generations;
mod in_flight;
#[cfg(any(feature = "reqwest-rustls", feature = "hyper"))]
mod settings;
mod shared;
mod timeout_signal;

#[cfg(feature = "hyper")]
pub mod hyper;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "tower")]
pub mod tower;

pub use crate::error::{TransportError, TransportErrorKind};
pub(crate) use in_flight::InFlight;
#[cfg(any(feature = "reqwest-rustls", feature = "hyper"))]
pub use settings::{
    DEFAULT_CONNECT_TIMEOUT, DEFAULT_HTTP2_PING_INTERVAL, DEFAULT_HTTP2_PING_TIMEOUT,
    DEFAULT_POOL_IDLE_TIMEOUT, DEFAULT_TCP_KEEPALIVE, DEFAULT_TCP_USER_TIMEOUT, TransportBuilder,
};
pub(crate) use shared::Answer;
pub use shared::SharedTransport;
pub use timeout_signal::TimeoutSignal;

use std::future::Future;
use std::sync::Arc;

use crate::body::{RequestBody, ResponseBody};
use crate::runtime::{MaybeSend, MaybeSync};

/// An HTTP client: it sends one HTTP request and returns its response.
///
/// Policies (retries, deadlines, limits, tracing) run around it, so an implementation must not have
/// any: it follows no redirects, decompresses nothing and returns `Ok` for every status. Dropping
/// the future cancels the request. The extensions of the request contain the operation's
/// [`OperationInfo`](stream_models::OperationInfo), and a [`TimeoutSignal`] that distinguishes an
/// attempt that timed out from one that the caller dropped.
///
/// Implement it with `async fn`:
///
/// ```
/// use stream_http::{RequestBody, ResponseBody, Transport, TransportError};
///
/// struct Canned;
///
/// impl Transport for Canned {
///     async fn send(
///         &self,
///         _request: http::Request<RequestBody>,
///     ) -> Result<http::Response<ResponseBody>, TransportError> {
///         Ok(http::Response::new(ResponseBody::bytes("{}")))
///     }
/// }
/// ```
pub trait Transport: MaybeSend + MaybeSync + 'static {
    /// Sends `request` and returns when the headers of the response have arrived; the body is read
    /// afterwards.
    ///
    /// # Errors
    /// No response arrived. A status of 400 and above is not an error here.
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + MaybeSend;

    /// Sends a request of the executor. The transports of this crate get the attempt without an
    /// allocation; all others get it in the extensions.
    #[doc(hidden)]
    fn send_in_flight(
        &self,
        mut request: http::Request<RequestBody>,
        in_flight: &InFlight<'_>,
    ) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + MaybeSend
    {
        in_flight.extend(request.extensions_mut());
        self.send(request)
    }
}

/// Shares a transport, and so its connections, between clients. [`SharedTransport`] does the same
/// for transports of different types.
impl<T: Transport> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> impl Future<Output = Answer> + MaybeSend {
        T::send(self, request)
    }

    fn send_in_flight(
        &self,
        request: http::Request<RequestBody>,
        in_flight: &InFlight<'_>,
    ) -> impl Future<Output = Answer> + MaybeSend {
        T::send_in_flight(self, request, in_flight)
    }
}
