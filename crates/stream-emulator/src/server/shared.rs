//! What all requests to one emulator share.

use super::{fault::Faults, observer::Observer, rate_limit::RateLimit, record::Record};
use crate::{
    auth::Keys,
    feed::Feed,
    lock::lock,
    state::{Timestamp, World},
    webhooks::{AllowedHosts, Webhooks},
    wire::Form,
};
use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicU64, Ordering},
};

/// What an emulator is made with.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) keys: Arc<Keys>,
    pub(crate) task_polls: u32,
    pub(crate) rate_limit: Option<u32>,
    pub(crate) body_limit: usize,
    pub(crate) observer: Option<Observer>,
    pub(crate) webhook_hosts: AllowedHosts,
    pub(crate) webhook_form: Form,
    /// The URL under which the emulator is reached.
    pub(crate) base_url: String,
    /// Whether there is a page that shows what goes on.
    pub(crate) has_inspector: bool,
}

/// What all requests to one emulator share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) record: Record,
    pub(crate) faults: Faults,
    pub(crate) rate_limit: RateLimit,
    pub(crate) webhooks: Webhooks,
    pub(crate) feed: Feed,
    world: Mutex<World>,
    /// How often the world may have changed.
    changes: AtomicU64,
    /// Tells this emulator from others under the same URL, such as the one before a restart.
    instance: String,
}

impl Shared {
    pub(crate) fn new(settings: Settings, world: World) -> Self {
        let feed = Feed::new(settings.has_inspector);
        Self {
            record: Record::default(),
            faults: Faults::default(),
            rate_limit: RateLimit::new(settings.rate_limit),
            webhooks: Webhooks::new(
                Keys::clone(&settings.keys),
                settings.webhook_hosts.clone(),
                settings.webhook_form,
                feed.is_on().then(|| Arc::clone(feed.bell())),
            ),
            feed,
            world: Mutex::new(world),
            changes: AtomicU64::new(0),
            instance: uuid::Uuid::new_v4().to_string(),
            settings,
        }
    }

    /// The state, for one call at a time.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// Puts another world in the place of this one.
    pub(crate) fn replace(&self, world: World) {
        *self.world() = world;
        self.count_change();
    }

    /// How often the world may have changed.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Tells this emulator from others under the same URL.
    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    /// Notes that the world may have changed.
    pub(super) fn count_change(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
        self.feed.ring();
    }

    /// Notes that a live connection opened or closed.
    #[allow(dead_code, reason = "live connections call it")]
    pub(crate) fn observe_connection(&self) {
        self.feed.ring();
    }

    /// Notes an event that was delivered to so many live connections, with what one of them got.
    #[allow(dead_code, reason = "live connections call it")]
    pub(crate) fn observe_event(
        &self,
        kind: &str,
        cid: Option<&str>,
        receivers: usize,
        frame: &[u8],
    ) {
        self.feed.event(kind, cid, receivers, frame);
    }

    /// What the world's clock shows.
    pub(crate) fn now(&self) -> Timestamp {
        self.world().clock.now()
    }

    /// Forgets everything: the state, the record of requests, the faults.
    pub(crate) fn reset(&self) {
        self.replace(World::new(self.settings.task_polls));
        self.record.clear();
        self.faults.clear();
        self.feed.clear();
        self.webhooks.clear_journal();
    }
}
