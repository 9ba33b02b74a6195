//! An import runs from a file to its finished task.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support;
use stream_chat::models::imports::ImportMode;
use stream_chat::transport::testing::ScriptedTransport;
use stream_chat::transport::{TransportError, TransportErrorKind};
use stream_chat::{Client, ErrorKind, FileSource, ImportFailure, Upload};
use stream_emulator::Emulator;

const USERS: &str = "{\"type\":\"user\",\"item\":{\"id\":\"john\",\"role\":\"user\"}}\n\
    {\"type\":\"user\",\"item\":{\"id\":\"jane\",\"role\":\"user\"}}\n";
const SIGNATURE: &str = "s3cr3t-signature";

type Log<T> = Arc<Mutex<Vec<T>>>;

/// Returns two handles to a list that a callback fills.
fn log<T>() -> (Log<T>, Log<T>) {
    let log = Arc::new(Mutex::new(Vec::new()));
    (log.clone(), log)
}

#[tokio::test]
async fn bytes_files_and_readers_are_imported() {
    let emulator = Emulator::builder().task_polls(2).start().await.unwrap();
    let client = support::client(&emulator);
    let path = std::env::temp_dir().join(format!("stream-chat-{}.jsonl", std::process::id()));
    std::fs::write(&path, USERS).unwrap();
    let length = USERS.len() as u64;
    let files = [
        Upload::bytes("users.jsonl", USERS.as_bytes()).into(),
        Upload::path(&path).into(),
        FileSource::reader("users.json", USERS.as_bytes(), Some(length)),
    ];
    for file in files {
        let (progress, sent) = log();
        let (states, seen) = log();
        let import = client
            .imports()
            .run(file, ImportMode::Upsert)
            .on_progress(move |sent, total| progress.lock().unwrap().push((sent, total)))
            .on_state(move |import| states.lock().unwrap().push(import.state.clone()))
            .every(Duration::ZERO)
            .await
            .unwrap();
        assert_eq!((import.state.as_str(), import.size), ("completed", i64::try_from(length).ok()));
        assert_eq!(sent.lock().unwrap().last(), Some(&(length, length)));
        let seen = seen.lock().unwrap();
        assert!(seen.len() > 2 && seen.last().unwrap() == "completed", "{seen:?}");
    }
    std::fs::remove_file(path).unwrap();
    assert!(client.user("jane").get().await.unwrap().is_some());
}

#[tokio::test]
async fn an_import_outlives_whoever_waits_for_it() {
    let emulator = Emulator::builder().task_polls(1).start().await.unwrap();
    let client = support::client(&emulator);
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let run = client
        .imports()
        .run(Upload::bytes("users.jsonl", USERS.as_bytes()), ImportMode::Insert)
        .on_state(move |import| {
            if let Some(sender) = sender.lock().unwrap().take() {
                sender.send(import.id.clone()).unwrap();
            }
        })
        .every(Duration::MAX);
    let id = tokio::select! {
        biased;
        id = receiver => id.unwrap(),
        _ = run => panic!("nobody looks again"),
    };
    let import = client.imports().wait(id).every(Duration::ZERO).await.unwrap();
    assert_eq!(import.state, "completed");
}

/// Returns a client whose upload URL is `url`.
fn signed(url: &str) -> (ScriptedTransport, Client) {
    let (transport, client) = support::scripted();
    let upload_url = format!("{url}?X-Amz-Signature={SIGNATURE}&X-Amz-Credential=abcdefgh");
    transport.json(201, json!({ "path": "p/users.jsonl", "upload_url": upload_url }).to_string());
    (transport, client)
}

fn users() -> Upload {
    Upload::bytes("users.jsonl", USERS.as_bytes())
}

