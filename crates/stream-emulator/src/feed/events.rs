//! Recorded events of live connections.

use bytes::Bytes;

use super::recent::Weighed;
use super::{Excerpt, Feed};
use crate::state::Timestamp;

/// The maximum number of recorded events.
pub(super) const MAX_EVENTS: usize = 1000;

/// An event that was delivered to live connections.
#[derive(Debug, Clone)]
pub(crate) struct ObservedEvent {
    /// The time of delivery, by the system's clock.
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    pub(crate) cid: Option<String>,
    /// The number of connections that received it.
    pub(crate) receivers: usize,
    /// The event, as one of them received it.
    pub(crate) frame: Excerpt,
}

impl Weighed for ObservedEvent {
    fn bytes(&self) -> usize {
        self.frame.bytes().len()
            + self.kind.len()
            + self.cid.as_ref().map_or(0, String::len)
            + size_of::<Self>()
    }
}

impl Feed {
    /// Records an event and the number of its receivers.
    pub(crate) fn event(&self, kind: &str, cid: Option<&str>, receivers: usize, frame: &[u8]) {
        if !self.is_on() {
            return;
        }
        self.events().push(ObservedEvent {
            at: Timestamp::now(),
            kind: kind.to_owned(),
            cid: cid.map(str::to_owned),
            receivers,
            frame: Excerpt::of(&Bytes::copy_from_slice(frame)),
        });
        self.notify();
    }
}
