//! A request with any number of entries.

use std::fmt;
use std::time::Duration;

use super::batch::Key;
use super::boxed::{Change, Listen, Make};
use super::entries::{Entries, IntoEntries};
use super::handle::{BulkHandle, BulkProgress};
use stream_http::{CallOptions, Executor, MaybeSend};

/// A request with any number of entries, of which the server takes only so many at a time.
///
/// The entries are read as they are sent: at most as many batches as are in flight are held. How
/// many entries make a batch depends on the operation; the method that returns the `Bulk` says it.
/// Without entries nothing is sent.
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
/// # What it returns
/// - Awaited, it returns all responses, in the order of the entries, or one [`Error`](stream_http::Error) that wraps a
///   [`BulkError`](super::BulkError) with everything that is known of the others.
/// - [`Bulk::report`] returns a [`BulkReport`](super::BulkReport) in either case, with the entries that were not sent,
///   ready to be sent.
/// - [`Bulk::outcomes`] is a stream of batches as they end, which keeps nothing.
/// - [`Bulk::handle`] tells at any time what is confirmed, also after the `Bulk` was dropped.
///
/// # Failures
/// When a batch fails, nothing more is sent; what is under way then is still waited for.
/// [`Bulk::keep_going`] goes on with the rest. [`Bulk::isolate_failures`] splits a batch that the
/// server refuses because of one bad entry. A batch whose response was lost counts as unknown, not
/// as failed: the server may have carried it out.
///
/// # Limits
/// The first request finds out what the rate limit is. From then on, no more is sent than the window
/// has left, and no more per second than the API grants. After a response with 429, sending pauses
/// for up to [`Bulk::patience`]; this is not a failure. All requests share the connections and limits of the
/// client.
///
/// # Order
/// Batches overtake each other, except that entries about the same thing, such as two versions of a
/// user, arrive in their order. [`Bulk::in_flight`]`(1)` sends one after another.
#[must_use = "nothing is sent until it is awaited"]
pub struct Bulk<'a, O, T> {
    pub(super) executor: Executor,
    pub(super) entries: Entries<'a, T>,
    pub(super) size: usize,
    pub(super) key: Option<Key<T>>,
    pub(super) make: Box<dyn Make<O, T> + 'a>,
    pub(super) changes: Vec<Box<dyn Change<O> + 'a>>,
    /// Changes to the operation of the first entry alone.
    pub(super) changes_of_first: Vec<Box<dyn Change<O> + 'a>>,
    pub(super) options: CallOptions,
    pub(crate) in_flight: usize,
    pub(super) keeps_going: bool,
    pub(super) isolates_failures: bool,
    pub(super) patience: Duration,
    pub(crate) discards_responses: bool,
    pub(super) listener: Option<Box<dyn Listen + 'a>>,
    pub(super) handle: BulkHandle,
}

impl<'a, O, T> Bulk<'a, O, T> {
    /// How many batches are under way at once by default.
    pub const DEFAULT_IN_FLIGHT: usize = 4;
    /// How long refusals by the rate limit are waited out by default.
    pub const DEFAULT_PATIENCE: Duration = Duration::from_secs(600);

    /// Cuts `entries` into requests of at most `size`.
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

    /// Lets entries with the same key arrive in their order.
    pub(crate) fn keyed(mut self, key: fn(&T) -> &str) -> Self {
        self.key = Some(key);
        self
    }

    /// Sets how many batches are under way at once; 4 by default. 0 is taken as 1.
    ///
    /// The server's time for one batch decides how much more helps: 16 are about 16 times as fast
    /// as one after another, as long as the rate limit allows it.
    pub fn in_flight(mut self, batches: usize) -> Self {
        self.in_flight = batches.max(1);
        self
    }

    /// Sends the rest although a batch failed. All failures are in the report.
    pub const fn keep_going(mut self) -> Self {
        self.keeps_going = true;
        self
    }

    /// Splits a batch that the server refuses as not valid (400) or too large (413), until the
    /// entries are found that it refuses; the others are sent.
    ///
    /// One bad entry of 100 takes about 14 requests more. Without [`Bulk::keep_going`], sending stops
    /// when the first bad entry is found.
    pub const fn isolate_failures(mut self) -> Self {
        self.isolates_failures = true;
        self
    }

    /// Sets how long refusals by the rate limit are waited out, counted since the last success; 10
    /// minutes by default. What is then still refused has failed.
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Counts the responses and keeps none, for many entries whose responses nobody reads.
    pub const fn discard_responses(mut self) -> Self {
        self.discards_responses = true;
        self
    }

    /// Sets how many entries there are, for the progress. It is known without this for collections
    /// and for iterators that know their length.
    pub fn total(self, entries: u64) -> Self {
        self.handle.set_total(entries);
        self
    }

    /// Calls `report` whenever a batch has ended. It must not block.
    pub fn progress(mut self, report: impl FnMut(BulkProgress) + MaybeSend + 'a) -> Self {
        self.listener = Some(Box::new(report));
        self
    }

    /// Returns a handle that tells what is confirmed, also after this was dropped.
    #[must_use]
    pub fn handle(&self) -> BulkHandle {
        self.handle.clone()
    }

    /// Sets the timeout, retries, headers and so on of each request.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Changes each operation in any way that it allows.
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

    /// Changes the operation with the first entry alone.
    pub(crate) fn map_first(mut self, mut change: impl FnMut(&mut O) + MaybeSend + 'a) -> Self {
        self.changes_of_first.push(Box::new(move |mut operation| {
            change(&mut operation);
            operation
        }));
        self
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
