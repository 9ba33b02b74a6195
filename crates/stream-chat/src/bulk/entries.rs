//! The input of a bulk request.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::boxed::{EntryIterator, EntryStream, Fallible};
use stream_http::{BoxError, Error, MaybeSend};

/// The entries of a [`Bulk`](super::Bulk), read as they are sent.
///
/// Methods that send batches accept anything that can be iterated: a `Vec`, an array, a slice, an
/// iterator. Sources that cannot be passed by value are passed as `Entries`:
/// - [`Entries::stream`]: a [`Stream`], such as the rows of a query;
/// - [`Entries::rest_of`]: an iterator that is too long to be read at once. If sending fails, the
///   entries that were not read remain in the iterator;
/// - [`Entries::try_stream`] and [`Entries::try_rest_of`]: the same with `Result`s of entries, from a
///   source that may fail.
///
/// Dropping a [`Bulk`](super::Bulk) also drops the entries that it has read and not sent. To resume
/// after that, begin again at the position
/// [`BulkHandle::confirmed_up_to`](super::BulkHandle::confirmed_up_to) of the source, not at its rest.
///
/// The entries that a [`BulkReport`](super::BulkReport) returns are `Entries` too: pass them to the
/// same method to resume sending.
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// use stream_chat::{Entries, UserRequest};
///
/// let mut users = (0..1_000_000).map(|number| UserRequest::new(format!("user-{number}")));
/// if let Err(error) = client.upsert_users(Entries::rest_of(&mut users)).await {
///     println!("{error}; {} users were not read", users.len());
/// }
/// # Ok(())
/// # }
/// ```
pub struct Entries<'a, T> {
    /// The entries that were read and put back.
    read: VecDeque<T>,
    rest: Rest<'a, T>,
    /// The error that ended the rest.
    failure: Option<BoxError>,
}

