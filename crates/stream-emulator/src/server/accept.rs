//! Accepts connections.

use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::watch;
use tower_service::Service;

use super::connection::{Connections, Peer};

/// The timeout for the head of a request, which is also that of idle connections. Stream's load
/// balancers close idle connections after the same time.
pub(crate) const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// Serves connections until `stopped` changes, and then those with a request in progress.
pub(crate) async fn accept(
    mut connections: Connections,
    service: Router,
    head_timeout: Duration,
    mut stopped: watch::Receiver<()>,
) {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head_timeout);
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, address) = tokio::select! {
            accepted = connections.accept() => accepted,
            _ = stopped.changed() => break,
        };
        let router = service.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(Peer(address)));
            router.clone().call(request)
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        let connection = graceful.watch(connection.into_owned());
        tokio::spawn(async move {
            // An error on a connection concerns only its client.
            let _ = connection.await;
        });
    }
    drop(connections);
    graceful.shutdown().await;
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    #[tokio::test]
    async fn a_head_that_never_ends_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (_stop, stopped) = watch::channel(());
        let timeout = Duration::from_millis(20);
        tokio::spawn(accept(Connections(listener), Router::new(), timeout, stopped));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await.unwrap();
        let mut rest = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut rest));
        read.await.expect("the connection is closed").unwrap();
    }
}
