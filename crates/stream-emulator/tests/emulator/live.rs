//! Live connections begin, stay open and end as the clients expect.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::support::socket::{Connection, Socket};
use crate::support::{Setup, now};
use stream_emulator::{Emulator, Fault};

#[tokio::test]
async fn the_first_frame_greets_with_a_connection_and_the_user() {
    let setup = Setup::new().await;
    let connection =
        setup.connect_as(json!({"id": "jane", "name": "Jane", "color": "green"})).await;
    let hello = &connection.hello;
    assert_eq!(hello["cid"], "*");
    assert!(hello["created_at"].as_str().unwrap().ends_with('Z'), "{hello}");
    assert_eq!(connection.id.len(), 36);
    let me = &hello["me"];
    assert_eq!(
        (&me["id"], &me["name"], &me["role"]),
        (&json!("jane"), &json!("Jane"), &json!("user"))
    );
    assert_eq!(
        (&me["color"], &me["online"], &me["banned"]),
        (&json!("green"), &json!(true), &json!(false))
    );
    for list in ["devices", "mutes", "channel_mutes", "teams"] {
        assert_eq!(me[list], json!([]), "{list}");
    }
    for count in ["unread_count", "total_unread_count", "unread_channels", "unread_threads"] {
        assert_eq!(me[count], 0, "{count}");
    }
    assert!(me["last_active"].is_string() && me["created_at"].is_string(), "{me}");
    assert_eq!(setup.emulator.connections(), 1);
    assert_eq!(setup.emulator.connected_users(), ["jane"]);
    let shown = setup.get("/emulator/connections").await;
    assert_eq!(shown["connections"][0]["user_id"], "jane");
    assert_eq!(shown["connections"][0]["client"], "tests");
    let requests = setup.get("/emulator/requests").await.to_string();
    assert!(requests.contains("Connect") && !requests.contains(&connection.token), "{requests}");
}

#[tokio::test]
async fn connecting_merges_what_is_new_and_changes_no_rights() {
    let setup = Setup::new().await;
    let users = json!({"jane": {"id": "jane", "name": "Jane", "image": "a.png", "role": "admin",
        "custom": {"color": "green", "size": 1}}});
    setup.post("/api/v2/users", json!({"users": users})).await;
    let details = json!({"id": "jane", "image": "b.png", "role": "user", "teams": ["red"],
        "size": 2, "online": false, "unread_count": 7, "banned": true});
    let me = setup.connect_as(details.clone()).await.hello["me"].clone();
    let expected = json!(["Jane", "b.png", "admin", "green", 2, [], false]);
    let got =
        ["name", "image", "role", "color", "size", "teams", "banned"].map(|name| me[name].clone());
    assert_eq!(json!(got), expected);
    let again = setup.connect_as(details).await;
    assert_eq!(again.hello["me"]["updated_at"], me["updated_at"], "nothing new was said");
}

#[tokio::test]
async fn errors_are_in_the_first_frame() {
    let setup = Setup::with_users(&["jane", "gone"]).await;
    setup.post("/api/v2/users/gone/deactivate", json!({})).await;
    let jane = json!({"id": "jane"});
    let good = setup.user_token("jane");
    let path = |details: &Value, token: &str| setup.connect_path(details, token, "jwt");
    let claims = |claims: Value| setup.token_with(claims);
    let gone = setup.user_token("gone");
    let long = json!({"id": "jane", "text": "x".repeat(6000)});
    let cases = [
        (path(&jane, &claims(json!({"user_id": "jane", "exp": now() - 10}))), 40, 401),
        (path(&jane, &claims(json!({"user_id": "jane", "nbf": now() + 100}))), 41, 401),
        (path(&jane, &claims(json!({"user_id": "jane", "iat": now() + 100}))), 42, 401),
        (path(&jane, &good.replace('.', ".x")), 43, 401),
        (path(&jane, ""), 5, 401),
        (path(&jane, "rubbish"), 5, 401),
        (path(&jane, &claims(json!({"server": true}))), 5, 401),
        (path(&json!({"id": "bob"}), &good), 5, 401),
        (path(&jane, &good).replace("api_key=", "api_key=x"), 2, 401),
        (path(&json!({"id": "jane", "created_at": "2020-01-01T00:00:00Z"}), &good), 4, 400),
        (path(&long, &good), 22, 413),
        (path(&json!({"id": "gone"}), &gone), 5, 401),
        (path(&jane, &good).replace("json=", "jso="), 4, 400),
        (path(&jane, &good).replace("json=", "json=x"), 4, 400),
    ];
    for (path, code, status) in cases {
        let error = setup.connect_refused(&path).await;
        assert_eq!(error["code"], code, "{error}");
        assert_eq!(error["StatusCode"], status, "{error}");
        assert!(error["message"].as_str().unwrap().starts_with("Connect failed"), "{error}");
        assert!(error["duration"].is_string() && error["details"] == json!([]), "{error}");
    }
    assert_eq!(setup.emulator.connections(), 0);
}

