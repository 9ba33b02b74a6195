//! Batches wait for the tasks that they start.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use crate::server::{Answer, Server, ids};
use stream_chat::models::Operation;
use stream_chat::models::users::DeactivateUsers;
use stream_chat::{BulkProgress, Client, TasksError};

type Deactivated = <DeactivateUsers as Operation>::Response;

const HOUR: Duration = Duration::from_secs(3600);

/// Starts a server whose tasks are named after the first user, and end in another order than they
/// began.
fn server(refused: &'static str, failing: &'static str) -> (Server, Client) {
    Server::steady(move |request| {
        let Some(task) = request.path.strip_prefix("/api/v2/tasks/") else {
            if request.has(refused) {
                return Answer::refused(4);
            }
            return Answer::Json(200, json!({ "task_id": request.ids()[0] }));
        };
        let status = match task {
            task if task == failing => "failed",
            _ if request.number % 3 == 0 => "completed",
            _ => "running",
        };
        Answer::Json(200, json!({ "task_id": task, "status": status }))
    })
}

#[tokio::test(start_paused = true)]
async fn all_tasks_are_awaited_together_and_come_in_order() {
    let (server, client) = server("none", "none");
    let seen = Arc::new(Mutex::new(Vec::<BulkProgress>::new()));
    let report = {
        let seen = seen.clone();
        move |progress| seen.lock().unwrap().push(progress)
    };
    let bulk = client.deactivate_users(ids(0..1000)).in_flight(5).progress(report);
    let tasks = bulk.and_wait().at_most(HOUR).await.unwrap();
    let names: Vec<&str> = tasks.iter().map(|task| &*task.task_id).collect();
    assert_eq!(names, ["0", "100", "200", "300", "400", "500", "600", "700", "800", "900"]);
    let last = *seen.lock().unwrap().last().unwrap();
    assert_eq!((last.done, last.tasks_started, last.tasks_finished), (1000, 10, 10));
    assert_eq!(server.most_in_flight(), 5);
}

#[tokio::test(start_paused = true)]
async fn tasks_of_earlier_requests_are_not_lost_if_a_later_one_fails() {
    let (_server, client) = server("350", "100");
    let bulk = client.deactivate_users(ids(0..1000)).in_flight(1);
    let error = bulk.and_wait().at_most(Duration::from_secs(60)).await.unwrap_err();
    assert!(error.is_invalid_input(), "{error}");
    let known = TasksError::<String, Deactivated>::take(error).unwrap();
    let finished: Vec<&str> = known.finished.iter().map(|task| &*task.task_id).collect();
    assert_eq!(finished, ["0", "200"]);
    let [failed] = &known.failed[..] else { panic!("{known:?}") };
    assert_eq!((&*failed.task_id, failed.may_go_on()), ("100", false));
    let requests = known.requests.unwrap();
    assert_eq!((requests.failed.len(), requests.unsent), (1, ids(400..1000)));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_takes_too_long_is_named() {
    let (_server, client) = Server::steady(|request| {
        let status = if request.path.ends_with("/100") { "running" } else { "completed" };
        match request.path.strip_prefix("/api/v2/tasks/") {
            Some(task) => Answer::Json(200, json!({ "task_id": task, "status": status })),
            None => Answer::Json(200, json!({ "task_id": request.ids()[0] })),
        }
    });
    let report = client.deactivate_users(ids(0..300)).and_wait().report().await;
    assert_eq!(report.unfinished().collect::<Vec<_>>(), ["100"]);
    assert!(report.requests.is_success() && report.finished.len() == 2);
    let error = report.into_result().unwrap_err();
    assert_eq!(error.kind(), stream_chat::ErrorKind::TaskTimeout);
    assert!(error.to_string().starts_with("2 tasks are done, 1 are not; task 100"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_handle_knows_the_tasks_after_a_drop() {
    let (_server, client) = Server::steady(|request| match request.path.contains("/tasks/") {
        true => Answer::Nothing,
        false => Answer::Json(200, json!({ "task_id": request.ids()[0] })),
    });
    let bulk = client.deactivate_users(ids(0..200)).in_flight(1);
    let handle = bulk.handle();
    let waiting = bulk.and_wait();
    let cut = tokio::time::timeout(Duration::from_secs(3), async { waiting.await }).await;
    assert!(cut.is_err());
    assert_eq!(handle.tasks(), ["0", "100"]);
    assert_eq!(handle.confirmed(), [0..200]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_cannot_be_looked_at_for_a_while_is_awaited() {
    for (status, code, times) in [(404, 16, 3), (500, -1, 40), (503, -1, 40), (429, 9, 40)] {
        let (_server, client) = Server::steady(move |request| {
            if !request.path.contains("/tasks/") {
                return Answer::Json(200, json!({ "task_id": "t" }));
            }
            if request.number <= times {
                return Answer::Json(
                    status,
                    json!({ "code": code, "message": "no", "StatusCode": status }),
                );
            }
            Answer::Json(200, json!({ "task_id": "t", "status": "completed" }))
        });
        let bulk = client.deactivate_users(ids(0..10)).and_wait().at_most(HOUR);
        let finished = bulk.await.unwrap_or_else(|error| panic!("{status}: {error}"));
        assert_eq!(finished.len(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_unknown_ends_the_wait() {
    // It is never found, or not any more.
    for known in [0, 2] {
        let (server, client) = Server::steady(move |request| match request.number {
            0 => Answer::Json(200, json!({ "task_id": "t" })),
            number if number <= known => {
                Answer::Json(200, json!({ "task_id": "t", "status": "running" }))
            }
            _ => Answer::Json(404, json!({ "code": 16, "message": "no", "StatusCode": 404 })),
        });
        let report = client.deactivate_users(ids(0..10)).and_wait().at_most(HOUR).report().await;
        let [failed] = &report.failed[..] else { panic!("{report:?}") };
        assert!(failed.error.is_not_found(), "{}", failed.error);
        assert!(failed.may_go_on() && report.requests.is_success());
        assert_eq!(server.requests().len(), if known == 0 { 1 + 6 } else { 1 + 2 + 1 });
    }
    // One that was not just started is not looked for again.
    let answer = || Answer::Json(404, json!({ "code": 16, "message": "no", "StatusCode": 404 }));
    let (server, client) = Server::steady(move |_| answer());
    assert!(client.task("t").wait().await.unwrap_err().is_not_found());
    assert_eq!(server.requests().len(), 1);
}
