//! The connector of the hyper transport.

use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
#[cfg(not(feature = "proxy"))]
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use rustls::ClientConfig;
use tower_service::Service;

#[cfg(feature = "proxy")]
use super::proxy::ProxyConnector as Tcp;
use crate::error::BoxError;
use crate::runtime::BoxFuture;

/// Connects over TCP, and with TLS if the scheme requires it, within the connect timeout.
#[derive(Clone)]
pub(super) struct Connector {
    https: HttpsConnector<Tcp>,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(tcp: Tcp, tls: ClientConfig, timeout: Duration) -> Self {
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
        #[cfg(feature = "http2")]
        let https = builder.enable_all_versions().wrap_connector(tcp);
        #[cfg(not(feature = "http2"))]
        let https = builder.enable_http1().wrap_connector(tcp);
        Self { https, timeout }
    }
}

impl Service<Uri> for Connector {
    type Response = <HttpsConnector<Tcp> as Service<Uri>>::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

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
