//! `/emulator/...`: what tests do to the emulator itself.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::Method;
use serde_json::json;

use crate::support::{Setup, token};

#[tokio::test]
async fn a_world_is_taken_away_and_brought_back() {
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
    // The index of members came back too.
    let query = json!({"filter_conditions": {"members": {"$in": ["b"]}}});
    let found = setup.post("/api/v2/chat/channels", query).await;
    assert_eq!(found["channels"].as_array().unwrap().len(), 1);
    setup.fail(Method::POST, "/emulator/restore", Some(json!({"users": 1})), 400, 4).await;
    setup.fail(Method::GET, "/emulator/nothing", None, 404, 16).await;
}

impl Setup {
    async fn post_emulator(&self, path: &str, body: serde_json::Value) {
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
    // Tokens are held against the same clock.
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
    // A small body that unpacks to a large one is refused at the same limit.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; 11 * 1024 * 1024]).unwrap();
    let bomb = encoder.finish().unwrap();
    let reply = setup.raw(Method::POST, &uri("/api/v2/users"), &headers, bomb).await;
    reply.assert_error(413, 22);
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
