//! A request with any number of entries.

use std::fmt;
use std::time::Duration;

use super::batch::Key;
use super::boxed::{Change, Listen, Make};
use super::entries::{Entries, IntoEntries};
use super::handle::{BulkHandle, BulkProgress};
use stream_http::{CallOptions, Executor, MaybeSend};

/// A request with any number of entries, which is sent in batches of the size that the server
/// accepts.
///
/// The entries are read as they are sent, and only the batches in flight are held in memory. The
/// maximum batch size depends on the operation; the method that returns the `Bulk` states it.
/// Without entries, nothing is sent.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = stream_emulator::Emulator::start().await?;
/// # let client = stream_chat::Client::builder(emulator.api_key(), emulator.api_secret())
/// #     .base_url(emulator.base_url()).build()?;
/// use stream_chat::UserRequest;
///
/// let users = (0..1000).map(|number| UserRequest::new(format!("user-{number}")));
/// client
///     .upsert_users(users)
///     .in_flight(8)
///     .progress(|progress| println!("{} users, {:.0} a second", progress.done, progress.rate()))
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// # Results
/// - Awaiting it returns all responses, in the order of the entries, or one
///   [`Error`](stream_http::Error) that wraps a [`BulkError`](super::BulkError) with the outcome of
///   every entry.
/// - [`Bulk::report`] returns a [`BulkReport`](super::BulkReport) in either case, with the entries
///   that were not sent, ready to be sent.
/// - [`Bulk::outcomes`] is a stream of batches as they end, which retains nothing.
/// - [`Bulk::handle`] returns a handle that reports what is confirmed at any time, even after the
///   `Bulk` was dropped.
///
/// # Failures
/// When a batch fails, no further batch is sent, but those in flight are awaited.
/// [`Bulk::keep_going`] sends the rest nevertheless. [`Bulk::isolate_failures`] splits a batch that
/// the server refuses because of a single invalid entry. A batch whose response was lost counts as
/// unknown, not as failed: the server may have processed it.
///
/// # Limits
/// The first request determines the rate limit. From then on, no more requests are sent than remain
/// in the window, and no more per second than the API allows. After a response with status 429,
/// sending pauses for up to [`Bulk::patience`]; this is not a failure. All requests share the
/// connections and limits of the client.
///
/// # Order
/// Batches may overtake each other, except that entries with the same key, such as two versions of
/// a user, arrive in order. [`Bulk::in_flight`]`(1)` sends the batches one after another.
#[must_use = "nothing is sent until it is awaited"]
pub struct Bulk<'a, O, T> {
    pub(super) executor: Executor,
    pub(super) entries: Entries<'a, T>,
    pub(super) size: usize,
    pub(super) key: Option<Key<T>>,
    pub(super) make: Box<dyn Make<O, T> + 'a>,
    pub(super) changes: Vec<Box<dyn Change<O> + 'a>>,
    /// Changes that apply only to the operation of the first batch.
    pub(super) changes_of_first: Vec<Box<dyn Change<O> + 'a>>,
    pub(super) options: CallOptions,
    in_flight: usize,
    pub(super) keeps_going: bool,
    pub(super) isolates_failures: bool,
    pub(super) patience: Duration,
    pub(crate) discards_responses: bool,
    pub(super) listener: Option<Box<dyn Listen + 'a>>,
    pub(super) handle: BulkHandle,
}

impl<'a, O, T> Bulk<'a, O, T> {
    /// The default number of batches in flight.
    pub const DEFAULT_IN_FLIGHT: usize = 4;
    /// The default time to wait out rate-limit responses: 10 minutes.
    pub const DEFAULT_PATIENCE: Duration = Duration::from_secs(600);

    /// Divides `entries` into requests of at most `size` entries.
    pub(crate) fn new(
        executor: &Executor,
        size: usize,
        entries: impl IntoEntries<'a, T>,
        make: impl Fn(Vec<T>) -> O + MaybeSend + 'a,
    ) -> Self {
        let entries = entries.into_entries();
        Self {
            executor: executor.clone(),
            handle: BulkHandle::new(executor.clock(), entries.exact_len()),
            entries,
            size: size.max(1),
            key: None,
            make: Box::new(make),
            changes: Vec::new(),
            changes_of_first: Vec::new(),
            options: CallOptions::new(),
            in_flight: Self::DEFAULT_IN_FLIGHT,
            keeps_going: false,
            isolates_failures: false,
            patience: Self::DEFAULT_PATIENCE,
            discards_responses: false,
            listener: None,
        }
    }

