//! Every transport that configures its own client survives the faults of a server over HTTP/2 and
//! TLS.
#![cfg(test)]
#![cfg(all(
    any(feature = "reqwest-rustls", feature = "hyper"),
    feature = "ring",
    feature = "http2"
))]

mod server;
#[path = "../support/mod.rs"]
mod support;

mod garbled;
mod hung;
mod refused;
#[cfg(feature = "hyper")]
mod together;

use std::time::Duration;

use server::Server;
use stream_http::transport::TransportBuilder;
use stream_http::{Executor, ExecutorBuilder, SharedTransport};

/// An attempt timeout that is long enough for a healthy attempt on a busy machine.
const ATTEMPT: Duration = Duration::from_millis(700);

/// A transport that sets up its own client.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Backend {
    #[cfg(feature = "hyper")]
    Hyper,
    #[cfg(feature = "reqwest-rustls")]
    Reqwest,
}

const BACKENDS: &[Backend] = &[
    #[cfg(feature = "hyper")]
    Backend::Hyper,
    #[cfg(feature = "reqwest-rustls")]
    Backend::Reqwest,
];

impl Backend {
    fn transport(self, server: &Server, ping: impl Into<Option<Duration>>) -> SharedTransport {
        let ping = ping.into();
        match self {
            #[cfg(feature = "hyper")]
            Self::Hyper => {
                let builder = stream_http::transport::hyper::HyperTransport::builder();
                SharedTransport::new(tuned(builder, server, ping).build().unwrap())
            }
            #[cfg(feature = "reqwest-rustls")]
            Self::Reqwest => {
                let builder = stream_http::transport::reqwest::ReqwestTransport::builder();
                SharedTransport::new(tuned(builder, server, ping).build().unwrap())
            }
        }
    }

    /// Returns an executor with the default times for pings.
    fn executor(self, server: &Server) -> ExecutorBuilder {
        let ping = stream_http::transport::DEFAULT_HTTP2_PING_INTERVAL;
        executor(server, self.transport(server, ping))
    }
}

fn tuned<T>(
    builder: TransportBuilder<T>,
    server: &Server,
    ping: Option<Duration>,
) -> TransportBuilder<T> {
    builder
        .no_proxy()
        .root_certificates_pem(server.pem.clone())
        .http2_ping_interval(ping)
        .http2_ping_timeout(ping.unwrap_or(Duration::MAX))
}

fn executor(server: &Server, transport: SharedTransport) -> ExecutorBuilder {
    Executor::builder()
        .api_key("key")
        .token("token")
        .base_url(format!("https://localhost:{}", server.address.port()))
        .transport(transport)
}
