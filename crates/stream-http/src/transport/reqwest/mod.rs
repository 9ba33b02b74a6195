//! The transport on the `reqwest` crate, for programs that already use it.

#[cfg(feature = "reqwest-rustls")]
mod builder;

use std::error::Error as _;
use std::fmt;
use std::iter::successors;
use std::sync::Arc;

use super::generations::{Generation, Generations};
use super::{InFlight, TimeoutSignal, Transport, TransportError, TransportErrorKind};
use crate::body::{RequestBody, ResponseBody};
use crate::error::{BoxError, Error};
use crate::runtime::MaybeSend;

/// The text of the error of hyper-util's connector for a scheme that it does not support.
const NOT_HTTP: &str = "invalid URL, scheme is not http";

/// A transport on a `reqwest` client.
///
/// The feature `reqwest` takes your client and turns on no feature of the reqwest crate: TLS,
/// HTTP/2 and proxies are those that your own `Cargo.toml` turns on. The feature `reqwest-rustls`
/// adds `ReqwestTransport::new` and `ReqwestTransport::builder`, which create a client with the
/// settings of [`TransportBuilder`](super::TransportBuilder).
#[derive(Clone)]
pub struct ReqwestTransport {
    clients: Arc<Generations<::reqwest::Client>>,
}

impl ReqwestTransport {
    /// Uses a client without changes.
    ///
    /// Turn its redirects off: a redirected `POST` becomes a `GET`. Its own retries have no effect
    /// here. Its connections cannot be replaced: if one hangs, requests use it until the client
    /// notices, so turn on HTTP/2 pings, or use [`ReqwestTransport::from_builder`].
    #[must_use]
    pub fn from_client(client: ::reqwest::Client) -> Self {
        Self { clients: Generations::fixed(client) }
    }

    /// Builds a client with `builder`, and another one whenever an attempt timed out, so that a
    /// connection that hangs gets no new requests.
    ///
    /// Redirects and reqwest's own retries are turned off; everything else is the builder's, for
    /// example connection timeouts, which reqwest does not set by itself. Set HTTP/2 pings if your
    /// reqwest has the feature `http2`:
    ///
    /// ```
    /// use std::time::Duration;
    /// use stream_http::transport::reqwest::ReqwestTransport;
    ///
    /// # #[cfg(feature = "reqwest-rustls")]
    /// # fn build() -> Result<(), stream_http::Error> {
    /// let transport = ReqwestTransport::from_builder(|| {
    ///     reqwest::Client::builder()
    ///         .connect_timeout(Duration::from_secs(10))
    ///         .pool_idle_timeout(Duration::from_secs(55))
    ///         .http2_keep_alive_interval(Duration::from_secs(10))
    ///         .http2_keep_alive_timeout(Duration::from_secs(5))
    ///         .http2_keep_alive_while_idle(true)
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The client could not be built.
    pub fn from_builder(
        builder: impl Fn() -> ::reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let clients = Generations::renewable(move || {
            let client = builder()
                .redirect(::reqwest::redirect::Policy::none())
                .retry(::reqwest::retry::never().max_retries_per_request(0))
                .build()?;
            Ok(client)
        });
        let clients = clients.map_err(|error| {
            Error::configuration("reqwest could not be set up").caused_by(error)
        })?;
        Ok(Self { clients })
    }
}

impl From<::reqwest::Client> for ReqwestTransport {
    fn from(client: ::reqwest::Client) -> Self {
        Self::from_client(client)
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestTransport(..)")
    }
}

// No function that passes a request to the client is an `async fn`, because each would copy it.
impl Transport for ReqwestTransport {
    fn send(
        &self,
        mut request: http::Request<RequestBody>,
    ) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + MaybeSend
    {
        // Removed, because a connection that hangs would keep the state of its action alive.
        let signal = request.extensions_mut().remove::<TimeoutSignal>();
        let generation = self.clients.begin(|retirement| {
            if let Some(signal) = signal {
                signal.on_timeout(move || retirement.run());
            }
        });
        self.exchange(generation, request)
    }

    fn send_in_flight(
        &self,
        request: http::Request<RequestBody>,
        in_flight: &InFlight<'_>,
    ) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + MaybeSend
    {
        let generation = self.clients.begin(|retirement| in_flight.on_timeout(retirement));
        self.exchange(generation, request)
    }
}

impl ReqwestTransport {
    fn exchange(
        &self,
        generation: Arc<Generation<::reqwest::Client>>,
        request: http::Request<RequestBody>,
    ) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + MaybeSend + use<>
    {
        let sending = self.convert(request).map(|request| generation.client.execute(request));
        async move {
            let response = sending?.await.map_err(unanswered)?;
            generation.responded(response.version());
            Ok(http::Response::<::reqwest::Body>::from(response)
                .map(|body| ResponseBody::reqwest(body, broken_off)))
        }
    }

    fn convert(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<::reqwest::Request, TransportError> {
        let (head, body) = request.into_parts();
        let url = url(&head.uri).map_err(|error| {
            TransportError::new(TransportErrorKind::Unknown, error).before_send(true)
        })?;
        // Streamed even if it is in memory, unless the client's retries are known to be off:
        // reqwest cannot send a stream again by itself, so the number of attempts is correct.
        let in_memory = if self.clients.is_renewable() { body.as_bytes() } else { None };
        let body = match in_memory {
            Some(bytes) => ::reqwest::Body::from(bytes),
            None => ::reqwest::Body::wrap(body),
        };
        let mut request = ::reqwest::Request::new(head.method, url);
        *request.version_mut() = head.version;
        *request.headers_mut() = head.headers;
        *request.body_mut() = Some(body);
        Ok(request)
    }
}

/// Converts a URL with a single allocation.
fn url(uri: &http::Uri) -> Result<::reqwest::Url, BoxError> {
    let scheme = uri.scheme_str().unwrap_or_default();
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    Ok([scheme, "://", authority, target].concat().parse::<::reqwest::Url>()?)
}

/// Converts an error that occurred instead of a response.
fn unanswered(error: ::reqwest::Error) -> TransportError {
    if lacks_tls(&error) {
        let advice = "reqwest was compiled without TLS: turn on one of its TLS features in your \
            Cargo.toml, or the feature `reqwest-rustls` of this crate";
        return TransportError::new(TransportErrorKind::TlsHandshakeFailed, advice)
            .before_send(true);
    }
    let before_send = error.is_connect() || error.is_builder();
    let timeout = error.is_timeout();
    // The URL contains the API key.
    let classified = TransportError::classify_unanswered(error.without_url());
    with_timeout(classified, timeout).or_before_send(before_send)
}

/// Returns whether an `https` URL was refused because reqwest has no TLS, for which it has no error
/// type.
fn lacks_tls(error: &::reqwest::Error) -> bool {
    let causes = successors(error.source(), |cause| (*cause).source());
    error.is_connect() && causes.last().is_some_and(|cause| cause.to_string() == NOT_HTTP)
}

/// Converts an error in the body of a response.
fn broken_off(error: ::reqwest::Error) -> TransportError {
    let timeout = error.is_timeout();
    with_timeout(TransportError::classify(error.without_url()), timeout)
}

fn with_timeout(error: TransportError, timeout: bool) -> TransportError {
    match error.kind() {
        TransportErrorKind::Unknown if timeout => error.with_kind(TransportErrorKind::Timeout),
        _ => error,
    }
}
