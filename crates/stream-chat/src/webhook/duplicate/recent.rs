use super::{Claim, DuplicateFilter};
use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::fmt;
use std::future::{Future, ready};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use stream_http::{Clock, MaybeSend};

/// How many ids are remembered unless it is said otherwise.
const USUAL_CAPACITY: usize = 10_000;
/// How long an id is remembered unless it is said otherwise.
const USUAL_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Ids of Stream are UUIDs. What is longer than this is not remembered, so that the memory has a
/// limit.
const LONGEST_ID: usize = 256;

/// The ids of recent webhooks, in memory: at most 10,000 of them, each for an hour, unless it is
/// said otherwise.
///
/// If there are more, the oldest is forgotten first. Ids of more than 256 bytes are not remembered.
/// Clones share their memory.
#[derive(Clone)]
pub struct RecentWebhooks {
    ids: Arc<Mutex<Ids>>,
    clock: Arc<dyn Clock>,
    capacity: usize,
    lifetime: Duration,
}

#[derive(Default)]
struct Ids {
    known: HashSet<Arc<str>>,
    /// The oldest first, each with the moment at which it is forgotten.
    order: VecDeque<(Duration, Arc<str>)>,
}

impl RecentWebhooks {
    /// Remembers nothing yet, and goes by the clock of the system.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(stream_http::TokioClock::new())
    }

    /// Remembers nothing yet, and goes by a clock of your own.
    #[must_use]
    pub fn with_clock(clock: impl Clock) -> Self {
        Self {
            ids: Arc::default(),
            clock: Arc::new(clock),
            capacity: USUAL_CAPACITY,
            lifetime: USUAL_LIFETIME,
        }
    }

    /// How many ids are remembered at most.
    #[must_use]
    pub fn capacity(mut self, ids: usize) -> Self {
        self.capacity = ids;
        self
    }

    /// How long an id is remembered. It should be longer than Stream goes on to deliver, which is a
    /// matter of minutes.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// How many ids are remembered now.
    #[must_use]
    pub fn len(&self) -> usize {
        let mut ids = self.ids();
        ids.expire(self.clock.monotonic());
        ids.known.len()
    }

    /// Whether no id is remembered now.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claim_now(&self, id: &str) -> Claim {
        if id.len() > LONGEST_ID {
            return Claim::New;
        }
        let now = self.clock.monotonic();
        let mut ids = self.ids();
        ids.expire(now);
        if ids.known.contains(id) {
            return Claim::Duplicate;
        }
        ids.remember(id, now.saturating_add(self.lifetime));
        while ids.order.len() > self.capacity {
            ids.forget_oldest();
        }
        Claim::New
    }
}

impl Ids {
    fn remember(&mut self, id: &str, until: Duration) {
        let id: Arc<str> = id.into();
        self.known.insert(id.clone());
        self.order.push_back((until, id));
    }

    fn expire(&mut self, now: Duration) {
        while self.order.front().is_some_and(|(until, _)| *until <= now) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, id)) = self.order.pop_front() {
            self.known.remove(&id);
        }
    }

    fn forget(&mut self, id: &str) {
        if self.known.remove(id) {
            // What is released was mostly claimed a moment ago.
            let place = self.order.iter().rposition(|(_, known)| **known == *id);
            place.map(|place| self.order.remove(place));
        }
    }
}

impl DuplicateFilter for RecentWebhooks {
    type Error = Infallible;

    fn claim(&self, id: &str) -> impl Future<Output = Result<Claim, Infallible>> + MaybeSend {
        ready(Ok(self.claim_now(id)))
    }

    fn release(&self, id: &str) -> impl Future<Output = Result<(), Infallible>> + MaybeSend {
        self.ids().forget(id);
        ready(Ok(()))
    }
}

#[cfg(not(target_family = "wasm"))]
impl Default for RecentWebhooks {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for RecentWebhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentWebhooks")
            .field("len", &self.ids().known.len())
            .field("capacity", &self.capacity)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}
