//! The outcomes of batches as a stream.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream::FuturesUnordered;

use super::batch::{Batch, BatchOutcome, BatchResult};
use super::builder::Bulk;
use super::entries::Entries;
use super::handle::BulkHandle;
use super::pace::{Pace, Turn};
use stream_http::{BoxFuture, Call, Clock, Error, ErrorKind, MaybeSend, Response};
use stream_models::Operation;

/// The batches of a [`Bulk`] in the order in which they end. It is also a [`Stream`].
///
/// Dropping it cancels the batches in flight: their entries are then unknown, and the
/// [`BulkHandle`] reports them.
#[must_use = "nothing is sent until `next` is awaited"]
pub struct Outcomes<'a, O: Operation, T> {
    bulk: Bulk<'a, O, T>,
    /// The maximum number of batches in flight.
    at_once: usize,
    clock: Arc<dyn Clock>,
    pace: Pace,
    /// Batches that were read and are not in flight, by the position of their first entry.
    waiting: BTreeMap<u64, Batch<T>>,
    /// The batch that is being read.
    reading: Vec<T>,
    /// The position of the first entry of the next batch.
    position: u64,
    running: FuturesUnordered<Running<T, O::Response>>,
    /// The keys of the entries in flight.
    busy: HashSet<u64>,
    sleep: Option<(Duration, BoxFuture<'static, ()>)>,
    is_stopped: bool,
}

impl<O: Operation, T> Unpin for Outcomes<'_, O, T> {}

/// A batch in flight.
struct Running<T, R> {
    call: Call<R>,
    batch: Option<Batch<T>>,
    since: Duration,
}

/// A batch that has received its response.
struct Returned<T, R> {
    batch: Batch<T>,
    since: Duration,
    result: Result<Response<R>, Error>,
}

impl<T, R> Unpin for Running<T, R> {}

impl<T, R> Future for Running<T, R>
where
    Call<R>: Future<Output = Result<Response<R>, Error>> + Unpin,
{
    /// `None` if it is polled after completion.
    type Output = Option<Returned<T, R>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(Pin::new(&mut self.call).poll(context));
        let since = self.since;
        Poll::Ready(self.batch.take().map(|batch| Returned { batch, since, result }))
    }
}

/// The outcome of an attempt to start another batch.
enum Start {
    Started,
    /// The batch has to wait; the task is woken when it can be sent.
    Waits,
    /// Nothing is left to send.
    Ended,
}

