//! Proxies are taken from the environment. A process has only one environment, so the calls are
//! made in a child process of this program.
#![cfg(all(
    any(feature = "reqwest-rustls", feature = "hyper"),
    feature = "proxy",
    feature = "ring"
))]

use std::process::Command;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::identity::Identity;
use crate::support::operations::GetApp;
use crate::support::server::{Server, json};
use stream_http::transport::TransportBuilder;
use stream_http::{Executor, RetryPolicy, SharedTransport};

/// The transport of the child process, and the certificate that it trusts.
const TRANSPORT: &str = "TEST_TRANSPORT";
const CERTIFICATE: &str = "TEST_CERTIFICATE";

#[tokio::test]
#[ignore = "run by the other tests, with a proxy in its environment"]
async fn through_the_proxy() {
    let transport = match std::env::var(TRANSPORT).unwrap().as_str() {
        #[cfg(feature = "reqwest-rustls")]
        "reqwest" => SharedTransport::new(
            trusting(stream_http::transport::reqwest::ReqwestTransport::builder()).build().unwrap(),
        ),
        #[cfg(feature = "hyper")]
        "hyper" => SharedTransport::new(
            trusting(stream_http::transport::hyper::HyperTransport::builder()).build().unwrap(),
        ),
        other => panic!("{other}"),
    };
    assert_eq!(executor(transport).send(&GetApp).await.unwrap()["ok"], true);
}

#[cfg(feature = "hyper")]
#[tokio::test]
#[ignore = "run by the other tests, with a proxy in its environment"]
async fn past_the_proxy() {
    for host in ["127.0.0.1", "localhost"] {
        let server = Server::answering(vec![json("200 OK", "", "{\"ok\":\"direct\"}")]).await;
        let transport = stream_http::transport::hyper::HyperTransport::new().unwrap();
        let url = format!("http://{host}:{}", server.address.port());
        let executor = executor_for(&url, SharedTransport::new(transport));
        assert_eq!(executor.send(&GetApp).await.unwrap()["ok"], "direct");
    }
}

fn executor(transport: SharedTransport) -> Executor {
    executor_for("http://api.example.invalid", transport)
}

fn executor_for(base_url: &str, transport: SharedTransport) -> Executor {
    Executor::builder()
        .api_key("key")
        .token("token")
        .base_url(base_url)
        .transport(transport)
        .build()
        .unwrap()
}

fn trusting<T>(builder: TransportBuilder<T>) -> TransportBuilder<T> {
    match std::env::var(CERTIFICATE) {
        Ok(pem) => builder.root_certificates_pem(pem),
        Err(_) => builder,
    }
}

/// Makes a call in a child process, through the proxy.
async fn call(transport: &'static str, proxy: String, certificate: Option<String>) {
    run("proxy::through_the_proxy", transport, proxy, certificate).await;
}

/// Runs a test of this program in a child process, with a proxy in its environment.
async fn run(
    test: &'static str,
    transport: &'static str,
    proxy: String,
    certificate: Option<String>,
) {
    let run = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", test, "--ignored"])
            .env(TRANSPORT, transport)
            .env("HTTP_PROXY", &proxy)
            .env("http_proxy", &proxy)
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env_remove("REQUEST_METHOD");
        if let Some(certificate) = certificate {
            command.env(CERTIFICATE, certificate);
        }
        command.output().unwrap()
    });
    let run = run.await.unwrap();
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && output.contains("1 passed"), "{transport}: {output}");
}

/// A proxy that opens each tunnel and responds to what comes through it.
async fn open_proxy() -> Server {
    Server::connections(|mut connection, _| async move {
        while let Some(request) = connection.request().await {
            if request.line.starts_with("CONNECT") {
                connection.write(b"HTTP/1.1 200 OK\r\n\r\n").await;
            } else {
                connection.write(&json("200 OK", "", "{\"ok\":true}")).await;
            }
        }
    })
    .await
}

const TRANSPORTS: &[&str] = &[
    #[cfg(feature = "reqwest-rustls")]
    "reqwest",
    #[cfg(feature = "hyper")]
    "hyper",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_environment_names_the_proxy() {
    for transport in TRANSPORTS {
        let proxy = open_proxy().await;
        call(transport, format!("http://user:password@{}", proxy.address), None).await;
        let requests = proxy.received();
        assert!(requests.iter().any(|request| request.line.contains("api.example.invalid")));
        assert!(requests[0].header("proxy-authorization").unwrap().starts_with("Basic "));
    }
}

#[cfg(feature = "hyper")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_on_this_machine_are_reached_past_the_environments_proxy() {
    let proxy = open_proxy().await;
    run("proxy::past_the_proxy", "hyper", format!("http://{}", proxy.address), None).await;
    assert_eq!(proxy.received().len(), 0);
}

#[tokio::test]
async fn the_program_names_the_proxy() {
    for transport in TRANSPORTS {
        let proxy = open_proxy().await;
        let url = format!("http://user:password@{}", proxy.address);
        let transport = with_proxy(transport, &url).unwrap();
        assert_eq!(executor(transport).send(&GetApp).await.unwrap()["ok"], true);
        assert!(proxy.received()[0].line.contains("api.example.invalid"));
    }
}

