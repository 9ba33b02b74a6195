//! Every fault of a server causes the right error in bounded time, over every transport that is
//! compiled in, and the next call on the same client works.
//!
//! Time is bounded generously: it decides only whether a call hangs.
#![cfg(test)]
#![cfg(all(any(feature = "reqwest-rustls", feature = "hyper"), feature = "ring"))]

mod support;

#[cfg(feature = "gzip")]
use std::io::Write;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

#[cfg(feature = "gzip")]
use flate2::Compression;
#[cfg(feature = "gzip")]
use flate2::write::GzEncoder;
use tokio::io::AsyncReadExt;

use stream_http::{
    CallOptions, Error, ErrorKind, Executor, ExecutorBuilder, RetryPolicy, TransportErrorKind,
};
use support::operations::{GetApp, SendMessage};
use support::server::{Connection, Server, json};

const RESET: ErrorKind = ErrorKind::Transport(TransportErrorKind::ConnectionReset);
/// The timeout for calls that end by themselves.
const PATIENT: Duration = Duration::from_secs(30);
/// The timeout for calls that would never end.
const IMPATIENT: Duration = Duration::from_millis(800);
const GOOD: &str = "{\"ok\":true}";

/// The transports that are compiled in.
const TRANSPORTS: &[&str] = &[
    #[cfg(feature = "reqwest-rustls")]
    "reqwest",
    #[cfg(feature = "hyper")]
    "hyper",
];

/// Returns a builder over a transport, without retries and without the environment's proxies.
fn builder(transport: &str, url: &str) -> ExecutorBuilder {
    let builder = Executor::builder()
        .api_key("key")
        .token("token")
        .base_url(url)
        .retry(RetryPolicy::off())
        .max_response_size(1 << 20);
    match transport {
        #[cfg(feature = "reqwest-rustls")]
        "reqwest" => {
            let transport = stream_http::transport::reqwest::ReqwestTransport::builder();
            builder.transport(transport.no_proxy().build().unwrap())
        }
        #[cfg(feature = "hyper")]
        "hyper" => {
            let transport = stream_http::transport::hyper::HyperTransport::builder();
            builder.transport(transport.no_proxy().build().unwrap())
        }
        other => panic!("{other}"),
    }
}

/// Returns an executor for each transport.
fn executors(url: &str) -> Vec<(&'static str, Executor)> {
    TRANSPORTS.iter().map(|name| (*name, builder(name, url).build().unwrap())).collect()
}

/// The reaction of the server to the first request of each client; it responds to all others.
#[derive(Clone)]
enum Fault {
    /// Writes this and closes the connection.
    WriteAndClose(Vec<u8>),
    /// Writes this and resets the connection.
    WriteAndReset(Vec<u8>),
    /// Writes this and then nothing more.
    WriteAndStall(Vec<u8>),
    /// Writes the first part once, and the second again and again.
    Endless(Vec<u8>, Vec<u8>),
    /// Writes the first part, then the second slowly, one byte at a time.
    Drip(Vec<u8>, Vec<u8>),
    /// Resets the connection without reading.
    ResetAtOnce,
}

