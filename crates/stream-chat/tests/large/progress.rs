//! Callers that panic, are slow or stop listening lose nothing.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use crate::server::{Answer, Server, ids};
use stream_chat::transport::{BoxFuture, Clock, TokioClock};
use stream_chat::{BatchResult, BulkHandle, Client};

#[tokio::test(start_paused = true)]
async fn a_progress_callback_that_panics_leaves_a_handle_that_knows() {
    let (server, client) = Server::new(|request| {
        (Duration::from_millis(50 + 7 * request.number as u64), Answer::ok())
    });
    let bulk = client.restore_users(ids(0..1000)).in_flight(2);
    let bulk = bulk.progress(|progress| assert!(progress.done < 300, "the display is broken"));
    let handle = bulk.handle();
    let sent = tokio::spawn(async move { bulk.await.map(drop) }).await;
    assert!(sent.unwrap_err().is_panic());
    // The batch that was reported is confirmed, and the one beside it was dropped.
    assert_eq!((handle.confirmed(), handle.unknown()), (vec![0..300], vec![300..400]));
    assert_eq!(handle.progress().under_way, 0);
    assert_eq!((server.requests().len(), server.in_flight()), (4, 0));
}

#[tokio::test(start_paused = true)]
async fn sending_goes_on_after_a_panic_that_was_caught() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let bulk = client.restore_users(ids(0..600)).in_flight(2);
    let bulk = bulk.progress(|progress| assert_ne!(progress.done, 300, "once"));
    let handle = bulk.handle();
    let outcomes = Arc::new(tokio::sync::Mutex::new(bulk.outcomes()));
    let mut seen = 0;
    loop {
        let outcomes = outcomes.clone();
        let next = tokio::spawn(async move { outcomes.lock().await.next().await.is_some() }).await;
        match next {
            Ok(true) => seen += 1,
            Ok(false) => break,
            Err(error) => assert!(error.is_panic()),
        }
    }
    assert_eq!((seen, handle.confirmed()), (5, vec![0..600]));
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_slow_progress_callback_delays_and_loses_nothing() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let called = Arc::new(AtomicUsize::new(0));
    let counted = called.clone();
    let bulk = client.restore_users(ids(0..3000)).in_flight(8).progress(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(5));
    });
    assert_eq!(bulk.await.unwrap().entries(), 3000);
    assert_eq!((called.load(Ordering::Relaxed), server.requests().len()), (30, 30));
}

#[tokio::test(start_paused = true)]
async fn outcomes_that_are_dropped_midway_leave_a_handle_that_knows() {
    let (server, client) = Server::new(|request| {
        let slow = if request.number == 1 { 1000 } else { 50 };
        (Duration::from_millis(slow), Answer::ok())
    });
    let bulk = client.restore_users(ids(0..10_000)).in_flight(3);
    let handle = bulk.handle();
    let mut outcomes = bulk.outcomes();
    for first in [0, 200, 300] {
        let outcome = outcomes.next().await.unwrap();
        assert!(matches!(outcome.result, BatchResult::Done(_)));
        assert_eq!(outcome.first, first);
    }
    assert_eq!(handle.progress().under_way, 100);
    drop(outcomes);
    assert_eq!(server.in_flight(), 0, "what is in flight is canceled");
    assert_eq!((handle.confirmed(), handle.confirmed_up_to()), (vec![0..100, 200..400], 100));
    // In flight when it was dropped: they may have been processed.
    assert_eq!(handle.unknown(), [100..200]);
    assert!(handle.failed().is_empty());
    let end = handle.progress();
    assert_eq!((end.under_way, end.settled(), server.requests().len()), (0, 400, 4));
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(handle.progress(), end);
}

#[tokio::test(start_paused = true)]
async fn outcomes_that_are_read_slowly_come_all() {
    let (server, client) = Server::steady(|_| Answer::ok());
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut outcomes = client.restore_users(ids(0..1200)).in_flight(4).outcomes();
    while let Some(outcome) = outcomes.next().await {
        // Longer than the timeout of a request. Those in flight are not read meanwhile.
        tokio::time::sleep(Duration::from_secs(100)).await;
        assert!(outcome.result.error().is_none(), "{:?}", outcome.result);
        order.lock().unwrap().push(outcome.first);
    }
    let mut order = order.lock().unwrap().clone();
    order.sort_unstable();
    assert_eq!(order, (0..12).map(|batch| batch * 100).collect::<Vec<u64>>());
    assert_eq!(server.requests().len(), 12);
}

/// A clock that reads the progress each time it tells the time of day, as when a batch ends.
struct Watching {
    clock: TokioClock,
    handle: Arc<OnceLock<BulkHandle>>,
    most: Arc<AtomicU64>,
}

impl Clock for Watching {
    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }

    fn utc(&self) -> SystemTime {
        if let Some(handle) = self.handle.get() {
            let progress = handle.progress();
            let known = progress.settled() + progress.under_way;
            let most = self.most.fetch_max(known, Ordering::Relaxed);
            assert!(known >= most, "{progress:?} after {most}");
        }
        self.clock.utc()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.clock.sleep(duration)
    }
}

#[tokio::test(start_paused = true)]
async fn an_entry_never_vanishes_from_the_progress() {
    let (server, _) = Server::steady(|_| Answer::ok());
    let (handle, most) = (Arc::new(OnceLock::new()), Arc::new(AtomicU64::new(0)));
    let clock = Watching { clock: TokioClock::new(), handle: handle.clone(), most: most.clone() };
    let builder = Client::builder("key", "secret").transport(server);
    let client = builder.executor(|executor| executor.clock(clock)).build().unwrap();
    let bulk = client.restore_users(ids(0..2000)).in_flight(3).progress(move |progress| {
        most.fetch_max(progress.settled() + progress.under_way, Ordering::Relaxed);
    });
    handle.get_or_init(|| bulk.handle());
    assert_eq!(bulk.await.unwrap().entries(), 2000);
}
