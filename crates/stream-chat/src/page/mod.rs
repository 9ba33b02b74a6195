//! Answers that come in pages.

mod cursor;
mod offset;

use crate::request::Request;
use std::fmt;
use stream_http::{CallOptions, Error, Executor, Response};
use stream_models::Operation;

/// An operation whose answer is one page of a longer list.
pub trait Paged: Operation + Sized {
    /// The operation for the page after `page`, or `None` if that was the last.
    fn next_page(self, page: &Self::Response) -> Option<Self>;
}

impl<O: Paged> Request<O> {
    /// Walks the pages, from the one that this request would get.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::users::UserFilter;
    ///
    /// let mut pages = client.query_users(UserFilter::role().eq("admin")).pages();
    /// while let Some(page) = pages.next().await? {
    ///     for user in &page.users {
    ///         println!("{}", user.id);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages(self) -> Pages<O> {
        Pages { executor: self.executor, options: self.options, next: Some(self.operation) }
    }
}

/// Pages of an answer, got one by one.
///
/// A list that changes while it is walked may show an entry twice or not at all where pages are
/// counted by offset (channels, users, members, bans): Stream's API has no cursor there.
#[must_use = "no page is got until `next` is awaited"]
pub struct Pages<O> {
    executor: Executor,
    options: CallOptions,
    next: Option<O>,
}

impl<O: Paged + Clone> Pages<O> {
    /// The next page, or `None` after the last.
    ///
    /// # Errors
    /// See [`Error`]. The page that failed can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Response<O::Response>>, Error> {
        let Some(operation) = self.next.as_ref() else {
            return Ok(None);
        };
        let page = self.executor.send_with(operation, &self.options).await?;
        self.next = self.next.take().and_then(|operation| operation.next_page(&page));
        Ok(Some(page))
    }
}

impl<O: fmt::Debug> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("next", &self.next).finish_non_exhaustive()
    }
}
