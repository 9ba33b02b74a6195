//! The default transport, on hyper-util: HTTP/1.1 and, with the feature `http2`, HTTP/2.

mod connect;
#[cfg(feature = "http2")]
mod first;
#[cfg(not(feature = "proxy"))]
mod no_proxy;
#[cfg(feature = "proxy")]
mod proxy;
mod tcp;

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "http2")]
use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use self::connect::Connector;
#[cfg(feature = "proxy")]
use self::proxy::ProxyConnector;
use super::generations::{Generation, Generations};
use super::settings::TransportBuilder;
use super::{InFlight, TimeoutSignal, Transport, TransportError};
use crate::body::{RequestBody, ResponseBody};
use crate::error::Error;
#[cfg(feature = "http2")]
use crate::runtime::BoxFuture;
use crate::tls;

/// A transport on hyper-util's pooling client.
///
/// [`TransportBuilder`] lists the settings and their defaults. The platform verifies certificates.
/// With the feature `proxy` (default), proxies are taken from `HTTP_PROXY`, `HTTPS_PROXY`,
/// `ALL_PROXY` and `NO_PROXY`: HTTP and HTTPS proxies that allow `CONNECT`, and SOCKS5 proxies,
/// which also resolve names. Servers on this machine (`localhost` and loopback addresses) are reached
/// directly, whatever these variables say. Without the feature, the variables are not read:
/// connections go directly to the server, with a `tracing` warning if one of them is set.
///
/// Connections on which an attempt timed out get no new requests; see
/// [`TimeoutSignal`]. Requests that begin together before there is a
/// connection wait up to a second for the first one, so that they share it over HTTP/2.
///
/// ```
/// use std::time::Duration;
/// use stream_http::transport::hyper::HyperTransport;
///
/// # #[cfg(feature = "ring")] {
/// let transport = HyperTransport::builder().connect_timeout(Duration::from_secs(3)).build()?;
/// # }
/// # Ok::<(), stream_http::Error>(())
/// ```
#[derive(Clone)]
pub struct HyperTransport {
    clients: Arc<Generations<Pool>>,
}

/// A client and its connections.
struct Pool {
    client: Client<Connector, RequestBody>,
    #[cfg(feature = "http2")]
    first: first::FirstConnection,
}

impl HyperTransport {
    /// Creates a transport with the default settings.
    ///
    /// # Errors
    /// TLS could not be configured: no crypto provider was compiled in, or the platform has no root
    /// certificates.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// Returns a builder of a transport.
    pub fn builder() -> TransportBuilder<Self> {
        TransportBuilder::new()
    }
}

impl TransportBuilder<HyperTransport> {
    /// Builds the transport. This sends no request.
    ///
    /// # Errors
    /// TLS could not be configured: no crypto provider was compiled in, a certificate is not PEM,
    /// or the platform has no root certificates. Or the URL of the proxy is not valid.
    pub fn build(self) -> Result<HyperTransport, Error> {
        let settings = self.settings;
        let tls = tls::client_config(&settings.tls)?;
        let tcp = tcp::connector(&settings);
        #[cfg(feature = "proxy")]
        let tcp = ProxyConnector::new(tcp, &settings.proxies, tls.clone())?;
        #[cfg(not(feature = "proxy"))]
        no_proxy::warn_of_proxies(&settings);
        let connector = Connector::new(tcp, tls, settings.connect_timeout);
        let clients = Generations::renewable(move || {
            let mut builder = Client::builder(TokioExecutor::new());
            builder
                .timer(TokioTimer::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(settings.pool_idle_timeout)
                .pool_max_idle_per_host(settings.pool_max_idle_per_host);
            #[cfg(feature = "http2")]
            builder
                .http2_keep_alive_interval(settings.http2_ping_interval)
                .http2_keep_alive_timeout(settings.http2_ping_timeout)
                .http2_keep_alive_while_idle(true);
            Ok(Pool {
                client: builder.build(connector.clone()),
                #[cfg(feature = "http2")]
                first: first::FirstConnection::default(),
            })
        });
        let clients = clients
            .map_err(|error| Error::configuration("hyper could not be set up").caused_by(error))?;
        Ok(HyperTransport { clients })
    }
}

impl Pool {
    /// Returns whether a request waits for the first connection, which it may be able to share:
    /// HTTP/2 is possible only if TLS can negotiate it.
    #[cfg(feature = "http2")]
    fn awaits_first(&self, request: &http::Request<RequestBody>) -> bool {
        !self.first.is_made() && request.uri().scheme() == Some(&http::uri::Scheme::HTTPS)
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HyperTransport(..)")
    }
}

// No function that passes a request to the client is an `async fn`, because each would copy it.
impl Transport for HyperTransport {
    fn send(
        &self,
        mut request: http::Request<RequestBody>,
    ) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + Send {
        // Removed, because a connection that hangs would keep the state of its action alive.
        let signal = request.extensions_mut().remove::<TimeoutSignal>();
        let generation = self.clients.begin(|retirement| {
            if let Some(signal) = signal {
                signal.on_timeout(move || retirement.run());
            }
        });
        exchange(generation, request)
    }

    fn send_in_flight(
        &self,
        request: http::Request<RequestBody>,
        in_flight: &InFlight<'_>,
    ) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + Send {
        exchange(self.clients.begin(|retirement| in_flight.on_timeout(retirement)), request)
    }
}

fn exchange(
    generation: Arc<Generation<Pool>>,
    request: http::Request<RequestBody>,
) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + Send {
    #[cfg(feature = "http2")]
    let sending = if generation.client.awaits_first(&request) {
        let generation = generation.clone();
        Sending::First(Box::pin(async move {
            let Pool { client, first } = &generation.client;
            first.admit(request, |request| client.request(request)).await
        }))
    } else {
        Sending::Direct(generation.client.client.request(request))
    };
    #[cfg(not(feature = "http2"))]
    let sending = Sending::Direct(generation.client.client.request(request));
    async move {
        let response = match sending {
            Sending::Direct(response) => response.await,
            #[cfg(feature = "http2")]
            Sending::First(response) => response.await,
        };
        let response = response.map_err(|error| {
            let before_send = error.is_connect();
            TransportError::classify_unanswered(error).or_before_send(before_send)
        })?;
        generation.responded(response.version());
        Ok(response.map(ResponseBody::hyper))
    }
}

/// A request in flight.
enum Sending {
    Direct(legacy::ResponseFuture),
    /// A request that may open the first connection. It is boxed, because it is rare and large.
    #[cfg(feature = "http2")]
    First(BoxFuture<'static, Result<http::Response<Incoming>, legacy::Error>>),
}
