//! `/emulator/...` lets tests control the emulator.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Setup, token};
use stream_emulator::Emulator;

#[tokio::test]
async fn a_snapshot_restores_the_state_over_http() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    setup.send_text("a", "kept").await;
    let snapshot = setup.get("/emulator/snapshot").await;
    setup.post("/emulator/reset", json!({})).await;
    let general = "/api/v2/chat/channels/messaging/general";
    setup.fail(Method::GET, general, None, 404, 16).await;
    setup.post_emulator("restore", snapshot).await;
    let state = setup.get(general).await;
    assert_eq!(state["messages"][0]["text"], "kept");
    // The index of members is restored, too.
    let query = json!({"filter_conditions": {"members": {"$in": ["b"]}}});
    let found = setup.post("/api/v2/chat/channels", query).await;
    assert_eq!(found["channels"].as_array().unwrap().len(), 1);
    setup.fail(Method::POST, "/emulator/restore", Some(json!({"users": 1})), 400, 4).await;
    setup.fail(Method::GET, "/emulator/nothing", None, 404, 16).await;
}

impl Setup {
    async fn post_emulator(&self, path: &str, body: Value) {
        let reply = self.call(Method::POST, &format!("/emulator/{path}"), Some(body)).await;
        assert!(reply.status.is_success(), "{}", reply.body);
    }
}

