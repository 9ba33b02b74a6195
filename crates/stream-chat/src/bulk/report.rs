//! The outcome of a bulk request.

use std::fmt;
use std::ops::{Deref, Range};

use super::batch::{BatchOutcome, BatchResult};
use super::entries::Entries;
use super::wrap::wrap;
use stream_http::{Error, Response};

/// The outcome of a [`Bulk`](super::Bulk), whether or not something failed.
#[non_exhaustive]
pub struct BulkReport<'a, T, R> {
    /// The responses to the batches that succeeded, in the order of the entries; empty with
    /// [`Bulk::discard_responses`](super::Bulk::discard_responses).
    pub done: Vec<Response<R>>,
    /// The batches that were certainly not processed, in the order of the entries.
    pub failed: Vec<FailedBatch<T>>,
    /// The batches that may have been processed, because their response was lost. Sending them
    /// again is safe if the operation is idempotent, as upserts and deletions are.
    pub unknown: Vec<FailedBatch<T>>,
    /// The entries that were not sent, in order, followed by the rest of the input. Pass them to
    /// the same method to resume.
    pub unsent: Entries<'a, T>,
    /// The error of the input, if [`Entries::try_stream`] or [`Entries::try_rest_of`] failed: the
    /// entries after it were not read.
    pub input_error: Option<Error>,
    entries_done: u64,
    discards_responses: bool,
    /// The first position of each response, until the responses are sorted.
    positions: Vec<u64>,
}

/// The entries of a request that did not succeed.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedBatch<T> {
    /// The position of the first entry among all entries, from 0.
    pub first: u64,
    /// The entries, in order.
    pub entries: Vec<T>,
    /// The reason for the failure.
    pub error: Error,
}

/// The maximum length of a response body that the report of a failure keeps: there may be many.
const MAX_RAW_BODY: usize = 4096;

impl<T> FailedBatch<T> {
    fn new(first: u64, entries: Vec<T>, mut error: Error) -> Self {
        error.truncate_raw_body(MAX_RAW_BODY);
        Self { first, entries, error }
    }

    /// Returns the positions of the entries among all entries, from 0.
    #[must_use]
    pub fn positions(&self) -> Range<u64> {
        self.first..self.first.saturating_add(count(&self.entries))
    }
}

fn count<T>(entries: &[T]) -> u64 {
    u64::try_from(entries.len()).unwrap_or(u64::MAX)
}

fn count_failed<T>(batches: &[FailedBatch<T>]) -> u64 {
    batches.iter().map(|batch| count(&batch.entries)).sum()
}

impl<'a, T, R> BulkReport<'a, T, R> {
    pub(crate) fn new(discards_responses: bool) -> Self {
        Self {
            done: Vec::new(),
            failed: Vec::new(),
            unknown: Vec::new(),
            unsent: Entries::default(),
            input_error: None,
            entries_done: 0,
            discards_responses,
            positions: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, outcome: BatchOutcome<T, R>) {
        let BatchOutcome { first, entries, result } = outcome;
        match result {
            BatchResult::Done(response) => {
                self.entries_done = self.entries_done.saturating_add(count(&entries));
                if !self.discards_responses {
                    self.positions.push(first);
                    self.done.push(response);
                }
            }
            BatchResult::Failed(error) => self.failed.push(FailedBatch::new(first, entries, error)),
            BatchResult::Unknown(error) => {
                self.unknown.push(FailedBatch::new(first, entries, error));
            }
        }
    }

    pub(crate) fn end(mut self, mut unsent: Entries<'a, T>) -> Self {
        let positions = std::mem::take(&mut self.positions);
        let mut done: Vec<_> = positions.into_iter().zip(std::mem::take(&mut self.done)).collect();
        done.sort_by_key(|(first, _)| *first);
        self.done = done.into_iter().map(|(_, response)| response).collect();
        self.failed.sort_by_key(|batch| batch.first);
        self.unknown.sort_by_key(|batch| batch.first);
        self.input_error = unsent.take_failure();
        self.unsent = unsent;
        self
    }

    /// Returns the number of entries that the server has processed.
    #[must_use]
    pub const fn entries_done(&self) -> u64 {
        self.entries_done
    }

    /// Returns whether everything was done.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.failed.is_empty() && self.unknown.is_empty() && self.input_error.is_none()
    }

    pub(crate) fn settle(self) -> Result<BulkResponse<R>, BulkError<T, R>> {
        if self.is_success() {
            return Ok(BulkResponse { responses: self.done, entries: self.entries_done });
        }
        Err(BulkError {
            done: self.done,
            failed: self.failed,
            unknown: self.unknown,
            unsent: self.unsent.into_owned(),
            input_error: self.input_error,
            entries_done: self.entries_done,
        })
    }
}

impl<T, R> BulkReport<'_, T, R>
where
    T: Send + Sync + 'static,
    R: Send + Sync + 'static,
{
    /// Returns the responses if everything was done.
    ///
    /// # Errors
    /// Something failed or is unknown, or the input failed; [`BulkError::of`] returns the details. The rest of an
    /// iterator that was passed by value is read into the error.
    pub fn into_result(self) -> Result<BulkResponse<R>, Error> {
        self.settle().map_err(Error::from)
    }
}

impl<T, R> fmt::Debug for BulkReport<'_, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkReport")
            .field("entries_done", &self.entries_done)
            .field("failed", &count_failed(&self.failed))
            .field("unknown", &count_failed(&self.unknown))
            .field("unsent", &self.unsent)
            .field("input_error", &self.input_error)
            .finish_non_exhaustive()
    }
}

