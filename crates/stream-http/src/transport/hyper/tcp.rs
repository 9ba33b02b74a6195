//! TCP connections.

use hyper_util::client::legacy::connect::HttpConnector;

use crate::transport::settings::{Settings, TCP_KEEPALIVE_INTERVAL, TCP_KEEPALIVE_RETRIES};

/// Returns a connector that opens TCP connections directly.
pub(super) fn connector(settings: &Settings) -> HttpConnector {
    let mut http = HttpConnector::new();
    // The scheme decides about TLS after the connection is open, so `https` is allowed here.
    http.enforce_http(false);
    http.set_nodelay(true);
    // The addresses of a name get an equal part of it: the first must not take all the time.
    http.set_connect_timeout(Some(settings.connect_timeout));
    http.set_keepalive(settings.tcp_keepalive);
    http.set_keepalive_interval(settings.tcp_keepalive.map(|_| TCP_KEEPALIVE_INTERVAL));
    http.set_keepalive_retries(settings.tcp_keepalive.map(|_| TCP_KEEPALIVE_RETRIES));
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    http.set_tcp_user_timeout(settings.tcp_user_timeout);
    http
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Duration;

    use http::Uri;
    use tower_service::Service;

    use super::*;

    #[tokio::test]
    async fn connections_notice_a_network_that_swallows_packets() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target: Uri = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let tcp = connector(&Settings::default()).call(target).await.unwrap();
        let socket = socket2::SockRef::from(tcp.inner());
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(15));
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), Duration::from_secs(5));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), 3);
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(20)));
        assert!(socket.tcp_nodelay().unwrap());
    }

    #[tokio::test]
    async fn an_address_that_does_not_respond_leaves_time_for_the_next() {
        // Linux drops what does not fit into the backlog.
        let listener = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None);
        let listener = listener.unwrap();
        listener.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let _queued = std::net::TcpStream::connect(address).unwrap();

        let connect_timeout = Duration::from_millis(200);
        let settings = Settings { connect_timeout, tcp_user_timeout: None, ..Settings::default() };
        let connecting = connector(&settings).call(format!("http://{address}").parse().unwrap());
        let connected = tokio::time::timeout(Duration::from_secs(30), connecting).await;
        assert!(connected.expect("the address gives up").is_err());
    }
}
