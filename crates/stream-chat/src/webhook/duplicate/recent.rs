//! A filter in the memory of one process.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Claim, DuplicateFilter, LeaseToken};
use stream_http::{BoxError, BoxFuture, Clock};

/// The default number of IDs in memory.
const DEFAULT_CAPACITY: usize = 10_000;
/// The default time for which an ID is done.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// The default time for which an ID is in progress. Within one process, a lease outlives its
/// handler only if the handler hangs.
const DEFAULT_LEASE: Duration = Duration::from_secs(60);
/// The maximum length of an ID, which bounds the memory. Stream's IDs are UUIDs.
const MAX_ID_LENGTH: usize = 256;

/// The IDs of recent webhooks, in memory: by default at most 10,000 of them, each for an hour after
/// it was handled.
///
/// Beyond that number, the oldest ID is removed first; its webhook may then be handled twice, but
/// none is lost. IDs of more than 256 bytes are not remembered. Clones share their memory.
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
    /// The IDs in the order in which they entered their state, the oldest first. An ID whose state
    /// has changed since has an outdated number here.
    order: VecDeque<(u64, Arc<str>)>,
    next: u64,
}

struct Entry {
    /// The number of the lease, and the position in the order.
    number: u64,
    lease: u64,
    is_done: bool,
    ends_at: Duration,
}

impl RecentWebhooks {
    /// Creates an empty filter that uses the system clock.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(stream_http::TokioClock::new())
    }

    /// Creates an empty filter that uses a custom clock.
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

    /// Sets the maximum number of IDs in memory; 10,000 by default.
    #[must_use]
    pub fn capacity(mut self, ids: usize) -> Self {
        self.capacity = ids;
        self
    }

    /// Sets how long an ID is remembered after its webhook was handled; an hour by default. It
    /// should be longer than Stream continues to deliver, which is a matter of minutes.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Sets how long a webhook without a result counts as in progress; 60 seconds by default. It
    /// should be longer than a handler takes.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Returns the number of IDs in memory.
    #[must_use]
    pub fn len(&self) -> usize {
        let mut ids = self.ids();
        ids.expire(self.clock.monotonic());
        ids.known.len()
    }

    /// Returns whether there are no IDs in memory.
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
        // An ID that is no longer known has not been claimed again.
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

    /// Removes the oldest IDs beyond the capacity, and outdated positions in the order.
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
