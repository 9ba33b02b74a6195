//! Connections through proxies.

use std::net::IpAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::error::{BoxError, Error, ProxyError};
use crate::runtime::BoxFuture;
use crate::transport::settings::{Proxies, check_proxy};

/// A TCP connection, or a TLS connection to a proxy.
type Wire = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Opens TCP connections, directly or through a proxy.
#[derive(Clone)]
pub(super) struct ProxyConnector {
    http: HttpConnector,
    /// The TLS configuration for proxies that are reached over TLS.
    https: HttpsConnector<HttpConnector>,
    proxies: Option<Arc<Matcher>>,
    /// Whether the proxies are for servers on this machine as well.
    covers_loopback: bool,
}

impl ProxyConnector {
    pub(super) fn new(
        http: HttpConnector,
        proxies: &Proxies,
        tls: ClientConfig,
    ) -> Result<Self, Error> {
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http.clone());
        let covers_loopback = !matches!(proxies, Proxies::Environment);
        Ok(Self { http, https, proxies: matcher(proxies)?.map(Arc::new), covers_loopback })
    }

    /// Returns the proxy for a server.
    fn proxy_for(&self, target: &Uri) -> Option<Intercept> {
        if !self.covers_loopback && target.host().is_some_and(is_loopback) {
            return None;
        }
        self.proxies.as_ref()?.intercept(target)
    }

    async fn through(self, proxy: Intercept, target: Uri) -> Result<Wire, BoxError> {
        match proxy.uri().scheme_str() {
            Some("http" | "https") => {
                let mut tunnel = Tunnel::new(proxy.uri().clone(), self.https);
                if let Some(auth) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(auth.clone());
                }
                Ok(tunnel.call(target).await?)
            }
            Some("socks5" | "socks5h") => {
                let mut socks = SocksV5::new(proxy.uri().clone(), self.http);
                if let Some((user, password)) = proxy.raw_auth() {
                    socks = socks.with_auth(user.to_owned(), password.to_owned());
                }
                Ok(MaybeHttpsStream::Http(socks.call(target).await?))
            }
            other => Err(format!(
                "the hyper transport reaches proxies over http, https and socks5, not over {:?}",
                other.unwrap_or_default()
            )
            .into()),
        }
    }
}

/// Returns whether a host is this machine, which the environment's proxies cannot reach.
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

fn matcher(proxies: &Proxies) -> Result<Option<Matcher>, Error> {
    Ok(match proxies {
        Proxies::Environment => Some(Matcher::from_env()),
        Proxies::Direct => None,
        Proxies::All(url) => {
            check_proxy(url, &["http", "https", "socks5", "socks5h"])?;
            Some(Matcher::builder().all(url.as_str()).build())
        }
    })
}

impl Service<Uri> for ProxyConnector {
    type Response = Wire;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Wire, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.http.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let proxy = self.proxy_for(&target);
        let mut connector = self.clone();
        Box::pin(async move {
            match proxy {
                Some(proxy) => {
                    // Without the user name and password.
                    let uri = proxy.uri();
                    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
                    let name = format!("{}{port}", uri.host().unwrap_or_default());
                    let connected = connector.through(proxy, target).await;
                    Ok(connected.map_err(|source| ProxyError { proxy: name, source })?)
                }
                None => Ok(MaybeHttpsStream::Http(connector.http.call(target).await?)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_is_told_from_others() {
        for host in
            ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]", "::ffff:127.0.0.1"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["localhost.example", "128.0.0.1", "0.0.0.0", "[::2]", "chat.stream-io-api.com", ""]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
