//! Events that were delivered to live connections.

use bytes::Bytes;

use super::recent::Weighed;
use super::{Excerpt, Feed};
use crate::state::Timestamp;

/// How many events are kept.
pub(super) const MAX_EVENTS: usize = 1000;

/// An event that was delivered live.
#[derive(Debug, Clone)]
pub(crate) struct ObservedEvent {
    /// What the system's clock said.
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    pub(crate) cid: Option<String>,
    /// How many connections got it.
    pub(crate) receivers: usize,
    /// What one of them got.
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
    /// Notes an event that was delivered to so many connections.
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
        self.ring();
    }
}
