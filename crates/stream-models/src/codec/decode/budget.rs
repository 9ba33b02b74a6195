//! The memory budget of decoding.

use std::mem::size_of;

use serde::de::Error;

/// The memory that every document may take, regardless of its length: structs are large, and a
/// short document with a few of them is not an attack.
const FREE: usize = 4 << 20;

/// The memory that a document may take per byte. Responses of the service take five times their
/// length; `[{},{},...]` would take 1,000 times. An event is decoded twice, as JSON and as its
/// type, and still stays below 64 times.
const PER_BYTE: usize = 24;

/// The beginning of the error of a document that exceeds the budget. The error concerns the
/// document, not the value at which it occurred.
pub(crate) const OVER_BUDGET: &str = "the document would take more than";

/// The size of an element in bytes from which lists grow by half instead of doubling.
const WIDE: usize = 256;

/// The maximum and minimum number of entries in a node of a `BTreeMap`.
const NODE_ENTRIES: (usize, usize) = (11, 5);

/// Bounds the memory that a document decodes into by the length of the document.
///
/// A deserializer does not know the length of its input, so the budget grows with what is read and
/// shrinks with what is allocated. Both are conservative estimates: white space and skipped
/// values do not count as read.
pub struct Budget {
    earned: usize,
    taken: usize,
    /// What a byte earns; zero while it is read again.
    per_byte: usize,
}

impl Budget {
    pub(super) const fn new() -> Self {
        Self { earned: FREE, taken: 0, per_byte: PER_BYTE }
    }

    /// Records that the document has at least this many more bytes.
    pub(super) const fn read(&mut self, bytes: usize) {
        self.earned = self.earned.saturating_add(bytes.saturating_mul(self.per_byte));
    }

    /// Reserves memory before it is allocated.
    ///
    /// # Errors
    /// The document takes more memory than its length allows.
    pub(super) fn take<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        let taken = self.taken.saturating_add(bytes);
        if taken > self.earned {
            return Err(E::custom(format_args!(
                "{OVER_BUDGET} {} MiB and {PER_BYTE} times its length in memory",
                FREE >> 20,
            )));
        }
        self.taken = taken;
        Ok(())
    }

    const fn release(&mut self, bytes: usize) {
        self.taken = self.taken.saturating_sub(bytes);
    }

    /// Returns the memory that is taken.
    pub(in crate::codec) const fn taken(&self) -> usize {
        self.taken
    }

    /// Sets the memory that is taken, after some was dropped.
    pub(in crate::codec) const fn reset(&mut self, taken: usize) {
        self.taken = taken;
    }

    /// Decodes JSON that was read before, so that it earns nothing. Returns the memory that the
    /// value takes; a failure takes none.
    pub(in crate::codec) fn again<T, E>(
        &mut self,
        decode: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<(T, usize), E> {
        let (taken, per_byte) = (self.taken, std::mem::take(&mut self.per_byte));
        let decoded = decode(self);
        self.per_byte = per_byte;
        let more = self.taken.saturating_sub(taken);
        if decoded.is_err() {
            self.taken = taken;
        }
        decoded.map(|value| (value, more))
    }

    /// Appends to a list.
    pub(super) fn push<T, E: Error>(&mut self, list: &mut Vec<T>, element: T) -> Result<(), E> {
        let (length, size) = (list.len(), size_of::<T>());
        if length == list.capacity() && size > 0 {
            let more = if size < WIDE { length.max(4) } else { (length / 2).max(1) };
            self.take(length.saturating_add(more).saturating_mul(size))?;
            list.reserve_exact(more);
            self.release(length.saturating_mul(size));
        }
        list.push(element);
        Ok(())
    }

    /// Reserves the memory that the next entry of a `BTreeMap<String, T>` may need.
    pub(super) fn take_entry<T, E: Error>(&mut self, entries: usize) -> Result<(), E> {
        let (most, least) = NODE_ENTRIES;
        if !entries.is_multiple_of(least) {
            return Ok(());
        }
        let node = most * (size_of::<String>() + size_of::<T>());
        // The nodes above the leaves, and the links between them.
        self.take(node + node / least)
    }
}
