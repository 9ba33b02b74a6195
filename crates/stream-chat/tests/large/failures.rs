//! A failed batch reports what was done, and can be resumed.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::server::{Answer, Server, ids};
use stream_chat::models::Operation;
use stream_chat::models::users::RestoreUsers;
use stream_chat::{BulkError, Client, Error, FailedBatch, RetryPolicy};

type Restored = <RestoreUsers as Operation>::Response;

/// Starts a server that refuses batches with these IDs.
fn refusing(bad: &'static [&'static str]) -> (Server, Client) {
    Server::steady(|request| match bad.iter().any(|id| request.has(id)) {
        true => Answer::refused(4),
        false => Answer::ok(),
    })
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_is_waited_for_and_nothing_more_is_sent() {
    let (server, client) = Server::new(|request| match request.number {
        1 => (Duration::from_millis(10), Answer::refused(4)),
        _ => (Duration::from_millis(50), Answer::ok()),
    });
    let report = client.restore_users(ids(0..1000)).in_flight(4).report().await;
    // The first request found no limit, and four followed.
    assert_eq!(server.requests().len(), 5);
    assert_eq!((report.done.len(), report.entries_done()), (4, 400));
    let [failed] = &report.failed[..] else { panic!("{report:?}") };
    assert_eq!((failed.positions(), &failed.entries), (100..200, &ids(100..200)));
    assert!(failed.error.is_invalid_input());
    assert!(report.unknown.is_empty() && !report.is_success());
    assert_eq!(report.unsent.collect().await, ids(500..1000));
}

#[tokio::test(start_paused = true)]
async fn one_error_loses_nothing_and_sending_goes_on_from_it() {
    async fn send(client: &Client) -> Result<(), Error> {
        client.restore_users(ids(0..1000)).in_flight(1).await?;
        Ok(())
    }
    let (server, client) = refusing(&["250"]);
    let error = send(&client).await.unwrap_err();
    assert!(error.is_invalid_input() && error.status().is_some());
    assert!(
        error.to_string().starts_with(
            "200 entries are done, 100 failed, 700 were not sent; entries 200 to 299: POST"
        ),
        "{error}"
    );
    let known = BulkError::<String, Restored>::of(&error).unwrap();
    assert_eq!((known.done.len(), known.entries_done()), (2, 200));
    assert!(known.error().unwrap().is_invalid_input());
    let bulk = BulkError::<String, Restored>::take(error).unwrap();
    assert_eq!(bulk.unsent, ids(300..1000));
    // Its text says what the first failure says.
    let (text, first) = (bulk.to_string(), bulk.error().unwrap().to_string());
    assert!(text.contains(&first));
    assert!(bulk.source().is_none_or(|beneath| beneath.to_string() != first));
    client.restore_users(bulk.unsent).await.unwrap();
    assert_eq!(server.requests().len(), 3 + 7);

    let other = BulkError::<String, Restored>::take(Error::configuration("another"));
    assert_eq!(other.unwrap_err().message(), "another");
}

#[tokio::test(start_paused = true)]
async fn a_single_request_fails_with_its_own_text() {
    let (_server, client) = refusing(&["7"]);
    let error = client.restore_users(ids(0..10)).await.unwrap_err();
    assert!(error.to_string().starts_with("POST /api/v2/users/restore failed: 400"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn sending_continues_after_errors_on_request() {
    let (server, client) = refusing(&["150", "950"]);
    let report = client.restore_users(ids(0..1050)).keep_going().report().await;
    assert_eq!((server.requests().len(), report.entries_done()), (11, 850));
    let failed: Vec<_> = report.failed.iter().map(FailedBatch::positions).collect();
    assert_eq!(failed, [100..200, 900..1000]);
    assert!(report.unsent.collect().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn bad_entries_are_found_and_the_others_taken_once() {
    let taken = Arc::new(Mutex::new(BTreeMap::<String, usize>::new()));
    let (server, client) = {
        let taken = taken.clone();
        Server::steady(move |request| {
            if ["17", "18", "173"].iter().any(|id| request.has(id)) {
                return Answer::refused(4);
            }
            if request.ids().len() > 60 && request.has("299") {
                return Answer::With(413, Vec::new());
            }
            let mut taken = taken.lock().unwrap();
            for id in request.ids() {
                *taken.entry(id.to_owned()).or_default() += 1;
            }
            Answer::ok()
        })
    };
    let bulk = client.restore_users(ids(0..300)).keep_going().isolate_failures();
    let handle = bulk.handle();
    let report = bulk.report().await;
    let bad: Vec<_> = report.failed.iter().flat_map(|failed| failed.entries.clone()).collect();
    assert_eq!(bad, ["17", "18", "173"]);
    assert_eq!(report.entries_done(), 297);
    let taken = taken.lock().unwrap();
    assert!(taken.len() == 297 && taken.values().all(|times| *times == 1), "{taken:?}");
    assert_eq!(handle.failed(), [17..19, 173..174]);
    assert_eq!(handle.confirmed(), [0..17, 19..173, 174..300]);
    assert!(server.requests().len() < 45, "{}", server.requests().len());
}

#[tokio::test(start_paused = true)]
async fn the_first_bad_entry_ends_it_without_keep_going() {
    let (_server, client) = refusing(&["3", "77"]);
    let report = client.restore_users(ids(0..300)).in_flight(1).isolate_failures().report().await;
    let [failed] = &report.failed[..] else { panic!("{report:?}") };
    assert_eq!(failed.entries, ["3"]);
    let done = report.entries_done();
    let unsent = report.unsent.collect().await;
    assert_eq!(unsent, ids(300 - unsent.len()..300));
    assert_eq!(done as usize + 1 + unsent.len(), 300);
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_is_unknown_and_not_a_failure() {
    for answer in ["cut", "nothing"] {
        let (_server, client) = Server::steady(move |request| match request.has("150") {
            true if answer == "cut" => Answer::Cut,
            true => Answer::Nothing,
            false => Answer::ok(),
        });
        let options = stream_chat::CallOptions::new()
            .timeout(Duration::from_secs(5))
            .retry(RetryPolicy::off());
        let bulk = client.restore_users(ids(0..300)).in_flight(1).options(options);
        let handle = bulk.handle();
        let report = bulk.report().await;
        assert!(report.failed.is_empty(), "{report:?}");
        let [unknown] = &report.unknown[..] else { panic!("{report:?}") };
        assert_eq!(unknown.positions(), 100..200);
        assert!(unknown.error.may_have_been_processed());
        assert_eq!(handle.unknown(), [100..200]);
        assert!(handle.failed().is_empty());
        assert_eq!(report.unsent.collect().await, ids(200..300));
    }
}

#[tokio::test(start_paused = true)]
async fn a_handle_tells_what_is_confirmed_after_a_drop() {
    let (server, client) = Server::new(|request| match request.number {
        2 => (Duration::from_secs(60), Answer::ok()),
        _ => (Duration::from_millis(50), Answer::ok()),
    });
    let bulk = client.restore_users(ids(0..2000)).in_flight(3);
    let handle = bulk.handle();
    let cut = tokio::time::timeout(Duration::from_millis(225), bulk).await;
    assert!(cut.is_err());
    // One alone, then two beside the third, which takes a minute.
    assert_eq!(handle.confirmed(), [0..200, 300..800]);
    assert_eq!(handle.confirmed_up_to(), 200);
    assert_eq!(handle.unknown(), [200..300, 800..1000]);
    let progress = handle.progress();
    assert_eq!((progress.done, progress.unknown, progress.under_way), (700, 300, 0));
    assert_eq!(server.requests().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn outcomes_hand_back_what_was_not_sent() {
    let (server, client) = refusing(&["150"]);
    let mut outcomes = client.restore_users(ids(0..500)).in_flight(1).outcomes();
    let mut ended = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        ended.push((outcome.positions(), outcome.result.error().is_some()));
    }
    assert_eq!(ended, [(0..100, false), (100..200, true)]);
    assert!(outcomes.next().await.is_none(), "it stays ended");
    client.restore_users(outcomes.into_unsent()).await.unwrap();
    assert_eq!(server.requests().len(), 2 + 3);
}
