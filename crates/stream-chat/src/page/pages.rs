//! A list as a sequence of pages.

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

/// How many empty pages may follow each other before the list counts as one that does not go on.
const MAX_EMPTY_PAGES: u32 = 1000;

/// The pages of a list, got one after another. It is a [`Stream`] too.
///
/// Users, channels and members that are queried without an order are walked by a key, however many
/// there are. Other lists that are counted by offset may show an entry twice or not at all if they
/// change while they are walked, and end where the server refuses the offset;
/// [`Items::unique_by`](super::Items::unique_by) leaves out what was shown before.
///
/// A page that failed is asked for again by the next call, so a list can be walked to its end in
/// spite of failures. Dropping it cancels the request that is under way.
#[must_use = "no page is got until `next` is awaited"]
pub struct Pages<O: Paged> {
    executor: Executor,
    options: CallOptions,
    first: O,
    next: Option<O>,
    /// The request for the next page, once it was begun.
    call: Option<MaybeDone<Call<O::Response>>>,
    /// The request was begun before the page was asked for.
    is_ahead: bool,
    prefetches: bool,
    /// How many pages may still be got.
    left: Option<usize>,
    /// Why the list does not go on after the last page.
    stuck: Option<Stuck>,
    /// What the last page began and ended with.
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

    /// Sends the request for a page as soon as the one before it is there, so that it comes while that
    /// is worked on.
    ///
    /// It needs no task of its own: the request is sent at once and its response is read when the page
    /// is asked for. If that takes longer than the request's timeout, it is sent again.
    pub const fn prefetch(mut self) -> Self {
        self.prefetches = true;
        self
    }

    /// Ends after this many pages.
    pub const fn take(mut self, pages: usize) -> Self {
        self.left = Some(pages);
        self
    }

    /// Gets the next page, or returns `None` after the last.
    ///
    /// # Errors
    /// See [`Error`]. The page that failed can be asked for again. A list that does not go on fails
    /// with [`Stuck`] as its source, and has no further pages.
    pub async fn next(&mut self) -> Result<Option<Response<O::Response>>, Error> {
        poll_fn(|context| self.poll_page(context, None)).await.transpose()
    }

    /// Returns the operation that gets the next page, or `None` after the last: where to go on later,
    /// with [`Request::map`].
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

    /// `wanted` is how many entries are asked for, if that is known: without need nothing is fetched
    /// ahead.
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
                // Its time ran out while nobody asked for it.
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

    /// Remembers the page and decides which is the next.
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
        // The page itself is good: that it is the last is told after it.
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

    /// Sends the request for the next page.
    fn begin(&mut self, context: &mut Context<'_>) {
        let Some(operation) = self.next.as_ref().filter(|_| self.left != Some(0)) else { return };
        let mut call = maybe_done(self.executor.send_with(operation, &self.options));
        // What came at once is kept; otherwise the task is woken when there is more to do, which
        // does no harm.
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
