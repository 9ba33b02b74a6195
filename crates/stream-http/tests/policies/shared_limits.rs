//! A limiter uses the count that several processes share, and its own count during an outage.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::Limited;
use super::support::operations::GetApp;
use super::support::transport::{Mock, answer};
use stream_http::shared_limits::{
    Admission, AdmissionPhase, AdmissionRequest, Permit, Settlement, SharedLimits,
};
use stream_http::{BoxError, BoxFuture, RateLimiter};

type Decide = dyn Fn(usize, AdmissionRequest) -> Option<Result<Admission, BoxError>> + Send + Sync;

/// Decides by a function, which never responds if it returns `None`, and records its calls.
#[derive(Clone)]
struct Scripted {
    decide: Arc<Decide>,
    asked: Arc<Mutex<Vec<AdmissionRequest>>>,
    settled: Arc<Mutex<Vec<(Permit, Settlement)>>>,
    withdrawn: Arc<AtomicUsize>,
}

impl Scripted {
    fn new(
        decide: impl Fn(usize, AdmissionRequest) -> Option<Result<Admission, BoxError>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self {
            decide: Arc::new(decide),
            asked: Arc::default(),
            settled: Arc::default(),
            withdrawn: Arc::default(),
        }
    }

    fn limiter(&self, max_wait: u64) -> RateLimiter {
        RateLimiter::new(Duration::from_secs(max_wait)).shared(self.clone())
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl SharedLimits for Scripted {
    fn admit(&self, request: AdmissionRequest) -> BoxFuture<'_, Result<Admission, BoxError>> {
        let number = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(request);
            asked.len() - 1
        };
        let decided = (self.decide)(number, request);
        Box::pin(async move {
            match decided {
                Some(decided) => decided,
                None => pending().await,
            }
        })
    }

    fn settle(&self, operation: &'static str, permit: Permit, settlement: Settlement) {
        assert_eq!(operation, "GetApp");
        self.settled.lock().unwrap().push((permit, settlement));
    }

    fn withdraw(&self, operation: &'static str) {
        assert_eq!(operation, "GetApp");
        self.withdrawn.fetch_add(1, Ordering::SeqCst);
    }
}

fn wait(seconds: u64) -> Admission {
    Admission::Wait { turn: Duration::from_secs(seconds), opens: Duration::from_secs(seconds) }
}

