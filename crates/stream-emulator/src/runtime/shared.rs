//! The shared state of an emulator's requests.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;

use super::fault::Faults;
use super::hosts::ControlHosts;
use super::hub::{End, Hub};
use super::observer::Observer;
use super::rate_limit::RateLimit;
use super::record::Record;
use crate::auth::Keys;
use crate::feed::Feed;
use crate::lock::lock;
use crate::state::{Clock, Timestamp, World};
use crate::webhooks::{AllowedHosts, Webhooks};
use crate::wire::Form;

/// The settings of an emulator.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) keys: Arc<Keys>,
    pub(crate) task_polls: u32,
    pub(crate) rate_limit: Option<u32>,
    pub(crate) body_limit: usize,
    pub(crate) observer: Option<Observer>,
    pub(crate) webhook_hosts: AllowedHosts,
    pub(crate) control_hosts: ControlHosts,
    pub(crate) webhook_form: Form,
    /// The base URL of the emulator.
    pub(crate) base_url: String,
    /// Whether the inspector is served.
    pub(crate) has_inspector: bool,
}

/// The shared state of an emulator's requests.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) record: Record,
    pub(crate) faults: Faults,
    pub(crate) rate_limit: RateLimit,
    pub(crate) webhooks: Webhooks,
    pub(crate) feed: Feed,
    /// The queues of live connections.
    pub(crate) live: Arc<Hub>,
    /// Wakes tasks that wait for a time of the emulator's clock.
    pub(crate) clock_moved: Notify,
    is_stopped: AtomicBool,
    world: Mutex<World>,
    /// The number of possible changes to the state.
    changes: AtomicU64,
    /// Distinguishes this emulator from others with the same URL, such as the one before a restart.
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
                feed.is_on().then(|| Arc::clone(feed.signal())),
            ),
            feed,
            live: Arc::default(),
            clock_moved: Notify::new(),
            is_stopped: AtomicBool::new(false),
            world: Mutex::new(world),
            changes: AtomicU64::new(0),
            instance: uuid::Uuid::new_v4().to_string(),
            settings,
        }
    }

    /// Locks the state.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// Replaces the state. Live connections end, since what they watch may no longer exist, and
    /// clients reconnect by themselves.
    pub(crate) fn replace(&self, world: World) {
        self.end_connections(End::GoingAway);
        let mut current = self.world();
        // A client may have connected in the meantime.
        let late: Vec<String> =
            current.live.connections().map(|connection| connection.id.clone()).collect();
        *current = world;
        drop(current);
        for id in late {
            self.end_connection(&id, End::GoingAway);
        }
        self.count_change();
    }

    /// Changes the emulator's clock, and wakes tasks that wait for it.
    pub(crate) fn move_clock(&self, change: impl FnOnce(&mut Clock)) {
        let mut world = self.world();
        change(&mut world.clock);
        self.run_due(&mut world);
        drop(world);
        self.clock_moved.notify_one();
    }

    /// Ends live connections, and refuses new ones.
    pub(crate) fn stop(&self) {
        {
            let _world = self.world();
            self.is_stopped.store(true, Ordering::Relaxed);
        }
        self.end_connections(End::GoingAway);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Returns the number of possible changes to the state.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Returns the ID that distinguishes this emulator from others with the same URL.
    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    /// Counts a possible change to the state.
    pub(crate) fn count_change(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
        self.feed.notify();
    }

    /// Signals that a live connection was opened or closed.
    pub(crate) fn observe_connection(&self) {
        self.feed.notify();
    }

    /// Records an event of live connections, as one of its receivers got it.
    pub(crate) fn observe_event(
        &self,
        kind: &str,
        cid: Option<&str>,
        receivers: usize,
        frame: &[u8],
    ) {
        self.feed.event(kind, cid, receivers, frame);
    }

    /// Returns the time of the emulator's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.world().clock.now()
    }

    /// Resets the state, the record of requests and the faults.
    pub(crate) fn reset(&self) {
        self.replace(World::new(self.settings.task_polls));
        self.record.clear();
        self.faults.clear();
        self.feed.clear();
        self.webhooks.clear_journal();
    }
}
