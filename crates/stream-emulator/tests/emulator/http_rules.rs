//! Headers, limits, faults and the list of requests work the same for every operation.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::json;

use crate::support::{Setup, now};
use stream_emulator::{Emulator, Fault};

const APP: &str = "/api/v2/app";

#[tokio::test]
async fn every_response_has_the_rate_limit_and_a_duration() {
    let setup = Setup::new().await;
    let good = setup.call(Method::GET, APP, None).await;
    let bad = setup.call(Method::GET, "/api/v2/nowhere", None).await;
    let refused = setup.call_as("x", Method::GET, APP, None).await;
    for reply in [&good, &bad, &refused] {
        let number = |name: &str| -> i64 { reply.headers[name].to_str().unwrap().parse().unwrap() };
        assert!(number("x-ratelimit-remaining") < number("x-ratelimit-limit"));
        assert!((now()..=now() + 60).contains(&number("x-ratelimit-reset")));
        let duration = reply.body["duration"].as_str().unwrap();
        assert!(duration.ends_with("ms"), "{duration}");
    }
    let remaining = |reply: &crate::support::Reply| {
        reply.headers["x-ratelimit-remaining"].to_str().unwrap().parse::<i64>().unwrap()
    };
    assert_eq!(remaining(&refused) + 1, remaining(&good));
}

#[tokio::test]
async fn a_rate_limit_is_enforced_if_asked_for() {
    let setup = Setup::with(Emulator::builder().rate_limit(2)).await;
    setup.get(APP).await;
    setup.get(APP).await;
    let refused = setup.call(Method::GET, APP, None).await;
    refused.assert_error(429, 9);
    let seconds: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
    assert_eq!(refused.headers["x-ratelimit-remaining"], "0");
    // Each operation has its own limit.
    setup.upsert(&["a"]).await;
}

