//! Moving bytes: one request in, one response out. No policy lives here.

#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod generations;
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
#[cfg(any(feature = "reqwest-rustls", feature = "hyper"))]
pub use settings::{
    DEFAULT_CONNECT_TIMEOUT, DEFAULT_HTTP2_PING_INTERVAL, DEFAULT_HTTP2_PING_TIMEOUT,
    DEFAULT_POOL_IDLE_TIMEOUT, DEFAULT_TCP_KEEPALIVE, DEFAULT_TCP_USER_TIMEOUT, TransportBuilder,
};
pub use shared::SharedTransport;
pub use timeout_signal::TimeoutSignal;

use std::future::Future;

use crate::body::{RequestBody, ResponseBody};
use crate::runtime::{MaybeSend, MaybeSync};

/// Sends one HTTP request and returns its response: what an HTTP client does.
///
/// Policies (retries, deadlines, limits, tracing) run around it, so an implementation has none of
/// its own: it follows no redirects, decompresses nothing and answers every status with `Ok`. It
/// is canceled by dropping the future. The request carries the operation's
/// [`OperationInfo`](stream_models::OperationInfo) in its extensions, and a [`TimeoutSignal`] that
/// tells an attempt that timed out from one that the caller dropped.
///
/// Write it with `async fn`:
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
    /// Sends `request` and returns when the headers of the response are there; the body follows as
    /// it is read.
    ///
    /// # Errors
    /// No response came. Statuses of 400 and above are no errors here.
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + MaybeSend;
}
