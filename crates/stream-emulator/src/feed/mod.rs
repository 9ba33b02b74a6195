//! What has been observed: the latest requests with their responses and the latest live events,
//! bounded, for someone who watches.
//!
//! Without an inspector nothing is kept, and the calls cost nothing.

mod events;
mod excerpt;
mod exchanges;
mod recent;

pub(crate) use events::ObservedEvent;
pub(crate) use excerpt::Excerpt;
pub(crate) use exchanges::{Observation, ObservedExchange};
pub(crate) use recent::Recent;

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::watch;

use crate::lock::lock;
use events::MAX_EVENTS;
use exchanges::{MAX_EXCHANGE_BYTES, MAX_EXCHANGES};

/// The latest observed things, and a bell that rings when there are more.
#[derive(Debug)]
pub(crate) struct Feed {
    is_on: bool,
    exchanges: Mutex<Recent<ObservedExchange>>,
    events: Mutex<Recent<ObservedEvent>>,
    bell: Arc<Bell>,
}

/// Wakes whoever watches.
#[derive(Debug)]
pub(crate) struct Bell(watch::Sender<Rings>);

/// How often the bell rang, and whether it will again.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rings {
    count: u64,
    pub(crate) is_over: bool,
}

impl Bell {
    /// Says that there is something to see.
    pub(crate) fn ring(&self) {
        self.0.send_modify(|rings| rings.count = rings.count.wrapping_add(1));
    }
}

impl Feed {
    pub(crate) fn new(is_on: bool) -> Self {
        Self {
            is_on,
            exchanges: Mutex::new(Recent::new(MAX_EXCHANGES, MAX_EXCHANGE_BYTES)),
            events: Mutex::new(Recent::new(MAX_EVENTS, MAX_EXCHANGE_BYTES)),
            bell: Arc::new(Bell(watch::Sender::default())),
        }
    }

    /// Returns whether anything is kept.
    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    pub(crate) fn bell(&self) -> &Arc<Bell> {
        &self.bell
    }

    /// Says that something else has changed.
    pub(crate) fn ring(&self) {
        if self.is_on {
            self.bell.ring();
        }
    }

    /// Waits for the bell.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Rings> {
        self.bell.0.subscribe()
    }

    /// Lets all who watch go.
    pub(crate) fn close(&self) {
        self.bell.0.send_modify(|rings| rings.is_over = true);
    }

    /// The latest requests with their responses.
    pub(crate) fn exchanges(&self) -> MutexGuard<'_, Recent<ObservedExchange>> {
        lock(&self.exchanges)
    }

    /// The latest events that were delivered live.
    pub(crate) fn events(&self) -> MutexGuard<'_, Recent<ObservedEvent>> {
        lock(&self.events)
    }

    pub(crate) fn clear(&self) {
        self.exchanges().clear();
        self.events().clear();
        self.ring();
    }
}
