//! Dropping a future after any of its polls breaks nothing: the client works as before, and what the
//! future held is free again.

use std::future::IntoFuture;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use crate::server::{Answer, Server, ids};
use crate::support::{self, drop_after};
use stream_chat::import::{ImportItem, ImportWriter};
use stream_chat::models::imports::ImportMode;
use stream_chat::models::users::{RestoreUsers, RestoreUsersRequest, UserFilter, UserSort};
use stream_chat::token_source::CachedTokenSource;
use stream_chat::transport::{CallOptions, RateLimiter, Token, TokenSource};
use stream_chat::webhook::{Claimed, DuplicateFilter, Lease, RecentWebhooks};
use stream_chat::{Client, Upload};
use stream_emulator::Emulator;

/// The time after which a wait hangs, on a machine that may be busy.
const HANGS: Duration = Duration::from_secs(60);

fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// Waits until the number of tasks has returned to what it was.
async fn all_tasks_end(before: usize) {
    let ended = async {
        while tasks() > before {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(HANGS, ended).await.expect("a task is left");
}

/// Drops a future after each number of polls until one is ready, and checks something after each.
async fn drop_after_each_poll<T>(
    mut future: impl AsyncFnMut(usize) -> Option<T>,
    mut check: impl AsyncFnMut(usize, Option<T>),
) {
    for polls in 0..10_000 {
        let outcome = future(polls).await;
        let is_done = outcome.is_some();
        check(polls, outcome).await;
        if is_done {
            assert!(polls > 1, "it is ready at once");
            return;
        }
    }
    panic!("it is never ready");
}

#[tokio::test(start_paused = true)]
async fn a_call_gives_back_its_place_and_its_permit() {
    let start = Instant::now();
    let used = Mutex::new((0, 0));
    let (server, _) = Server::new(move |request| {
        if request.number % 3 == 0 {
            return (Duration::from_millis(20), Answer::With(503, Vec::new()));
        }
        let now = start.elapsed().as_secs();
        let mut used = used.lock().unwrap();
        if used.0 != now / 60 {
            *used = (now / 60, 0);
        }
        used.1 += 1;
        let headers = vec![
            ("x-ratelimit-limit", "5".to_owned()),
            ("x-ratelimit-remaining", 5_u64.saturating_sub(used.1).to_string()),
            ("x-ratelimit-reset", (1_700_000_000 + 60 - now % 60).to_string()),
            ("date", "Tue, 14 Nov 2023 22:13:20 GMT".to_owned()),
        ];
        (Duration::from_millis(50), Answer::With(if used.1 > 5 { 429 } else { 200 }, headers))
    });
    let tokens = CachedTokenSource::from_fn(|| async {
        sleep(Duration::from_millis(10)).await;
        Ok(Token::new("a-token"))
    });
    let client = Client::as_user("key", tokens.clone())
        .transport(server.clone())
        .rate_limiter(Arc::new(RateLimiter::new(Duration::from_secs(600))))
        .executor(|builder| builder.max_in_flight(1))
        .timeout(Duration::from_secs(600))
        .build()
        .unwrap();
    let operation = RestoreUsers::new(RestoreUsersRequest::new(["john"]));
    let query =
        async || client.send_with(operation.clone(), &CallOptions::new().idempotent(true)).await;
    for _ in 0..6 {
        query().await.unwrap();
    }
    drop_after_each_poll(
        async |polls| {
            tokens.invalidate();
            // Of ten, some wait for the next window.
            let calls = (0..10).map(|_| drop_after(polls, query()));
            let ended = futures_util::future::join_all(calls).await;
            ended.into_iter().collect::<Option<Vec<_>>>()
        },
        async |polls, _| {
            assert_eq!(server.in_flight(), 0, "{polls}");
            // The new window has room for all.
            sleep(Duration::from_secs(180)).await;
            let before = Instant::now();
            for _ in 0..3 {
                query().await.unwrap();
            }
            assert!(before.elapsed() < Duration::from_secs(20), "{polls}: {:?}", before.elapsed());
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_for_a_token_get_it_although_the_one_that_refreshes_is_dropped() {
    let refreshes = Arc::new(AtomicUsize::new(0));
    let counted = refreshes.clone();
    let tokens = CachedTokenSource::from_fn(move || {
        let counted = counted.clone();
        async move {
            for _ in 0..3 {
                sleep(Duration::from_millis(10)).await;
            }
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(Token::new("a-token"))
        }
    });
    drop_after_each_poll(
        async |polls| {
            tokens.invalidate();
            refreshes.store(0, Ordering::Relaxed);
            let waiting = futures_util::future::join_all((0..4).map(|_| tokens.token()));
            let (first, others) =
                futures_util::future::join(drop_after(polls, tokens.token()), waiting).await;
            assert!(others.into_iter().all(|token| token.is_ok()), "{polls}");
            first
        },
        async |polls, _| {
            assert_eq!(refreshes.load(Ordering::Relaxed), 1, "{polls}");
            tokens.token().await.unwrap();
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_batch_request_knows_what_is_unknown() {
    let (server, client) = Server::new(|request| match request.number % 5 {
        3 => (Duration::from_millis(30), Answer::Cut),
        _ => (Duration::from_millis(10 + request.number as u64 % 3 * 10), Answer::ok()),
    });
    drop_after_each_poll(
        async |polls| {
            let bulk = client.restore_users(ids(0..950)).in_flight(3).keep_going();
            let handle = bulk.handle();
            let report = drop_after(polls, bulk.report()).await;
            let progress = handle.progress();
            assert_eq!(progress.under_way, 0, "{polls}");
            assert!(progress.settled() <= 950, "{polls}: {progress:?}");
            report.map(|report| (report, handle))
        },
        async |polls, ended| {
            assert_eq!(server.in_flight(), 0, "{polls}");
            if let Some((report, handle)) = ended {
                assert_eq!(handle.progress().settled(), 950);
                assert!(report.unsent.collect().await.is_empty());
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_list_loses_and_repeats_nothing() {
    let (_emulator, client) = support::start().await;
    let everybody: Vec<_> = (100..135).map(|number| format!("user-{number}")).collect();
    client.upsert_users(everybody.iter().map(String::as_str)).await.unwrap();
    for prefetches in [false, true] {
        for polls in 1..4 {
            let mut items = client
                .query_users(UserFilter::all())
                .sort(UserSort::id().ascending())
                .limit(10)
                .items();
            if prefetches {
                items = items.prefetch();
            }
            let mut found = Vec::new();
            loop {
                // Each is dropped until the response is there.
                match drop_after(polls, items.next()).await {
                    Some(Ok(Some(user))) => found.push(user.id),
                    Some(Ok(None)) => break,
                    Some(Err(error)) => panic!("{error}"),
                    None => sleep(Duration::from_millis(1)).await,
                }
            }
            assert_eq!(found, everybody);
        }
    }
}

#[tokio::test]
async fn uploads_tasks_and_imports_leave_nothing_behind() {
    let emulator = Emulator::builder().task_polls(2).start().await.unwrap();
    let direct = support::client(&emulator);
    direct.upsert_users(["john"]).await.unwrap();
    drop(direct);
    all_tasks_end(3).await;
    let before = tasks();
    let mut file = ImportWriter::new(Vec::new());
    file.write(&ImportItem::user("imported")).unwrap();
    let file = file.finish().unwrap();
    drop_after_each_poll(
        async |polls| {
            let client = support::client(&emulator);
            let upload = Upload::bytes("a.txt", vec![b'a'; 100_000]);
            let upload = client.upload_file(upload, "john").into_future();
            let uploaded = drop_after(polls, upload).await;
            let export = client.export_users(["john"]).and_wait().every(Duration::from_millis(1));
            let exported = drop_after(polls, export.into_future()).await;
            let import = Upload::bytes("import.jsonl", file.clone());
            let import =
                client.imports().run(import, ImportMode::Upsert).every(Duration::from_millis(1));
            let imported = drop_after(polls, import.into_future()).await;
            client.user("john").get().await.unwrap();
            uploaded.zip(exported).zip(imported)
        },
        async |_, ended| {
            if let Some(((uploaded, exported), imported)) = ended {
                uploaded.unwrap();
                exported.unwrap();
                imported.unwrap();
            }
            all_tasks_end(before).await;
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_event_whose_handling_is_dropped_is_new_again() {
    let filter: Arc<dyn DuplicateFilter> = Arc::new(RecentWebhooks::new());
    let handled = AtomicUsize::new(0);
    let handle = async |id: &str| {
        let Claimed::New(lease) = Lease::claim(&filter, id).await.unwrap() else { return };
        for _ in 0..3 {
            sleep(Duration::from_millis(10)).await;
        }
        handled.fetch_add(1, Ordering::Relaxed);
        lease.confirm().await.unwrap();
    };
    drop_after_each_poll(
        async |polls| drop_after(polls, handle(&polls.to_string())).await,
        async |polls, _| {
            handle(&polls.to_string()).await;
            handle(&polls.to_string()).await;
            assert_eq!(handled.swap(0, Ordering::Relaxed), 1, "{polls}");
        },
    )
    .await;
}
