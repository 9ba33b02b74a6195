//! The journal of deliveries and attempts, which also allows redeliveries.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;

use super::client::{HookError, HookResponse};
use super::queued_event::QueuedEvent;
use crate::feed::Signal;
use crate::lock::lock;
use crate::state::Timestamp;

/// The maximum number of recorded deliveries.
const MAX_ENTRIES: usize = 1000;
/// The maximum size of all recorded bodies, in bytes.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The maximum number of recorded attempts of one delivery.
const MAX_ATTEMPTS: usize = 50;
/// The maximum recorded size of a receiver's response, in bytes.
const MAX_RESPONSE: usize = 16 * 1024;

/// The latest deliveries. Nothing is recorded without an inspector.
#[derive(Debug, Clone)]
pub(super) struct Journal(Option<Arc<Kept>>);

#[derive(Debug)]
struct Kept {
    signal: Arc<Signal>,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    entries: VecDeque<DeliveryRecord>,
    bytes: usize,
}

/// A delivery with its attempts.
#[derive(Debug, Clone)]
pub(crate) struct DeliveryRecord {
    pub(super) event: QueuedEvent,
    /// The time of the event, by the system's clock.
    pub(crate) at: Timestamp,
    pub(crate) state: DeliveryState,
    pub(crate) attempts: VecDeque<Attempt>,
}

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeliveryState {
    /// It waits for its first or next attempt.
    Waiting,
    Delivered,
    Failed,
}

/// An attempt to deliver.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// The `X-Webhook-Attempt`.
    pub(crate) number: u32,
    /// The end of the attempt, by the system's clock.
    pub(crate) at: Timestamp,
    pub(crate) duration: Duration,
    pub(crate) status: Option<u16>,
    /// The beginning of the receiver's response.
    pub(crate) response: Bytes,
    pub(crate) error: Option<String>,
}

impl DeliveryRecord {
    pub(crate) fn id(&self) -> &str {
        &self.event.id
    }

    pub(crate) fn event(&self) -> &str {
        &self.event.kind
    }

    pub(crate) fn url(&self) -> &str {
        &self.event.hook.url
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.event.body
    }

    pub(crate) fn is_compressed(&self) -> bool {
        self.event.is_compressed
    }
}

impl Journal {
    pub(super) fn new(signal: Option<Arc<Signal>>) -> Self {
        Self(signal.map(|signal| Arc::new(Kept { signal, entries: Mutex::default() })))
    }

    /// Records the start of a delivery, or of a redelivery.
    pub(super) fn begin(&self, event: &QueuedEvent) {
        self.change(|entries| {
            if let Some(entry) = entries.find(&event.id) {
                entry.state = DeliveryState::Waiting;
                return;
            }
            entries.bytes += event.body.len();
            entries.entries.push_back(DeliveryRecord {
                event: event.clone(),
                at: Timestamp::now(),
                state: DeliveryState::Waiting,
                attempts: VecDeque::new(),
            });
            while entries.entries.len() > MAX_ENTRIES || entries.bytes > MAX_BYTES {
                let Some(oldest) = entries.entries.pop_front() else {
                    break;
                };
                entries.bytes = entries.bytes.saturating_sub(oldest.event.body.len());
            }
        });
    }

    /// Records an attempt.
    pub(super) fn attempt(
        &self,
        id: &str,
        number: u32,
        duration: Duration,
        outcome: &Result<HookResponse, HookError>,
    ) {
        self.change(|entries| {
            let Some(entry) = entries.find(id) else {
                return;
            };
            let (status, response, error) = match outcome {
                Ok(response) => {
                    let end = response.body.len().min(MAX_RESPONSE);
                    let beginning = response.body.get(..end).unwrap_or_default();
                    (Some(response.status.as_u16()), Bytes::copy_from_slice(beginning), None)
                }
                Err(error) => (None, Bytes::new(), Some(error.to_string())),
            };
            let at = Timestamp::now();
            entry.attempts.push_back(Attempt { number, at, duration, status, response, error });
            if entry.attempts.len() > MAX_ATTEMPTS {
                entry.attempts.pop_front();
            }
        });
    }

    /// Records the outcome of a delivery.
    pub(super) fn finish(&self, id: &str, is_delivered: bool) {
        self.change(|entries| {
            if let Some(entry) = entries.find(id) {
                entry.state =
                    if is_delivered { DeliveryState::Delivered } else { DeliveryState::Failed };
            }
        });
    }

    /// Removes finished deliveries.
    pub(super) fn clear(&self) {
        self.change(|entries| {
            entries.entries.retain(|entry| entry.state == DeliveryState::Waiting);
            entries.bytes = entries.entries.iter().map(|entry| entry.event.body.len()).sum();
        });
    }

    /// Returns the deliveries, from the oldest to the newest.
    pub(super) fn all(&self) -> Vec<DeliveryRecord> {
        self.read(|entries| entries.entries.iter().cloned().collect())
    }

    /// Returns the number of deliveries, and that of failed ones.
    pub(super) fn counts(&self) -> (usize, usize) {
        self.read(|entries| {
            let failed =
                entries.entries.iter().filter(|entry| entry.state == DeliveryState::Failed);
            (entries.entries.len(), failed.count())
        })
    }

    pub(super) fn get(&self, id: &str) -> Option<DeliveryRecord> {
        self.read(|entries| entries.find(id).cloned())
    }

    fn change(&self, change: impl FnOnce(&mut Entries)) {
        if let Some(kept) = &self.0 {
            change(&mut lock(&kept.entries));
            kept.signal.notify();
        }
    }

    fn read<T: Default>(&self, read: impl FnOnce(&mut Entries) -> T) -> T {
        self.0.as_ref().map(|kept| read(&mut lock(&kept.entries))).unwrap_or_default()
    }
}

impl Entries {
    /// Searches from the newest, since those are requested most.
    fn find(&mut self, id: &str) -> Option<&mut DeliveryRecord> {
        self.entries.iter_mut().rev().find(|entry| entry.event.id == id)
    }
}
