//! What all requests to one emulator share.

use super::{fault::Faults, observer::Observer, rate_limit::RateLimit, record::Record};
use crate::{
    auth::Keys,
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
}

/// What all requests to one emulator share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) record: Record,
    pub(crate) faults: Faults,
    pub(crate) rate_limit: RateLimit,
    pub(crate) webhooks: Webhooks,
    world: Mutex<World>,
    /// How often the world may have changed.
    changes: AtomicU64,
}

impl Shared {
    pub(crate) fn new(settings: Settings, world: World) -> Self {
        Self {
            record: Record::default(),
            faults: Faults::default(),
            rate_limit: RateLimit::new(settings.rate_limit),
            webhooks: Webhooks::new(
                Keys::clone(&settings.keys),
                settings.webhook_hosts.clone(),
                settings.webhook_form,
            ),
            world: Mutex::new(world),
            changes: AtomicU64::new(0),
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

    /// Notes that the world may have changed.
    pub(super) fn count_change(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
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
    }
}
