//! A claim that is released when its holder is dropped.

use std::fmt;
use std::sync::Arc;

use super::{Claim, DuplicateFilter, LeaseToken};
use stream_http::{BoxError, Error};

/// The result of claiming an ID.
#[derive(Debug)]
#[non_exhaustive]
pub enum Claimed {
    /// The caller handles it.
    New(Lease),
    /// Another delivery is being handled: return a status that makes the sender retry.
    InProgress,
    /// It has been handled.
    Done,
}

/// The right to handle one webhook, until it is confirmed or dropped.
///
/// [`WebhookEndpoint`](crate::webhook::WebhookEndpoint) holds one around its handler. Use it
/// directly for other deliveries, such as messages of a queue:
///
/// ```
/// use std::sync::Arc;
/// use stream_chat::webhook::{Claimed, DuplicateFilter, Lease, RecentWebhooks};
///
/// async fn work(filter: &Arc<dyn DuplicateFilter>, id: &str) -> Result<bool, stream_chat::Error> {
///     match Lease::claim(filter, id).await? {
///         Claimed::New(lease) => {
///             handle().await?; // if this fails or panics, the lease is dropped and the id is new
///             lease.confirm().await?;
///             Ok(true)
///         }
///         Claimed::Done => Ok(true),  // delete the message
///         _ => Ok(false),             // leave it in the queue
///     }
/// }
/// # async fn handle() -> Result<(), stream_chat::Error> { Ok(()) }
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let filter: Arc<dyn DuplicateFilter> = Arc::new(RecentWebhooks::new());
/// assert!(work(&filter, "8a2d").await.unwrap());
/// # });
/// ```
#[must_use = "the id is new again when the lease is dropped"]
pub struct Lease {
    filter: Arc<dyn DuplicateFilter>,
    id: String,
    token: LeaseToken,
    is_settled: bool,
}

impl Lease {
    /// Claims an ID.
    ///
    /// # Errors
    /// The store of the filter could not be accessed
    /// ([`ErrorKind::Store`](crate::ErrorKind::Store)); the error of the filter is the source.
    pub async fn claim(filter: &Arc<dyn DuplicateFilter>, id: &str) -> Result<Claimed, Error> {
        Ok(match filter.claim(id).await.map_err(of_the_store)? {
            Claim::New(token) => Claimed::New(Self {
                filter: Arc::clone(filter),
                id: id.to_owned(),
                token,
                is_settled: false,
            }),
            Claim::InProgress => Claimed::InProgress,
            Claim::Done => Claimed::Done,
        })
    }

    /// Marks the ID as done. If the future is dropped before it completes, the ID is not released,
    /// because it was handled.
    ///
    /// # Errors
    /// The store of the filter could not be accessed. The lease then expires.
    pub async fn confirm(mut self) -> Result<(), Error> {
        self.is_settled = true;
        self.filter.confirm(&self.id, &self.token).await.map_err(of_the_store)
    }

    /// Marks the ID as new, so that the next delivery is handled. Dropping the lease does so too,
    /// but without waiting for it.
    ///
    /// # Errors
    /// The store of the filter could not be accessed. The lease then expires.
    pub async fn release(mut self) -> Result<(), Error> {
        let outcome = self.filter.release(&self.id, &self.token).await;
        self.is_settled = true;
        outcome.map_err(of_the_store)
    }
}

/// Returns the error of a filter as the source, unless it is an error of the SDK itself.
fn of_the_store(error: BoxError) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(error) => {
            Error::store(format!("the filter of duplicate webhooks: {error}")).caused_by(error)
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.is_settled {
            self.filter.abandon(&self.id, &self.token);
        }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("id", &self.id).finish_non_exhaustive()
    }
}
