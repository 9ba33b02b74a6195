//! The progress of a bulk request, observed from outside.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::batch::Batch;
use super::ranges::Ranges;
use stream_http::Clock;

/// A handle that reports the progress of a [`Bulk`](super::Bulk), while it runs and after it was
/// dropped.
///
/// ```
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// use std::time::Duration;
/// use stream_chat::UserRequest;
///
/// let users: Vec<_> = (0..5000).map(|number| UserRequest::new(format!("user-{number}"))).collect();
/// let bulk = client.upsert_users(users.clone());
/// let handle = bulk.handle();
/// if tokio::time::timeout(Duration::from_secs(10), bulk).await.is_err() {
///     // Later go on with what is not confirmed: an upsert may be repeated.
///     let left = &users[usize::try_from(handle.confirmed_up_to()).unwrap_or(usize::MAX)..];
///     println!("{} of 5000 users are left", left.len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct BulkHandle {
    state: Arc<Mutex<State>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct State {
    total: Option<u64>,
    done: Ranges,
    failed: Ranges,
    unknown: Ranges,
    /// The end of each batch in flight, by its start.
    under_way: BTreeMap<u64, u64>,
    started_at: Option<Duration>,
    ended_at: Option<Duration>,
    tasks: Vec<String>,
    tasks_finished: u64,
}

/// The number of entries of a [`Bulk`](super::Bulk) by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BulkProgress {
    /// Entries that the server has processed.
    pub done: u64,
    /// Entries that were certainly not processed: the server refused their batch.
    pub failed: u64,
    /// Entries that may have been processed: the response was lost.
    pub unknown: u64,
    /// Entries of batches that were sent and have not received a response yet.
    pub under_way: u64,
    /// The total number of entries, if the input has an exact length or
    /// [`Bulk::total`](super::Bulk::total) was called.
    pub total: Option<u64>,
    /// Tasks that were started, if they are awaited.
    pub tasks_started: u64,
    /// Tasks that have ended, successfully or not.
    pub tasks_finished: u64,
    /// The time since the first batch was sent, up to now or to the end.
    pub elapsed: Duration,
}

impl BulkProgress {
    /// Returns the number of entries done per second, since the first was sent.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a rate needs no such precision")]
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.done as f64 / seconds } else { 0.0 }
    }

    /// Returns the number of entries that have ended, successfully or not.
    #[must_use]
    pub const fn settled(&self) -> u64 {
        self.done.saturating_add(self.failed).saturating_add(self.unknown)
    }
}

impl BulkHandle {
    pub(super) fn new(clock: Arc<dyn Clock>, total: Option<u64>) -> Self {
        let state = State { total, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)), clock }
    }

    /// Returns the number of entries that are done, failed and in flight.
    #[must_use]
    pub fn progress(&self) -> BulkProgress {
        let state = self.lock();
        let until = state.ended_at.unwrap_or_else(|| self.clock.monotonic());
        let under_way = state.under_way.iter().map(|(start, end)| end.saturating_sub(*start)).sum();
        BulkProgress {
            done: state.done.count(),
            failed: state.failed.count(),
            unknown: state.unknown.count(),
            under_way,
            total: state.total,
            tasks_started: u64::try_from(state.tasks.len()).unwrap_or(u64::MAX),
            tasks_finished: state.tasks_finished,
            elapsed: state.started_at.map_or(Duration::ZERO, |start| until.saturating_sub(start)),
        }
    }

    /// Returns the positions of the entries that the server has confirmed, from 0, as ranges in
    /// ascending order.
    #[must_use]
    pub fn confirmed(&self) -> Vec<Range<u64>> {
        self.lock().done.list()
    }

    /// Returns the number of entries that are confirmed from the first on, without a gap. Batches
    /// may overtake each other, so entries after a gap may be confirmed too.
    #[must_use]
    pub fn confirmed_up_to(&self) -> u64 {
        self.lock().done.prefix()
    }

    /// Returns the positions of the entries that were certainly not processed.
    #[must_use]
    pub fn failed(&self) -> Vec<Range<u64>> {
        self.lock().failed.list()
    }

    /// Returns the positions of the entries that may have been processed: their response was lost,
    /// or the [`Bulk`](super::Bulk) was dropped while they were in flight.
    #[must_use]
    pub fn unknown(&self) -> Vec<Range<u64>> {
        self.lock().unknown.list()
    }

    /// Returns the IDs of the tasks that were started, if they are awaited
    /// ([`Bulk::and_wait`](super::Bulk::and_wait)).
    #[must_use]
    pub fn tasks(&self) -> Vec<String> {
        self.lock().tasks.clone()
    }

    pub(super) fn set_total(&self, total: u64) {
        self.lock().total = Some(total);
    }

    pub(super) fn started<T>(&self, batch: &Batch<T>) {
        let (positions, now) = (batch.positions(), self.clock.monotonic());
        let mut state = self.lock();
        state.started_at.get_or_insert(now);
        state.under_way.insert(positions.start, positions.end);
    }

    /// Records that the batch will be sent again.
    pub(super) fn returned<T>(&self, batch: &Batch<T>) {
        self.lock().under_way.remove(&batch.first);
    }

    pub(super) fn done<T>(&self, batch: &Batch<T>) {
        self.settled(batch, |state| &mut state.done);
    }

    pub(super) fn has_failed<T>(&self, batch: &Batch<T>) {
        self.settled(batch, |state| &mut state.failed);
    }

    pub(super) fn is_unknown<T>(&self, batch: &Batch<T>) {
        self.settled(batch, |state| &mut state.unknown);
    }

    /// Moves the batch at once, so that nobody sees its entries nowhere.
    fn settled<T>(&self, batch: &Batch<T>, place: fn(&mut State) -> &mut Ranges) {
        let mut state = self.lock();
        state.under_way.remove(&batch.first);
        place(&mut state).add(batch.positions());
    }

    /// Records the end: nothing more is sent, and the responses to the batches in flight are not
    /// read.
    pub(super) fn ended(&self) {
        let now = self.clock.monotonic();
        let mut state = self.lock();
        for (start, end) in std::mem::take(&mut state.under_way) {
            state.unknown.add(start..end);
        }
        state.ended_at.get_or_insert(now);
    }

    pub(crate) fn task_started(&self, id: &str) {
        self.lock().tasks.push(id.to_owned());
    }

    pub(crate) fn task_finished(&self) {
        let mut state = self.lock();
        state.tasks_finished = state.tasks_finished.saturating_add(1);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for BulkHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkHandle").field("progress", &self.progress()).finish()
    }
}
