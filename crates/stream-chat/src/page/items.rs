//! A list as a sequence of entries.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::Hash;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::{Paged, Pages};
use stream_http::{Error, MaybeSend};

/// The entries of a list, page by page. It is also a [`Stream`].
#[must_use = "no page is got until `next` is awaited"]
pub struct Items<O: Paged> {
    pages: Pages<O>,
    ready: std::vec::IntoIter<O::Item>,
    /// The number of entries that may still be returned.
    left: Option<usize>,
    seen: Option<Box<dyn Seen<O::Item>>>,
}

/// A set of the entries that were returned.
trait Seen<T>: MaybeSend {
    fn is_new(&mut self, entry: &T) -> bool;
}

struct Keys<K, F> {
    seen: HashSet<K>,
    key: F,
}

impl<T, K, F> Seen<T> for Keys<K, F>
where
    K: Hash + Eq + MaybeSend,
    F: Fn(&T) -> K + MaybeSend,
{
    fn is_new(&mut self, entry: &T) -> bool {
        self.seen.insert((self.key)(entry))
    }
}

impl<O: Paged> Unpin for Items<O> {}

impl<O: Paged> Items<O> {
    pub(super) fn new(pages: Pages<O>) -> Self {
        Self { pages, ready: Vec::new().into_iter(), left: None, seen: None }
    }

    /// Sends the request for a page as soon as the previous page arrives; see [`Pages::prefetch`].
    pub fn prefetch(mut self) -> Self {
        self.pages = self.pages.prefetch();
        self
    }

    /// Ends after this many entries.
    pub const fn take(mut self, entries: usize) -> Self {
        self.left = Some(entries);
        self
    }

    /// Omits entries whose key has occurred before, as happens when a list that is paginated by
    /// offset changes in the meantime. All keys are kept in memory until the end.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// let reactions = client.message("message-id").reactions().items();
    /// let mut reactions =
    ///     reactions.unique_by(|reaction| (reaction.user_id.clone(), reaction.type_.clone()));
    /// while let Some(reaction) = reactions.next().await? {
    ///     println!("{}", reaction.type_);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn unique_by<K>(mut self, key: impl Fn(&O::Item) -> K + MaybeSend + 'static) -> Self
    where
        K: Hash + Eq + MaybeSend + 'static,
    {
        self.seen = Some(Box::new(Keys { seen: HashSet::new(), key }));
        self
    }

    /// Returns the next entry, or `None` after the last.
    ///
    /// # Errors
    /// The same as [`Pages::next`]: the next call requests the page again.
    pub async fn next(&mut self) -> Result<Option<O::Item>, Error> {
        poll_fn(|context| self.poll_entry(context)).await.transpose()
    }

    /// Collects all remaining entries. A list of untrusted content may be long: there is no limit
    /// unless [`Items::take`] sets one.
    ///
    /// # Errors
    /// The same as [`Pages::next`]; the entries collected before are lost. [`Items::collect_into`]
    /// keeps them.
    pub async fn collect(mut self) -> Result<Vec<O::Item>, Error> {
        let mut entries = Vec::new();
        self.collect_into(&mut entries).await?;
        Ok(entries)
    }

    /// Collects all remaining entries into `entries`.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::users::UserFilter;
    ///
    /// let (mut users, mut found) = (client.query_users(UserFilter::all()).items(), Vec::new());
    /// while let Err(error) = users.collect_into(&mut found).await {
    ///     if !error.is_transport() {
    ///         return Err(error);
    ///     }
    ///     // Goes on with the page that failed.
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The same as [`Pages::next`]. The entries so far are in `entries`, and the next call
    /// continues after them.
    pub async fn collect_into(&mut self, entries: &mut impl Extend<O::Item>) -> Result<(), Error> {
        while let Some(entry) = self.next().await? {
            entries.extend([entry]);
        }
        Ok(())
    }

    fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if self.left == Some(0) {
                return Poll::Ready(None);
            }
            if let Some(entry) = self.ready.next() {
                if self.seen.as_mut().is_some_and(|seen| !seen.is_new(&entry)) {
                    continue;
                }
                self.left = self.left.map(|left| left.saturating_sub(1));
                return Poll::Ready(Some(Ok(entry)));
            }
            match ready!(self.pages.poll_page(context, self.left)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => self.ready = O::into_entries(page.into_inner()).into_iter(),
            }
        }
    }
}

impl<O: Paged> Stream for Items<O> {
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