#[tokio::test]
async fn revoked_tokens_are_refused_and_development_tokens_pass_where_they_may() {
    let setup = Setup::with_users(&["jane"]).await;
    let jane = json!({"id": "jane"});
    let old = setup.token_with(json!({"user_id": "jane", "iat": now() - 100}));
    let set = json!({"revoke_tokens_issued_before": crate::support::rfc3339(now() - 50)});
    setup.patch("/api/v2/users", json!({"users": [{"id": "jane", "set": set}]})).await;
    let error = setup.connect_refused(&setup.connect_path(&jane, &old, "jwt")).await;
    assert_eq!(error["code"], 40);

    let claims = "eyJ1c2VyX2lkIjoiamFuZSJ9";
    let development = format!("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{claims}.devtoken");
    let path = setup.connect_path(
        &json!({"id": "bob"}),
        &development.replace(claims, "eyJ1c2VyX2lkIjoiYm9iIn0"),
        "jwt",
    );
    assert_eq!(setup.connect_refused(&path).await["code"], 43);
    setup.patch("/api/v2/app", json!({"disable_auth_checks": true})).await;
    let mut socket = Socket::open(&setup, &path).await;
    assert_eq!(socket.json().await["me"]["id"], "bob");
}

#[tokio::test]
async fn guests_and_anonymous_users_connect() {
    let setup = Setup::new().await;
    let uri = format!("{}/guest?api_key={}", setup.emulator.base_url(), setup.emulator.api_key());
    let body = json!({"user": {"id": "visitor", "name": "Visitor"}}).to_string();
    let reply = setup.raw(Method::POST, &uri, &[("stream-auth-type", "anonymous")], body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let user = reply.body["user"].clone();
    assert_eq!(user["role"], "guest");
    assert!(user["id"].as_str().unwrap().contains("visitor"));
    let mut details = user.clone();
    for read_only in ["created_at", "updated_at", "online", "last_active"] {
        details.as_object_mut().unwrap().remove(read_only);
    }
    let path = setup.connect_path(&details, reply.body["access_token"].as_str().unwrap(), "jwt");
    let mut guest = Socket::open(&setup, &path).await;
    let me = guest.json().await["me"].clone();
    assert_eq!((&me["id"], &me["role"]), (&user["id"], &json!("guest")));

    let details = json!({"id": "1a2b3c", "anon": true});
    let path = setup.connect_path(&details, "", "anonymous");
    let mut anonymous = Socket::open(&setup, &path).await;
    let hello = anonymous.json().await;
    let me = &hello["me"];
    assert!(me["id"].as_str().unwrap().starts_with("!anon"), "{me}");
    assert_eq!(me["role"], "anonymous");
    assert!(me.get("anon").is_none(), "{me}");

    // An anonymous user may watch a channel that everyone may read.
    let body = json!({"data": {"created_by": {"id": "host"}}});
    setup.post("/api/v2/chat/channels/livestream/show/query", body).await;
    let id = hello["connection_id"].as_str().unwrap();
    let base = setup.emulator.base_url();
    let query = format!("api_key={}&user_id=1a2b3c&connection_id={id}", setup.emulator.api_key());
    let uri = format!("{base}/channels/livestream/show/query?{query}");
    let kind = [("stream-auth-type", "anonymous")];
    let body = json!({"watch": true, "state": true}).to_string();
    let reply = setup.raw(Method::POST, &uri, &kind, body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(reply.body["watcher_count"], 1);
    let body = json!({"message": {"text": "welcome", "user_id": "host"}});
    setup.post("/api/v2/chat/channels/livestream/show/message", body.clone()).await;
    let mut event = anonymous.json().await;
    while event["type"] != "message.new" {
        event = anonymous.json().await;
    }
    assert_eq!(event["message"]["text"], "welcome");
    let uri = format!("{base}/channels/livestream/show/message?{query}");
    let body = json!({"message": {"text": "hello"}}).to_string();
    let reply = setup.raw(Method::POST, &uri, &kind, body).await;
    reply.assert_error(403, 17);
}

#[tokio::test]
async fn heartbeats_get_a_response_in_both_forms() {
    let setup = Setup::new().await;
    let mut jane = setup.connect("jane").await;
    for beat in
        [json!([{"type": "health.check", "client_id": "jane--1"}]), json!({"type": "health.check"})]
    {
        jane.socket().send(beat).await;
        let answer = jane.event().await;
        assert_eq!(answer["type"], "health.check");
        assert_eq!(answer["connection_id"], jane.id.as_str());
        assert!(answer.get("me").is_none(), "a user without its mutes would replace the known one");
    }
    // Messages that are not health checks are ignored.
    jane.socket().send(json!("rubbish")).await;
    jane.socket().send_frame(Message::text("not JSON")).await;
    jane.socket().send_frame(Message::binary(vec![1, 2])).await;
    jane.socket().send_frame(Message::Ping(vec![7].into())).await;
    assert_eq!(jane.socket().frame().await, Some(Message::Pong(vec![7].into())));
    assert!(jane.events().await.is_empty());
}

#[tokio::test]
async fn either_side_can_close_a_connection() {
    let setup = Setup::new().await;
    let jane = setup.connect("jane").await;
    let mut bob = setup.connect("bob").await;
    let mut kim = setup.connect("kim").await;
    jane.close().await;
    assert_eq!(setup.emulator.connected_users(), ["bob", "kim"]);
    setup.emulator.drop_connections_of("kim");
    assert_eq!(u16::from(kim.socket().closing().await.unwrap().code), 1001);
    assert_eq!(setup.emulator.connected_users(), ["bob"]);
    setup.emulator.drop_connections();
    let closing = bob.socket().closing().await.unwrap();
    assert_eq!(u16::from(closing.code), 1001);
    assert_eq!(setup.emulator.connections(), 0);

    let mut bob = setup.connect("bob").await;
    let snapshot = setup.emulator.snapshot();
    setup.emulator.restore(snapshot);
    assert_eq!(u16::from(bob.socket().closing().await.unwrap().code), 1001);
    assert_eq!(setup.emulator.connections(), 0);

    let mut bob = setup.connect("bob").await;
    setup.emulator.shutdown().await;
    assert_eq!(u16::from(bob.socket().closing().await.unwrap().code), 1001);
}

#[tokio::test]
async fn a_vanished_client_is_detected_by_the_emulators_clock() {
    let setup = Setup::with_users(&["jane", "bob"]).await;
    setup.channel(&["jane", "bob"]).await;
    let mut jane = setup.connect("jane").await;
    let body = json!({"watch": true, "presence": true});
    setup.by(&jane, Method::POST, "/channels/messaging/general/query", body).await;
    // This client neither closes nor reads, so it does not respond to pings.
    let bob = setup.connect("bob").await;
    jane.until("user.presence.changed").await;
    let advance = json!({"advance_ms": 61_000});
    setup.post("/emulator/clock", advance.clone()).await;
    let gone = async {
        loop {
            let event = jane.event().await;
            if event["type"] == "user.presence.changed" {
                return event;
            }
        }
    };
    let moving = async {
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            setup.post("/emulator/clock", json!({"advance_ms": 11_000})).await;
        }
    };
    let event = tokio::select! {
        event = gone => event,
        () = moving => unreachable!(),
    };
    assert_eq!((&event["user"]["id"], &event["user"]["online"]), (&json!("bob"), &json!(false)));
    assert_eq!(setup.emulator.connected_users(), ["jane"], "whoever is there survives");
    drop(bob);
}

#[tokio::test]
async fn a_slow_reader_is_dropped_and_not_waited_for() {
    let crowd: Vec<String> = (0..100).map(|index| format!("member-{index}")).collect();
    let ids: Vec<&str> = crowd.iter().map(String::as_str).collect();
    let setup = Setup::with_users(&["jane", "bob"]).await;
    setup.upsert(&ids).await;
    setup.channel(&["jane", "bob"]).await;
    let slow = setup.connect("bob").await;
    setup.watch(&slow).await;
    let mut quick = setup.connect("jane").await;
    setup.watch(&quick).await;
    // Each call emits an event for each of a hundred members.
    let changes = [json!({"add_members": crowd}), json!({"remove_members": crowd})];
    let general = "/channels/messaging/general";
    let mut rounds = 0;
    while setup.emulator.connected_users().len() == 2 {
        for change in &changes {
            setup.post(general, change.clone()).await;
            assert!(quick.events().await.len() >= 100);
        }
        rounds += 1;
        assert!(rounds < 500, "the reader holds up everyone");
    }
    assert_eq!(setup.emulator.connected_users(), ["jane"]);
    setup.send_text("jane", "hello").await;
    assert!(quick.kinds().await.contains(&"message.new".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_connections_at_once() {
    const COUNT: usize = 1000;
    let setup = Setup::with_users(&["host"]).await;
    setup.channel(&["host"]).await;
    let ids: Vec<String> = (0..COUNT).map(|index| format!("member-{index}")).collect();
    for some in ids.chunks(100) {
        setup.upsert(&some.iter().map(String::as_str).collect::<Vec<_>>()).await;
        setup.post("/channels/messaging/general", json!({"add_members": some})).await;
    }
    let mut connections: Vec<Connection> = Vec::new();
    for id in &ids {
        connections.push(setup.connect(id).await);
    }
    setup.emulator.wait_for_connections(COUNT).await;
    let watcher = connections.last_mut().unwrap();
    setup.watch(watcher).await;
    let message = setup.send_text("host", "welcome").await;
    watcher.until("message.new").await;
    for connection in connections.iter_mut().rev().skip(1) {
        let event = connection.until("notification.message_new").await;
        assert_eq!(event["message"]["id"], message["id"]);
        assert_eq!((&event["unread_count"], &event["watcher_count"]), (&json!(1), &json!(1)));
    }
    assert_eq!(setup.emulator.connections(), COUNT);
    setup.emulator.shutdown().await;
    for mut connection in connections {
        assert!(connection.socket().closing().await.is_some());
    }
}

#[tokio::test]
async fn faults_apply_to_live_connections() {
    let setup = Setup::new().await;
    let path = setup.connect_path(&json!({"id": "jane"}), &setup.user_token("jane"), "jwt");
    setup.emulator.fail_next(Fault::error(429, 9, "Too many requests").on("Connect"));
    let error = setup.connect_refused(&path).await;
    assert_eq!((&error["code"], &error["StatusCode"]), (&json!(9), &json!(429)));
    setup.connect("jane").await;
    let setup = Setup::with(Emulator::builder().rate_limit(1)).await;
    setup.connect("jane").await;
    let path = setup.connect_path(&json!({"id": "jane"}), &setup.user_token("jane"), "jwt");
    assert_eq!(setup.connect_refused(&path).await["code"], 9);
}

#[tokio::test]
async fn whoever_is_deactivated_is_disconnected() {
    let setup = Setup::with_users(&["jane", "bob"]).await;
    let mut jane = setup.connect("jane").await;
    setup.connect("bob").await;
    setup.post("/api/v2/users/jane/deactivate", json!({})).await;
    assert_eq!(u16::from(jane.socket().closing().await.unwrap().code), 1001);
    let path = setup.connect_path(&json!({"id": "jane"}), &setup.user_token("jane"), "jwt");
    let error = setup.connect_refused(&path).await;
    assert!(error["message"].as_str().unwrap().contains("was deactivated"), "{error}");
}

#[tokio::test]
async fn a_plain_request_to_connect_is_an_error_of_the_api() {
    let setup = Setup::new().await;
    let path = setup.connect_path(&json!({"id": "jane"}), &setup.user_token("jane"), "jwt");
    let uri = format!("{}{path}", setup.emulator.base_url());
    setup.raw(Method::GET, &uri, &[], "").await.assert_error(400, 4);
    setup.raw(Method::POST, &uri, &[], "").await.assert_error(405, 16);
}

#[tokio::test]
async fn clients_of_v2_say_who_they_are_in_their_first_frame() {
    let setup = Setup::with_users(&["bob"]).await;
    setup.channel(&["bob"]).await;
    let path = format!("/api/v2/connect?api_key={}&stream-auth-type=jwt", setup.emulator.api_key());
    let mut socket = Socket::open(&setup, &path).await;
    let details = json!({"id": "bob", "name": "Bob", "custom": {"color": "green"}});
    socket
        .send(json!({"token": setup.user_token("bob"), "user_details": details, "products": ["chat"]}))
        .await;
    let hello = socket.json().await;
    assert_eq!(hello["type"], "connection.ok");
    assert!(hello["created_at"].is_i64(), "{hello}");
    assert_eq!(hello["me"]["custom"], json!({"color": "green"}));
    let id = hello["connection_id"].as_str().unwrap();
    let path = format!("/api/v2/chat/channels/messaging/general/query?connection_id={id}");
    let body = json!({"watch": true});
    let reply = setup.call_as(&setup.user_token("bob"), Method::POST, &path, Some(body)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let start = socket.json().await;
    assert_eq!(start["type"], "user.watching.start");
    assert!(start["created_at"].is_i64() && start["user"]["custom"].is_object(), "{start}");
    socket.send(json!({"type": "health.check"})).await;
    assert_eq!(socket.json().await["type"], "health.check");

    let path = format!("/api/v2/connect?api_key={}&stream-auth-type=jwt", setup.emulator.api_key());
    let mut socket = Socket::open(&setup, &path).await;
    let token = setup.token_with(json!({"user_id": "bob", "exp": now() - 10}));
    socket.send(json!({"token": token, "user_details": {"id": "bob"}})).await;
    let refusal = socket.json().await;
    assert_eq!(
        (&refusal["type"], &refusal["error"]["code"]),
        (&json!("connection.error"), &json!(40))
    );
}

#[tokio::test]
async fn clients_without_sockets_poll() {
    let setup = Setup::with_users(&["jane", "bob"]).await;
    setup.channel(&["jane", "bob"]).await;
    let token = setup.user_token("bob");
    let poll = |query: String| {
        let (setup, token) = (&setup, &token);
        async move { setup.call_as(token, Method::GET, &format!("/longpoll?{query}"), None).await }
    };
    let hello = poll("json=%7B%22user_details%22%3A%7B%22id%22%3A%22bob%22%7D%7D".to_owned()).await;
    assert_eq!(hello.status, 200, "{}", hello.body);
    let event = &hello.body["event"];
    assert_eq!((&event["type"], &event["me"]["id"]), (&json!("health.check"), &json!("bob")));
    let id = event["connection_id"].as_str().unwrap().to_owned();
    assert_eq!(setup.emulator.connected_users(), ["bob"]);
    // One client waits while the other causes an event.
    let (events, _) =
        tokio::join!(poll(format!("connection_id={id}")), setup.send_text("jane", "hello"));
    assert_eq!(events.body["events"][0]["type"], "notification.message_new");
    setup.send_text("jane", "again").await;
    let events = poll(format!("connection_id={id}")).await;
    assert_eq!(events.body["events"][0]["message"]["text"], "again");

    let other = setup.user_token("jane");
    let path = format!("/longpoll?connection_id={id}");
    setup.call_as(&other, Method::GET, &path, None).await.assert_error(400, 46);
    assert_eq!(poll(format!("connection_id={id}&close=true")).await.status, 200);
    poll(format!("connection_id={id}")).await.assert_error(400, 46);
    assert_eq!(setup.emulator.connections(), 0);
}