/// The responses to the requests that a [`Bulk`](super::Bulk) sent, in the order of the entries.
#[derive(Debug)]
pub struct BulkResponse<R> {
    responses: Vec<Response<R>>,
    entries: u64,
}

impl<R> BulkResponse<R> {
    /// Returns the number of entries that were sent.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }
}

impl<R> Deref for BulkResponse<R> {
    type Target = [Response<R>];

    fn deref(&self) -> &Self::Target {
        &self.responses
    }
}

impl<R> IntoIterator for BulkResponse<R> {
    type Item = Response<R>;
    type IntoIter = std::vec::IntoIter<Response<R>>;

    fn into_iter(self) -> Self::IntoIter {
        self.responses.into_iter()
    }
}

/// The error of a [`Bulk`](super::Bulk) that did not succeed as a whole. Completed batches remain
/// completed.
///
/// The [`Error`] from awaiting a `Bulk` wraps it:
///
/// ```
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// use stream_chat::BulkError;
/// use stream_chat::models::users::UpdateUsersResponse;
/// use stream_chat::UserRequest;
///
/// let users = (0..1000).map(|number| UserRequest::new(format!("user-{number}")));
/// if let Err(error) = client.upsert_users(users).await {
///     let bulk = BulkError::<UserRequest, UpdateUsersResponse>::take(error)?;
///     println!("{bulk}");
///     let again = bulk.unknown.into_iter().flat_map(|batch| batch.entries).chain(bulk.unsent);
///     client.upsert_users(again).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
pub struct BulkError<T, R> {
    /// The responses to the batches that succeeded, in the order of the entries.
    pub done: Vec<Response<R>>,
    /// The batches that were certainly not processed, in the order of the entries.
    pub failed: Vec<FailedBatch<T>>,
    /// The batches that may have been processed, in the order of the entries.
    pub unknown: Vec<FailedBatch<T>>,
    /// The entries that were not sent, in order. Entries that a borrowed iterator or stream
    /// ([`Entries::rest_of`], [`Entries::stream`]) has not returned yet remain there.
    pub unsent: Vec<T>,
    /// The error of the input, if [`Entries::try_stream`] or [`Entries::try_rest_of`] failed.
    pub input_error: Option<Error>,
    entries_done: u64,
}

impl<T, R> BulkError<T, R> {
    /// Returns the number of entries that the server has processed.
    #[must_use]
    pub const fn entries_done(&self) -> u64 {
        self.entries_done
    }

    /// Returns the first failed batch, in the order of the entries.
    fn first(&self) -> Option<&FailedBatch<T>> {
        let batches = [self.failed.first(), self.unknown.first()];
        batches.into_iter().flatten().min_by_key(|batch| batch.first)
    }

    fn first_mut(&mut self) -> Option<&mut FailedBatch<T>> {
        let batches = [self.failed.first_mut(), self.unknown.first_mut()];
        batches.into_iter().flatten().min_by_key(|batch| batch.first)
    }

    pub(crate) fn error_mut(&mut self) -> Option<&mut Error> {
        if self.first().is_none() {
            return self.input_error.as_mut();
        }
        self.first_mut().map(|batch| &mut batch.error)
    }

    /// Returns the error of the first failed batch, in the order of the entries, or else that of the
    /// input; `None` if they were moved out.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.first().map(|batch| &batch.error).or(self.input_error.as_ref())
    }
}

impl<T: 'static, R: 'static> BulkError<T, R> {
    /// Returns the `BulkError` that an error from awaiting a `Bulk` wraps.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.downcast_ref()
    }

    /// Extracts the `BulkError` that an error from awaiting a `Bulk` wraps.
    ///
    /// # Errors
    /// Any other error is returned unchanged.
    pub fn take(error: Error) -> Result<Self, Error> {
        error.downcast()
    }
}

impl<T, R> fmt::Display for BulkError<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (failed, unknown) = (count_failed(&self.failed), count_failed(&self.unknown));
        let Some(first) = self.first() else {
            return match &self.input_error {
                Some(error) => write!(f, "{} entries are done; {error}", self.entries_done),
                None => f.write_str("a part of the entries was not sent"),
            };
        };
        if self.entries_done == 0
            && self.input_error.is_none()
            && self.unsent.is_empty()
            && count(&first.entries) == failed + unknown
        {
            return fmt::Display::fmt(&first.error, f);
        }
        write!(f, "{} entries are done, {failed} failed", self.entries_done)?;
        if unknown > 0 {
            write!(f, ", {unknown} may have been done")?;
        }
        if !self.unsent.is_empty() {
            write!(f, ", {} were not sent", self.unsent.len())?;
        }
        let Range { start, end } = first.positions();
        write!(f, "; entries {start} to {}: {}", end.saturating_sub(1), first.error)?;
        self.input_error.as_ref().map_or(Ok(()), |error| write!(f, "; {error}"))
    }
}

impl<T, R> fmt::Debug for BulkError<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkError")
            .field("entries_done", &self.entries_done)
            .field("failed", &count_failed(&self.failed))
            .field("unknown", &count_failed(&self.unknown))
            .field("unsent", &self.unsent.len())
            .field("error", &self.error())
            .finish_non_exhaustive()
    }
}

/// The source is that of [`BulkError::error`], whose own text is part of this one.
impl<T, R> std::error::Error for BulkError<T, R> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error()?.source()
    }
}

/// Takes the properties of the whole from the first failed batch. [`BulkError::of`] and
/// [`BulkError::take`] recover the original.
impl<T, R> From<BulkError<T, R>> for Error
where
    T: Send + Sync + 'static,
    R: Send + Sync + 'static,
{
    fn from(bulk: BulkError<T, R>) -> Self {
        wrap(bulk, BulkError::error_mut)
    }
}
