//! Traits for the boxed values of a [`Bulk`](super::Bulk): `Send`, except on WebAssembly, which
//! `dyn Fn() + Send` cannot express.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::BulkProgress;
use stream_http::MaybeSend;

/// An iterator over entries.
pub(super) trait EntryIterator<T>: MaybeSend {
    fn next_entry(&mut self) -> Option<T>;
    fn hint(&self) -> (usize, Option<usize>);
}

impl<T, I: Iterator<Item: Into<T>> + MaybeSend> EntryIterator<T> for I {
    fn next_entry(&mut self) -> Option<T> {
        self.next().map(Into::into)
    }

    fn hint(&self) -> (usize, Option<usize>) {
        self.size_hint()
    }
}

/// A stream of entries.
pub(super) trait EntryStream<T>: MaybeSend {
    fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<T>>;
    fn hint(&self) -> (usize, Option<usize>);
}

impl<T, S> EntryStream<T> for &mut S
where
    S: Stream<Item: Into<T>> + Unpin + MaybeSend,
{
    fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        Pin::new(&mut **self).poll_next(context).map(|entry| entry.map(Into::into))
    }

    fn hint(&self) -> (usize, Option<usize>) {
        self.size_hint()
    }
}

/// Creates the operation of a batch.
pub(super) trait Make<O, T>: MaybeSend {
    fn make(&self, entries: Vec<T>) -> O;
}

impl<O, T, F: Fn(Vec<T>) -> O + MaybeSend> Make<O, T> for F {
    fn make(&self, entries: Vec<T>) -> O {
        self(entries)
    }
}

/// Changes an operation before it is sent.
pub(super) trait Change<O>: MaybeSend {
    fn change(&mut self, operation: O) -> O;
}

impl<O, F: FnMut(O) -> O + MaybeSend> Change<O> for F {
    fn change(&mut self, operation: O) -> O {
        self(operation)
    }
}

/// Receives progress reports.
pub(super) trait Listen: MaybeSend {
    fn tell(&mut self, progress: BulkProgress);
}

impl<F: FnMut(BulkProgress) + MaybeSend> Listen for F {
    fn tell(&mut self, progress: BulkProgress) {
        self(progress);
    }
}
