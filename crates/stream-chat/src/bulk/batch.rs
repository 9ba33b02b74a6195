//! Batches of entries and their outcomes.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use stream_http::{Error, Response};

/// Returns the key of an entry: entries with the same key arrive in order.
pub(super) type Key<T> = fn(&T) -> &str;

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// The entries of one request.
#[derive(Debug)]
pub(super) struct Batch<T> {
    /// The position of the first entry among all entries.
    pub(super) first: u64,
    pub(super) entries: Vec<T>,
    /// Hashes of the keys of the entries, if their order matters.
    pub(super) keys: Vec<u64>,
    /// How often the rate limit held the batch back.
    pub(super) refusals: u32,
}

impl<T> Batch<T> {
    pub(super) fn new(first: u64, entries: Vec<T>, key: Option<Key<T>>) -> Self {
        let hash = |key: Key<T>| entries.iter().map(|entry| hash(key(entry))).collect();
        Self { first, keys: key.map(hash).unwrap_or_default(), entries, refusals: 0 }
    }

    pub(super) fn positions(&self) -> Range<u64> {
        let length = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        self.first..self.first.saturating_add(length)
    }

    /// Splits the batch into two halves.
    pub(super) fn halves(mut self, key: Option<Key<T>>) -> (Self, Self) {
        let middle = self.entries.len() / 2;
        let second = self.entries.split_off(middle);
        let first_of_second = self.first.saturating_add(u64::try_from(middle).unwrap_or(u64::MAX));
        (Self::new(self.first, self.entries, key), Self::new(first_of_second, second, key))
    }
}

/// The outcome of one batch of a [`Bulk`](super::Bulk).
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchOutcome<T, R> {
    /// The position of the first entry of the batch among all entries, from 0.
    pub first: u64,
    /// The entries of the batch, in order.
    pub entries: Vec<T>,
    /// The result of the request.
    pub result: BatchResult<R>,
}

impl<T, R> BatchOutcome<T, R> {
    pub(super) fn new(batch: Batch<T>, result: BatchResult<R>) -> Self {
        Self { first: batch.first, entries: batch.entries, result }
    }

    /// Returns the positions of the entries among all entries, from 0.
    #[must_use]
    pub fn positions(&self) -> Range<u64> {
        let length = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        self.first..self.first.saturating_add(length)
    }
}

/// The result of a batch.
#[allow(clippy::large_enum_variant, reason = "most are done, and each is moved a few times")]
#[non_exhaustive]
pub enum BatchResult<R> {
    /// The server processed it.
    Done(Response<R>),
    /// It was certainly not processed: the server refused it, or it was never sent.
    Failed(Error),
    /// The server may have processed it, but its response was lost; see
    /// [`Error::may_have_been_processed`].
    Unknown(Error),
}

impl<R> BatchResult<R> {
    /// Returns the error, unless the batch is done.
    #[must_use]
    pub const fn error(&self) -> Option<&Error> {
        match self {
            Self::Done(_) => None,
            Self::Failed(error) | Self::Unknown(error) => Some(error),
        }
    }
}

impl<R> fmt::Debug for BatchResult<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(response) => f.debug_tuple("Done").field(&response.request_id()).finish(),
            Self::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
            Self::Unknown(error) => f.debug_tuple("Unknown").field(error).finish(),
        }
    }
}
