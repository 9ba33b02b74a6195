//! What became of each delivery, attempt by attempt, and what is needed to deliver it again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;

use super::client::{HookError, HookResponse};
use super::delivery::Parcel;
use crate::feed::Bell;
use crate::lock::lock;
use crate::state::Timestamp;

/// How many deliveries are kept.
const MAX_ENTRIES: usize = 1000;
/// How many bytes of bodies are kept.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// How many attempts of one delivery are kept.
const MAX_ATTEMPTS: usize = 50;
/// How much of a receiver's response is kept.
const MAX_RESPONSE: usize = 16 * 1024;

/// The latest deliveries, for someone who watches. Without one, nothing is kept.
#[derive(Debug, Clone)]
pub(super) struct Journal(Option<Arc<Kept>>);

#[derive(Debug)]
struct Kept {
    bell: Arc<Bell>,
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
    pub(super) parcel: Parcel,
    /// When the event came about, by the system's clock.
    pub(crate) at: Timestamp,
    pub(crate) state: DeliveryState,
    pub(crate) attempts: VecDeque<Attempt>,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeliveryState {
    /// It waits for its turn, or for its next attempt.
    Waiting,
    Delivered,
    Failed,
}

/// One try to deliver.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// The `X-Webhook-Attempt`.
    pub(crate) number: u32,
    /// When it was over, by the system's clock.
    pub(crate) at: Timestamp,
    pub(crate) duration: Duration,
    pub(crate) status: Option<u16>,
    /// The beginning of the receiver's response.
    pub(crate) response: Bytes,
    pub(crate) error: Option<String>,
}

impl DeliveryRecord {
    pub(crate) fn id(&self) -> &str {
        &self.parcel.id
    }

    pub(crate) fn event(&self) -> &str {
        &self.parcel.event
    }

    pub(crate) fn url(&self) -> &str {
        &self.parcel.hook.url
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.parcel.body
    }

    pub(crate) fn is_compressed(&self) -> bool {
        self.parcel.is_compressed
    }
}

impl Journal {
    pub(super) fn new(bell: Option<Arc<Bell>>) -> Self {
        Self(bell.map(|bell| Arc::new(Kept { bell, entries: Mutex::default() })))
    }

    /// Notes a delivery that begins, or begins again.
    pub(super) fn begin(&self, parcel: &Parcel) {
        self.change(|entries| {
            if let Some(entry) = entries.find(&parcel.id) {
                entry.state = DeliveryState::Waiting;
                return;
            }
            entries.bytes += parcel.body.len();
            entries.entries.push_back(DeliveryRecord {
                parcel: parcel.clone(),
                at: Timestamp::now(),
                state: DeliveryState::Waiting,
                attempts: VecDeque::new(),
            });
            while entries.entries.len() > MAX_ENTRIES || entries.bytes > MAX_BYTES {
                let Some(oldest) = entries.entries.pop_front() else {
                    break;
                };
                entries.bytes = entries.bytes.saturating_sub(oldest.parcel.body.len());
            }
        });
    }

    /// Notes an attempt.
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
                Ok(answer) => {
                    let end = answer.body.len().min(MAX_RESPONSE);
                    let response = answer.body.get(..end).unwrap_or_default();
                    (Some(answer.status.as_u16()), Bytes::copy_from_slice(response), None)
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

    /// Notes how a delivery ended.
    pub(super) fn finish(&self, id: &str, is_delivered: bool) {
        self.change(|entries| {
            if let Some(entry) = entries.find(id) {
                entry.state =
                    if is_delivered { DeliveryState::Delivered } else { DeliveryState::Failed };
            }
        });
    }

    /// Forgets what is over.
    pub(super) fn clear(&self) {
        self.change(|entries| {
            entries.entries.retain(|entry| entry.state == DeliveryState::Waiting);
            entries.bytes = entries.entries.iter().map(|entry| entry.parcel.body.len()).sum();
        });
    }

    /// Returns the deliveries, from the oldest to the newest.
    pub(super) fn all(&self) -> Vec<DeliveryRecord> {
        self.read(|entries| entries.entries.iter().cloned().collect())
    }

    /// Returns how many deliveries are known, and how many of them failed.
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
            kept.bell.ring();
        }
    }

    fn read<T: Default>(&self, read: impl FnOnce(&mut Entries) -> T) -> T {
        self.0.as_ref().map(|kept| read(&mut lock(&kept.entries))).unwrap_or_default()
    }
}

impl Entries {
    /// The latest are asked for the most.
    fn find(&mut self, id: &str) -> Option<&mut DeliveryRecord> {
        self.entries.iter_mut().rev().find(|entry| entry.parcel.id == id)
    }
}