impl<'a, O, T> Outcomes<'a, O, T>
where
    O: Operation + 'static,
    T: Clone + MaybeSend + 'a,
{
    pub(super) fn new(mut bulk: Bulk<'a, O, T>) -> Self {
        // Waiting inside a request would be invisible here, and would count toward its deadline.
        bulk.options = bulk.options.hand_back_rate_limits();
        Self {
            at_once: bulk.at_once(),
            clock: bulk.executor.clock(),
            bulk,
            pace: Pace::default(),
            waiting: BTreeMap::new(),
            reading: Vec::new(),
            position: 0,
            running: FuturesUnordered::new(),
            busy: HashSet::new(),
            sleep: None,
            is_stopped: false,
        }
    }

    /// Returns the next batch that has ended, or `None` if nothing is left or a failure ended
    /// sending.
    pub async fn next(&mut self) -> Option<BatchOutcome<T, O::Response>> {
        poll_fn(|context| self.poll_outcome(context)).await
    }

    fn poll_outcome(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<BatchOutcome<T, O::Response>>> {
        loop {
            while let Poll::Ready(Some(returned)) = Pin::new(&mut self.running).poll_next(context) {
                if let Some(outcome) = returned.and_then(|returned| self.settle(returned)) {
                    self.tell();
                    return Poll::Ready(Some(outcome));
                }
            }
            match self.start_next(context) {
                Start::Started => {}
                Start::Ended if self.running.is_empty() => {
                    self.bulk.handle.ended();
                    return Poll::Ready(None);
                }
                Start::Waits | Start::Ended => return Poll::Pending,
            }
        }
    }

    /// Sends the next batch, if there is one and the limits allow it.
    fn start_next(&mut self, context: &mut Context<'_>) -> Start {
        if self.is_stopped {
            return Start::Ended;
        }
        if self.running.len() >= self.at_once {
            return Start::Waits;
        }
        if self.waiting.is_empty() {
            match self.read_batch(context) {
                Poll::Pending => return Start::Waits,
                Poll::Ready(None) => return Start::Ended,
                Poll::Ready(Some(batch)) => {
                    self.waiting.insert(batch.first, batch);
                }
            }
        }
        let Some(next) = self.waiting.first_entry() else { return Start::Ended };
        if next.get().keys.iter().any(|key| self.busy.contains(key)) {
            return Start::Waits;
        }
        loop {
            let now = self.clock.monotonic();
            let turn = match self.pace.turn(now) {
                Turn::Now => break,
                Turn::AfterResponse => return Start::Waits,
                Turn::At(turn) => turn,
            };
            // The wait changes when more is known about the rate limit.
            let timer = match self.sleep.take() {
                Some((until, timer)) if until == turn => timer,
                _ => self.clock.sleep(turn.saturating_sub(now)),
            };
            let (_, timer) = self.sleep.insert((turn, timer));
            if timer.as_mut().poll(context).is_pending() {
                return Start::Waits;
            }
            self.sleep = None;
            self.pace.slept(turn);
        }
        let batch = next.remove();
        self.start(batch);
        Start::Started
    }

    fn read_batch(&mut self, context: &mut Context<'_>) -> Poll<Option<Batch<T>>> {
        while self.reading.len() < self.bulk.size {
            match ready!(self.bulk.entries.poll_entry(context)) {
                Some(entry) => self.reading.push(entry),
                None => break,
            }
        }
        if self.reading.is_empty() {
            return Poll::Ready(None);
        }
        let entries = std::mem::take(&mut self.reading);
        let batch = Batch::new(self.position, entries, self.bulk.key);
        self.position = batch.positions().end;
        Poll::Ready(Some(batch))
    }

    fn start(&mut self, batch: Batch<T>) {
        let mut operation = self.bulk.make.make(batch.entries.clone());
        for change in &mut self.bulk.changes {
            operation = change.change(operation);
        }
        if batch.first == 0 {
            for change in &mut self.bulk.changes_of_first {
                operation = change.change(operation);
            }
        }
        let call = self.bulk.executor.send_with(&operation, &self.bulk.options);
        let since = self.clock.monotonic();
        self.pace.sent(since);
        self.bulk.handle.started(&batch);
        self.busy.extend(&batch.keys);
        self.running.push(Running { call, batch: Some(batch), since });
    }

    /// Decides what a response means. Returns `None` if the entries are sent again.
    fn settle(
        &mut self,
        returned: Returned<T, O::Response>,
    ) -> Option<BatchOutcome<T, O::Response>> {
        let Returned { mut batch, since, result } = returned;
        for key in &batch.keys {
            self.busy.remove(key);
        }
        let said = match &result {
            Ok(response) => response.rate_limit(),
            Err(error) => error.rate_limit(),
        };
        let now = self.clock.monotonic();
        let reset_in = said.reset_in(self.clock.utc());
        self.pace.heard(said, reset_in, since, now, result.is_ok());
        let error = match result {
            Ok(response) => {
                self.bulk.handle.done(&batch);
                return Some(BatchOutcome::new(batch, BatchResult::Done(response)));
            }
            Err(error) => error,
        };
        if is_held_back(&error) {
            let (times, patience) = (batch.refusals, self.bulk.patience);
            // If requests remain in the window, the limit per second was exceeded.
            let next_window_in = reset_in.filter(|_| said.remaining == Some(0));
            if self.pace.refused(error.retry_after(), next_window_in, times, now, patience) {
                batch.refusals = times.saturating_add(1);
                self.bulk.handle.returned(&batch);
                self.waiting.insert(batch.first, batch);
                return None;
            }
        }
        let may_be_one_entry = error.is_invalid_input() || error.is_payload_too_large();
        if self.bulk.isolates_failures && may_be_one_entry && batch.entries.len() > 1 {
            self.bulk.handle.returned(&batch);
            let (first, second) = batch.halves(self.bulk.key);
            self.waiting.insert(first.first, first);
            self.waiting.insert(second.first, second);
            return None;
        }
        self.is_stopped |= !self.bulk.keeps_going;
        let result = if error.may_have_been_processed() {
            self.bulk.handle.is_unknown(&batch);
            BatchResult::Unknown(error)
        } else {
            self.bulk.handle.has_failed(&batch);
            BatchResult::Failed(error)
        };
        Some(BatchOutcome::new(batch, result))
    }

    /// Calls the progress callback.
    pub(crate) fn tell(&mut self) {
        if let Some(listener) = &mut self.bulk.listener {
            listener.tell(self.bulk.handle.progress());
        }
    }
}

/// Returns whether the batch was only sent too early: the server refused it because of the rate
/// limit, or the client held it back until its deadline.
fn is_held_back(error: &Error) -> bool {
    let was_never_sent = error.kind() == ErrorKind::Deadline && !error.may_have_been_processed();
    (error.is_rate_limited() && !error.is_unrecoverable()) || was_never_sent
}

impl<'a, O: Operation, T> Outcomes<'a, O, T> {
    /// Stops sending. The batches in flight can still be awaited.
    pub const fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// Returns the entries that were not sent, in order, followed by the rest of the input. Cancels
    /// the batches in flight: their entries are then unknown.
    pub fn into_unsent(mut self) -> Entries<'a, T> {
        let mut entries = std::mem::take(&mut self.bulk.entries);
        let waiting = std::mem::take(&mut self.waiting);
        let read = waiting.into_values().flat_map(|batch| batch.entries);
        entries.put_back(read.chain(std::mem::take(&mut self.reading)));
        entries
    }

    /// Takes the error that ended the input, once it was read up to there; see
    /// [`Entries::try_stream`]. The batches in flight can still be awaited.
    pub fn take_input_error(&mut self) -> Option<Error> {
        self.bulk.entries.take_failure()
    }

    pub(crate) const fn handle(&self) -> &BulkHandle {
        &self.bulk.handle
    }
}

impl<O: Operation, T> Drop for Outcomes<'_, O, T> {
    fn drop(&mut self) {
        self.bulk.handle.ended();
    }
}

impl<'a, O, T> Stream for Outcomes<'a, O, T>
where
    O: Operation + 'static,
    T: Clone + MaybeSend + 'a,
{
    type Item = BatchOutcome<T, O::Response>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_outcome(context)
    }
}

impl<O: Operation, T> fmt::Debug for Outcomes<'_, O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcomes")
            .field("progress", &self.bulk.handle.progress())
            .finish_non_exhaustive()
    }
}
