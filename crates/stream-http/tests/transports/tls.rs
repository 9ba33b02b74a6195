//! Only trusted certificates are accepted, on real sockets.
#![cfg(all(
    any(feature = "reqwest-rustls", feature = "hyper"),
    any(feature = "ring", feature = "aws-lc-rs")
))]

use std::net::SocketAddr;

use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

use crate::support::identity::Identity;
use crate::support::operations::{GetApp, SendMessage, UploadFile};
use stream_http::{ErrorKind, Executor, RetryPolicy, SharedTransport, TransportErrorKind};

/// Starts a server for `localhost` that offers HTTP/2 and HTTP/1.1, and responds with the version
/// in use. Returns its address, and its certificate as PEM.
async fn serve() -> (SocketAddr, String) {
    let Identity { acceptor, pem } = Identity::new(&["h2", "http/1.1"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = service_fn(|request: Request<Incoming>| async move {
                    let (head, body) = request.into_parts();
                    let body = body.collect().await?.to_bytes();
                    let text =
                        format!("{{\"version\":\"{:?}\",\"length\":{}}}", head.version, body.len());
                    Ok::<_, hyper::Error>(Response::new(Full::<bytes::Bytes>::from(text)))
                });
                let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    (address, pem)
}

fn transports(pem: Option<&str>) -> Vec<SharedTransport> {
    let mut transports = Vec::new();
    #[cfg(feature = "reqwest-rustls")]
    {
        let builder = stream_http::transport::reqwest::ReqwestTransport::builder().no_proxy();
        let builder = pem.iter().fold(builder, |builder, pem| builder.root_certificates_pem(*pem));
        transports.push(SharedTransport::new(builder.build().unwrap()));
    }
    #[cfg(feature = "hyper")]
    {
        let builder = stream_http::transport::hyper::HyperTransport::builder().no_proxy();
        let builder = pem.iter().fold(builder, |builder, pem| builder.root_certificates_pem(*pem));
        transports.push(SharedTransport::new(builder.build().unwrap()));
    }
    transports
}

fn executor(transport: SharedTransport, port: u16) -> Executor {
    executor_for("localhost", transport, port)
}

fn executor_for(host: &str, transport: SharedTransport, port: u16) -> Executor {
    Executor::builder()
        .api_key("key")
        .token("token")
        .base_url(format!("https://{host}:{port}"))
        .transport(transport)
        .retry(RetryPolicy::off())
        .build()
        .unwrap()
}

#[tokio::test]
async fn an_added_certificate_is_trusted() {
    let (address, pem) = serve().await;
    for transport in transports(Some(&pem)) {
        let executor = executor(transport, address.port());
        let response = executor.send(&GetApp).await.unwrap();
        let expected = if cfg!(feature = "http2") { "HTTP/2.0" } else { "HTTP/1.1" };
        assert_eq!(response["version"], expected);
        let response = executor.send(&SendMessage::text("hi")).await.unwrap();
        assert_eq!(response["length"], 25);
        let upload = UploadFile(stream_models::Upload::bytes("a.bin", vec![0; 3 << 20]));
        let response = executor.send(&upload).await.unwrap();
        assert!(response["length"].as_u64().unwrap() > 3 << 20);
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_a_handshake_failure() {
    let (address, pem) = serve().await;
    for transport in transports(Some(&pem)) {
        let executor = executor_for("127.0.0.1", transport, address.port());
        let error = executor.send(&SendMessage::text("x")).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Transport(TransportErrorKind::TlsHandshakeFailed),
            "{error:?}"
        );
        assert!(!error.may_have_been_processed());
    }
}

#[tokio::test]
async fn an_untrusted_certificate_is_a_handshake_failure() {
    let (address, _) = serve().await;
    for transport in transports(None) {
        let error =
            executor(transport, address.port()).send(&SendMessage::text("x")).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Transport(TransportErrorKind::TlsHandshakeFailed),
            "{error:?}"
        );
        assert!(!error.may_have_been_processed());
        assert!(error.to_string().contains("root_certificates_pem"), "{error}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_a_failure_before_anything_was_sent() {
    let server = crate::support::server::Server::connections(|mut connection, _| async move {
        connection.write(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await;
    for transport in transports(None) {
        let error = executor(transport, server.address.port())
            .send(&SendMessage::text("x"))
            .await
            .unwrap_err();
        assert!(error.is_transport() && !error.may_have_been_processed(), "{error:?}");
        assert!(error.to_string().contains("does not expect TLS"), "{error}");
    }
}

#[test]
fn invalid_certificates_are_refused() {
    #[cfg(feature = "reqwest-rustls")]
    for pem in ["", "hello", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
        let builder = stream_http::transport::reqwest::ReqwestTransport::builder();
        let error = builder.root_certificates_pem(pem).build().unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains("PEM"), "{error}");
    }
}
