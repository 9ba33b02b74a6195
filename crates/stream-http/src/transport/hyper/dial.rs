//! Dialing of TCP connections.

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

use crate::error::{BoxError, Error};
use crate::runtime::BoxFuture;
use crate::transport::settings::{
    Proxies, Settings, TCP_KEEPALIVE_INTERVAL, TCP_KEEPALIVE_RETRIES, check_proxy,
};

/// A TCP connection, or a TLS connection to a proxy.
pub(super) type Wire = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Opens TCP connections, directly or through a proxy.
#[derive(Clone)]
pub(super) struct Dial {
    http: HttpConnector,
    /// The TLS configuration for proxies that are reached over TLS.
    https: HttpsConnector<HttpConnector>,
    proxies: Option<Arc<Matcher>>,
}

impl Dial {
    pub(super) fn new(settings: &Settings, tls: ClientConfig) -> Result<Self, Error> {
        let mut http = HttpConnector::new();
        // The scheme decides about TLS after the connection is open, so `https` is allowed here.
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_keepalive(settings.tcp_keepalive);
        http.set_keepalive_interval(settings.tcp_keepalive.map(|_| TCP_KEEPALIVE_INTERVAL));
        http.set_keepalive_retries(settings.tcp_keepalive.map(|_| TCP_KEEPALIVE_RETRIES));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        http.set_tcp_user_timeout(settings.tcp_user_timeout);
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http.clone());
        Ok(Self { http, https, proxies: matcher(&settings.proxies)?.map(Arc::new) })
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

impl Service<Uri> for Dial {
    type Response = Wire;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Wire, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.http.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let proxy = self.proxies.as_ref().and_then(|proxies| proxies.intercept(&target));
        let mut dial = self.clone();
        Box::pin(async move {
            match proxy {
                Some(proxy) => dial.through(proxy, target).await,
                None => Ok(MaybeHttpsStream::Http(dial.http.call(target).await?)),
            }
        })
    }
}

#[cfg(all(test, any(feature = "ring", feature = "aws-lc-rs"), target_os = "linux"))]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::tls;

    #[tokio::test]
    async fn connections_notice_a_network_that_swallows_packets() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target: Uri = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let settings = Settings { proxies: Proxies::Direct, ..Settings::default() };
        let tls = tls::client_config(&settings.tls).unwrap();
        let wire = Dial::new(&settings, tls).unwrap().call(target).await.unwrap();
        let MaybeHttpsStream::Http(tcp) = wire else { panic!("TLS to http://") };
        let socket = socket2::SockRef::from(tcp.inner());
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(15));
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), Duration::from_secs(5));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), 3);
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(20)));
        assert!(socket.tcp_nodelay().unwrap());
    }
}