#[tokio::test]
async fn pages_of_other_machines_do_not_control_it() {
    let setup = Setup::with_users(&["a"]).await;
    let from = async |origin: &str| {
        let reset = format!("{}/emulator/reset", setup.emulator.base_url());
        setup.raw(Method::POST, &reset, &[("origin", origin)], "{}").await.status
    };
    for origin in ["https://evil.example", "http://localhost.evil.example", "null", ""] {
        assert_eq!(from(origin).await, 403, "{origin}");
    }
    let users = "/api/v2/users?payload=%7B%22filter_conditions%22%3A%7B%7D%7D";
    assert_eq!(setup.get(users).await["users"].as_array().unwrap().len(), 1);
    for origin in ["http://localhost:5173", "http://127.0.0.1:8080", "http://[::1]:3000"] {
        assert_eq!(from(origin).await, 200, "{origin}");
    }
    assert_eq!(setup.get(users).await["users"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn names_that_another_site_could_point_here_do_not_control_it() {
    let setup = Setup::with(Emulator::builder().allow_host("emulator.test")).await;
    let snapshot = format!("{}/emulator/snapshot", setup.emulator.base_url());
    let under = async |host: &str| setup.raw(Method::GET, &snapshot, &[("host", host)], "").await;
    for host in ["evil.test", "localhost.evil.test:80", "emulator"] {
        let message = under(host).await.assert_error(403, 17);
        assert!(message.contains("--allow-host"), "{message}");
    }
    for host in ["localhost:1", "127.0.0.1", "[::1]:8080", "emulator.test:8080"] {
        assert_eq!(under(host).await.status, 200, "{host}");
    }
    // Front ends may use the API under any name.
    let app = format!("{}/api/v2/app?api_key=emulator", setup.emulator.base_url());
    let reply = setup.raw(Method::GET, &app, &[("host", "app.test")], "").await;
    reply.assert_error(401, 5);
}

#[tokio::test]
async fn whatever_is_accepted_can_be_restored() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    let send = async |levels: usize| {
        let nested: Value =
            serde_json::from_str(&format!("{}{}", "[".repeat(levels), "]".repeat(levels))).unwrap();
        let attachment = json!({"type": "deep", "custom": {"levels": nested}});
        let message = json!({"text": "hi", "user_id": "a", "attachments": [attachment]});
        let path = "/api/v2/chat/channels/messaging/general/message";
        setup.call(Method::POST, path, Some(json!({"message": message}))).await
    };
    assert!(send(50).await.status.is_success());
    send(70).await.assert_error(400, 4);
    let deepest = json!({"users": [{"id": "a", "set": {"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p": 1}}]});
    setup.patch("/api/v2/users", deepest).await;
    let snapshot = setup.get("/emulator/snapshot").await;
    setup.post_emulator("restore", snapshot).await;
}

#[tokio::test]
async fn what_is_no_snapshot_does_not_replace_the_world() {
    let setup = Setup::with_users(&["a"]).await;
    let snapshot = setup.get("/emulator/snapshot").await.to_string();
    let restore = format!("{}/emulator/restore", setup.emulator.base_url());
    for body in ["", " ", "[]", "null", &snapshot[..snapshot.len() - 1]] {
        setup.raw(Method::POST, &restore, &[], body.to_owned()).await.assert_error(400, 4);
    }
    let users = "/api/v2/users?payload=%7B%22filter_conditions%22%3A%7B%7D%7D";
    assert_eq!(setup.get(users).await["users"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn files_that_a_snapshot_only_names_make_way() {
    let setup = Setup::with_users(&["john"]).await;
    let mut snapshot = setup.get("/emulator/snapshot").await;
    snapshot["files"]["order"] = json!(["nothing"]);
    snapshot["files"]["bytes"] = json!(u64::MAX);
    setup.post_emulator("restore", snapshot).await;
    let url = crate::uploads::served(&setup, "a.txt", "text").await;
    assert!(url.contains("/a.txt?Expires="), "{url}");
}

#[tokio::test]
async fn the_clock_moves() {
    let setup = Setup::with_users(&["a"]).await;
    let before = setup.get("/emulator/clock").await["now"].as_str().unwrap().to_owned();
    setup.post_emulator("clock", json!({"now": "2030-01-01T00:00:00Z"})).await;
    let now = setup.get("/emulator/clock").await["now"].as_str().unwrap().to_owned();
    assert!(now.starts_with("2030-01-01T00:00"), "{now}");
    assert!(now > before);
    let partial = json!({"users": [{"id": "a", "set": {"x": 1}}]});
    let user = setup.patch("/users", partial).await["users"]["a"].clone();
    assert!(user["updated_at"].as_str().unwrap().starts_with("2030-01-01"));
    // Tokens are checked against the same clock.
    let claims = json!({"user_id": "a", "exp": 1_800_000_000});
    let token = token(setup.emulator.api_secret(), &claims);
    let reply = setup.call_as(&token, Method::GET, "/api/v2/app", None).await;
    reply.assert_error(401, 40);
    setup.fail(Method::POST, "/emulator/clock", Some(json!({})), 400, 4).await;
}

#[tokio::test]
async fn faults_and_requests_are_reached_over_http() {
    let setup = Setup::new().await;
    let fault = json!({
        "status": 429, "code": 9, "message": "slow down", "operation": "GetApp",
        "headers": {"retry-after": "7"},
    });
    setup.post_emulator("faults", fault).await;
    let reply = setup.call(Method::GET, "/api/v2/app", None).await;
    assert_eq!(reply.assert_error(429, 9), "slow down");
    assert_eq!(reply.headers["retry-after"], "7");
    setup.get("/app").await;
    let requests = setup.get("/emulator/requests").await["requests"].clone();
    assert_eq!(requests[0]["operation"], "GetApp");
    assert_eq!(requests[0]["headers"].get("authorization"), None);
    assert_eq!(requests[1]["path"], "/app");
    setup.fail(Method::POST, "/emulator/faults", Some(json!({})), 400, 4).await;
}

#[tokio::test]
async fn requests_are_listed_without_credentials() {
    let setup = Setup::new().await;
    let secret = setup.emulator.api_secret();
    let token = token(secret, &json!({"user_id": "a"}));
    let base = setup.emulator.base_url();
    let encoded = token.replacen("ey", "%65y", 1);
    let uri = format!(
        "{base}/nowhere/{token}?%61uthorization={encoded}&user_token=planted&x={encoded}\
         &j%73on=%7B%22token%22:%22planted%22%7D&shown=1&{secret}=2"
    );
    let headers = [
        ("proxy-authorization", "planted"),
        ("x-auth-token", "planted"),
        ("x-any", &format!("Bearer {token}")),
        ("x-shown", "yes"),
    ];
    let body = json!({"password": "planted", "list": [{"sns_secret": "planted"}], "text": secret});
    setup.raw(Method::POST, &uri, &headers, body.to_string()).await;
    let listed = setup.get("/emulator/requests").await["requests"][0].clone();
    let text = listed.to_string();
    for hidden in ["planted", &token, &encoded, secret] {
        assert!(!text.contains(hidden), "{hidden} is in {text}");
    }
    assert_eq!(listed["query"], "shown=1");
    assert_eq!(listed["headers"]["x-shown"], "yes");
    assert_eq!(listed["body"]["password"], "[redacted]");
}

#[tokio::test]
async fn faults_keep_to_what_http_can_say() {
    let setup = Setup::new().await;
    let app = "/api/v2/app";
    setup.post_emulator("faults", json!({"status": 101, "body": "x"})).await;
    assert_eq!(setup.call(Method::GET, app, None).await.status, 500);
    let framed = json!({"status": 200, "body": "{}  ", "headers": {
        "content-length": "2", "transfer-encoding": "chunked",
    }});
    setup.post_emulator("faults", framed).await;
    let uri = format!("{}{app}", setup.emulator.base_url());
    let (parts, body) = setup.exchange(Method::GET, &uri, &[], "").await;
    assert_eq!((&parts.headers["content-length"], &body[..]), (&"2".parse().unwrap(), &b"{}"[..]));
    assert!(!parts.headers.contains_key("transfer-encoding"));
    let short = json!({"status": 200, "body": "{}", "headers": {"content-length": "9"}});
    setup.post_emulator("faults", short).await;
    let mut stream = TcpStream::connect(setup.emulator.address()).await.unwrap();
    stream.write_all(b"GET /api/v2/app HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut sent = String::new();
    stream.read_to_string(&mut sent).await.unwrap();
    assert!(sent.starts_with("HTTP/1.1 200") && sent.ends_with("\r\n\r\n{}"), "{sent}");
}

#[tokio::test]
async fn bodies_may_be_null_or_packed() {
    let setup = Setup::new().await;
    let good = token(setup.emulator.api_secret(), &json!({"server": true}));
    let uri = |path: &str| format!("{}{path}?api_key=emulator", setup.emulator.base_url());
    let headers = [("authorization", good.as_str()), ("stream-auth-type", "jwt")];
    let reply = setup.raw(Method::PATCH, &uri("/api/v2/app"), &headers, "null").await;
    assert!(reply.status.is_success(), "{}", reply.body);

    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(br#"{"users": {"a": {"id": "a"}}}"#).unwrap();
    let packed = encoder.finish().unwrap();
    let headers = [headers[0], headers[1], ("content-encoding", "gzip")];
    let reply = setup.raw(Method::POST, &uri("/api/v2/users"), &headers, packed).await;
    assert_eq!(reply.body["users"]["a"]["id"], "a");
    let reply = setup.raw(Method::POST, &uri("/api/v2/users"), &headers, "plain").await;
    reply.assert_error(400, 4);
    // A small body that decompresses to a large one is refused at the same limit.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; 11 * 1024 * 1024]).unwrap();
    let bomb = encoder.finish().unwrap();
    let reply = setup.raw(Method::POST, &uri("/api/v2/users"), &headers, bomb).await;
    reply.assert_error(413, 22);
    // Each gzip member costs time, however small it is.
    let member = |text: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    };
    let two = [member(br#"{"users": {"a": "#), member(br#"{"id": "a"}}}"#)].concat();
    let reply = setup.raw(Method::POST, &uri("/api/v2/users"), &headers, two).await;
    assert_eq!(reply.body["users"]["a"]["id"], "a");
    let many = member(b" ").repeat(17);
    let reply = setup.raw(Method::POST, &uri("/api/v2/users"), &headers, many).await;
    assert!(reply.assert_error(400, 4).contains("members"));
    let headers = [headers[0], headers[1], ("content-encoding", "br")];
    let reply = setup.raw(Method::POST, &uri("/api/v2/users"), &headers, "x").await;
    reply.assert_error(400, 4);
}

#[tokio::test]
async fn what_goes_wrong_in_http_has_the_envelope_too() {
    let setup = Setup::new().await;
    let good = token(setup.emulator.api_secret(), &json!({"server": true}));
    let base = setup.emulator.base_url();
    let long = "x".repeat(70_000);
    let headers =
        [("authorization", good.as_str()), ("stream-auth-type", "jwt"), ("x-long", &long)];
    let uri = format!("{base}/api/v2/app?api_key=emulator");
    setup.raw(Method::GET, &uri, &headers, "").await.assert_error(431, 24);
    let uri = format!("{base}/api/v2/chat/messages/%FF?api_key=emulator");
    setup.raw(Method::GET, &uri, &headers[..2], "").await.assert_error(400, 4);
}

#[tokio::test]
async fn browsers_may_call() {
    let setup = Setup::new().await;
    let uri = format!("{}/users", setup.emulator.base_url());
    let reply = setup.raw(Method::OPTIONS, &uri, &[("origin", "http://app.test")], "").await;
    assert_eq!(reply.status, 204);
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
    let allowed = reply.headers["access-control-allow-headers"].to_str().unwrap();
    assert!(allowed.contains("authorization") && allowed.contains("stream-auth-type"));
    let reply = setup.call(Method::GET, "/users", None).await;
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
}
