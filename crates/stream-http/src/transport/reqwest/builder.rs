//! The builder of the reqwest transport.

use rustls::ClientConfig;

use super::ReqwestTransport;
use crate::error::Error;
use crate::tls;
use crate::transport::settings::{
    Proxies, Settings, TCP_KEEPALIVE_INTERVAL, TCP_KEEPALIVE_RETRIES, TransportBuilder, check_proxy,
};

impl ReqwestTransport {
    /// Creates a transport with the default settings.
    ///
    /// # Errors
    /// TLS could not be configured: no crypto provider was compiled in, or the platform has no root
    /// certificates.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// Returns a builder of a transport. Proxies are taken from `HTTP_PROXY`, `HTTPS_PROXY`,
    /// `ALL_PROXY` and `NO_PROXY`. The platform verifies certificates.
    pub fn builder() -> TransportBuilder<Self> {
        TransportBuilder::new()
    }
}

impl TransportBuilder<ReqwestTransport> {
    /// Builds the transport. This sends no request.
    ///
    /// # Errors
    /// TLS could not be configured: no crypto provider was compiled in, a certificate is not PEM,
    /// or the platform has no root certificates. Or the URL of the proxy is not valid.
    pub fn build(self) -> Result<ReqwestTransport, Error> {
        let settings = self.settings;
        #[cfg_attr(not(feature = "http2"), allow(unused_mut))]
        let mut tls = tls::client_config(&settings.tls)?;
        // With a custom TLS configuration, reqwest does not offer HTTP/2 by itself.
        #[cfg(feature = "http2")]
        {
            tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        let proxy = match &settings.proxies {
            Proxies::All(url) => {
                check_proxy(url, &["http", "https"])?;
                let proxy = ::reqwest::Proxy::all(url).map_err(|error| {
                    Error::configuration("the proxy is not valid").caused_by(error.without_url())
                })?;
                Some(proxy)
            }
            Proxies::Environment | Proxies::Direct => None,
        };
        ReqwestTransport::from_builder(move || {
            let client = client(&settings, tls.clone());
            match &proxy {
                Some(proxy) => client.no_proxy().proxy(proxy.clone()),
                None => client,
            }
        })
    }
}

fn client(settings: &Settings, tls: ClientConfig) -> ::reqwest::ClientBuilder {
    let mut builder = ::reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(settings.pool_idle_timeout)
        .pool_max_idle_per_host(settings.pool_max_idle_per_host)
        .http2_keep_alive_interval(settings.http2_ping_interval)
        .http2_keep_alive_timeout(settings.http2_ping_timeout)
        .http2_keep_alive_while_idle(true)
        .tcp_keepalive(settings.tcp_keepalive)
        .tcp_keepalive_interval(settings.tcp_keepalive.map(|_| TCP_KEEPALIVE_INTERVAL))
        .tcp_keepalive_retries(settings.tcp_keepalive.map(|_| TCP_KEEPALIVE_RETRIES))
        .tcp_nodelay(true);
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    {
        builder = builder.tcp_user_timeout(settings.tcp_user_timeout);
    }
    if matches!(settings.proxies, Proxies::Direct) {
        builder = builder.no_proxy();
    }
    builder
}
