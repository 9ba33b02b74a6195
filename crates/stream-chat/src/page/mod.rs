//! Paginated lists.

mod cycle;
mod items;
mod next;
mod pages;
mod replies;
mod stuck;
mod walk;

pub use items::Items;
pub(crate) use next::{advance, follow};
pub use pages::Pages;
pub use stuck::Stuck;

use crate::request::Request;
use stream_models::Operation;

/// An operation whose response is one page of a longer list.
pub trait Paged: Operation + Clone + 'static {
    /// An entry of the list.
    type Item: Clone + PartialEq + Send + Sync + 'static;

    /// Returns the operation for the first page; by default the operation itself.
    #[must_use]
    fn first_page(self) -> Self {
        self
    }

    /// Returns the operation for the page after `page`, which is the response to this operation, or
    /// `None` if that was the last. `first` is the operation of the first page.
    ///
    /// # Errors
    /// The list does not continue: the server names the same page again, or the offset is too
    /// large.
    fn next_page(&self, first: &Self, page: &Self::Response) -> Result<Option<Self>, Stuck>;

    /// Returns the entries of a page.
    fn entries(page: &Self::Response) -> &[Self::Item];

    /// Moves the entries out of a page.
    fn into_entries(page: Self::Response) -> Vec<Self::Item>;
}

impl<O: Paged> Request<O> {
    /// Returns the pages of the list, starting with the page that this request returns.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::users::UserFilter;
    ///
    /// let mut pages = client.query_users(UserFilter::role().eq("admin")).limit(100).pages();
    /// while let Some(page) = pages.next().await? {
    ///     println!("{} users", page.users.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages(self) -> Pages<O> {
        Pages::new(self)
    }

    /// Returns the entries of the list, page by page.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::users::UserFilter;
    ///
    /// let mut admins = client.query_users(UserFilter::role().eq("admin")).items();
    /// while let Some(user) = admins.next().await? {
    ///     println!("{}", user.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn items(self) -> Items<O> {
        Items::new(self.pages())
    }
}