/// A proxy that refuses is named, without its password.
#[tokio::test]
async fn a_proxy_that_refuses_is_named() {
    for name in TRANSPORTS {
        let refusals = ["407 Proxy Authentication Required", "403 Forbidden"];
        let refusals = refusals.map(|status| json(status, "Connection: close\r\n", ""));
        let proxy = Server::answering(refusals.to_vec()).await;
        let url = format!("http://user:hunter2@{}", proxy.address);
        let transport = match *name {
            #[cfg(feature = "reqwest-rustls")]
            "reqwest" => SharedTransport::new(
                stream_http::transport::reqwest::ReqwestTransport::builder()
                    .proxy(url)
                    .build()
                    .unwrap(),
            ),
            #[cfg(feature = "hyper")]
            "hyper" => SharedTransport::new(
                stream_http::transport::hyper::HyperTransport::builder()
                    .proxy(url)
                    .build()
                    .unwrap(),
            ),
            other => panic!("{other}"),
        };
        let executor = Executor::builder()
            .api_key("key")
            .token("token")
            .base_url("https://api.example.invalid")
            .transport(transport)
            .retry(RetryPolicy::off())
            .build()
            .unwrap();
        let error = executor.send(&GetApp).await.unwrap_err();
        assert!(error.is_transport() && !error.may_have_been_processed(), "{name}: {error:?}");
        let text = error.to_string();
        assert!(text.contains("proxy authorization required"), "{name}: {text}");
        assert!(text.contains("server api.example.invalid"), "{name}: {text}");
        if *name == "hyper" {
            assert!(text.contains(&format!("through the proxy {}", proxy.address)), "{text}");
        }
        assert!(!format!("{text} {error:?}").contains("hunter2"), "{name}: {error:?}");
        let error = executor.send(&GetApp).await.unwrap_err();
        assert!(error.to_string().contains("the proxy does not allow it"), "{name}: {error}");
    }
}

#[test]
fn an_invalid_proxy_is_refused_without_showing_its_password() {
    for transport in TRANSPORTS {
        for url in ["ftp://user:pa55@host", "http://user:pa55@", "http://user:pa55@ho st:1"] {
            let error = with_proxy(transport, url).unwrap_err();
            assert!(error.is_configuration(), "{transport} {url}: {error}");
            assert!(error.to_string().contains("proxy"), "{transport} {url}: {error}");
            assert!(!format!("{error} {error:?}").contains("pa55"), "{transport} {url}");
        }
    }
}

fn with_proxy(transport: &str, url: &str) -> Result<SharedTransport, stream_http::Error> {
    Ok(match transport {
        #[cfg(feature = "reqwest-rustls")]
        "reqwest" => SharedTransport::new(
            stream_http::transport::reqwest::ReqwestTransport::builder().proxy(url).build()?,
        ),
        #[cfg(feature = "hyper")]
        "hyper" => SharedTransport::new(
            stream_http::transport::hyper::HyperTransport::builder().proxy(url).build()?,
        ),
        other => panic!("{other}"),
    })
}

/// The test has its own proxy, because the shared server cannot speak inside of TLS.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_is_reached_over_tls() {
    for transport in TRANSPORTS {
        let Identity { acceptor, pem } = Identity::new(&["http/1.1"]);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let proxy = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = acceptor.accept(stream).await.unwrap();
            let mut seen = Vec::new();
            loop {
                let request = head(&mut stream).await;
                let Some(request) = request else { return seen };
                let answer = if request.starts_with("CONNECT") {
                    b"HTTP/1.1 200 OK\r\n\r\n".to_vec()
                } else {
                    json("200 OK", "Connection: close\r\n", "{\"ok\":true}")
                };
                stream.write_all(&answer).await.unwrap();
                seen.push(request);
            }
        });
        call(transport, format!("https://localhost:{port}"), Some(pem)).await;
        let seen = proxy.await.unwrap();
        assert!(seen.iter().any(|request| request.contains("api.example.invalid")), "{seen:?}");
    }
}

#[cfg(feature = "hyper")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socks_proxy_resolves_the_name() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let proxy = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut greeting = [0; 2];
        stream.read_exact(&mut greeting).await.unwrap();
        assert_eq!(greeting[0], 5);
        stream.read_exact(&mut vec![0; greeting[1].into()]).await.unwrap();
        // The proxy requires a user name and a password.
        stream.write_all(&[5, 2]).await.unwrap();
        let mut credentials = [0; 15];
        stream.read_exact(&mut credentials).await.unwrap();
        assert_eq!(&credentials[..], b"\x01\x04user\x08password");
        stream.write_all(&[1, 0]).await.unwrap();
        let mut connect = [0; 5];
        stream.read_exact(&mut connect).await.unwrap();
        // Connects to a host name.
        assert_eq!(connect[..4], [5, 1, 0, 3]);
        let mut host = vec![0; connect[4].into()];
        stream.read_exact(&mut host).await.unwrap();
        stream.read_exact(&mut [0; 2]).await.unwrap();
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        head(&mut stream).await.unwrap();
        stream.write_all(&json("200 OK", "", "{\"ok\":true}")).await.unwrap();
        String::from_utf8(host).unwrap()
    });
    call("hyper", format!("socks5://user:password@{address}"), None).await;
    assert_eq!(proxy.await.unwrap(), "api.example.invalid");
}

/// Reads a request without a body.
async fn head(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Option<String> {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        read.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(read).unwrap())
}