enum Rest<'a, T> {
    Nothing,
    /// The caller cannot access the rest.
    Owned(Box<dyn EntryIterator<T> + 'a>),
    /// The rest remains with the caller.
    Borrowed(Box<dyn EntryIterator<T> + 'a>),
    Stream(Box<dyn EntryStream<T> + 'a>),
}

impl<'a, T> Entries<'a, T> {
    /// Reads an iterator as entries are sent. If sending ends early, the rest remains in the
    /// iterator.
    pub fn rest_of<I>(iterator: &'a mut I) -> Self
    where
        I: Iterator<Item: Into<T>> + MaybeSend,
        T: 'a,
    {
        Self::new(Rest::Borrowed(Box::new(iterator)))
    }

    /// Reads a stream as entries are sent. If sending ends early, the rest remains in the stream.
    ///
    /// A batch is sent when it is full or the stream has ended, so a stream that pauses delays its
    /// last entries.
    ///
    /// ```
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use futures_util::{StreamExt, stream};
    /// use stream_chat::{Entries, UserRequest};
    ///
    /// let mut users = stream::iter(0..1000).map(|number| UserRequest::new(format!("user-{number}")));
    /// client.upsert_users(Entries::stream(&mut users)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<S>(stream: &'a mut S) -> Self
    where
        S: Stream<Item: Into<T>> + Unpin + MaybeSend,
        T: 'a,
    {
        Self::new(Rest::Stream(Box::new(stream)))
    }

    /// Reads an iterator of results as entries are sent, such as the rows of a file. Its first
    /// error ends the input; see [`Entries::try_stream`].
    ///
    /// ```
    /// # async fn example(client: stream_chat::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::fs::File;
    /// use std::io::{BufRead, BufReader};
    /// use stream_chat::Entries;
    ///
    /// let mut ids = BufReader::new(File::open("inactive.txt")?).lines();
    /// client.deactivate_users(Entries::try_rest_of(&mut ids)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_rest_of<S, I, E>(iterator: &'a mut S) -> Self
    where
        S: Iterator<Item = Result<I, E>> + MaybeSend,
        I: Into<T>,
        E: Into<BoxError>,
        T: 'a,
    {
        Self::new(Rest::Borrowed(Box::new(Fallible(iterator))))
    }

    /// Reads a stream of results as entries are sent, such as the rows of a database query or the
    /// items of a list. If sending ends early, the rest remains in the stream.
    ///
    /// The first error of the stream ends the input. The entries before it are sent, and then the
    /// request fails with that error: as it is if it is an [`Error`], and otherwise as the source
    /// of one of the kind [`ErrorKind::Store`](crate::ErrorKind::Store). See
    /// [`BulkReport::input_error`](super::BulkReport::input_error).
    ///
    /// ```
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use futures_util::TryStreamExt;
    /// use stream_chat::Entries;
    /// use stream_chat::models::users::UserFilter;
    ///
    /// let banned = client.query_users(UserFilter::banned().eq(true)).items();
    /// let mut ids = banned.map_ok(|user| user.id);
    /// client.deactivate_users(Entries::try_stream(&mut ids)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_stream<S, I, E>(stream: &'a mut S) -> Self
    where
        S: Stream<Item = Result<I, E>> + Unpin + MaybeSend,
        I: Into<T>,
        E: Into<BoxError>,
        T: 'a,
    {
        Self::new(Rest::Stream(Box::new(Fallible(stream))))
    }

    const fn new(rest: Rest<'a, T>) -> Self {
        Self { read: VecDeque::new(), rest, failure: None }
    }

    /// Returns the error that ended the input, if it was read up to there.
    #[must_use]
    pub fn failure(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.failure.as_deref()
    }

    /// Takes the error that ended the input.
    pub(super) fn take_failure(&mut self) -> Option<Error> {
        let failure = self.failure.take()?;
        Some(match failure.downcast::<Error>() {
            Ok(error) => *error,
            Err(other) => {
                Error::store(format!("the entries could not be read: {other}")).caused_by(other)
            }
        })
    }

    /// Puts entries that were read back in front of the rest.
    pub(super) fn put_back(&mut self, entries: impl IntoIterator<Item = T>) {
        let later = std::mem::take(&mut self.read);
        self.read = entries.into_iter().chain(later).collect();
    }

    /// Returns the next entry, or `None` after the last.
    pub async fn next(&mut self) -> Option<T> {
        poll_fn(|context| self.poll_entry(context)).await
    }

    /// Collects all remaining entries; with a source that may fail, those before its error. Use
    /// [`Entries::next`] and [`Entries::failure`] to see the error.
    pub async fn collect(mut self) -> Vec<T> {
        // The size hint of a source may be wrong, so nothing is allocated by it.
        let mut entries = Vec::new();
        while let Some(entry) = self.next().await {
            entries.push(entry);
        }
        entries
    }

    /// Returns the entries that the caller cannot access otherwise: all that were read, and the
    /// rest unless it is borrowed.
    pub(super) fn into_owned(self) -> Vec<T> {
        let mut entries = Vec::from(self.read);
        if let Rest::Owned(mut rest) = self.rest {
            entries.extend(std::iter::from_fn(|| rest.next_entry()?.ok()));
        }
        entries
    }

    /// Returns the number of remaining entries, if it is known.
    pub(super) fn exact_len(&self) -> Option<u64> {
        match self.hint() {
            (lower, Some(upper)) if lower == upper => u64::try_from(lower).ok(),
            _ => None,
        }
    }

    fn hint(&self) -> (usize, Option<usize>) {
        let (lower, upper) = match &self.rest {
            Rest::Nothing => (0, Some(0)),
            Rest::Owned(rest) | Rest::Borrowed(rest) => rest.hint(),
            Rest::Stream(rest) => rest.hint(),
        };
        let read = self.read.len();
        (lower.saturating_add(read), upper.and_then(|upper| upper.checked_add(read)))
    }

    pub(super) fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        if let Some(entry) = self.read.pop_front() {
            return Poll::Ready(Some(entry));
        }
        let next = match &mut self.rest {
            Rest::Nothing => Poll::Ready(None),
            Rest::Owned(rest) | Rest::Borrowed(rest) => Poll::Ready(rest.next_entry()),
            Rest::Stream(rest) => rest.poll_entry(context),
        };
        match ready!(next) {
            Some(Ok(entry)) => return Poll::Ready(Some(entry)),
            Some(Err(error)) => self.failure = Some(error),
            None => {}
        }
        // Some iterators and streams must not be polled after their end.
        self.rest = Rest::Nothing;
        Poll::Ready(None)
    }
}

impl<T> Default for Entries<'_, T> {
    fn default() -> Self {
        Self::new(Rest::Nothing)
    }
}

impl<T> Unpin for Entries<'_, T> {}

impl<T> Stream for Entries<'_, T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.get_mut().poll_entry(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.hint()
    }
}

impl<T> fmt::Debug for Entries<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").field("size_hint", &self.hint()).finish_non_exhaustive()
    }
}

/// The input of a [`Bulk`](super::Bulk): any collection or iterator of values that convert into an
/// entry, or [`Entries`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read as entries of type `{T}`",
    note = "give a collection or an iterator of what converts into `{T}`; a stream is given as `Entries::stream(&mut stream)`",
    note = "an iterator must be `Send`: collect into a `Vec` what is not"
)]
pub trait IntoEntries<'a, T> {
    /// Converts the value into entries, without reading any yet.
    fn into_entries(self) -> Entries<'a, T>;
}

impl<'a, T, I> IntoEntries<'a, T> for I
where
    I: IntoIterator<Item: Into<T>, IntoIter: MaybeSend + 'a>,
    T: 'a,
{
    fn into_entries(self) -> Entries<'a, T> {
        Entries::new(Rest::Owned(Box::new(self.into_iter())))
    }
}

impl<'a, T> IntoEntries<'a, T> for Entries<'a, T> {
    fn into_entries(self) -> Self {
        self
    }
}
