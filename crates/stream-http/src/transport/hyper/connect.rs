use crate::error::BoxError;
use crate::runtime::BoxFuture;
use http::Uri;
use http::uri::Scheme;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tower_service::Service;

type Tcp = TokioIo<TcpStream>;

/// Opens TCP connections, straight or through the proxy that the environment names.
#[derive(Clone)]
pub(super) struct Dial {
    http: HttpConnector,
    proxies: Option<Arc<Matcher>>,
}

impl Dial {
    pub(super) fn new(proxies_from_environment: bool) -> Self {
        let mut http = HttpConnector::new();
        // The scheme says how to go on once the connection stands, for which TLS is responsible.
        http.enforce_http(false);
        http.set_nodelay(true);
        Self { http, proxies: proxies_from_environment.then(|| Arc::new(Matcher::from_env())) }
    }
}

impl Service<Uri> for Dial {
    type Response = Tcp;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Tcp, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.http.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let proxy = self.proxies.as_ref().and_then(|proxies| proxies.intercept(&target));
        let mut http = self.http.clone();
        Box::pin(async move {
            let Some(proxy) = proxy else { return Ok(http.call(target).await?) };
            if proxy.uri().scheme() != Some(&Scheme::HTTP) {
                let scheme = proxy.uri().scheme_str().unwrap_or_default();
                return Err(format!(
                    "the hyper transport reaches proxies over http only, not over {scheme:?}"
                )
                .into());
            }
            let mut tunnel = Tunnel::new(proxy.uri().clone(), http);
            if let Some(auth) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(auth.clone());
            }
            Ok(tunnel.call(target).await?)
        })
    }
}

/// [`Dial`], then TLS if the scheme asks for it, within the time for connecting.
#[derive(Clone)]
pub(super) struct Connector {
    https: HttpsConnector<Dial>,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(dial: Dial, tls: ClientConfig, timeout: Duration) -> Self {
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
        #[cfg(feature = "http2")]
        let https = builder.enable_all_versions().wrap_connector(dial);
        #[cfg(not(feature = "http2"))]
        let https = builder.enable_http1().wrap_connector(dial);
        Self { https, timeout }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Tcp>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<MaybeHttpsStream<Tcp>, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(context)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let connecting = self.https.call(target);
        let timeout = self.timeout;
        Box::pin(async move {
            match tokio::time::timeout(timeout, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    format!("no connection within {} ms", timeout.as_millis()),
                )
                .into()),
            }
        })
    }
}
