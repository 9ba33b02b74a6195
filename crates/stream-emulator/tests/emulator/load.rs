//! Many clients at once, clients that disconnect, and a killed emulator lose no data.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::support::{Setup, token};
use stream_emulator::{Emulator, Fault};

const GENERAL: &str = "/api/v2/chat/channels/messaging/general";
const MESSAGE: &str = "/api/v2/chat/channels/messaging/general/message";

/// Sends texts from several concurrent tasks, and returns the statuses.
async fn send(setup: &Arc<Setup>, tasks: usize, each: usize) -> Vec<u16> {
    let senders: Vec<_> = (0..tasks)
        .map(|task| {
            let setup = Arc::clone(setup);
            tokio::spawn(async move {
                let mut statuses = Vec::new();
                for number in 0..each {
                    let id = format!("{task}-{number}");
                    let body = json!({"message": {"id": id, "text": "hi", "user_id": "a"}});
                    let reply = setup.call(Method::POST, MESSAGE, Some(body)).await;
                    statuses.push(reply.status.as_u16());
                }
                statuses
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for sender in senders {
        statuses.extend(sender.await.unwrap());
    }
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_messages_at_once_are_each_kept_once() {
    let setup = Arc::new(Setup::with_users(&["a", "b"]).await);
    setup.channel(&["a", "b"]).await;
    let statuses = send(&setup, 30, 20).await;
    assert!(statuses.iter().all(|status| *status == 201), "{statuses:?}");
    let state = setup.get(&format!("{GENERAL}?messages_limit=300")).await;
    assert_eq!(state["channel"]["message_count"], 600);
    let messages = state["messages"].as_array().unwrap();
    let times: Vec<i64> =
        messages.iter().map(|message| message["created_at"].as_i64().unwrap()).collect();
    assert!(times.is_sorted_by(|one, other| one < other));
    let unread = setup.get("/api/v2/chat/unread?user_id=b").await;
    assert_eq!(unread["total_unread_count"], 600);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_latest_requests_are_recorded() {
    let setup = Setup::new().await;
    for number in 0..4200 {
        let uri = format!("{}/nowhere/{number}", setup.emulator.base_url());
        setup.raw(Method::GET, &uri, &[], "").await;
    }
    let requests = setup.emulator.requests();
    assert_eq!(requests.len(), 4096);
    assert_eq!(requests[0].path, "/nowhere/104");
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_are_restored_under_traffic() {
    let setup = Arc::new(Setup::with_users(&["a"]).await);
    setup.channel(&["a"]).await;
    let snapshot = setup.emulator.snapshot();
    let traffic = tokio::spawn({
        let setup = Arc::clone(&setup);
        async move { send(&setup, 8, 40).await }
    });
    while !traffic.is_finished() {
        setup.emulator.reset();
        tokio::task::yield_now().await;
        setup.emulator.restore(snapshot.clone());
        setup.get("/emulator/snapshot").await;
        setup.emulator.advance_clock(Duration::from_secs(1));
    }
    // After a restore to an empty state, the channel or the user is missing.
    for status in traffic.await.unwrap() {
        assert!(matches!(status, 201 | 400 | 404), "{status}");
    }
    setup.emulator.restore(snapshot);
    setup.send_text("a", "still there").await;
    let state = setup.get(GENERAL).await;
    assert_eq!(state["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_client_that_leaves_does_no_harm() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    // A hook that never responds holds the message back; if its sender disconnects, no part of it
    // is sent.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", silent.local_addr().unwrap());
    let hook = json!({
        "before_message_send_hook_url": url,
        "before_message_send_hook_attempt_timeout_ms": 10_000,
    });
    setup.patch("/api/v2/app", hook).await;
    let body = json!({"message": {"id": "m", "text": "hi", "user_id": "a"}});
    let sent = setup.call(Method::POST, MESSAGE, Some(body.clone()));
    tokio::select! {
        _ = sent => panic!("nobody has answered the hook"),
        accepted = silent.accept() => drop(accepted.unwrap()),
    }
    setup.patch("/api/v2/app", json!({"before_message_send_hook_url": null})).await;
    assert_eq!(setup.get(GENERAL).await["messages"], json!([]));
    setup.post(MESSAGE, body).await;

    // A client that disconnects in the middle of its body is not waited for.
    setup.emulator.fail_next(Fault::delay(Duration::from_secs(60)).on("GetApp"));
    for head in [
        "POST /api/v2/users HTTP/1.1\r\ncontent-length: 1000\r\n\r\n{\"users\"",
        "GET /api/v2/app HTTP/1.1\r\n\r\n",
    ] {
        use tokio::io::AsyncWriteExt;

        let mut stream = tokio::net::TcpStream::connect(setup.emulator.address()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
    }
    setup.send_text("a", "and on it goes").await;
}

/// Starts the program, and returns it with its address.
fn start(path: &std::path::Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stream-emulator"))
        .args(["--port", "0", "--key", "key", "--secret", "secret", "--quiet", "--data"])
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let first = output.lines().map(Result::unwrap).find(|line| line.contains("http://")).unwrap();
    let (_, url) = first.split_once("http://").unwrap();
    (child, format!("http://{}", url.trim()))
}

#[tokio::test]
async fn a_killed_emulator_leaves_a_complete_data_file() {
    let folder = folder_for("killed");
    let path = folder.join("world.json");
    let client = Setup::new().await;
    let token = token("secret", &json!({"server": true}));
    let headers = [("authorization", token.as_str()), ("stream-auth-type", "jwt")];
    let call = async |url: &str, method: Method, path: &str, body: Value| {
        let separator = if path.contains('?') { '&' } else { '?' };
        let uri = format!("{url}{path}{separator}api_key=key");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        client.raw(method, &uri, &headers, body).await
    };
    let mut known = BTreeSet::new();
    for round in 0..3 {
        let (mut child, url) = start(&path);
        for number in 0..60 {
            let id = format!("user-{round}-{number}");
            let users = json!({"users": {id.clone(): {"id": id}}});
            let reply = call(&url, Method::POST, "/api/v2/users", users).await;
            assert_eq!(reply.status, 201);
            known.insert(id);
            // The pauses leave time to write the file.
            if number == 30 {
                let deadline = std::time::Instant::now() + Duration::from_secs(60);
                while !std::fs::read_to_string(&path)
                    .unwrap_or_default()
                    .contains(&format!("user-{round}-30"))
                {
                    assert!(std::time::Instant::now() < deadline, "the file is not written");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let world: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let users = world["users"].as_object().unwrap();
        for number in 0..=30 {
            assert!(users.contains_key(&format!("user-{round}-{number}")), "{round} {number}");
        }
        assert!(users.keys().all(|id| known.contains(id)));
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

fn folder_for(name: &str) -> std::path::PathBuf {
    let folder =
        std::env::temp_dir().join(format!("stream-emulator-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test]
async fn an_emulator_that_is_dropped_under_traffic_responds_or_disconnects() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.address();
    let callers: Vec<_> = (0..20)
        .map(|_| {
            tokio::spawn(async move {
                use tokio::io::{AsyncReadExt, AsyncWriteExt};

                let Ok(mut stream) = tokio::net::TcpStream::connect(address).await else {
                    return String::new();
                };
                let _ = stream
                    .write_all(b"GET /api/v2/app HTTP/1.1\r\nconnection: close\r\n\r\n")
                    .await;
                let mut answer = Vec::new();
                let _ = stream.read_to_end(&mut answer).await;
                String::from_utf8_lossy(&answer).into_owned()
            })
        })
        .collect();
    tokio::task::yield_now().await;
    drop(emulator);
    for caller in callers {
        let answer = caller.await.unwrap();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 401"), "{answer}");
    }
}
