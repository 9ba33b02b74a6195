use super::{Paged, Stuck};
use crate::request::Request;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use stream_http::{Call, CallOptions, Error, Executor, Response};

/// The pages of a list, got one after another. It is a [`Stream`] too.
///
/// Users and channels that are queried without an order are walked by a key, however many there
/// are. Other lists that are counted by offset may show an entry twice or not at all if they change
/// while they are walked, and end where the server refuses the offset.
#[must_use = "no page is got until `next` is awaited"]
pub struct Pages<O: Paged> {
    executor: Executor,
    options: CallOptions,
    first: O,
    next: Option<O>,
    /// The request for the next page, once it was polled.
    call: Option<Call<O::Response>>,
    /// What the last page began and ended with.
    seen: Option<(usize, O::Item, O::Item)>,
}

impl<O: Paged> Pages<O> {
    pub(super) fn new(request: Request<O>) -> Self {
        let Request { executor, operation, options, .. } = request;
        let first = operation.first_page();
        Self { executor, options, next: Some(first.clone()), first, call: None, seen: None }
    }

    /// Gets the next page, or returns `None` after the last.
    ///
    /// # Errors
    /// See [`Error`]. The page that failed can be asked for again. A list that does not go on fails
    /// with [`Stuck`] as its source, and has no further pages.
    pub async fn next(&mut self) -> Result<Option<Response<O::Response>>, Error> {
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    pub(super) fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Response<O::Response>, Error>>> {
        let Some(operation) = &self.next else {
            return Poll::Ready(None);
        };
        let call =
            self.call.get_or_insert_with(|| self.executor.send_with(operation, &self.options));
        let result = ready!(Pin::new(call).poll(context));
        self.call = None;
        Poll::Ready(Some(result.and_then(|page| {
            let turned = self.turn(&page);
            turned.map_err(Error::from)?;
            Ok(page)
        })))
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
        }
        self.next = operation.next_page(&self.first, page)?;
        Ok(())
    }
}

impl<O: Paged + Unpin> Stream for Pages<O>
where
    O::Item: Unpin,
{
    type Item = Result<Response<O::Response>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

impl<O: Paged + fmt::Debug> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("next", &self.next).finish_non_exhaustive()
    }
}
