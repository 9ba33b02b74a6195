//! The inspector serves its views only to this machine, without secrets.

use std::time::Duration;

use bytes::Bytes;
use http::response::Parts;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Setup, token};
use crate::webhooks::Receiver;
use stream_emulator::Emulator;

const SECRET: &str = "inspector-test-secret-4711";
const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
const API: &str = "/emulator/inspector/api/";

async fn inspected() -> Setup {
    let setup = Setup::with(Emulator::builder().api_secret(SECRET).inspector(true)).await;
    setup.upsert(&["jane", "bob"]).await;
    setup
}

impl Setup {
    async fn fetch(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> (Parts, Bytes) {
        let uri = format!("{}{path}", self.emulator.base_url());
        self.exchange(method, &uri, headers, body).await
    }

    /// Returns the data of a view.
    async fn shown(&self, view: &str) -> Value {
        let (parts, body) = self.fetch(Method::GET, &format!("{API}{view}"), &[], "").await;
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert_eq!(parts.status, StatusCode::OK, "{view}: {text}");
        assert!(!text.contains(SECRET), "{view} has the secret");
        serde_json::from_str(&text).unwrap()
    }

    /// Performs an action of the inspector.
    async fn act(&self, action: &str, body: &Value) -> (StatusCode, Value) {
        let path = format!("{API}{action}");
        let (parts, body) = self.fetch(Method::POST, &path, &[], body.to_string()).await;
        (parts.status, serde_json::from_slice(&body).unwrap())
    }
}

#[tokio::test]
async fn browsers_get_the_page_and_clients_what_they_got_before() {
    let plain = Setup::new().await;
    let setup = inspected().await;
    let (parts, body) = setup.fetch(Method::GET, "/", &[BROWSER], "").await;
    assert_eq!(parts.status, StatusCode::OK);
    assert_eq!(parts.headers["content-type"], "text/html; charset=utf-8");
    assert!(body.starts_with(b"<!doctype html>"));
    let policy = parts.headers["content-security-policy"].to_str().unwrap();
    for part in ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(parts.headers["x-content-type-options"], "nosniff");
    assert_eq!(parts.headers["cache-control"], "no-store");
    assert_eq!(parts.headers["cross-origin-resource-policy"], "same-origin");
    // Pages of other origins must not read it.
    assert!(!parts.headers.contains_key("access-control-allow-origin"));

    for headers in [&[][..], &[("accept", "*/*")], &[("accept", "application/json")]] {
        let without = plain.fetch(Method::GET, "/", headers, "").await;
        let with = setup.fetch(Method::GET, "/", headers, "").await;
        assert_eq!(with.0.status, without.0.status);
        let message =
            |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap()["message"].clone();
        assert_eq!(message(&with.1), message(&without.1));
        assert!(with.0.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn the_inspector_is_off_by_default() {
    let setup = Setup::new().await;
    for path in ["/", "/emulator/inspector/assets/icon.svg", "/emulator/inspector/api/overview"] {
        let (parts, _) = setup.fetch(Method::GET, path, &[BROWSER], "").await;
        assert_eq!(parts.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn assets_are_served_and_nothing_beside_them() {
    let setup = inspected().await;
    let path = "/emulator/inspector/assets/icon.svg";
    let (parts, body) = setup.fetch(Method::GET, path, &[], "").await;
    assert_eq!(parts.headers["content-type"], "image/svg+xml");
    assert!(body.starts_with(b"<svg"));
    for path in ["assets/../page.rs", "assets/nothing.js", "assets/", "api/nothing", "nothing", ""]
    {
        let path = format!("/emulator/inspector/{path}");
        let (parts, _) = setup.fetch(Method::GET, &path, &[], "").await;
        assert_eq!(parts.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn other_hosts_and_origins_are_refused_without_a_word_of_the_state() {
    let setup = inspected().await;
    let refused = [
        ("host", "evil.test:8080"),
        ("host", "localhost.evil.test"),
        ("origin", "http://evil.test"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("x-forwarded-for", "10.1.1.1"),
    ];
    for header in refused {
        for (method, path) in [
            (Method::GET, "api/users"),
            (Method::GET, "stream"),
            (Method::POST, "api/login"),
            (Method::DELETE, "api/requests"),
            (Method::OPTIONS, "api/login"),
        ] {
            let path = format!("/emulator/inspector/{path}");
            let body = json!({"user_id": "jane"}).to_string();
            let (parts, body) = setup.fetch(method, &path, &[header], body).await;
            assert_eq!(parts.status, StatusCode::FORBIDDEN, "{header:?} {path}");
            assert!(!parts.headers.contains_key("access-control-allow-origin"));
            assert!(!String::from_utf8_lossy(&body).contains("jane"));
        }
        let (parts, _) = setup.fetch(Method::GET, "/", &[BROWSER, header], "").await;
        assert_eq!(parts.status, StatusCode::FORBIDDEN, "{header:?}");
    }
    // Preflight requests allow no other origin.
    let (parts, _) = setup.fetch(Method::OPTIONS, "/emulator/inspector/api/login", &[], "").await;
    assert_eq!(parts.status, StatusCode::NOT_FOUND);
    assert!(!parts.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn the_state_is_shown_in_parts() {
    let setup = inspected().await;
    setup.channel(&["jane", "bob"]).await;
    let first = setup.send_text("jane", "hello <b>you</b>").await;
    for number in 1..=7 {
        setup.send_text("bob", &format!("message {number}")).await;
    }
    let id = first["id"].as_str().unwrap();
    let path = format!("/api/v2/chat/messages/{id}/reaction");
    setup.post(&path, json!({"reaction": {"type": "love", "user_id": "bob"}})).await;
    let reply = json!({"message": {"text": "reply", "user_id": "bob", "parent_id": id}});
    setup.post("/api/v2/chat/channels/messaging/general/message", reply).await;

    let users = setup.shown("users?q=JANE").await;
    assert_eq!((&users["total"], &users["items"][0]["id"]), (&json!(1), &json!("jane")));
    assert_eq!(setup.shown("user?id=bob").await["channels"][0]["cid"], "messaging:general");
    let channels = setup.shown("channels").await;
    assert_eq!(channels["items"][0]["member_count"], 2);
    assert_eq!(channels["items"][0]["last_message"]["text"], "message 7");
    let members = setup.shown("members?cid=messaging:general").await;
    assert_eq!(members["items"][0]["user_id"], "jane");
    assert_eq!(members["items"][0]["unread"], 7);

    let messages = setup.shown("messages?cid=messaging:general&offset=5&limit=2").await;
    assert_eq!(messages["total"], 8);
    assert_eq!(messages["items"][1]["text"], "message 6");
    let found = setup.shown("messages?cid=messaging:general&q=HELLO").await;
    assert_eq!(found["items"][0]["text"], "hello <b>you</b>");
    assert_eq!(found["items"][0]["reactions"], json!([{"type": "love", "users": ["bob"]}]));
    assert_eq!(found["items"][0]["reply_count"], 1);
    let thread = setup.shown(&format!("messages?parent_id={id}")).await;
    assert_eq!(thread["items"][0]["text"], "reply");
    assert_eq!(setup.shown("messages?q=message%207").await["total"], 1);
    let message = setup.shown(&format!("message?id={id}")).await;
    assert_eq!(message["all_reactions"][0]["type"], "love");
    assert_eq!(message["document"]["reply_count"], 1);

    let search = setup.shown("search?q=jane").await;
    assert_eq!(search["users"][0]["id"], "jane");
    assert_eq!(setup.shown("overview").await["counts"]["messages"], 9);
    assert_eq!(setup.shown("app").await["app"]["permission_version"], "v2");
    for view in ["connections", "events", "tasks", "faults"] {
        setup.shown(view).await;
    }
    for missing in ["user?id=nobody", "channel?cid=x:y", "message?id=x", "request?number=x"] {
        let (parts, _) = setup.fetch(Method::GET, &format!("{API}{missing}"), &[], "").await;
        assert_eq!(parts.status, StatusCode::NOT_FOUND, "{missing}");
    }
}

#[tokio::test]
async fn requests_are_kept_without_credentials() {
    let setup = inspected().await;
    let config = json!({"sqs_secret": "aws-secret", "sqs_key": format!("has {SECRET}")});
    setup.patch("/api/v2/app", config).await;
    let user = setup.user_token("jane");
    let path = format!("/api/v2/app?authorization={user}&json=%7B%22user_token%22%3A%22x%22%7D");
    setup.call_as(&user, Method::GET, &path, None).await;

    let list = setup.shown("requests").await;
    assert_eq!(list["total"], 3);
    let newest = &list["items"][0];
    assert_eq!(newest["operation"], "GetApp");
    assert_eq!(newest["caller"], "jane");
    assert_eq!(newest["status"], 200);
    let view = format!("request?number={}", newest["number"]);
    let text = setup.shown(&view).await.to_string();
    assert!(!text.contains(&user) && text.contains("[redacted]"), "{text}");
    let number = &list["items"][1]["number"];
    let update = setup.shown(&format!("request?number={number}")).await;
    assert_eq!(update["request"]["value"]["sqs_secret"], "[redacted]");
    assert_eq!(update["request"]["value"]["sqs_key"], "has [redacted]");
    assert_eq!(update["response"]["form"], "json");
    let header = |name: &str| {
        let headers = update["request_headers"].as_array().unwrap();
        headers.iter().find(|header| header[0] == name).map(|header| header[1].clone())
    };
    assert_eq!(header("authorization"), Some(json!("[redacted]")));
    assert!(!setup.shown("app").await.to_string().contains("aws-secret"));
    // The search includes the bodies of requests and responses.
    assert_eq!(setup.shown("requests?q=sqs_key").await["total"], 2);

    let path = format!("{API}requests");
    let (parts, _) = setup.fetch(Method::DELETE, &path, &[], "").await;
    assert_eq!(parts.status, StatusCode::OK);
    assert_eq!(setup.shown("requests").await["total"], 0);
    // The record for tests does not change.
    assert_eq!(setup.emulator.requests().len(), 3);
}

#[tokio::test]
async fn a_response_passes_through_whatever_it_is() {
    let setup = inspected().await;
    let cut = json!({"cut": true, "operation": "GetApp"});
    setup.call(Method::POST, "/emulator/faults", Some(cut)).await;
    assert_eq!(setup.shown("faults").await["faults"][0]["kind"], "cut");
    let uri = format!("{}/api/v2/app?api_key=emulator", setup.emulator.base_url());
    let mut stream = TcpStream::connect(setup.emulator.address()).await.unwrap();
    let request = format!("GET {uri} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert!(!response.ends_with("0\r\n\r\n"), "the body is not whole: {response}");
    assert_eq!(setup.shown("faults").await["faults"], json!([]));
    let seen = setup.shown("requests").await["items"][0].clone();
    assert_eq!((&seen["operation"], &seen["response_size"]), (&json!("GetApp"), &Value::Null));
}

#[tokio::test]
async fn a_login_is_a_token_of_a_living_user() {
    let setup = inspected().await;
    let (status, session) = setup.act("login", &json!({"user_id": "jane"})).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!session.to_string().contains(SECRET));
    let token = session["token"].as_str().unwrap();
    let channels = json!({"filter_conditions": {"members": {"$in": ["jane"]}}});
    let reply = setup.call_as(token, Method::POST, "/channels", Some(channels)).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    // It is not a server token.
    let reply = setup.call_as(token, Method::PATCH, "/app", Some(json!({}))).await;
    reply.assert_error(403, 17);

    setup.post("/api/v2/users/bob/deactivate", json!({})).await;
    assert_eq!(setup.act("login", &json!({"user_id": "bob"})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(setup.act("login", &json!({"user_id": "x"})).await.0, StatusCode::NOT_FOUND);
    assert_eq!(setup.act("login", &json!({})).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn webhooks_are_shown_and_delivered_again() {
    let (receiver, url) = Receiver::start().await;
    let setup = inspected().await;
    setup.channel(&["jane"]).await;
    let hook = json!({
        "event_hooks": [{"hook_type": "webhook", "webhook_url": url, "event_types": ["message.new"]}]
    });
    setup.patch("/api/v2/app", hook).await;
    receiver.answer(500, json!({"problem": "asleep"}));
    setup.send_text("jane", "hello").await;
    setup.emulator.webhooks_idle().await;

    let list = setup.shown("deliveries").await;
    assert_eq!((&list["total"], &list["items"][0]["state"]), (&json!(1), &json!("delivered")));
    let id = list["items"][0]["id"].as_str().unwrap();
    let delivery = setup.shown(&format!("delivery?id={id}")).await;
    assert_eq!(delivery["log"][0]["status"], 500);
    assert_eq!(delivery["log"][0]["response"]["problem"], "asleep");
    assert_eq!(delivery["log"][1]["status"], 200);
    assert_eq!(delivery["signature"], receiver.received()[0].header("x-signature"));
    assert_eq!(delivery["body"]["message"]["text"], "hello");

    // Under the same ID, it is a redelivery with the same body and signature.
    let (status, _) = setup.act("deliver-again", &json!({"id": id})).await;
    assert_eq!(status, StatusCode::OK);
    setup.emulator.webhooks_idle().await;
    let received = receiver.received();
    assert_eq!(received[2].header("x-webhook-id"), id);
    assert_eq!(received[2].header("x-webhook-attempt"), "3");
    assert_eq!(received[2].header("x-signature"), received[0].header("x-signature"));
    let delivery = setup.shown(&format!("delivery?id={id}")).await;
    assert_eq!(delivery["log"].as_array().unwrap().len(), 3);

    let (_, response) = setup.act("deliver-again", &json!({"id": id, "as_new": true})).await;
    setup.emulator.webhooks_idle().await;
    assert_ne!(response["id"], id);
    assert_eq!(receiver.received()[3].header("x-webhook-attempt"), "1");
    assert_eq!(setup.shown("deliveries").await["total"], 2);
    assert_eq!(setup.shown("deliveries?state=failed").await["total"], 0);
    let (status, _) = setup.act("deliver-again", &json!({"id": "unknown"})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// Reads from a stream of updates until a text arrives.
async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = Vec::new();
    let waited = tokio::time::timeout(Duration::from_secs(30), async {
        while !String::from_utf8_lossy(&read).contains(text) {
            let mut part = [0; 16 * 1024];
            let length = stream.read(&mut part).await.unwrap();
            assert_ne!(length, 0, "the stream ended before {text}");
            read.extend_from_slice(&part[..length]);
        }
    });
    waited.await.expect(text);
    String::from_utf8(read).unwrap()
}

#[tokio::test]
async fn updates_arrive_as_they_happen_and_end_with_the_emulator() {
    let setup = inspected().await;
    let mut stream = TcpStream::connect(setup.emulator.address()).await.unwrap();
    let request = "GET /emulator/inspector/stream HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let hello = read_until(&mut stream, "event: hello").await;
    assert!(hello.contains("text/event-stream"), "{hello}");
    setup.get("/api/v2/app").await;
    let updates = read_until(&mut stream, "GetApp").await;
    assert!(updates.contains(r#""missed_requests":false"#), "{updates}");
    let secret = token(SECRET, &json!({"server": true}));
    assert!(!updates.contains(SECRET) && !updates.contains(&secret));

    // An open stream does not delay the shutdown.
    let Setup { emulator, .. } = setup;
    let ended = tokio::time::timeout(Duration::from_secs(30), async {
        emulator.shutdown().await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    });
    ended.await.expect("the stream ends");
}
