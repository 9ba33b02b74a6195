//! The replacement of connections after an attempt timed out.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use http::Version;

use crate::error::BoxError;

/// The minimum average time between replacements.
const PACE: Duration = Duration::from_secs(1);
/// The maximum number of replacements without a pause.
const BURST: u32 = 5;

/// The HTTP client that new requests use, which is replaced once an attempt timed out on it.
///
/// The pools of hyper-util and reqwest do not reveal which of their connections carries a request,
/// and reuse a connection that hangs. So the whole client is replaced: requests in flight finish on
/// the old one, and new requests open new connections.
///
/// A slow but healthy server must not cause a storm of connections:
/// - Over HTTP/1.1, the attempt that timed out closes its own connection. The others are kept if a
///   response came over any of them while the attempt was waiting.
/// - A client is replaced only once, however many attempts time out on it.
/// - Replacements are at least [`PACE`] apart on average, after a [`BURST`].
pub(super) struct Generations<C> {
    current: RwLock<Arc<Generation<C>>>,
    /// Creates the next client; `None` for a client that was passed in.
    make: Option<Make<C>>,
    start: Instant,
    /// When the next replacement is due at the regular pace, since `start`.
    due: Mutex<Duration>,
}

type Make<C> = Box<dyn Fn() -> Result<C, BoxError> + Send + Sync>;

/// A client and the state of its connections.
pub(super) struct Generation<C> {
    pub(super) client: C,
    number: u64,
    /// Whether a response came over HTTP/2, where requests share a connection.
    multiplexed: AtomicBool,
    /// The number of responses whose headers arrived.
    responses: AtomicU64,
}

impl<C> Generation<C> {
    fn new(client: C, number: u64) -> Arc<Self> {
        let (multiplexed, responses) = (AtomicBool::new(false), AtomicU64::new(0));
        Arc::new(Self { client, number, multiplexed, responses })
    }

    /// Records that the headers of a response arrived.
    pub(super) fn responded(&self, version: Version) {
        if version >= Version::HTTP_2 {
            self.multiplexed.store(true, Ordering::Relaxed);
        }
        self.responses.fetch_add(1, Ordering::Relaxed);
    }

    fn responses(&self) -> u64 {
        self.responses.load(Ordering::Relaxed)
    }

    /// Returns whether connections other than the one that timed out are known to work, because one
    /// of them carried a response after the first `responses`.
    fn others_work(&self, responses: u64) -> bool {
        !self.multiplexed.load(Ordering::Relaxed) && self.responses() > responses
    }
}

/// The replacement of a client if an attempt on it times out.
pub(super) struct Retirement {
    clients: Arc<dyn Retire>,
    number: u64,
    /// The number of responses before the attempt.
    responses: u64,
}

impl Retirement {
    pub(super) fn run(&self) {
        self.clients.retire(self.number, self.responses);
    }
}

/// The clients of a transport, independent of their type.
trait Retire: Send + Sync {
    fn retire(&self, number: u64, responses: u64);
}

impl<C: Send + Sync> Retire for Generations<C> {
    fn retire(&self, number: u64, responses: u64) {
        self.replace(number, responses, self.start.elapsed());
    }
}

impl<C: Send + Sync + 'static> Generations<C> {
    /// Creates a client that is replaced with the result of `make`.
    pub(super) fn renewable(
        make: impl Fn() -> Result<C, BoxError> + Send + Sync + 'static,
    ) -> Result<Arc<Self>, BoxError> {
        let client = make()?;
        Ok(Self::new(client, Some(Box::new(make))))
    }

    /// Creates a client that is never replaced.
    #[cfg(feature = "reqwest")]
    pub(super) fn fixed(client: C) -> Arc<Self> {
        Self::new(client, None)
    }

    fn new(client: C, make: Option<Make<C>>) -> Arc<Self> {
        let current = RwLock::new(Generation::new(client, 0));
        Arc::new(Self { current, make, start: Instant::now(), due: Mutex::default() })
    }

    /// Returns the client for a request. `watch` receives the retirement to run if the request
    /// times out.
    pub(super) fn begin(self: &Arc<Self>, watch: impl FnOnce(Retirement)) -> Arc<Generation<C>> {
        let generation = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        if self.is_renewable() {
            let (number, responses) = (generation.number, generation.responses());
            watch(Retirement { clients: self.clone(), number, responses });
        }
        generation
    }
}

