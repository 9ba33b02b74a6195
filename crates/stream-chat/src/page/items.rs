use super::{Paged, Pages};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use stream_http::Error;

/// The entries of a list, page after page. It is a [`Stream`] too.
#[must_use = "no page is got until `next` is awaited"]
pub struct Items<O: Paged> {
    pages: Pages<O>,
    ready: std::vec::IntoIter<O::Item>,
}

impl<O: Paged> Items<O> {
    pub(super) fn new(pages: Pages<O>) -> Self {
        Self { pages, ready: Vec::new().into_iter() }
    }

    /// Returns the next entry, or `None` after the last.
    ///
    /// # Errors
    /// As [`Pages::next`].
    pub async fn next(&mut self) -> Result<Option<O::Item>, Error> {
        poll_fn(|context| self.poll_entry(context)).await.transpose()
    }

    /// Gets all entries that are left. What comes from strangers may be much: a list has no limit.
    ///
    /// # Errors
    /// As [`Pages::next`]; the entries that were got before are lost.
    pub async fn collect(mut self) -> Result<Vec<O::Item>, Error> {
        let mut entries = Vec::new();
        while let Some(entry) = self.next().await? {
            entries.push(entry);
        }
        Ok(entries)
    }

    fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if let Some(entry) = self.ready.next() {
                return Poll::Ready(Some(Ok(entry)));
            }
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => self.ready = O::into_entries(page.into_inner()).into_iter(),
            }
        }
    }
}

impl<O: Paged + Unpin> Stream for Items<O>
where
    O::Item: Unpin,
{
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_entry(context)
    }
}

impl<O: Paged + fmt::Debug> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
