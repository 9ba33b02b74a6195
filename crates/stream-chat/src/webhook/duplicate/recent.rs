//! A filter in the memory of one process.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Claim, DuplicateFilter, LeaseToken};
use stream_http::{BoxError, BoxFuture, Clock};

/// The default number of ids that are remembered.
const DEFAULT_CAPACITY: usize = 10_000;
/// How long an id is done by default.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// How long an id is in progress by default. In one process a lease outlives its handler only if
/// the handler hangs.
const DEFAULT_LEASE: Duration = Duration::from_secs(60);
/// Ids of Stream are UUIDs. What is longer than this is not remembered, so that the memory has a
/// limit.
const MAX_ID_LENGTH: usize = 256;

/// The ids of recent webhooks, in memory: by default at most 10,000 of them, each for an hour after
/// it was handled.
///
/// If there are more, the oldest is forgotten first, which may make a webhook be handled twice and
/// never makes one be lost. Ids of more than 256 bytes are not remembered. Clones share their
/// memory.
///
/// ```
/// # async fn example() -> Result<(), stream_chat::transport::BoxError> {
/// use stream_chat::webhook::{Claim, DuplicateFilter, RecentWebhooks};
///
/// let filter = RecentWebhooks::new();
/// let Claim::New(token) = filter.claim("8a2d").await? else { unreachable!() };
/// assert_eq!(filter.claim("8a2d").await?, Claim::InProgress);
/// filter.confirm("8a2d", &token).await?;
/// assert_eq!(filter.claim("8a2d").await?, Claim::Done);
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Clone)]
pub struct RecentWebhooks {
    ids: Arc<Mutex<Ids>>,
    clock: Arc<dyn Clock>,
    capacity: usize,
    lifetime: Duration,
    lease: Duration,
}

#[derive(Default)]
struct Ids {
    known: HashMap<Arc<str>, Entry>,
    /// The ids by when they came to their state, the oldest first. One that has moved on since
    /// stands here with an old number.
    order: VecDeque<(u64, Arc<str>)>,
    next: u64,
}

struct Entry {
    /// Which lease this is, and the place in the order.
    number: u64,
    lease: u64,
    is_done: bool,
    ends_at: Duration,
}

impl RecentWebhooks {
    /// Returns a filter that remembers nothing yet, and goes by the clock of the system.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(stream_http::TokioClock::new())
    }

    /// Returns a filter that remembers nothing yet, and goes by a clock of your own.
    #[must_use]
    pub fn with_clock(clock: impl Clock) -> Self {
        Self {
            ids: Arc::default(),
            clock: Arc::new(clock),
            capacity: DEFAULT_CAPACITY,
            lifetime: DEFAULT_LIFETIME,
            lease: DEFAULT_LEASE,
        }
    }

    /// Sets how many ids are remembered at most; 10,000 by default.
    #[must_use]
    pub fn capacity(mut self, ids: usize) -> Self {
        self.capacity = ids;
        self
    }

    /// Sets how long an id is remembered after its webhook was handled; an hour by default. It
    /// should be longer than Stream goes on to deliver, which is a matter of minutes.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Sets how long a webhook is taken to be in progress if nothing is heard of it; 60 seconds by
    /// default. It should be longer than a handler takes.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Returns how many ids are remembered now.
    #[must_use]
    pub fn len(&self) -> usize {
        let mut ids = self.ids();
        ids.expire(self.clock.monotonic());
        ids.known.len()
    }

    /// Returns whether no id is remembered now.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claim_now(&self, id: &str) -> Claim {
        let now = self.clock.monotonic();
        let mut ids = self.ids();
        if let Some(entry) = ids.known.get(id).filter(|entry| now < entry.ends_at) {
            return if entry.is_done { Claim::Done } else { Claim::InProgress };
        }
        let lease = ids.next;
        if id.len() <= MAX_ID_LENGTH && self.capacity > 0 {
            ids.set(id, lease, false, now.saturating_add(self.lease));
            ids.shrink(self.capacity);
        } else {
            ids.next += 1;
        }
        Claim::New(LeaseToken::new(lease.to_string()))
    }

    fn confirm_now(&self, id: &str, token: &LeaseToken) {
        let Ok(lease) = token.as_str().parse() else { return };
        if id.len() > MAX_ID_LENGTH || self.capacity == 0 {
            return;
        }
        let ends_at = self.clock.monotonic().saturating_add(self.lifetime);
        let mut ids = self.ids();
        // An id that is not known any more has been given to nobody else.
        if ids.known.get(id).is_none_or(|entry| entry.lease == lease) {
            ids.set(id, lease, true, ends_at);
            ids.shrink(self.capacity);
        }
    }

    fn release_now(&self, id: &str, token: &LeaseToken) {
        let Ok(lease) = token.as_str().parse::<u64>() else { return };
        let mut ids = self.ids();
        if ids.known.get(id).is_some_and(|entry| entry.lease == lease && !entry.is_done) {
            ids.known.remove(id);
        }
    }
}

impl Ids {
    fn set(&mut self, id: &str, lease: u64, is_done: bool, ends_at: Duration) {
        let number = self.next;
        self.next += 1;
        let id: Arc<str> = id.into();
        self.known.insert(Arc::clone(&id), Entry { number, lease, is_done, ends_at });
        self.order.push_back((number, id));
    }

    /// Forgets the oldest ids beyond the capacity, and the places of ids that have moved on.
    fn shrink(&mut self, capacity: usize) {
        while self.known.len() > capacity
            || self.order.front().is_some_and(|(number, id)| !self.is_current(*number, id))
        {
            let Some((number, id)) = self.order.pop_front() else { return };
            if self.is_current(number, &id) {
                self.known.remove(&id);
            }
        }
        if self.order.len() > capacity.saturating_mul(2).saturating_add(16) {
            let Self { known, order, .. } = self;
            order.retain(|(number, id)| known.get(id).is_some_and(|entry| entry.number == *number));
        }
    }

    fn is_current(&self, number: u64, id: &str) -> bool {
        self.known.get(id).is_some_and(|entry| entry.number == number)
    }

    fn expire(&mut self, now: Duration) {
        self.known.retain(|_, entry| now < entry.ends_at);
    }
}

impl DuplicateFilter for RecentWebhooks {
    fn claim<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Claim, BoxError>> {
        Box::pin(async move { Ok(self.claim_now(id)) })
    }

    fn confirm<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.confirm_now(id, token);
            Ok(())
        })
    }

    fn release<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.release_now(id, token);
            Ok(())
        })
    }

    fn abandon(&self, id: &str, token: &LeaseToken) {
        self.release_now(id, token);
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
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
