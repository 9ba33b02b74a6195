//! Each webhook is handled once: leases expire, are confirmed and are released.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use stream_chat::transport::{BoxError, BoxFuture, Clock};
use stream_chat::webhook::{Claim, Claimed, DuplicateFilter, Lease, LeaseToken, RecentWebhooks};

#[derive(Clone, Default)]
pub(crate) struct Stopped(Arc<Mutex<Duration>>);

impl Stopped {
    pub(crate) fn advance(&self, seconds: u64) {
        *self.0.lock().unwrap() += Duration::from_secs(seconds);
    }
}

impl Clock for Stopped {
    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn utc(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + self.monotonic()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

async fn take(filter: &impl DuplicateFilter, id: &str) -> LeaseToken {
    match filter.claim(id).await.unwrap() {
        Claim::New(token) => token,
        other => panic!("{id}: {other:?}"),
    }
}

async fn state(filter: &impl DuplicateFilter, id: &str) -> Claim {
    filter.claim(id).await.unwrap()
}

#[tokio::test]
async fn an_id_goes_from_new_to_in_progress_to_done() {
    let filter = RecentWebhooks::new();
    let a = take(&filter, "a").await;
    let b = take(&filter, "b").await;
    assert_ne!(a, b);
    assert_eq!(state(&filter.clone(), "a").await, Claim::InProgress);
    filter.confirm("a", &a).await.unwrap();
    assert_eq!(state(&filter, "a").await, Claim::Done);
    assert_eq!(state(&filter, "b").await, Claim::InProgress);
    filter.release("b", &b).await.unwrap();
    let again = take(&filter, "b").await;
    filter.abandon("b", &again);
    take(&filter, "b").await;
    // An ID that is done stays done.
    filter.release("a", &a).await.unwrap();
    filter.abandon("a", &a);
    assert_eq!((state(&filter, "a").await, filter.len()), (Claim::Done, 2));
}

#[tokio::test]
async fn leases_and_memories_expire() {
    let clock = Stopped::default();
    let filter = RecentWebhooks::with_clock(clock.clone())
        .lease(Duration::from_secs(10))
        .lifetime(Duration::from_secs(60));
    let token = take(&filter, "done").await;
    take(&filter, "hung").await;
    clock.advance(9);
    filter.confirm("done", &token).await.unwrap();
    assert_eq!(state(&filter, "hung").await, Claim::InProgress);
    clock.advance(1);
    take(&filter, "hung").await;
    clock.advance(58);
    assert_eq!(state(&filter, "done").await, Claim::Done, "seeing it again does not matter");
    clock.advance(1);
    assert!(filter.is_empty());
    take(&filter, "done").await;
}

#[tokio::test]
async fn an_expired_lease_has_no_say_about_the_next() {
    let clock = Stopped::default();
    let filter = RecentWebhooks::with_clock(clock.clone()).lease(Duration::from_secs(10));
    let late = take(&filter, "a").await;
    clock.advance(10);
    let current = take(&filter, "a").await;
    filter.release("a", &late).await.unwrap();
    filter.abandon("a", &late);
    assert_eq!(state(&filter, "a").await, Claim::InProgress);
    filter.confirm("a", &late).await.unwrap();
    assert_eq!(state(&filter, "a").await, Claim::InProgress, "the other may still fail");
    filter.release("a", &current).await.unwrap();
    take(&filter, "a").await;

    // Nobody has claimed it since: it was handled, although late.
    let late = take(&filter, "b").await;
    clock.advance(10);
    filter.confirm("b", &late).await.unwrap();
    assert_eq!(state(&filter, "b").await, Claim::Done);
}

#[tokio::test]
async fn the_memory_is_bounded() {
    let filter = RecentWebhooks::new().capacity(100);
    let mut first = None;
    for id in 0..1000 {
        let token = take(&filter, &id.to_string()).await;
        if id % 2 == 0 {
            filter.confirm(&id.to_string(), &token).await.unwrap();
        } else if id % 3 == 0 {
            filter.release(&id.to_string(), &token).await.unwrap();
        }
        first.get_or_insert(token);
        assert!(filter.len() <= 100);
    }
    assert_eq!(state(&filter, "998").await, Claim::Done);
    let long = "x".repeat(257);
    let token = take(&filter, &long).await;
    filter.confirm(&long, &token).await.unwrap();
    take(&filter, &long).await;

    let none = RecentWebhooks::new().capacity(0);
    let token = take(&none, "a").await;
    none.confirm("a", &token).await.unwrap();
    take(&none, "a").await;
    assert!(none.is_empty());

    // Releasing and claiming the same ID repeatedly does not use memory.
    let one = RecentWebhooks::new().capacity(3);
    for _ in 0..1000 {
        let token = take(&one, "again").await;
        one.release("again", &token).await.unwrap();
        one.release("never seen", &token).await.unwrap();
        one.confirm("odd", &LeaseToken::new("not a number")).await.unwrap();
    }
    assert!(one.is_empty());
}

#[test]
fn one_of_many_threads_claims() {
    let filter = RecentWebhooks::new();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let filter = filter.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(async {
                    let mut claimed = 0;
                    for id in 0..200 {
                        let claim = state(&filter, &id.to_string()).await;
                        claimed += usize::from(matches!(claim, Claim::New(_)));
                    }
                    claimed
                })
            })
        })
        .collect();
    let claimed: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(claimed, 200);
}

