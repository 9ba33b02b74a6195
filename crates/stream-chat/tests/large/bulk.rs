//! Batches send each entry once, in bounded memory, with a bounded number of requests in flight.

use std::collections::BTreeSet;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use crate::server::{Answer, Server, ids};
use crate::support;
use stream_chat::models::Operation;
use stream_chat::models::drafts::DraftFilter;
use stream_chat::models::push::{CreateDeviceRequest, PushProviderType};
use stream_chat::models::users::RestoreUsers;
use stream_chat::transport::ExecutorBuilder;
use stream_chat::{BatchResult, BulkError, BulkProgress, Entries, ErrorKind, UserRequest};

type Restored = <RestoreUsers as Operation>::Response;

#[tokio::test(start_paused = true)]
async fn responses_come_in_the_order_of_the_entries_although_batches_overtake_each_other() {
    let (server, client) = Server::new(|request| {
        let wait = Duration::from_millis(500 - 20 * request.number as u64);
        (wait, Answer::Json(200, json!({ "task_id": request.ids()[0] })))
    });
    let responses = client.deactivate_users(ids(0..950)).in_flight(5).await.unwrap();
    let firsts: Vec<&str> = responses.iter().map(|response| &*response.task_id).collect();
    assert_eq!(firsts, ["0", "100", "200", "300", "400", "500", "600", "700", "800", "900"]);
    assert_eq!(responses.entries(), 950);
    let sizes: Vec<usize> = server.requests().iter().map(|request| request.ids().len()).collect();
    assert_eq!(sizes, [100, 100, 100, 100, 100, 100, 100, 100, 100, 50]);
    assert_eq!(server.most_in_flight(), 5);
}

#[tokio::test(start_paused = true)]
async fn entries_are_read_as_they_are_sent() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let read = Arc::new(AtomicUsize::new(0));
    let counted = {
        let read = read.clone();
        (0..100_000).map(move |number: usize| {
            read.fetch_add(1, Ordering::Relaxed);
            number.to_string()
        })
    };
    let mut outcomes = client.restore_users(counted).in_flight(3).outcomes();
    assert_eq!(read.load(Ordering::Relaxed), 0, "nothing is read before it is polled");
    let mut ended = 0;
    while let Some(outcome) = outcomes.next().await {
        assert!(matches!(outcome.result, BatchResult::Done(_)));
        ended += outcome.entries.len();
        let held = read.load(Ordering::Relaxed) - ended;
        assert!(held <= 300, "{held} entries are held");
        if ended == 1000 {
            break;
        }
    }
    outcomes.stop();
    while outcomes.next().await.is_some() {}
    let sent = server.requests().len() * 100;
    let mut left = outcomes.into_unsent();
    assert_eq!(left.next().await, Some(sent.to_string()));
    assert_eq!(read.load(Ordering::Relaxed), sent + 1);
}

#[tokio::test(start_paused = true)]
async fn by_default_four_are_in_flight_and_zero_is_one() {
    let (server, client) = Server::steady(|_| Answer::ok());
    client.restore_users(ids(0..2000)).await.unwrap();
    assert_eq!(server.most_in_flight(), 4);
    let (server, client) = Server::steady(|_| Answer::ok());
    client.restore_users(ids(0..500)).in_flight(0).await.unwrap();
    assert_eq!((server.most_in_flight(), server.requests().len()), (1, 5));
}

#[tokio::test]
async fn what_is_borrowed_can_be_sent_and_what_is_owned_can_be_spawned() {
    let (_emulator, client) = support::start().await;
    let names = ["john".to_owned(), "jane".to_owned()];
    client.upsert_users(&names).await.unwrap();
    client.deactivate_users(&names).await.unwrap();
    let (spawned, prefix) = (client.clone(), "user".to_owned());
    let task = tokio::spawn(async move {
        let users = (0..150).map(|number| UserRequest::new(format!("{prefix}-{number}")));
        spawned.upsert_users(users).progress(|_| {}).await.map(|users| users.len())
    });
    assert_eq!(task.await.unwrap().unwrap(), 2);
}

/// A stream that is pending once before each entry.
struct Slow {
    next: usize,
    end: usize,
    was_pending: bool,
}