async fn misbehave(mut connection: Connection, fault: Fault) {
    if matches!(fault, Fault::ResetAtOnce) {
        return connection.reset();
    }
    if connection.request().await.is_none() {
        return;
    }
    match fault {
        Fault::WriteAndClose(bytes) => {
            connection.write(&bytes).await;
        }
        Fault::WriteAndReset(bytes) => {
            connection.write(&bytes).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
            connection.reset();
        }
        Fault::WriteAndStall(bytes) => {
            connection.write(&bytes).await;
            let _ = connection.stream.read(&mut [0; 64]).await;
        }
        Fault::Endless(head, again) => {
            connection.write(&head).await;
            while connection.write(&again).await {}
        }
        Fault::Drip(head, rest) => {
            connection.write(&head).await;
            for byte in rest {
                if !connection.write(&[byte]).await {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        Fault::ResetAtOnce => {}
    }
}

/// Runs a fault against every transport: the first call meets it, and the next two must work.
async fn run(
    fault: Fault,
    timeout: Duration,
) -> Vec<(&'static str, Result<serde_json::Value, Error>)> {
    let mut results = Vec::new();
    for name in TRANSPORTS.iter().copied() {
        let fault = fault.clone();
        let server = Server::connections(move |mut connection, number| {
            let fault = fault.clone();
            async move {
                if number == 0 {
                    return misbehave(connection, fault).await;
                }
                while connection.request().await.is_some() {
                    connection.write(&json("200 OK", "", GOOD)).await;
                }
            }
        })
        .await;
        let executor = builder(name, &server.url()).build().unwrap();
        let start = Instant::now();
        let options = CallOptions::new().timeout(timeout);
        let result = executor.send_with(&SendMessage::text("once"), &options).await;
        assert!(start.elapsed() < Duration::from_secs(60), "{name}");
        let writes =
            server.received().iter().filter(|request| request.line.starts_with("POST")).count();
        assert!(writes <= 1, "{name}: a write was sent {writes} times");
        for _ in 0..2 {
            // The server may be closing the connection, in which case the read is repeated.
            let options = CallOptions::new().retry(RetryPolicy::default());
            let next = executor.send_with(&GetApp, &options).await;
            assert_eq!(next.unwrap_or_else(|error| panic!("{name}: {error}"))["ok"], true);
        }
        results.push((name, result.map(stream_http::Response::into_inner)));
    }
    results
}

async fn fails(fault: Fault, kind: ErrorKind, status: Option<u16>) {
    for (name, result) in run(fault, PATIENT).await {
        let error = result.expect_err(name);
        assert_eq!(error.kind(), kind, "{name}: {error} {error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), status, "{name}: {error}");
        assert!(error.request_id().is_some());
    }
}

/// Runs a fault that only the deadline ends.
async fn hangs(fault: Fault) {
    for (name, result) in run(fault, IMPATIENT).await {
        let error = result.expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Deadline, "{name}: {error:?}");
        assert!(error.may_have_been_processed(), "{name}");
        assert!(error.to_string().contains("within 0.800 s, server 127.0.0.1:"), "{name}: {error}");
    }
}

async fn succeeds(fault: Fault) {
    for (name, result) in run(fault, PATIENT).await {
        assert_eq!(result.unwrap_or_else(|error| panic!("{name}: {error}"))["ok"], true);
    }
}

fn head(headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes()
}

fn with(headers: &str, body: &[u8]) -> Vec<u8> {
    [&head(&format!("{headers}Content-Length: {}\r\n", body.len()))[..], body].concat()
}

#[cfg(feature = "gzip")]
fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_refused_connection_was_not_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (name, executor) in executors(&url) {
        let error = executor.send(&SendMessage::text("x")).await.unwrap_err();
        assert_eq!(error.kind(), RESET, "{name}: {error:?}");
        assert!(!error.may_have_been_processed(), "{name}");
        let server = url.trim_start_matches("http://");
        let text = format!("connection failed: Connection refused (os error 111), server {server}");
        if cfg!(target_os = "linux") {
            assert!(error.to_string().contains(&text), "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn an_unknown_host_is_a_dns_failure() {
    for (name, executor) in executors("http://no-such-host.invalid") {
        let error = executor.send(&SendMessage::text("x")).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Transport(TransportErrorKind::DnsFailure),
            "{name}: {error:?}"
        );
        assert!(!error.may_have_been_processed(), "{name}");
    }
}

#[tokio::test]
async fn reset_connections_are_reported() {
    fails(Fault::ResetAtOnce, RESET, None).await;
    fails(Fault::WriteAndReset(Vec::new()), RESET, None).await;
    fails(Fault::WriteAndReset(b"HTTP/1.1 200 OK\r\nX-A".to_vec()), RESET, None).await;
    fails(Fault::WriteAndReset(head("Content-Length: 11\r\n")), RESET, Some(200)).await;
    fails(
        Fault::WriteAndReset([&head("Content-Length: 11\r\n")[..], b"{\"ok\""].concat()),
        RESET,
        Some(200),
    )
    .await;
}

#[tokio::test]
async fn closed_connections_are_reported() {
    fails(Fault::WriteAndClose(Vec::new()), RESET, None).await;
    fails(Fault::WriteAndClose(b"HTTP/1.1 2".to_vec()), RESET, None).await;
    fails(
        Fault::WriteAndClose([&head("Content-Length: 11\r\n")[..], b"{\"ok\""].concat()),
        RESET,
        Some(200),
    )
    .await;
    let chunked = [&head("Transfer-Encoding: chunked\r\n")[..], b"5\r\n{\"ok\"\r\n"].concat();
    fails(Fault::WriteAndClose(chunked), RESET, Some(200)).await;
}

#[tokio::test]
async fn stalled_responses_time_out() {
    for bytes in [
        Vec::new(),
        b"HTTP/1.1 200 OK\r\nX-A".to_vec(),
        head("Content-Length: 11\r\n"),
        [&head("Content-Length: 11\r\n")[..], b"{\"ok\""].concat(),
    ] {
        hangs(Fault::WriteAndStall(bytes)).await;
    }
}

#[tokio::test]
async fn slow_bodies_time_out() {
    let body = b"{\"ok\":true               ".to_vec();
    hangs(Fault::Drip(head("Content-Length: 2000\r\n"), body)).await;
    succeeds(Fault::Drip(
        with("", GOOD.as_bytes())[..45].to_vec(),
        with("", GOOD.as_bytes())[45..].to_vec(),
    ))
    .await;
}

#[tokio::test]
async fn responses_that_are_not_http_are_errors() {
    let unknown = ErrorKind::Transport(TransportErrorKind::Unknown);
    fails(Fault::WriteAndClose(b"\x00\x01\x02 garbage \r\n\r\n".to_vec()), unknown, None).await;
    fails(Fault::WriteAndClose(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), unknown, None).await;
    fails(Fault::WriteAndClose(head("Content-Length: abc\r\n")), unknown, None).await;
    for line in ["X-Bad : 1\r\n", "X-Bad: \0\r\n", " folded: 1\r\n"] {
        fails(Fault::WriteAndClose(with(line, GOOD.as_bytes())), unknown, None).await;
    }
    fails(Fault::WriteAndClose(head("Content-Length: 5\r\nContent-Length: 6\r\n")), unknown, None)
        .await;
}

#[tokio::test]
async fn interim_responses_are_skipped() {
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
    succeeds(Fault::WriteAndClose([interim, with("", GOOD.as_bytes())].concat())).await;
    let endless = Fault::Endless(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".to_vec());
    for (name, result) in run(endless, IMPATIENT).await {
        assert!(result.is_err(), "{name}");
    }
}

#[tokio::test]
async fn endless_headers_and_bodies_are_cut_off() {
    let headers =
        Fault::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-Filler: abcdefgh\r\n".to_vec());
    for (name, result) in run(headers, PATIENT).await {
        let error = result.expect_err(name);
        assert!(error.is_transport() || error.is_timeout(), "{name}: {error}");
    }
    let body = Fault::Endless(
        head("Transfer-Encoding: chunked\r\n"),
        [b"1000\r\n".to_vec(), vec![b' '; 4096], b"\r\n".to_vec()].concat(),
    );
    fails(body, ErrorKind::ResponseTooLarge, Some(200)).await;
    let absurd = Fault::WriteAndStall(head("Content-Length: 18446744073709551614\r\n"));
    fails(absurd, ErrorKind::Transport(TransportErrorKind::Unknown), None).await;
    let lie = Fault::WriteAndStall(head("Content-Length: 1099511627776\r\n"));
    fails(lie, ErrorKind::ResponseTooLarge, Some(200)).await;
}

#[tokio::test]
async fn redirects_take_no_credentials_elsewhere() {
    let elsewhere = Server::answering(vec![json("200 OK", "", GOOD)]).await;
    let location = format!("Location: {}/api/v2/app\r\n", elsewhere.url());
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let redirect = Fault::WriteAndClose(json(status, &location, ""));
        fails(redirect, ErrorKind::Api, status[..3].parse().ok()).await;
    }
    assert!(elsewhere.received().is_empty());
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn compressed_bodies_are_decompressed_within_limits() {
    let good = gzip(GOOD.as_bytes());
    let encoded = "Content-Encoding: gzip\r\n";
    succeeds(Fault::WriteAndClose(with(encoded, &good))).await;
    fails(
        Fault::WriteAndClose(with(encoded, &good[..good.len() - 4])),
        ErrorKind::Decode,
        Some(200),
    )
    .await;
    fails(Fault::WriteAndClose(with(encoded, GOOD.as_bytes())), ErrorKind::Decode, Some(200)).await;
    let members = [gzip(b"{\"ok\":"), gzip(b"true}")].concat();
    succeeds(Fault::WriteAndClose(with(encoded, &members))).await;
    // Each member costs time, even if it is empty.
    let members = gzip(b"").repeat(40_000);
    fails(Fault::WriteAndClose(with(encoded, &members)), ErrorKind::Decode, Some(200)).await;
    let bomb = gzip(&vec![b' '; 100 << 20]);
    fails(Fault::WriteAndClose(with(encoded, &bomb)), ErrorKind::ResponseTooLarge, Some(200)).await;
}

#[tokio::test]
async fn bodies_that_are_not_what_was_asked_for() {
    for body in ["", "<html>502</html>", "{\"ok\":tr", "\u{feff}", "\u{feff}\u{feff}{}"] {
        fails(Fault::WriteAndClose(with("", body.as_bytes())), ErrorKind::Decode, Some(200)).await;
    }
    let deep = "[".repeat(500_000);
    fails(Fault::WriteAndClose(with("", deep.as_bytes())), ErrorKind::Decode, Some(200)).await;
    // A page instead of a response says that it is one.
    let page = json("404 Not Found", "", "<html>no such page</html>");
    for (name, result) in run(Fault::WriteAndClose(page), PATIENT).await {
        let error = result.expect_err(name);
        assert!(error.to_string().contains("404 not found: the response is not from the API"));
    }
    let page = with("", b"<html>Log in</html>");
    for (name, result) in run(Fault::WriteAndClose(page), PATIENT).await {
        let error = result.expect_err(name);
        assert!(error.to_string().contains("200 but the body is not JSON but HTML"), "{error}");
    }
    for (status, kind) in
        [("502 Bad Gateway", ErrorKind::Api), ("429 Too Many Requests", ErrorKind::RateLimited)]
    {
        let number = status[..3].parse().ok();
        for body in ["", "<html>no</html>", "{\"code\":", "null"] {
            fails(Fault::WriteAndClose(json(status, "", body)), kind, number).await;
        }
        let cut = format!("HTTP/1.1 {status}\r\nContent-Length: 100\r\n\r\n<html>").into_bytes();
        fails(Fault::WriteAndClose(cut), kind, number).await;
    }
}

#[tokio::test]
async fn odd_headers_do_no_harm() {
    succeeds(Fault::WriteAndClose(with(
        "X-RateLimit-Limit: 100,100\r\nX-RateLimit-Limit: x\r\nX-RateLimit-Remaining: -1\r\nX-RateLimit-Reset: 1e99\r\nX-RateLimit-Reset: \u{ff}\r\n",
        GOOD.as_bytes(),
    )))
    .await;
    for (value, expected) in [
        ("-5", false),
        ("99999999999999999999999999", false),
        ("Mon, 01 Jan 2001 00:00:00 GMT", false),
        ("yesterday", false),
        ("86400", true),
        ("Fri, 01 Jan 2100 00:00:00 GMT", true),
    ] {
        let refused = json("429 Too Many Requests", &format!("Retry-After: {value}\r\n"), "{}");
        for (name, result) in run(Fault::WriteAndClose(refused), PATIENT).await {
            let error = result.expect_err(name);
            assert!(error.is_rate_limited());
            assert_eq!(error.retry_after().is_some(), expected, "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn odd_but_valid_responses_succeed() {
    let plain = |version: &str, headers: &str| {
        format!("HTTP/{version} 200 OK\r\n{headers}\r\n{GOOD}").into_bytes()
    };
    // Without a length, the end of the connection is the end of the body.
    succeeds(Fault::WriteAndClose(plain("1.0", ""))).await;
    succeeds(Fault::WriteAndClose(plain("1.1", "Connection: close\r\n"))).await;
    let trailers = [
        &head("Transfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n")[..],
        b"b;extension=1\r\n{\"ok\":true}\r\n0\r\nX-Checksum: abc\r\n\r\n",
    ];
    succeeds(Fault::WriteAndClose(trailers.concat())).await;
    let hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n".to_vec();
    succeeds(Fault::WriteAndClose([hints, with("", GOOD.as_bytes())].concat())).await;
    let mut bytes = with("X-Request-Id: ?\r\n", GOOD.as_bytes());
    let mark = bytes.iter().position(|byte| *byte == b'?').unwrap();
    bytes[mark] = 0xff;
    succeeds(Fault::WriteAndClose(bytes)).await;
    let large = format!("X-Large: {}\r\n", "x".repeat(200 << 10));
    succeeds(Fault::WriteAndClose(with(&large, GOOD.as_bytes()))).await;
    succeeds(Fault::WriteAndClose(format!("HTTP/1.1 200\n\n{GOOD}").into_bytes())).await;
    // What the body is counts, not what the headers say about it.
    for headers in ["Content-Type: image/png\r\n", "Content-Type: text/html; charset=utf-16\r\n"] {
        succeeds(Fault::WriteAndClose(with(headers, GOOD.as_bytes()))).await;
    }
    let marked = format!("\u{feff}{GOOD}");
    succeeds(Fault::WriteAndClose(with("", marked.as_bytes()))).await;
}

#[tokio::test]
async fn responses_without_a_body_leave_nothing_for_the_next_request() {
    for end in [Fault::WriteAndClose as fn(_) -> _, Fault::WriteAndStall] {
        let response = |status: &str| json(status, "", GOOD);
        fails(end(response("204 No Content")), ErrorKind::Decode, Some(204)).await;
        fails(end(response("304 Not Modified")), ErrorKind::Api, Some(304)).await;
    }
    let upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    fails(Fault::WriteAndStall(upgrade.as_bytes().to_vec()), ErrorKind::Api, Some(101)).await;
    fails(Fault::WriteAndClose(json("999 Odd", "", GOOD)), ErrorKind::Api, Some(999)).await;
    let many = "X-Many: 1\r\n".repeat(10_000);
    let unknown = ErrorKind::Transport(TransportErrorKind::Unknown);
    fails(Fault::WriteAndClose(with(&many, GOOD.as_bytes())), unknown, None).await;
}

/// A server that refuses an upload responds before it has read the body, and closes the connection.
#[tokio::test]
async fn a_response_before_the_body_has_arrived_is_the_response() {
    let server = Server::connections(|mut connection, _| async move {
        let mut head = vec![0; 64];
        if connection.stream.read(&mut head).await.is_ok() {
            let refused = json(
                "413 Payload Too Large",
                "Connection: close\r\n",
                r#"{"code":22,"message":"too big"}"#,
            );
            connection.write(&refused).await;
            // A server that does not read on would reset the connection.
            let mut rest = vec![0; 1 << 16];
            while connection.stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
        }
    })
    .await;
    for (name, executor) in executors(&server.url()) {
        let upload = support::operations::UploadFile(stream_models::Upload::bytes(
            "a.bin",
            vec![0; 32 << 20],
        ));
        let error = executor.send(&upload).await.unwrap_err();
        assert!(error.is_payload_too_large(), "{name}: {error:?}");
        let error = executor.send(&SendMessage::text(&"x".repeat(8 << 20))).await.unwrap_err();
        assert!(error.is_payload_too_large(), "{name}: {error:?}");
        assert_eq!(error.message(), "too big", "{name}");
    }
}

#[tokio::test]
async fn a_second_response_is_not_taken_for_the_next_request() {
    let twice = [with("", GOOD.as_bytes()), with("", b"{\"ok\":false}")].concat();
    succeeds(Fault::WriteAndStall(twice)).await;
}

#[tokio::test]
async fn idle_connections_that_were_closed_are_replaced() {
    let server = Server::connections(|mut connection, _| async move {
        if connection.request().await.is_some() {
            connection.write(&json("200 OK", "", GOOD)).await;
        }
    })
    .await;
    for (name, executor) in executors(&server.url()) {
        for number in 0..20 {
            let result = executor.send(&SendMessage::text("x")).await;
            // The close may arrive while the request is in flight, in which case it must not be
            // repeated.
            if let Err(error) = result {
                assert_eq!(error.kind(), RESET, "{name} {number}: {error}");
                assert!(error.may_have_been_processed());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let received = server.received();
    let mut ids: Vec<_> =
        received.iter().map(|request| request.header("x-client-request-id").unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), received.len(), "a write arrived twice");
}

#[tokio::test]
async fn a_pool_of_dead_connections_is_left_at_the_first_timeout() {
    const POOLED: usize = 8;

    for name in TRANSPORTS.iter().copied() {
        // Eight connections respond once, all at the same time, and then read without responding.
        let together = std::sync::Arc::new(tokio::sync::Barrier::new(POOLED));
        let server = Server::connections(move |mut connection, number| {
            let together = together.clone();
            async move {
                if number < POOLED {
                    if connection.request().await.is_some() {
                        together.wait().await;
                        connection.write(&json("200 OK", "", GOOD)).await;
                    }
                    while connection.request().await.is_some() {}
                    return;
                }
                while connection.request().await.is_some() {
                    connection.write(&json("200 OK", "", GOOD)).await;
                }
            }
        })
        .await;
        let executor = builder(name, &server.url()).build().unwrap();
        let calls: Vec<_> = (0..POOLED).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        let options = CallOptions::new().timeout(IMPATIENT);
        let error = executor.send_with(&GetApp, &options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Deadline, "{name}: {error:?}");
        for _ in 0..POOLED {
            let next = executor.send(&SendMessage::text("x")).await;
            assert_eq!(next.unwrap_or_else(|error| panic!("{name}: {error}"))["ok"], true);
        }
        // The pool was empty, because its connections had been replaced by a single one.
        assert_eq!(server.connections.load(Ordering::SeqCst), POOLED + 1, "{name}");
    }
}

/// A runtime that ends closes the connections that it drove.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_outlives_the_runtimes_that_it_is_used_in() {
    let server = Server::answering(vec![json("200 OK", "", GOOD)]).await;
    for (name, executor) in executors(&server.url()) {
        let calls = tokio::task::spawn_blocking(move || {
            for number in 0..4 {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                for _ in 0..2 {
                    let result = runtime.block_on(executor.send(&SendMessage::text("x")));
                    result.unwrap_or_else(|error| panic!("{name} {number}: {error:?}"));
                }
            }
        });
        calls.await.unwrap();
    }
}

/// Reads the kernel's state of the connections of this machine.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn idle_connections_are_probed() {
    let server = Server::answering(vec![json("200 OK", "", GOOD)]).await;
    for (name, executor) in executors(&server.url()) {
        executor.send(&GetApp).await.unwrap();
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let remote = format!(":{:04X}", server.address.port());
        // Columns: number, local address, remote address, state, queues, and the timer with its
        // remaining time in hundredths of a second. State 01 is an open connection, timer 02 is
        // keep-alive.
        let timers: Vec<_> = table
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter(|columns| columns[2].ends_with(&remote) && columns[3] == "01")
            .map(|columns| columns[5].to_owned())
            .collect();
        assert!(!timers.is_empty(), "{name}");
        for timer in timers {
            let (kind, left) = timer.split_once(':').unwrap();
            assert_eq!(kind, "02", "{name}: {timer}");
            assert!(u32::from_str_radix(left, 16).unwrap() <= 15 * 100, "{name}: {timer}");
        }
    }
}

#[tokio::test]
async fn dropped_calls_leave_nothing_behind() {
    let server = Server::connections(|mut connection, _| async move {
        while connection.request().await.is_some() {
            tokio::time::sleep(Duration::from_millis(30)).await;
            if !connection.write(&json("200 OK", "", GOOD)).await {
                return;
            }
        }
    })
    .await;
    for (name, executor) in executors(&server.url()) {
        for delay in 0..40 {
            let call = executor.send(&GetApp);
            let _ = tokio::time::timeout(Duration::from_millis(delay), call).await;
        }
        for _ in 0..10 {
            let response =
                executor.send(&GetApp).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(response["ok"], true);
        }
    }
}

#[tokio::test]
async fn a_stalled_upload_ends() {
    let server = Server::connections(|connection, _| async move {
        // Reads nothing, so that the buffers of the socket fill up.
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(connection);
    })
    .await;
    for (name, executor) in executors(&server.url()) {
        let upload = support::operations::UploadFile(stream_models::Upload::bytes(
            "a.bin",
            vec![0; 32 << 20],
        ));
        let options = CallOptions::new().idle_timeout(Duration::from_millis(500));
        let error = executor.send_with(&upload, &options).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Transport(TransportErrorKind::Timeout),
            "{name}: {error:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_at_once_finish() {
    let server = Server::answering(vec![json("200 OK", "", GOOD)]).await;
    for name in TRANSPORTS {
        // Limits the requests in flight, so that a low limit on open files does not matter.
        let executor = builder(name, &server.url()).max_in_flight(200).build().unwrap();
        let calls: Vec<_> = (0..10_000)
            .map(|_| {
                tokio::spawn(
                    executor
                        .send_with(&GetApp, &CallOptions::new().timeout(Duration::from_secs(120))),
                )
            })
            .collect();
        for call in calls {
            let response = call.await.unwrap().unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(response["ok"], true);
        }
    }
    assert_eq!(server.received().len(), 10_000 * TRANSPORTS.len());
    assert!(server.connections.load(Ordering::SeqCst) <= 800);
}
