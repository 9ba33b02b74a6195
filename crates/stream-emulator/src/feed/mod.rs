//! The feed of the inspector: the latest requests, responses and live events.
//!
//! Without an inspector, nothing is recorded, and calls have no overhead.

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

/// The latest records, and a signal for new ones.
#[derive(Debug)]
pub(crate) struct Feed {
    is_on: bool,
    exchanges: Mutex<Recent<ObservedExchange>>,
    events: Mutex<Recent<ObservedEvent>>,
    signal: Arc<Signal>,
}

/// Signals new records to observers.
#[derive(Debug)]
pub(crate) struct Signal(watch::Sender<Signals>);

/// The number of signals, and whether there can be more.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signals {
    count: u64,
    pub(crate) is_over: bool,
}

impl Signal {
    /// Signals that there is something new.
    pub(crate) fn notify(&self) {
        self.0.send_modify(|signals| signals.count = signals.count.wrapping_add(1));
    }
}

impl Feed {
    pub(crate) fn new(is_on: bool) -> Self {
        Self {
            is_on,
            exchanges: Mutex::new(Recent::new(MAX_EXCHANGES, MAX_EXCHANGE_BYTES)),
            events: Mutex::new(Recent::new(MAX_EVENTS, MAX_EXCHANGE_BYTES)),
            signal: Arc::new(Signal(watch::Sender::default())),
        }
    }

    /// Returns whether anything is recorded.
    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    pub(crate) fn signal(&self) -> &Arc<Signal> {
        &self.signal
    }

    /// Signals a change that is not recorded itself.
    pub(crate) fn notify(&self) {
        if self.is_on {
            self.signal.notify();
        }
    }

    /// Returns a receiver of signals.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Signals> {
        self.signal.0.subscribe()
    }

    /// Ends all subscriptions.
    pub(crate) fn close(&self) {
        self.signal.0.send_modify(|signals| signals.is_over = true);
    }

    /// Returns the latest requests with their responses.
    pub(crate) fn exchanges(&self) -> MutexGuard<'_, Recent<ObservedExchange>> {
        lock(&self.exchanges)
    }

    /// Returns the latest events of live connections.
    pub(crate) fn events(&self) -> MutexGuard<'_, Recent<ObservedEvent>> {
        lock(&self.events)
    }

    pub(crate) fn clear(&self) {
        self.exchanges().clear();
        self.events().clear();
        self.notify();
    }
}