impl<C> Generations<C> {
    /// Returns whether the client can be replaced.
    pub(super) const fn is_renewable(&self) -> bool {
        self.make.is_some()
    }

    /// Replaces the client `number` after an attempt on it timed out, before which `responses` had
    /// arrived.
    fn replace(&self, number: u64, responses: u64, now: Duration) {
        let Some(make) = &self.make else { return };
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.number != number || current.others_work(responses) || !self.keeps_pace(now) {
            return;
        }
        match make() {
            Ok(client) => {
                let next = Generation::new(client, number.wrapping_add(1));
                let retired = std::mem::replace(&mut *current, next);
                // Dropped after the lock is released, because closing connections may take time.
                drop(current);
                drop(retired);
                tracing::debug!("an attempt timed out: new requests use new connections");
            }
            Err(error) => {
                drop(current);
                tracing::warn!(%error, "an attempt timed out, and its connections are kept");
            }
        }
    }

    fn keeps_pace(&self, now: Duration) -> bool {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let from = (*due).max(now);
        let allowed = from.saturating_sub(now) <= PACE.saturating_mul(BURST - 1);
        if allowed {
            *due = from.saturating_add(PACE);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    fn counting() -> Arc<Generations<u32>> {
        let next = AtomicU32::new(0);
        Generations::renewable(move || Ok(next.fetch_add(1, Ordering::SeqCst))).unwrap()
    }

    fn begin(generations: &Arc<Generations<u32>>) -> (Arc<Generation<u32>>, Retirement) {
        let mut watched = None;
        let generation = generations.begin(|retirement| watched = Some(retirement));
        (generation, watched.unwrap())
    }

    #[test]
    fn many_timeouts_on_one_client_replace_it_once() {
        let generations = counting();
        let attempts: Vec<_> = (0..10).map(|_| begin(&generations)).collect();
        for (generation, retirement) in attempts {
            assert_eq!(generation.client, 0);
            generation.responded(Version::HTTP_2);
            retirement.run();
        }
        assert_eq!(begin(&generations).0.client, 1);
    }

    #[test]
    fn a_timeout_on_an_old_client_leaves_the_new_one() {
        let generations = counting();
        let (_, late) = begin(&generations);
        begin(&generations).1.run();
        late.run();
        assert_eq!(begin(&generations).0.client, 1);
    }

    #[test]
    fn connections_of_http_1_stay_while_others_work() {
        let generations = counting();
        let (generation, retirement) = begin(&generations);
        generation.responded(Version::HTTP_11);
        retirement.run();
        assert_eq!(begin(&generations).0.client, 0);

        // No response arrived since the attempt began.
        begin(&generations).1.run();
        assert_eq!(begin(&generations).0.client, 1);
    }

    #[test]
    fn a_slow_server_causes_no_storm() {
        let generations = counting();
        for _ in 0..100 {
            begin(&generations).1.run();
        }
        let client = begin(&generations).0.client;
        // The burst, and the replacements that became due during the test.
        assert!((BURST..100).contains(&client), "{client}");

        let generations = counting();
        let mut replaced = 0;
        for tenth in 0..600 {
            let now = Duration::from_millis(tenth * 100);
            generations.replace(replaced, 0, now);
            replaced = u64::from(begin(&generations).0.client);
        }
        // A minute with 10 timeouts per second.
        assert_eq!(replaced, 60 + u64::from(BURST) - 1);
    }

    #[test]
    fn a_client_that_cannot_be_made_leaves_the_old_one() {
        let made = AtomicU32::new(0);
        let generations =
            Generations::renewable(move || match made.fetch_add(1, Ordering::SeqCst) {
                0 => Ok(0_u32),
                _ => Err("no certificates".into()),
            })
            .unwrap();
        begin(&generations).1.run();
        assert_eq!(begin(&generations).0.client, 0);
    }
}
