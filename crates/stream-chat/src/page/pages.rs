//! The pages of a list.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::future::{MaybeDone, maybe_done};

use super::cycle::Cycle;
use super::{Paged, Stuck};
use crate::request::Request;
use stream_http::{Call, CallOptions, Error, Executor, Response};

/// The maximum number of consecutive empty pages before the list counts as stuck.
const MAX_EMPTY_PAGES: u32 = 1000;

/// The pages of a list, requested one after another. It is also a [`Stream`].
///
/// Users, channels and members that are queried without a sort order are paginated by a key,
/// whatever their number. Other lists that are paginated by offset may return an entry twice or not
/// at all if they change in the meantime, and end where the server refuses the offset;
/// [`Items::unique_by`](super::Items::unique_by) omits duplicates.
///
/// A page that failed is requested again by the next call, so a list can be read to its end in
/// spite of failures. Dropping it cancels the request in flight.
#[must_use = "no page is got until `next` is awaited"]
pub struct Pages<O: Paged> {
    executor: Executor,
    options: CallOptions,
    first: O,
    next: Option<O>,
    /// The request for the next page, once it was started.
    call: Option<MaybeDone<Call<O::Response>>>,
    /// Whether the request was started ahead of time.
    is_ahead: bool,
    prefetches: bool,
    /// The number of pages that may still be requested.
    left: Option<usize>,
    /// The reason why the list does not continue after the last page.
    stuck: Option<Stuck>,
    /// The number of entries of the last page, with its first and its last entry.
    seen: Option<(usize, O::Item, O::Item)>,
    empty_pages: u32,
    cycle: Cycle,
}

impl<O: Paged> Unpin for Pages<O> {}

impl<O: Paged> Pages<O> {
    pub(super) fn new(request: Request<O>) -> Self {
        let Request { executor, operation, options, .. } = request;
        let first = operation.first_page();
        Self {
            executor,
            options,
            next: Some(first.clone()),
            cycle: Cycle::new(&first),
            first,
            call: None,
            is_ahead: false,
            prefetches: false,
            left: None,
            stuck: None,
            seen: None,
            empty_pages: 0,
        }
    }

    /// Sends the request for a page as soon as the previous page arrives, so that it is in flight
    /// while the previous page is processed.
    ///
    /// It spawns no task: the request is sent at once, and its response is read when the page is
    /// requested. If that takes longer than the request's timeout, it is sent again.
    pub const fn prefetch(mut self) -> Self {
        self.prefetches = true;
        self
    }

    /// Ends after this many pages.
    pub const fn take(mut self, pages: usize) -> Self {
        self.left = Some(pages);
        self
    }

    /// Returns the next page, or `None` after the last.
    ///
    /// # Errors
    /// See [`Error`]. The page that failed can be requested again. A list that does not continue
    /// fails with [`Stuck`] as the source, and has no further pages.
    pub async fn next(&mut self) -> Result<Option<Response<O::Response>>, Error> {
        poll_fn(|context| self.poll_page(context, None)).await.transpose()
    }

    /// Returns the operation for the next page, or `None` after the last. Use it with
    /// [`Request::map`] to continue later.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::users::UserFilter;
    ///
    /// let mut pages = client.query_users(UserFilter::all()).pages();
    /// pages.next().await?;
    /// if let Some(next) = pages.next_operation().cloned() {
    ///     let mut rest = client.query_users(UserFilter::all()).map(|_| next).pages();
    ///     rest.next().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn next_operation(&self) -> Option<&O> {
        self.next.as_ref()
    }

    /// Polls the next page. `wanted` is the number of entries that are needed, if it is known, so
    /// that no unneeded page is prefetched.
    pub(super) fn poll_page(
        &mut self,
        context: &mut Context<'_>,
        wanted: Option<usize>,
    ) -> Poll<Option<Result<Response<O::Response>, Error>>> {
        loop {
            if self.left == Some(0) {
                self.call = None;
                return Poll::Ready(None);
            }
            if let Some(stuck) = self.stuck.take() {
                return Poll::Ready(Some(Err(stuck.into())));
            }
            let Some(operation) = &self.next else { return Poll::Ready(None) };
            let call = self.call.get_or_insert_with(|| {
                maybe_done(self.executor.send_with(operation, &self.options))
            });
            ready!(Pin::new(&mut *call).poll(context));
            let result = Pin::new(call).take_output();
            self.call = None;
            match result {
                // The prefetched request timed out before the page was requested.
                Some(Err(error))
                    if self.is_ahead && (error.is_transport() || error.is_timeout()) =>
                {
                    self.is_ahead = false;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    self.is_ahead = false;
                    if let Err(stuck) = self.turn(&page) {
                        return Poll::Ready(Some(Err(stuck.into())));
                    }
                    let is_enough = wanted.is_some_and(|wanted| O::entries(&page).len() >= wanted);
                    if self.prefetches && !is_enough {
                        self.begin(context);
                    }
                    return Poll::Ready(Some(Ok(page)));
                }
                None => {}
            }
        }
    }

    /// Stores the page and determines the next one.
    fn turn(&mut self, page: &O::Response) -> Result<(), Stuck> {
        let Some(operation) = self.next.take() else {
            return Ok(());
        };
        let entries = O::entries(page);
        if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
            let is_repeated = self.seen.as_ref().is_some_and(|(length, begin, end)| {
                *length == entries.len() && begin == first && end == last
            });
            if is_repeated {
                return Err(Stuck::repeated());
            }
            self.seen = Some((entries.len(), first.clone(), last.clone()));
            self.empty_pages = 0;
        } else {
            self.empty_pages = self.empty_pages.saturating_add(1);
        }
        self.left = self.left.map(|left| left.saturating_sub(1));
        // The page itself is valid; the error is reported after it.
        match operation.next_page(&self.first, page) {
            Ok(next) if next.as_ref().is_some_and(|next| self.cycle.comes_back_to(next)) => {
                self.stuck = Some(Stuck::repeated());
            }
            Ok(Some(_)) if self.empty_pages >= MAX_EMPTY_PAGES => {
                self.stuck = Some(Stuck::empty(self.empty_pages));
            }
            Ok(next) => self.next = next,
            Err(stuck) => self.stuck = Some(stuck),
        }
        Ok(())
    }

    /// Starts the request for the next page.
    fn begin(&mut self, context: &mut Context<'_>) {
        let Some(operation) = self.next.as_ref().filter(|_| self.left != Some(0)) else { return };
        let mut call = maybe_done(self.executor.send_with(operation, &self.options));
        // Keeps a response that is ready at once; otherwise the task may be woken early, which is
        // harmless.
        let _ = Pin::new(&mut call).poll(context);
        self.call = Some(call);
        self.is_ahead = true;
    }
}

impl<O: Paged> Stream for Pages<O> {
    type Item = Result<Response<O::Response>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context, None)
    }
}

impl<O: Paged + fmt::Debug> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("next", &self.next).finish_non_exhaustive()
    }
}
