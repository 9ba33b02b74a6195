//! Proxies from the environment. A process sees one environment, so the calls are made in another
//! run of this very program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![cfg(all(any(feature = "reqwest-rustls", feature = "hyper"), feature = "ring"))]

mod support;

use std::process::Command;
use stream_http::{Executor, SharedTransport};
use support::operations::GetApp;
use support::server::{Server, json};

#[tokio::test]
#[ignore = "run by the other test, with a proxy in its environment"]
async fn through_the_proxy() {
    let transports = [
        #[cfg(feature = "reqwest-rustls")]
        SharedTransport::new(stream_http::transport::reqwest::ReqwestTransport::new().unwrap()),
        #[cfg(feature = "hyper")]
        SharedTransport::new(stream_http::transport::hyper::HyperTransport::new().unwrap()),
    ];
    for transport in transports {
        let executor = Executor::builder()
            .api_key("key")
            .token("token")
            .base_url("http://api.example.invalid")
            .transport(transport)
            .build()
            .unwrap();
        assert_eq!(executor.send(&GetApp).await.unwrap()["ok"], true);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_environment_names_the_proxy() {
    let proxy = Server::connections(|mut connection, _| async move {
        while let Some(request) = connection.request().await {
            if request.line.starts_with("CONNECT") {
                connection.write(b"HTTP/1.1 200 OK\r\n\r\n").await;
            } else {
                connection.write(&json("200 OK", "", "{\"ok\":true}")).await;
            }
        }
    })
    .await;
    let url = format!("http://user:password@{}", proxy.address);
    let run = tokio::task::spawn_blocking(move || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "through_the_proxy", "--ignored"])
            .env("HTTP_PROXY", &url)
            .env("http_proxy", &url)
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env_remove("REQUEST_METHOD")
            .output()
            .unwrap()
    });
    let run = run.await.unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    let requests = proxy.received();
    assert!(requests.iter().any(|request| request.line.contains("api.example.invalid")));
    assert!(requests[0].header("proxy-authorization").unwrap().starts_with("Basic "));
}