#[tokio::test]
async fn large_responses_are_compressed_and_small_ones_are_not() {
    let setup = Setup::new().await;
    let large = setup.call(Method::GET, APP, None).await;
    assert_eq!(large.headers["content-encoding"], "gzip");
    let small = setup.call(Method::PATCH, APP, Some(json!({}))).await;
    assert!(!small.headers.contains_key("content-encoding"));
    let uri = format!("{}{APP}", setup.emulator.base_url());
    let headers = [("accept-encoding", "gzip;q=0, identity")];
    let plain = setup.raw(Method::GET, &uri, &headers, "").await;
    assert!(!plain.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn bodies_must_be_json_of_a_size() {
    let setup = Setup::new().await;
    let token = crate::support::token(setup.emulator.api_secret(), &json!({"server": true}));
    let headers = [("authorization", token.as_str()), ("stream-auth-type", "jwt")];
    let uri =
        format!("{}/api/v2/users?api_key={}", setup.emulator.base_url(), setup.emulator.api_key());
    let nested = "[".repeat(100_000);
    for body in ["{", "[]", "7", "\u{feff}{}", nested.as_str()] {
        let reply = setup.raw(Method::POST, &uri, &headers, body.to_owned()).await;
        reply.assert_error(400, 4);
    }
    let huge = vec![b' '; 10 * 1024 * 1024 + 1];
    let reply = setup.raw(Method::POST, &uri, &headers, huge).await;
    reply.assert_error(413, 22);
    // The response arrives although the client first sends everything.
    let huge = vec![b' '; 40 * 1024 * 1024];
    let reply = setup.raw(Method::POST, &uri, &headers, huge).await;
    reply.assert_error(413, 22);
}

#[tokio::test]
async fn requests_are_recorded_as_they_came() {
    let setup = Setup::new().await;
    setup
        .call(
            Method::POST,
            "/api/v2/chat/channels/messaging/kung%20fu/query?x=a%2Cb",
            Some(json!({"a": 1})),
        )
        .await;
    setup.call(Method::GET, "/nowhere", None).await;
    let requests = setup.emulator.requests();
    let [first, second] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert_eq!(first.operation, Some("GetOrCreateChannel"));
    assert_eq!(first.method, Method::POST);
    assert_eq!(first.path, "/api/v2/chat/channels/messaging/kung%20fu/query");
    assert_eq!(first.query.as_deref(), Some("x=a%2Cb&api_key=emulator"));
    assert_eq!(first.header("stream-auth-type"), Some("jwt"));
    assert_eq!(first.json(), Some(json!({"a": 1})));
    assert_eq!(second.operation, None);
    setup.emulator.clear_requests();
    assert!(setup.emulator.requests().is_empty());
}

#[tokio::test]
async fn faults_apply_in_order_and_to_their_operation() {
    let setup = Setup::new().await;
    let emulator = &setup.emulator;
    emulator.fail_next(Fault::error(429, 9, "slow down").header("retry-after", "7").times(2));
    emulator.fail_next(Fault::raw(502, "<html>").on("UpdateUsers"));
    for _ in 0..2 {
        let reply = setup.call(Method::GET, APP, None).await;
        assert_eq!(reply.assert_error(429, 9), "slow down");
        assert_eq!(reply.headers["retry-after"], "7");
    }
    setup.get(APP).await;
    let reply = setup.call(Method::POST, "/api/v2/users", Some(json!({"users": {}}))).await;
    assert_eq!(reply.status, 502);
    setup.upsert(&["a"]).await;
    emulator.fail_next(Fault::error(500, -1, "never"));
    emulator.clear_faults();
    setup.get(APP).await;
}

#[tokio::test]
async fn a_response_can_be_late_or_break_off() {
    let setup = Setup::new().await;
    setup.emulator.fail_next(Fault::delay(Duration::from_millis(50)));
    let start = Instant::now();
    setup.get(APP).await;
    assert!(start.elapsed() >= Duration::from_millis(50));

    setup.emulator.fail_next(Fault::cut());
    let mut stream = std::net::TcpStream::connect(setup.emulator.address()).unwrap();
    let response = tokio::task::spawn_blocking(move || {
        use std::io::{Read, Write};
        write!(stream, "GET {APP} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut response = String::new();
        let _ = stream.read_to_string(&mut response);
        response
    })
    .await
    .unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert!(!response.ends_with("0\r\n\r\n"), "{response}");
}

#[tokio::test]
async fn an_emulator_stops_when_dropped() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.address();
    drop(emulator);
    let start = Instant::now();
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        assert!(start.elapsed() < Duration::from_secs(10), "it still listens");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_failed_start_has_a_reason() {
    let first = Emulator::start().await.unwrap();
    let second = Emulator::builder().port(first.address().port()).start().await;
    let text = second.unwrap_err().to_string();
    assert!(text.contains(&first.address().to_string()), "{text}");
    assert!(Emulator::builder().api_secret("").start().await.is_err());
    assert!(!format!("{first:?}").contains(first.api_secret()));
    first.shutdown().await;
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_idle_connections() {
    let setup = Setup::new().await;
    setup.get(APP).await;
    let start = Instant::now();
    setup.emulator.shutdown().await;
    assert!(start.elapsed() < Duration::from_millis(1900));
}

#[tokio::test]
async fn exchanges_can_be_watched() {
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let builder = Emulator::builder().on_exchange(move |exchange| {
        let _ = sender.send(exchange.clone());
    });
    let setup = Setup::with(builder).await;
    setup.get(APP).await;
    setup.call(Method::GET, "/nowhere", None).await;
    let seen = receiver.recv().await.unwrap();
    assert_eq!((seen.operation, seen.status.as_u16()), (Some("GetApp"), 200));
    let seen = receiver.recv().await.unwrap();
    assert_eq!((seen.path.as_str(), seen.status.as_u16()), ("/nowhere", 404));
}

/// Returns the response to raw bytes.
async fn answer_to(setup: &Setup, bytes: Vec<u8>) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let address = setup.emulator.address();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    // The response may come before everything is sent.
    let _ = stream.write_all(&bytes).await;
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response).await;
    String::from_utf8_lossy(&response).into_owned()
}

#[tokio::test]
async fn what_is_not_http_gets_the_envelope_too() {
    let setup = Setup::new().await;
    let many: String = (0..200).map(|number| format!("x-{number}: 1\r\n")).collect();
    for (request, status, code) in [
        ("NONSENSE\r\n\r\n".to_owned(), 400, 4),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), 400, 4),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n".to_owned(), 400, 4),
        (format!("GET / HTTP/1.1\r\n{many}\r\n"), 431, 24),
        (format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(70_000)), 414, 4),
    ] {
        let response = answer_to(&setup, request.into_bytes()).await;
        let (head, body) = response.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{response}"));
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{response}");
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((&body["code"], &body["StatusCode"]), (&json!(code), &json!(status)));
        crate::support::schema::check("APIError", &body);
    }
    setup.get(APP).await;
}
