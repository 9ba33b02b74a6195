//! What a program gets that turns off `gzip`, `media-types` and `proxy`.
#![cfg(test)]
#![cfg(all(
    feature = "hyper",
    feature = "ring",
    not(any(feature = "gzip", feature = "media-types", feature = "proxy"))
))]

mod support;

use std::io::Write;
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;

use stream_http::transport::hyper::HyperTransport;
use stream_http::{CallOptions, ErrorKind, Executor, ExecutorBuilder, FileSource, PreparedRequest};
use stream_models::Upload;
use support::operations::{GetApp, UploadFile};
use support::server::{Server, json};

fn builder(url: String) -> ExecutorBuilder {
    Executor::builder().api_key("key").token("token").base_url(url)
}

fn executor(url: String) -> Executor {
    builder(url).build().unwrap()
}

fn gzip(status: &str, data: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    if !data.is_empty() {
        let mut encoder = GzEncoder::new(&mut body, Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap();
    }
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n");
    [head.into_bytes(), body].concat()
}

async fn respond(responses: Vec<Vec<u8>>) -> Server {
    let responses = std::sync::Arc::new(responses);
    Server::connections(move |mut connection, _| {
        let responses = responses.clone();
        async move {
            for response in responses.iter() {
                if connection.request().await.is_none() {
                    return;
                }
                connection.write(response).await;
            }
        }
    })
    .await
}

#[tokio::test]
async fn gzip_is_not_offered_and_refused_clearly() {
    let server =
        respond(vec![gzip("200 OK", b"{}"), gzip("400 Bad Request", b"{}"), gzip("200 OK", b"")])
            .await;
    let executor = executor(server.url());
    let error = executor.send(&GetApp).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), 200);
    assert!(error.to_string().contains("enable the feature `gzip`"), "{error}");
    // The status counts even if the body cannot be read.
    let error = executor.send(&GetApp).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.status().unwrap(), 400);
    // There is nothing to decompress.
    let error = executor.send(&GetApp).await.unwrap_err();
    assert!(!error.to_string().contains("gzip"), "{error}");
    let requests = server.received();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| request.header("accept-encoding").is_none()));
}

#[tokio::test]
async fn uploads_have_the_media_type_that_was_set() {
    let server = Server::answering(vec![json("201 Created", "", "{}")]).await;
    let executor = executor(server.url());
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    for (upload, expected) in [
        (Upload::bytes("photo.jpg", *b"PIXELS"), "application/octet-stream"),
        (Upload::bytes("picture", PNG), "application/octet-stream"),
        (Upload::bytes("photo.jpg", *b"PIXELS").content_type("image/jpeg"), "image/jpeg"),
    ] {
        executor.send(&UploadFile(upload)).await.unwrap();
        let request = server.received().pop().unwrap();
        let body = String::from_utf8_lossy(&request.body).into_owned();
        assert!(body.contains(&format!("Content-Type: {expected}\r\n")), "{body}");
    }
    // A reader is not read ahead for its type.
    let request = PreparedRequest::from_operation(&UploadFile(Upload::bytes("", *b""))).unwrap();
    let file = FileSource::reader("photo.jpg", PNG, None);
    executor.execute(request.file("file", file), &CallOptions::new()).await.unwrap();
    let request = server.received().pop().unwrap();
    let body = String::from_utf8_lossy(&request.body).into_owned();
    assert!(body.contains("filename=\"photo.jpg\"\r\nContent-Type: application/octet-stream\r\n"));
}

const URL: &str = "TEST_URL";
const NO_PROXY: &str = "TEST_NO_PROXY";

#[tokio::test]
#[ignore = "run by the other tests, with a proxy in its environment"]
async fn past_the_proxy() {
    tracing_subscriber::fmt().with_writer(std::io::stdout).with_ansi(false).init();
    let mut transport = HyperTransport::builder();
    if std::env::var_os(NO_PROXY).is_some() {
        transport = transport.no_proxy();
    }
    let executor = builder(std::env::var(URL).unwrap());
    let executor = executor.transport(transport.build().unwrap()).build().unwrap();
    assert_eq!(executor.send(&GetApp).await.unwrap()["ok"], true);
}

/// Makes a call in a child process, because a process has only one environment.
async fn call_past_the_proxy(url: String, proxy: String, no_proxy: bool) -> String {
    let run = tokio::task::spawn_blocking(move || -> Output {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "past_the_proxy", "--ignored", "--nocapture"])
            .env(URL, url)
            .env("HTTP_PROXY", &proxy)
            .env("http_proxy", &proxy)
            .env_remove("HTTPS_PROXY")
            .env_remove("https_proxy")
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env_remove("REQUEST_METHOD");
        if no_proxy {
            command.env(NO_PROXY, "1");
        }
        command.output().unwrap()
    });
    let run = run.await.unwrap();
    let output = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success() && output.contains("1 passed"), "{output}");
    output
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxies_of_the_environment_are_not_used_and_reported() {
    let server = Server::answering(vec![json("200 OK", "", "{\"ok\":true}")]).await;
    let proxy = Server::answering(vec![json("200 OK", "", "{\"ok\":false}")]).await;
    let address = format!("http://user:pa55@{}", proxy.address);
    let output = call_past_the_proxy(server.url(), address.clone(), false).await;
    assert!(output.contains("HTTP_PROXY is set"), "{output}");
    assert!(!output.contains("pa55"), "{output}");
    let output = call_past_the_proxy(server.url(), address, true).await;
    assert!(!output.contains("HTTP_PROXY"), "{output}");
    assert_eq!(server.received().len(), 2);
    assert!(proxy.received().is_empty());
}
