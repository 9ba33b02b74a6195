use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use stream_chat::http::{BoxFuture, Clock};
use stream_chat::webhook::{Claim, DuplicateFilter, RecentWebhooks};

#[derive(Clone, Default)]
struct Stopped(Arc<Mutex<Duration>>);

impl Stopped {
    fn advance(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
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

async fn is_new(filter: &impl DuplicateFilter<Error = std::convert::Infallible>, id: &str) -> bool {
    let Ok(claim) = filter.claim(id).await;
    claim == Claim::New
}

#[tokio::test]
async fn an_id_is_new_once_also_for_clones() {
    let filter = Arc::new(RecentWebhooks::new());
    assert!(is_new(&filter, "a").await && is_new(&filter, "b").await);
    assert!(!is_new(&(*filter).clone(), "a").await && !is_new(&filter, "b").await);
    assert_eq!(filter.len(), 2);
}

#[tokio::test]
async fn what_is_released_is_new_again() {
    let filter = RecentWebhooks::new().capacity(3);
    for _ in 0..10 {
        assert!(is_new(&filter, "again").await);
        let Ok(()) = filter.release("again").await;
        let Ok(()) = filter.release("never seen").await;
    }
    assert!(filter.is_empty());
    assert!(is_new(&filter, "a").await && is_new(&filter, "b").await && is_new(&filter, "c").await);
    assert_eq!(filter.len(), 3, "a release leaves nothing behind that takes room");
}

#[tokio::test]
async fn ids_expire() {
    let clock = Stopped::default();
    let filter = RecentWebhooks::with_clock(clock.clone()).lifetime(Duration::from_secs(60));
    assert!(is_new(&filter, "a").await);
    clock.advance(Duration::from_secs(30));
    assert!(is_new(&filter, "b").await);
    clock.advance(Duration::from_secs(29));
    assert!(!is_new(&filter, "a").await, "seeing it again does not matter to its expiry");
    clock.advance(Duration::from_secs(1));
    assert_eq!(filter.len(), 1);
    assert!(is_new(&filter, "a").await && !is_new(&filter, "b").await);
}

#[tokio::test]
async fn the_memory_is_bounded() {
    let filter = RecentWebhooks::new().capacity(100);
    for id in 0..1000 {
        assert!(is_new(&filter, &id.to_string()).await);
        assert!(filter.len() <= 100);
    }
    assert!(!is_new(&filter, "999").await && !is_new(&filter, "900").await);
    assert!(is_new(&filter, "899").await);

    let long = "x".repeat(257);
    assert!(is_new(&filter, &long).await && is_new(&filter, &long).await);
    let none = RecentWebhooks::new().capacity(0);
    assert!(is_new(&none, "a").await && is_new(&none, "a").await);
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
                        claimed += usize::from(is_new(&filter, &id.to_string()).await);
                    }
                    claimed
                })
            })
        })
        .collect();
    let claimed: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(claimed, 200);
}
