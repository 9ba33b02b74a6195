//! The connector of the hyper transport.

use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use rustls::ClientConfig;
use tower_service::Service;

use super::dial::{Dial, Wire};
use crate::error::BoxError;
use crate::runtime::BoxFuture;

/// Connects with [`Dial`], and with TLS if the scheme requires it, within the connect timeout.
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
    type Response = MaybeHttpsStream<Wire>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<MaybeHttpsStream<Wire>, BoxError>>;

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