#[tokio::test(start_paused = true)]
async fn a_request_waits_for_its_turn_and_its_window_is_told() {
    let limits = Scripted::new(|number, _| {
        Some(Ok(if number == 0 { wait(20) } else { Admission::Granted(Permit::new(7)) }))
    });
    let server = Limited::new();
    let executor = server.executor(limits.limiter(60));
    let start = Instant::now();
    executor.send(&GetApp).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(20));

    let asked = limits.asked.lock().unwrap();
    let phases: Vec<_> = asked.iter().map(|request| request.phase).collect();
    assert_eq!(phases, [AdmissionPhase::Arrived, AdmissionPhase::Waited]);
    assert_eq!(asked[0].patience, Duration::from_secs(60));
    assert!(asked[1].patience <= Duration::from_secs(40), "{asked:?}");
    let settled = limits.settled.lock().unwrap();
    let [(permit, Settlement::Limited(report))] = &settled[..] else { panic!("{settled:?}") };
    assert_eq!((permit.number(), report.limit, report.remaining), (7, Some(50), 49));
    assert!(report.resets_in <= Duration::from_secs(60) && !report.resets_in.is_zero());
    // Without the wait for its turn.
    assert!(report.took >= server.latency && report.took < Duration::from_secs(1), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn who_waited_as_long_as_allowed_is_sent_whatever_is_said() {
    for says_after_that in [wait(0), wait(1000), Admission::Granted(Permit::new(1))] {
        let limits = Scripted::new(move |_, request| {
            Some(Ok(match request.phase {
                AdmissionPhase::GaveUp => says_after_that,
                _ => wait(1000),
            }))
        });
        let executor = Limited::new().executor(limits.limiter(10));
        let start = Instant::now();
        executor.send(&GetApp).await.unwrap();
        assert!(start.elapsed() <= Duration::from_secs(11), "{:?}", start.elapsed());
        assert_eq!(limits.asked(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_dropped_while_they_wait_withdraw_their_turns() {
    let limits = Scripted::new(|_, request| {
        Some(Ok(match request.phase {
            AdmissionPhase::Arrived => wait(20),
            _ => Admission::Granted(Permit::new(1)),
        }))
    });
    let executor = Limited::new().executor(limits.limiter(60));
    let waiting: Vec<_> = (0..10).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
    tokio::time::sleep(Duration::from_secs(10)).await;
    for call in &waiting[..7] {
        call.abort();
    }
    for (number, call) in waiting.into_iter().enumerate() {
        assert_eq!(call.await.is_ok(), number >= 7);
    }
    assert_eq!(limits.withdrawn.load(Ordering::SeqCst), 7);
    assert_eq!(limits.settled.lock().unwrap().len(), 3);

    // Those that do not wait until their turn have none.
    let executor = Limited::new().executor(limits.limiter(10));
    let waiting = tokio::spawn(executor.send(&GetApp));
    tokio::time::sleep(Duration::from_secs(5)).await;
    waiting.abort();
    waiting.await.unwrap_err();
    assert_eq!(limits.withdrawn.load(Ordering::SeqCst), 7);
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_never_comes_holds_nothing_for_ever() {
    let limits = Scripted::new(|_, _| Some(Ok(wait(0))));
    let executor = Limited::new().executor(limits.limiter(2));
    executor.send(&GetApp).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn limits_that_cannot_be_reached_leave_each_process_its_own_count() {
    for hangs in [false, true] {
        let limits = Scripted::new(move |_, _| (!hangs).then(|| Err("refused".into())));
        let server = Limited::new();
        let executor = server.executor(limits.limiter(600));
        let calls: Vec<_> = (0..80).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        assert_eq!(server.refused.lock().unwrap().len(), 0, "hangs: {hangs}");
        assert_eq!(server.passed.lock().unwrap().len(), 80);
        assert!(limits.settled.lock().unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn during_an_outage_one_request_a_second_asks() {
    let limits = Scripted::new(|number, _| {
        Some(if number < 2 {
            Err("refused".into())
        } else {
            Ok(Admission::Granted(Permit::new(1)))
        })
    });
    let executor = Limited::new().executor(limits.limiter(600));
    executor.send(&GetApp).await.unwrap();
    assert_eq!(limits.asked(), 1);
    for _ in 0..5 {
        executor.send(&GetApp).await.unwrap();
    }
    assert_eq!(limits.asked(), 1);

    tokio::time::sleep(Duration::from_secs(1)).await;
    let calls: Vec<_> = (0..5).map(|_| tokio::spawn(executor.send(&GetApp))).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(limits.asked(), 2);

    tokio::time::sleep(Duration::from_secs(1)).await;
    for _ in 0..3 {
        executor.send(&GetApp).await.unwrap();
    }
    assert_eq!(limits.asked(), 5);
    assert_eq!(limits.settled.lock().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_has_no_response_is_settled_too() {
    let limits = Scripted::new(|_, _| Some(Ok(Admission::Granted(Permit::new(3)))));
    let mock = Mock::new(|_| Ok(answer(200, "{}")));
    let limiter = Arc::new(limits.limiter(10));
    let executor = mock.executor().rate_limiter(limiter.clone()).build().unwrap();
    executor.send(&GetApp).await.unwrap();
    let server = Limited::new();
    let executor = server.executor(limits.limiter(10));
    let call = executor.send(&GetApp);
    tokio::time::timeout(Duration::from_millis(10), call).await.unwrap_err();
    assert_eq!(
        *limits.settled.lock().unwrap(),
        [(Permit::new(3), Settlement::Unlimited), (Permit::new(3), Settlement::Unanswered)]
    );
}
