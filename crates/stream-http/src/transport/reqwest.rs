//! The default transport, on the `reqwest` crate.

use super::{Transport, TransportError, TransportErrorKind};
use crate::body::{RequestBody, ResponseBody};
use crate::error::Error;
use crate::tls;
use http_body_util::BodyExt;
use std::fmt;
use std::time::Duration;

/// A transport on a `reqwest` client.
///
/// Connections are kept for 55 s when idle (load balancers cut at 60 s), connecting may take 10 s,
/// and their number is not limited. Proxies are taken from `HTTP_PROXY`, `HTTPS_PROXY`,
/// `ALL_PROXY` and `NO_PROXY`. Certificates are verified by the platform.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: ::reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with the defaults.
    ///
    /// # Errors
    /// TLS could not be set up: no crypto provider was compiled in, or the platform has no root
    /// certificates.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// Sets up a transport.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::default()
    }

    /// Takes a client as it is. Turn its redirects off: a redirected `POST` becomes a `GET`.
    #[must_use]
    pub const fn from_client(client: ::reqwest::Client) -> Self {
        Self { client }
    }
}

impl From<::reqwest::Client> for ReqwestTransport {
    fn from(client: ::reqwest::Client) -> Self {
        Self::from_client(client)
    }
}

/// Options of a [`ReqwestTransport`].
#[must_use]
#[derive(Clone)]
pub struct ReqwestTransportBuilder {
    connect_timeout: Duration,
    pool_idle_timeout: Duration,
    pool_max_idle_per_host: usize,
    proxies_from_environment: bool,
    tls: tls::Options,
}

impl Default for ReqwestTransportBuilder {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            pool_idle_timeout: Duration::from_secs(55),
            pool_max_idle_per_host: usize::MAX,
            proxies_from_environment: true,
            tls: tls::Options::default(),
        }
    }
}

impl ReqwestTransportBuilder {
    /// How long making a connection may take; 10 s by default.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long an idle connection is kept; 55 s by default.
    pub const fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = timeout;
        self
    }

    /// How many idle connections are kept; not limited by default.
    pub const fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = connections;
        self
    }

    /// Connects directly, whatever the proxy variables of the environment say.
    pub const fn no_proxy(mut self) -> Self {
        self.proxies_from_environment = false;
        self
    }

    /// Trusts the certificates in `pem` in addition to those of the platform.
    pub fn root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.extra_roots_pem.push(pem.into());
        self
    }

    /// Makes the transport.
    ///
    /// # Errors
    /// TLS could not be set up: no crypto provider was compiled in, a certificate is not PEM, or
    /// the platform has no root certificates.
    pub fn build(self) -> Result<ReqwestTransport, Error> {
        #[cfg_attr(not(feature = "http2"), allow(unused_mut))]
        let mut tls = tls::client_config(&self.tls)?;
        // With a configuration from outside, reqwest leaves it to us to offer HTTP/2.
        #[cfg(feature = "http2")]
        {
            tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        let mut builder = ::reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(::reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.pool_idle_timeout)
            .pool_max_idle_per_host(self.pool_max_idle_per_host)
            .tcp_nodelay(true);
        if !self.proxies_from_environment {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            Error::configuration("reqwest could not be set up").caused_by(error)
        })?;
        Ok(ReqwestTransport { client })
    }
}

impl fmt::Debug for ReqwestTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .finish_non_exhaustive()
    }
}

impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let request = request.map(|body| match body.as_bytes() {
            Some(bytes) => ::reqwest::Body::from(bytes),
            None => ::reqwest::Body::wrap(body),
        });
        let request = ::reqwest::Request::try_from(request).map_err(classify)?;
        let response = self.client.execute(request).await.map_err(classify)?;
        let response = http::Response::<::reqwest::Body>::from(response);
        Ok(response.map(|body| ResponseBody::stream(body.map_err(classify))))
    }
}

fn classify(error: ::reqwest::Error) -> TransportError {
    // The URL holds the API key.
    let error = error.without_url();
    let before_send = error.is_connect() || error.is_builder();
    let timeout = error.is_timeout();
    let classified = TransportError::classify(error);
    let classified = match classified.kind() {
        TransportErrorKind::Unknown if timeout => classified.with_kind(TransportErrorKind::Timeout),
        _ => classified,
    };
    classified.before_send(before_send)
}