/// A store that responds only when the test lets it.
#[derive(Clone, Default)]
struct Remote {
    calls: Arc<Mutex<Vec<String>>>,
    hangs: bool,
}

impl Remote {
    fn call<T: Send + 'static>(
        &self,
        call: String,
        value: T,
    ) -> BoxFuture<'_, Result<T, BoxError>> {
        Box::pin(async move {
            self.calls.lock().unwrap().push(call);
            if self.hangs {
                std::future::pending::<()>().await;
            }
            Ok(value)
        })
    }
}

impl DuplicateFilter for Remote {
    fn claim<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Claim, BoxError>> {
        Box::pin(async move {
            self.calls.lock().unwrap().push(format!("claim {id}"));
            Ok(Claim::New(LeaseToken::new("token")))
        })
    }

    fn confirm<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        self.call(format!("confirm {id} {}", token.as_str()), ())
    }

    fn release<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        self.call(format!("release {id} {}", token.as_str()), ())
    }

    fn abandon(&self, id: &str, token: &LeaseToken) {
        self.calls.lock().unwrap().push(format!("abandon {id} {}", token.as_str()));
    }
}

async fn lease(filter: &Arc<dyn DuplicateFilter>) -> Lease {
    let Claimed::New(lease) = Lease::claim(filter, "a").await.unwrap() else { panic!() };
    lease
}

fn poll_once(future: impl Future) {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
}

#[tokio::test]
async fn a_lease_is_settled_once() {
    let remote = Remote::default();
    let filter: Arc<dyn DuplicateFilter> = Arc::new(remote.clone());
    drop(lease(&filter).await);
    lease(&filter).await.confirm().await.unwrap();
    lease(&filter).await.release().await.unwrap();
    let calls =
        ["claim a", "abandon a token", "claim a", "confirm a token", "claim a", "release a token"];
    assert_eq!(*remote.calls.lock().unwrap(), calls);
}

#[tokio::test]
async fn a_lease_that_is_dropped_while_it_is_settled() {
    let remote = Remote { hangs: true, ..Remote::default() };
    let filter: Arc<dyn DuplicateFilter> = Arc::new(remote.clone());
    // It was handled, so it must not become new.
    poll_once(lease(&filter).await.confirm());
    // It failed, so it must become new, even if it is released repeatedly.
    poll_once(lease(&filter).await.release());
    let calls = ["claim a", "confirm a token", "claim a", "release a token", "abandon a token"];
    assert_eq!(*remote.calls.lock().unwrap(), calls);
}
