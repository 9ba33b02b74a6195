//! An event on its way to one receiver.

use bytes::Bytes;

use super::hook::Hook;

/// An event in the queue.
#[derive(Debug, Clone)]
pub(super) struct QueuedEvent {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) body: Bytes,
    pub(super) hook: Hook,
    pub(super) is_compressed: bool,
    /// The number of attempts before it was added to the queue again.
    pub(super) earlier_attempts: u32,
}
