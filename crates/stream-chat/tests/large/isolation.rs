//! Bad entries are found whatever the server does meanwhile.

use std::collections::BTreeMap;

use crate::server::{Answer, Request, Server, ids};
use stream_chat::models::push::{CreateDeviceRequest, PushProviderType};
use stream_chat::{FailedBatch, RetryPolicy};

/// Returns how often each entry was in a batch that the server took.
fn taken(server: &Server, is_taken: impl Fn(&Request) -> bool) -> BTreeMap<String, usize> {
    let mut taken = BTreeMap::new();
    for request in server.requests().iter().filter(|request| is_taken(request)) {
        for id in request.ids() {
            *taken.entry(id.to_owned()).or_default() += 1;
        }
    }
    taken
}

#[tokio::test(start_paused = true)]
async fn if_all_entries_are_bad_each_is_a_failure_of_its_own() {
    let (server, client) = Server::steady(|_| Answer::refused(4));
    let bulk = client.restore_users(ids(0..150)).keep_going().isolate_failures();
    let handle = bulk.handle();
    let report = bulk.report().await;
    let failed: Vec<_> = report.failed.iter().flat_map(|failed| failed.entries.clone()).collect();
    assert_eq!(failed, ids(0..150));
    assert!(report.failed.iter().all(|failed| failed.entries.len() == 1));
    assert_eq!((report.entries_done(), handle.failed()), (0, vec![0..150]));
    // The nodes of two trees whose leaves are the entries.
    assert_eq!(server.requests().len(), 199 + 99);

    // Without `keep_going`, it ends at the first one.
    let (server, client) = Server::steady(|_| Answer::refused(4));
    let bulk = client.restore_users(ids(0..150)).in_flight(1).isolate_failures();
    let report = bulk.report().await;
    let [failed] = &report.failed[..] else { panic!("{report:?}") };
    assert_eq!(failed.positions(), 0..1);
    assert_eq!(report.unsent.collect().await, ids(1..150));
    assert_eq!(server.requests().len(), 7, "100, 50, 25, 12, 6, 3 and 1 entries");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_goes_away_is_no_failure() {
    let (server, client) = Server::steady(|request| match request.number {
        0 => Answer::refused(4),
        _ => Answer::ok(),
    });
    let bulk = client.restore_users(ids(0..100)).isolate_failures();
    let done = bulk.await.unwrap();
    assert_eq!((done.entries(), done.len()), (100, 2));
    let taken = taken(&server, |request| request.number > 0);
    assert!(taken.len() == 100 && taken.values().all(|times| *times == 1));
}

#[tokio::test(start_paused = true)]
async fn the_rate_limit_and_lost_responses_do_not_confuse_the_search() {
    // While the batch is split, the limit is reached, and a response is lost.
    let (server, client) = Server::steady(|request| match request.number {
        2 | 5 => Answer::With(429, vec![("retry-after", "3".to_owned())]),
        8 => Answer::Cut,
        _ if request.has("17") => Answer::refused(4),
        _ => Answer::ok(),
    });
    let options = stream_chat::CallOptions::new().retry(RetryPolicy::off());
    let bulk = client.restore_users(ids(0..100)).in_flight(2).options(options);
    let bulk = bulk.keep_going().isolate_failures();
    let handle = bulk.handle();
    let report = bulk.report().await;
    let [failed] = &report.failed[..] else { panic!("{report:?}") };
    assert_eq!(failed.entries, ["17"]);
    let [unknown] = &report.unknown[..] else { panic!("{report:?}") };
    assert_eq!(unknown.entries, server.requests()[8].ids());
    let settled = report.entries_done() + 1 + unknown.entries.len() as u64;
    assert_eq!((settled, handle.progress().settled()), (100, 100));
    let taken =
        taken(&server, |request| !matches!(request.number, 2 | 5 | 8) && !request.has("17"));
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
    assert_eq!(taken.len() as u64, report.entries_done());
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_alone_exceeds_the_maximum_request_is_a_failure_of_its_own() {
    let too_large = |request: &Request| match request.has("30") {
        true => Answer::With(413, Vec::new()),
        false => Answer::ok(),
    };
    let (_server, client) = Server::steady(too_large);
    let bulk = client.restore_users(ids(0..250)).keep_going().isolate_failures();
    let report = bulk.report().await;
    let [failed] = &report.failed[..] else { panic!("{report:?}") };
    assert_eq!(failed.entries, ["30"]);
    assert!(failed.error.is_payload_too_large() && !failed.error.may_have_been_processed());
    assert_eq!(report.entries_done(), 249);

    let (_server, client) = Server::steady(too_large);
    let report = client.restore_users(ids(0..250)).keep_going().report().await;
    let failed: Vec<_> = report.failed.iter().map(FailedBatch::positions).collect();
    assert_eq!((failed, report.entries_done()), (vec![0..100], 150));
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_failures_keep_little_of_each_response() {
    let text = "x".repeat(100_000);
    let (server, client) = Server::steady(move |request| {
        let message = if request.number % 100 == 0 { text.as_str() } else { "no" };
        let body = serde_json::json!({ "code": 4, "message": "bad", "more_info": message });
        Answer::Json(400, body)
    });
    let devices = (0..10_000).map(|number| {
        CreateDeviceRequest::new(format!("token-{number}"), PushProviderType::Apn).user_id("jane")
    });
    let report = client.add_devices(devices).in_flight(16).keep_going().report().await;
    assert_eq!((server.requests().len(), report.failed.len()), (10_000, 10_000));
    let bodies = report.failed.iter().filter_map(|failed| failed.error.raw_body());
    let longest = bodies.map(<[u8]>::len).max().unwrap_or_default();
    assert!(longest <= 4096, "{longest} bytes are kept of a response");
    assert_eq!(report.unsent.collect().await.len(), 0);
}
