//! Waiting for a task ends with its result, its failure or a timeout.

use std::time::Duration;

use serde_json::json;

use crate::support;
use stream_chat::models::imports::{ImportProduct, ImportV2TaskSettings};
use stream_chat::models::policy_tests::PolicyTestRow;
use stream_chat::{ErrorKind, ImportTaskFailure, Upload};
use stream_emulator::{Emulator, Fault};

#[tokio::test]
async fn the_states_of_a_task_come_one_after_another() {
    let emulator = Emulator::builder().task_polls(2).start().await.unwrap();
    let client = support::client(&emulator);
    support::users(&client, ["john"]).await;
    let started = client.delete_users(["john"]).await.unwrap();
    emulator.fail_next(Fault::error(503, -1, "away").on("GetTask").times(4));
    let task = client.task(&started[0].task_id).every(Duration::ZERO);
    let mut states = task.progress();
    let mut seen = Vec::new();
    while let Some(state) = states.next().await.unwrap() {
        seen.push(state.status.clone());
    }
    assert_eq!(seen, ["running", "running", "completed"]);
    assert!(states.next().await.unwrap().is_none());
}

#[tokio::test]
async fn states_end_with_the_failure_or_the_time() {
    let (transport, client) = support::scripted();
    transport.json(200, r#"{"task_id":"t","status":"running"}"#);
    transport
        .json(200, r#"{"task_id":"t","status":"failed","error":{"type":"x","description":"no"}}"#);
    let mut states = client.task("t").every(Duration::ZERO).progress();
    assert_eq!(states.next().await.unwrap().unwrap().status, "running");
    let error = states.next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TaskFailed);
    assert!(error.to_string().contains("x: no"), "{error}");
    assert!(states.next().await.unwrap().is_none(), "it has ended");

    transport.json(200, r#"{"task_id":"t","status":"running"}"#);
    let mut states = client.task("t").at_most(Duration::ZERO).progress();
    assert!(states.next().await.unwrap().is_some());
    assert_eq!(states.next().await.unwrap_err().kind(), ErrorKind::TaskTimeout);
    assert_eq!(transport.remaining(), 0);
}

#[tokio::test]
async fn import_tasks_are_waited_for() {
    let emulator = Emulator::builder().task_polls(1).start().await.unwrap();
    let client = support::client(&emulator);
    let url = client.imports().create_upload_url().await.unwrap();
    let put = stream_chat::transport::PreparedRequest::to_url(
        stream_chat::models::OperationInfo::new("Put", stream_chat::models::Method::Put, "(URL)"),
        &url.upload_url,
    );
    let users = Upload::bytes("a.json", *br#"[{"type":"user","item":{"id":"john"}}]"#);
    let put = put.unwrap().body(stream_chat::transport::BodySource::file(users.into()));
    client.executor().execute(put, &stream_chat::CallOptions::new()).await.unwrap();
    let tasks = client.import_tasks();
    let settings = ImportV2TaskSettings::new().path(&url.path).mode("upsert");
    let task = tasks.create(ImportProduct::Chat, settings).await.unwrap();
    let done = tasks.wait(&task.id).every(Duration::ZERO).await.unwrap();
    assert_eq!(done.result["imported"], 1);

    let nowhere = ImportV2TaskSettings::new().path("/nowhere").mode("upsert");
    let task = tasks.create(ImportProduct::Chat, nowhere).await.unwrap();
    let error = tasks.wait(&task.id).every(Duration::ZERO).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TaskFailed, "{error}");
    let failure = ImportTaskFailure::of(&error).unwrap();
    assert_eq!((&*failure.task.id, failure.errors().len()), (&*task.id, 1));
    assert!(error.to_string().contains("there is no uploaded file"), "{error}");
}

/// The states of import tasks are numbers whose meaning is not published.
#[tokio::test]
async fn an_import_task_has_ended_when_its_result_stays() {
    let (transport, client) = support::scripted();
    let look = |state: i64, result: &serde_json::Value| {
        let task = json!({ "id": "t", "state": state, "result": result });
        transport.json(200, task.to_string());
    };
    let wait = || client.import_tasks().wait("t").every(Duration::ZERO);

    // A result that grows is not the end, whatever the state.
    look(1, &json!({}));
    look(77, &json!({ "imported": 1 }));
    look(77, &json!({ "imported": 2 }));
    look(78, &json!({ "imported": 2 }));
    look(78, &json!({ "imported": 2 }));
    let mut states = wait().progress();
    let mut seen = Vec::new();
    while let Some(task) = states.next().await.unwrap() {
        seen.push((task.state, task.result.get("imported").cloned()));
    }
    let two = || Some(json!(2));
    assert_eq!(seen, [(1, None), (77, Some(json!(1))), (77, two()), (78, two()), (78, two())]);

    // A transient error that is gone at the end does not fail the task.
    look(77, &json!({ "errors": ["busy"] }));
    look(78, &json!({ "imported": 2, "errors": [] }));
    look(78, &json!({ "imported": 2, "errors": [] }));
    assert_eq!(wait().await.unwrap().result["imported"], 2);

    look(79, &json!({ "error": "no such bucket" }));
    look(79, &json!({ "error": "no such bucket" }));
    let error = wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TaskFailed);
    assert_eq!(ImportTaskFailure::of(&error).unwrap().errors(), ["no such bucket"]);

    // Without a result, no state number means the end.
    look(4, &json!({}));
    let late = wait().at_most(Duration::ZERO).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::TaskTimeout);
    assert!(late.to_string().contains("import task t is in state 4"), "{late}");
    assert_eq!(transport.remaining(), 0);
}

#[tokio::test]
async fn policy_tests_are_waited_for() {
    let (_emulator, client) = support::start().await;
    let tests = client.moderation().policy_tests();
    let rows = [PolicyTestRow::new().text("hello").recommended_action("keep")];
    let set = tests.create("greetings").rows(rows).await.unwrap();
    let started = tests.start(&set.set.as_ref().unwrap().id).await.unwrap();
    let done = tests.wait(&started.run.as_ref().unwrap().id).await.unwrap();
    assert_eq!(done.results.len(), 1);

    let (transport, client) = support::scripted();
    for run in [
        json!({ "id": "r", "status": "running" }),
        json!({ "id": "r", "status": "failed", "error_message": "the model is away" }),
    ] {
        transport.json(200, json!({ "run": run }).to_string());
    }
    let wait = client.moderation().policy_tests().wait("r").every(Duration::ZERO);
    let error = wait.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TaskFailed);
    assert!(error.to_string().contains("the model is away"), "{error}");
}

#[tokio::test]
async fn what_a_task_did_is_counted() {
    let (transport, client) = support::scripted();
    let cases = [
        (json!({ "a": { "status": "ok" }, "b": { "status": "error", "error": "no" } }), (1, 1)),
        (json!({ "success_channels_count": 7, "failed_channels_count": 2 }), (7, 2)),
        (json!({ "url": "https://example.com/export" }), (0, 0)),
    ];
    for (result, expected) in cases {
        let task = json!({ "task_id": "t", "status": "completed", "result": result });
        transport.json(200, task.to_string());
        let done = client.task("t").wait().await.unwrap();
        let counts = done.counts();
        assert_eq!((counts.succeeded, counts.failed), expected, "{result}");
        let failures: Vec<_> = done.failures().collect();
        let named = if result.get("b").is_some() { vec![("b", "no")] } else { vec![] };
        assert_eq!(failures, named);
    }
}
