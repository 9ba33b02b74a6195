//! What all requests to one emulator share.

use super::{fault::Faults, observer::Observer, rate_limit::RateLimit, record::Record};
use crate::{auth::Keys, lock::lock, state::World, webhooks::Webhooks};
use std::sync::{Mutex, MutexGuard};

/// What an emulator is made with.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) keys: Keys,
    pub(crate) task_polls: u32,
    pub(crate) rate_limit: Option<u32>,
    pub(crate) body_limit: usize,
    pub(crate) observer: Option<Observer>,
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
}

impl Shared {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            record: Record::default(),
            faults: Faults::default(),
            rate_limit: RateLimit::new(settings.rate_limit),
            webhooks: Webhooks::new(settings.keys.clone()),
            world: Mutex::new(World::new(settings.task_polls)),
            settings,
        }
    }

    /// The state, for one call at a time.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }
}
