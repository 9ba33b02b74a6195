//! A transport on hyper-util: HTTP/1 and, with the feature `http2`, HTTP/2.

mod connect;

use self::connect::{Connector, Dial};
use super::{Transport, TransportError};
use crate::body::{RequestBody, ResponseBody};
use crate::error::Error;
use crate::tls;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::fmt;
use std::time::Duration;

/// A transport on hyper-util's pooling client.
///
/// It has the times of the reqwest transport and fewer dependencies. Connections are kept for 55 s
/// when idle, connecting may take 10 s, TLS included, and their number is not limited. Proxies are
/// taken from `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; they must be HTTP proxies
/// that allow `CONNECT`. Certificates are verified by the platform.
#[derive(Clone)]
pub struct HyperTransport {
    client: Client<Connector, RequestBody>,
}

impl HyperTransport {
    /// A transport with the defaults.
    ///
    /// # Errors
    /// TLS could not be set up: no crypto provider was compiled in, or the platform has no root
    /// certificates.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// Sets up a transport.
    pub fn builder() -> HyperTransportBuilder {
        HyperTransportBuilder::default()
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HyperTransport(..)")
    }
}

/// Options of a [`HyperTransport`].
#[must_use]
#[derive(Clone)]
pub struct HyperTransportBuilder {
    connect_timeout: Duration,
    pool_idle_timeout: Duration,
    pool_max_idle_per_host: usize,
    proxies_from_environment: bool,
    tls: tls::Options,
}

impl Default for HyperTransportBuilder {
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

impl HyperTransportBuilder {
    /// How long making a connection may take, TLS included; 10 s by default.
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
    pub fn build(self) -> Result<HyperTransport, Error> {
        let tls = tls::client_config(&self.tls)?;
        let dial = Dial::new(self.proxies_from_environment);
        let connector = Connector::new(dial, tls, self.connect_timeout);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.pool_idle_timeout)
            .pool_max_idle_per_host(self.pool_max_idle_per_host)
            .build(connector);
        Ok(HyperTransport { client })
    }
}

impl fmt::Debug for HyperTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .finish_non_exhaustive()
    }
}

impl Transport for HyperTransport {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let response = self.client.request(request).await.map_err(|error| {
            let before_send = error.is_connect();
            TransportError::classify(error).before_send(before_send)
        })?;
        Ok(response.map(|body| ResponseBody::stream(body.map_err(TransportError::classify))))
    }
}