#[tokio::test]
async fn nothing_of_the_app_goes_to_the_storage() {
    let (transport, client) = signed("https://bucket.example.com/p/users.jsonl");
    transport.json(200, "");
    let import = json!({ "id": "i", "state": "uploaded", "history": [] });
    transport.json(201, json!({ "import_task": import }).to_string());
    let import = json!({ "id": "i", "state": "completed", "history": [] });
    transport.json(200, json!({ "import_task": import }).to_string());
    client.imports().run(users(), ImportMode::Insert).merge_custom(true).await.unwrap();

    let sent = transport.sent();
    let put = &sent[1];
    assert_eq!((put.method.as_str(), put.uri.host()), ("PUT", Some("bucket.example.com")));
    assert_eq!(put.body, USERS);
    let names: Vec<_> = put.headers.keys().map(http::HeaderName::as_str).collect();
    assert_eq!(names, ["content-type"]);
    assert_eq!(put.headers["content-type"], "application/json");
    assert!(!put.uri.to_string().contains("api_key"), "{}", put.uri);
    assert!(sent[2].uri.to_string().contains("api_key=key"), "the API is asked as ever");
    let bodies = support::bodies(&transport);
    assert_eq!(bodies[0], json!({ "filename": "users.jsonl" }));
    assert_eq!(
        bodies[2],
        json!({ "path": "p/users.jsonl", "mode": "insert", "merge_custom": true })
    );
}

#[tokio::test]
async fn an_upload_that_is_refused_ends_it_and_shows_no_signature() {
    let (transport, client) = signed("https://bucket.example.com/p/users.jsonl");
    let refusal = format!("<Error><Code>AccessDenied</Code><String>{SIGNATURE}</String></Error>");
    transport.json(403, refusal);
    let error = client.imports().run(users(), ImportMode::Insert).await.unwrap_err();
    assert_eq!((error.kind(), error.operation_id()), (ErrorKind::Api, Some("UploadImportFile")));
    assert!(!format!("{error} {error:?}").contains(SIGNATURE), "{error:?}");
    assert_eq!(transport.sent().len(), 2, "no import is created");
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_breaks_off_starts_over() {
    let (transport, client) = signed("https://bucket.example.com/p/users.jsonl");
    transport.fail(TransportError::new(TransportErrorKind::ConnectionReset, "reset"));
    transport.json(200, "");
    transport.json(400, r#"{"code":4,"message":"no","StatusCode":400}"#);
    let (progress, sent) = log();
    let run = client.imports().run(users(), ImportMode::Insert);
    let run = run.on_progress(move |sent, _| progress.lock().unwrap().push(sent));
    let error = run.await.unwrap_err();
    assert_eq!(error.operation_id(), Some("CreateImport"));
    let length = USERS.len() as u64;
    assert_eq!(*sent.lock().unwrap(), [length, length]);
}

#[tokio::test]
async fn invalid_uploads_are_refused_before_sending() {
    let encrypted = "https://bucket.example.com/p/users.jsonl";
    for (url, file, what) in [
        (encrypted, FileSource::reader("a.json", USERS.as_bytes(), None), "length"),
        (encrypted, FileSource::path("/does/not/exist.json"), "/does/not/exist.json"),
        ("http://bucket.example.com/p/users.jsonl", users().into(), "not encrypted"),
        ("https://user@bucket.example.com/p", users().into(), "user name"),
        ("ftp://bucket.example.com/p", users().into(), "URL"),
    ] {
        let (transport, client) = signed(url);
        let error = client.imports().run(file, ImportMode::Insert).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        let text = error.to_string();
        assert!(text.contains(what) && !text.contains(SIGNATURE), "{text}");
        assert_eq!(transport.sent().len(), 1);
    }
}

/// Responds with the final state of an import.
fn ended(transport: &ScriptedTransport, import: &Value) {
    transport.json(200, json!({ "import_task": import }).to_string());
}

#[tokio::test]
async fn a_failed_import_says_which_lines_are_wrong() {
    let (transport, client) = support::scripted();
    let errors = json!([
        { "line": 2, "message": "user has no id" },
        { "line": 9, "message": "unknown channel" },
    ]);
    let import = json!({
        "id": "i", "state": "analyze_failed", "history": [], "result": { "errors": errors },
    });
    ended(&transport, &import);
    let error = client.imports().wait("i").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TaskFailed);
    let failure = ImportFailure::of(&error).unwrap();
    assert_eq!(failure.import.state, "analyze_failed");
    assert_eq!(failure.errors(), ["line 2: user has no id", "line 9: unknown channel"]);
    assert!(error.to_string().contains("line 2: user has no id"), "{error}");

    ended(&transport, &json!({ "id": "i", "state": "importing", "history": [] }));
    let late = client.imports().wait("i").at_most(Duration::ZERO).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::TaskTimeout);
    assert!(late.to_string().contains("import i is importing"), "{late}");
    assert!(ImportFailure::of(&late).is_none());
}