impl Stream for Slow {
    type Item = String;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<String>> {
        self.was_pending = !self.was_pending;
        if self.was_pending {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let next = self.next;
        self.next += 1;
        Poll::Ready((next < self.end).then(|| next.to_string()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_read_and_keeps_what_was_not_read() {
    let (server, client) = Server::steady(|request| match request.has("150") {
        true => Answer::refused(4),
        false => Answer::ok(),
    });
    let mut stream = Slow { next: 0, end: 930, was_pending: false };
    let report = client.restore_users(Entries::stream(&mut stream)).in_flight(2).report().await;
    assert_eq!((report.entries_done(), report.failed.len()), (200, 1));
    assert_eq!(report.unsent.collect().await, ids(300..930));
    assert_eq!(server.requests().len(), 3);

    let mut stream = Slow { next: 200, end: 930, was_pending: false };
    client.restore_users(Entries::stream(&mut stream)).await.unwrap();
    assert_eq!((server.requests().len(), stream.next), (11, 931));
}

/// Returns rows of a database that breaks off at one of them.
fn rows(end: usize, broken: usize) -> impl Iterator<Item = Result<String, io::Error>> {
    (0..end).map(move |number| match number == broken {
        true => Err(io::Error::other("the database is away")),
        false => Ok(number.to_string()),
    })
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_ends_the_input_and_loses_nothing() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let mut source = rows(1000, 250);
    let mut report = client.restore_users(Entries::try_rest_of(&mut source)).report().await;
    assert_eq!((report.entries_done(), report.is_success()), (250, false));
    let error = report.input_error.take().unwrap();
    assert_eq!(error.to_string(), "the entries could not be read: the database is away");
    assert_eq!(error.kind(), ErrorKind::Store);
    assert!(report.unsent.next().await.is_none());
    drop(report);
    assert_eq!(source.next().unwrap().unwrap(), "251", "the source goes on after its error");
    assert_eq!(server.requests().last().unwrap().ids().len(), 50);

    let mut source = stream::iter(rows(1000, 250));
    let sent = client.restore_users(Entries::try_stream(&mut source));
    let error = sent.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store);
    assert!(error.to_string().starts_with("250 entries are done; the entries"), "{error}");
    let known = BulkError::<String, Restored>::take(error).unwrap();
    assert_eq!((known.entries_done(), known.failed.len()), (250, 0));
    let error = known.input_error.unwrap().downcast::<io::Error>().unwrap();
    assert_eq!(error.to_string(), "the database is away");
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_list_is_the_error_of_what_is_sent_from_it() {
    let (server, client) = Server::steady(|request| match request.path.ends_with("/query") {
        true if request.number == 0 => {
            Answer::Json(200, json!({ "drafts": [{ "parent_id": "a" }], "next": "1" }))
        }
        true => Answer::refused(17),
        false => Answer::ok(),
    });
    let drafts = client.user("john").query_drafts(DraftFilter::all()).items();
    let mut ids = drafts.map_ok(|draft| draft.parent_id.unwrap_or_default());
    let mut outcomes = client.restore_users(Entries::try_stream(&mut ids)).outcomes();
    let sent = outcomes.next().await.unwrap();
    assert_eq!(sent.entries, ["a"]);
    assert!(outcomes.next().await.is_none());
    let error = outcomes.take_input_error().unwrap();
    assert!(error.operation_id() == Some("QueryDrafts") && error.status().is_some(), "{error}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_fails_before_the_source_does_is_the_error() {
    let (_server, client) = Server::steady(|request| match request.has("150") {
        true => Answer::refused(4),
        false => Answer::ok(),
    });
    let mut source = rows(1000, 250);
    let sent = client.restore_users(Entries::try_rest_of(&mut source)).keep_going();
    let error = sent.await.unwrap_err();
    assert!(error.is_invalid_input(), "{error}");
    assert!(error.to_string().ends_with("; the entries could not be read: the database is away"));
    let known = BulkError::<String, Restored>::take(error).unwrap();
    assert_eq!((known.failed.len(), known.entries_done()), (1, 150));
    assert!(known.input_error.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_pending_delays_no_outcome() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let mut source = stream::iter(ids(0..250)).chain(stream::pending());
    let bulk = client.restore_users(Entries::stream(&mut source));
    let handle = bulk.handle();
    let mut outcomes = bulk.outcomes();
    for first in [0, 100] {
        assert_eq!(outcomes.next().await.unwrap().first, first);
    }
    let next = tokio::time::timeout(Duration::from_secs(3600), outcomes.next()).await;
    assert!(next.is_err(), "it waits for the source");
    assert_eq!(handle.confirmed(), [0..200]);
    // What was read is not lost.
    let mut unsent = outcomes.into_unsent();
    for number in 200..250 {
        assert_eq!(unsent.next().await, Some(number.to_string()));
    }
    drop(unsent);
    assert_eq!(server.requests().len(), 2);
    assert!(handle.unknown().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_leaves_a_handle_that_knows() {
    let (_server, client) = Server::steady(|_| Answer::ok());
    let source = (0..1000).map(|number| {
        assert!(number < 350, "the source is broken");
        number.to_string()
    });
    let bulk = client.restore_users(source).in_flight(2);
    let handle = bulk.handle();
    let sent = tokio::spawn(async move { bulk.await.map(drop) }).await;
    assert!(sent.unwrap_err().is_panic());
    let (confirmed, unknown) = (handle.confirmed(), handle.unknown());
    // Those in flight were dropped with it.
    let known: u64 = confirmed.iter().chain(&unknown).map(|range| range.end - range.start).sum();
    assert_eq!((known, handle.progress().under_way), (300, 0), "{confirmed:?} {unknown:?}");
}

/// An iterator whose size hint is wrong.
struct Liar(std::ops::Range<usize>, (usize, Option<usize>));

impl Iterator for Liar {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.0.next().map(|number| number.to_string())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.1
    }
}

#[tokio::test(start_paused = true)]
async fn size_hints_may_be_wrong() {
    for hint in [(usize::MAX, None), (usize::MAX, Some(usize::MAX)), (7, Some(0)), (0, Some(0))] {
        let (server, client) = Server::steady(|request| match request.has("150") {
            true => Answer::refused(4),
            false => Answer::ok(),
        });
        let bulk = client.restore_users(Liar(0..450, hint)).in_flight(1);
        let report = bulk.report().await;
        assert_eq!((report.entries_done(), server.requests().len()), (100, 2));
        assert_eq!(report.unsent.collect().await, ids(200..450), "{hint:?}");
        let error = client.restore_users(Liar(0..450, hint)).in_flight(1).await.unwrap_err();
        let known = BulkError::<String, Restored>::take(error).unwrap();
        assert_eq!(known.unsent, ids(200..450));
    }
}

#[tokio::test(start_paused = true)]
async fn without_entries_nothing_is_sent() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let empty = client.restore_users(ids(0..0)).progress(|_| panic!("there is no progress"));
    let handle = empty.handle();
    let done = empty.in_flight(10_000).await.unwrap();
    assert_eq!((done.len(), done.entries(), handle.progress().total), (0, 0, Some(0)));
    assert!(client.deactivate_users(ids(0..0)).and_wait().await.unwrap().is_empty());
    assert!(server.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn no_more_are_in_flight_than_the_client_allows() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let done = client.restore_users(ids(0..30_000)).in_flight(usize::MAX).await.unwrap();
    assert_eq!((done.entries(), server.requests().len()), (30_000, 300));
    assert_eq!(server.most_in_flight(), ExecutorBuilder::DEFAULT_MAX_IN_FLIGHT);

    // Nor are more held in memory.
    let read = Arc::new(AtomicUsize::new(0));
    let counted = read.clone();
    let ids = (0..1_000_000).map(move |number: usize| {
        counted.fetch_add(1, Ordering::Relaxed);
        number.to_string()
    });
    let mut outcomes = client.restore_users(ids).in_flight(usize::MAX).outcomes();
    for _ in 0..10 {
        assert!(outcomes.next().await.unwrap().result.error().is_none());
    }
    let most = 100 * (ExecutorBuilder::DEFAULT_MAX_IN_FLIGHT + 10);
    assert!(read.load(Ordering::Relaxed) <= most, "{read:?} entries were read");
}

#[tokio::test(start_paused = true)]
async fn two_versions_of_a_user_in_a_batch_are_the_later_one() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let users = ["first", "second"].map(|name| UserRequest::new("same").name(name));
    let done = client.upsert_users(users).await.unwrap();
    assert_eq!((done.entries(), server.requests().len()), (2, 1));
    assert_eq!(server.requests()[0].body["users"]["same"]["name"], "second");
}

#[tokio::test(start_paused = true)]
async fn devices_are_registered_one_by_one_and_several_at_once() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let devices = (0..40).map(|number| {
        CreateDeviceRequest::new(format!("token-{number}"), PushProviderType::Apn)
            .user_id(format!("user-{number}"))
    });
    let done = client.add_devices(devices).in_flight(8).await.unwrap();
    assert_eq!((done.len(), server.most_in_flight()), (40, 8));
    let requests = server.requests();
    let tokens: BTreeSet<&str> =
        requests.iter().filter_map(|request| request.body["id"].as_str()).collect();
    assert_eq!(tokens.len(), 40);
    assert!(requests.iter().all(|request| request.body["user_id"].is_string()));
}

#[tokio::test(start_paused = true)]
async fn an_endless_iterator_keeps_its_rest() {
    let (_server, client) = Server::steady(|request| match request.has("250") {
        true => Answer::refused(4),
        false => Answer::ok(),
    });
    let mut endless = (0..).map(|number: u64| number.to_string());
    let sent = client.restore_users(Entries::rest_of(&mut endless)).in_flight(1);
    let error = sent.await.unwrap_err();
    assert!(error.is_invalid_input());
    assert_eq!(endless.next().as_deref(), Some("300"));
}

#[tokio::test(start_paused = true)]
async fn entries_with_the_same_key_keep_their_order() {
    let names = Arc::new(Mutex::new(Vec::new()));
    let (server, client) = {
        let names = names.clone();
        // The earlier a batch arrives, the longer it takes.
        Server::new(move |request| {
            let users = &request.body["users"];
            let name = &users["same"]["name"];
            names.lock().unwrap().extend(name.as_str().map(str::to_owned));
            (Duration::from_secs(10 - request.number.min(9) as u64), Answer::ok())
        })
    };
    let user = |number: usize| match number {
        50 => UserRequest::new("same").name("first"),
        250 => UserRequest::new("same").name("second"),
        450 => UserRequest::new("same").name("third"),
        _ => UserRequest::new(number.to_string()),
    };
    client.upsert_users((0..600).map(user)).in_flight(6).await.unwrap();
    assert_eq!(*names.lock().unwrap(), ["first", "second", "third"]);
    assert_eq!((server.requests().len(), server.most_in_flight()), (6, 3));
}

#[tokio::test(start_paused = true)]
async fn progress_counts_up_to_the_total() {
    let (_server, client) = Server::steady(|_| Answer::ok());
    let seen = Arc::new(Mutex::new(Vec::<BulkProgress>::new()));
    let report = {
        let seen = seen.clone();
        move |progress| seen.lock().unwrap().push(progress)
    };
    let bulk = client.restore_users(ids(0..450)).in_flight(2).progress(report);
    let handle = bulk.handle();
    assert_eq!((handle.progress().total, handle.progress().rate()), (Some(450), 0.0));
    bulk.await.unwrap();
    let seen = seen.lock().unwrap();
    let done: Vec<u64> = seen.iter().map(|progress| progress.done).collect();
    assert_eq!(done.len(), 5);
    assert!(done.is_sorted() && done.last() == Some(&450), "{done:?}");
    assert!(seen.iter().all(|progress| progress.total == Some(450)));
    // 50 ms for the first, and twice that for two at a time.
    let last = seen.last().unwrap();
    assert_eq!((last.elapsed, last.rate()), (Duration::from_millis(150), 3000.0));
    assert_eq!(handle.progress(), *last, "it stands still once all is done");

    let filtered = (0..450).filter(|number| number % 2 == 0).map(|number| number.to_string());
    let bulk = client.restore_users(filtered);
    assert_eq!(bulk.handle().progress().total, None);
    assert_eq!(bulk.total(225).handle().progress().total, Some(225));
}

#[tokio::test(start_paused = true)]
async fn a_message_is_posted_with_the_first_entries_alone() {
    let (server, client) = Server::steady(|request| match request.number {
        0 => Answer::With(429, vec![("retry-after", "3".to_owned())]),
        _ => Answer::ok(),
    });
    let channel = client.channel("messaging", "general");
    channel.add_members(ids(0..350)).message("welcome").await.unwrap();
    let requests = server.requests();
    let posted: Vec<bool> =
        requests.iter().map(|request| request.body["message"] != Value::Null).collect();
    assert_eq!(posted, [true, true, false, false, false], "the first was refused and sent again");
    assert_eq!(requests[1].body["add_members"][0]["user_id"], "0");
}

#[tokio::test(start_paused = true)]
async fn responses_can_be_discarded() {
    let (_server, client) = Server::steady(|_| Answer::ok());
    let responses = client.restore_users(ids(0..450)).discard_responses().await.unwrap();
    assert_eq!((responses.len(), responses.entries()), (0, 450));
}