    /// Makes entries with the same key arrive in order.
    pub(crate) fn keyed(mut self, key: fn(&T) -> &str) -> Self {
        self.key = Some(key);
        self
    }

    /// Sets the maximum number of batches in flight; 4 by default. 0 is treated as 1.
    ///
    /// Higher values help as long as the server's processing time limits the throughput: 16 batches
    /// are about 16 times as fast as one, until the rate limit is reached. The client sends no more
    /// requests at once than
    /// [`ExecutorBuilder::max_in_flight`](crate::transport::ExecutorBuilder::max_in_flight) allows,
    /// 256 by default.
    pub fn in_flight(mut self, batches: usize) -> Self {
        self.in_flight = batches.max(1);
        self
    }

    /// Continues after a batch fails. The report contains all failures, each with its entries and
    /// its error, whose [`Error::raw_body`](stream_http::Error::raw_body) is cut to 4 KiB;
    /// [`Bulk::outcomes`] returns them one by one.
    pub const fn keep_going(mut self) -> Self {
        self.keeps_going = true;
        self
    }

    /// Splits a batch that the server refuses as invalid (400) or too large (413), until the
    /// offending entries are found; the others are sent.
    ///
    /// One invalid entry of 100 takes about 14 additional requests, and 100 invalid ones take 198.
    /// Without [`Bulk::keep_going`], sending stops when the first invalid entry is found.
    pub const fn isolate_failures(mut self) -> Self {
        self.isolates_failures = true;
        self
    }

    /// Sets how long rate-limit responses are waited out, counted from the last success; 10 minutes
    /// by default. A batch that is still refused after that has failed.
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Counts the responses without retaining them, for many entries whose responses are not
    /// needed.
    pub const fn discard_responses(mut self) -> Self {
        self.discards_responses = true;
        self
    }

    /// Sets the total number of entries, for progress reports. It is known without this for
    /// collections and for iterators with an exact length.
    pub fn total(self, entries: u64) -> Self {
        self.handle.set_total(entries);
        self
    }

    /// Calls `report` whenever a batch ends. The callback must not block: meanwhile nothing is sent,
    /// and the responses of the batches in flight are not read, so that these may time out. If it
    /// panics, the panic reaches the caller, and the [`handle`](Self::handle) knows what is confirmed.
    pub fn progress(mut self, report: impl FnMut(BulkProgress) + MaybeSend + 'a) -> Self {
        self.listener = Some(Box::new(report));
        self
    }

    /// Returns a handle that reports what is confirmed, even after the `Bulk` was dropped.
    #[must_use]
    pub fn handle(&self) -> BulkHandle {
        self.handle.clone()
    }

    /// Sets the timeout, retries, headers and other options of each request.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Applies any change to each operation.
    pub fn map(mut self, change: impl FnMut(O) -> O + MaybeSend + 'a) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// Changes each operation in place.
    pub(crate) fn each(self, mut change: impl FnMut(&mut O) + MaybeSend + 'a) -> Self {
        self.map(move |mut operation| {
            change(&mut operation);
            operation
        })
    }

    /// Applies a change to the operation of the first batch only.
    pub(crate) fn map_first(mut self, mut change: impl FnMut(&mut O) + MaybeSend + 'a) -> Self {
        self.changes_of_first.push(Box::new(move |mut operation| {
            change(&mut operation);
            operation
        }));
        self
    }

    /// Returns the number of batches in flight that the client allows: the others would wait with
    /// their entries in memory.
    pub(crate) fn at_once(&self) -> usize {
        self.in_flight.min(self.executor.max_in_flight())
    }

    pub(crate) const fn executor(&self) -> &Executor {
        &self.executor
    }
}

impl<O, T> fmt::Debug for Bulk<'_, O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("entries", &self.entries)
            .field("size", &self.size)
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}
