//! Traits for the boxed values of a [`Bulk`](super::Bulk): `Send`, except on WebAssembly, which
//! `dyn Fn() + Send` cannot express.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::BulkProgress;
use stream_http::{BoxError, MaybeSend};

/// An iterator over entries.
pub(super) trait EntryIterator<T>: MaybeSend {
    fn next_entry(&mut self) -> Option<Result<T, BoxError>>;
    fn hint(&self) -> (usize, Option<usize>);
}

impl<T, I: Iterator<Item: Into<T>> + MaybeSend> EntryIterator<T> for I {
    fn next_entry(&mut self) -> Option<Result<T, BoxError>> {
        self.next().map(|entry| Ok(entry.into()))
    }

    fn hint(&self) -> (usize, Option<usize>) {
        self.size_hint()
    }
}

/// A source whose entries are results.
pub(super) struct Fallible<S>(pub(super) S);

impl<T, S, I, E> EntryIterator<T> for Fallible<&mut S>
where
    S: Iterator<Item = Result<I, E>> + MaybeSend,
    I: Into<T>,
    E: Into<BoxError>,
{
    fn next_entry(&mut self) -> Option<Result<T, BoxError>> {
        self.0.next().map(|entry| entry.map(Into::into).map_err(Into::into))
    }

    fn hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

/// A stream of entries.
pub(super) trait EntryStream<T>: MaybeSend {
    fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, BoxError>>>;
    fn hint(&self) -> (usize, Option<usize>);
}

impl<T, S> EntryStream<T> for &mut S
where
    S: Stream<Item: Into<T>> + Unpin + MaybeSend,
{
    fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, BoxError>>> {
        Pin::new(&mut **self).poll_next(context).map(|entry| entry.map(|entry| Ok(entry.into())))
    }

    fn hint(&self) -> (usize, Option<usize>) {
        self.size_hint()
    }
}

impl<T, S, I, E> EntryStream<T> for Fallible<&mut S>
where
    S: Stream<Item = Result<I, E>> + Unpin + MaybeSend,
    I: Into<T>,
    E: Into<BoxError>,
{
    fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, BoxError>>> {
        let next = Pin::new(&mut *self.0).poll_next(context);
        next.map(|entry| entry.map(|entry| entry.map(Into::into).map_err(Into::into)))
    }

    fn hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
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
