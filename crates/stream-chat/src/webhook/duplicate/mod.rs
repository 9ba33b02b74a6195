//! Telling a webhook that is delivered again from a new one.

mod recent;

pub use recent::RecentWebhooks;

use std::future::Future;
use std::sync::Arc;
use stream_http::{MaybeSend, MaybeSync};

/// Whether a webhook is the first of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Claim {
    /// No webhook of this id was claimed before: it is for the caller to handle.
    New,
    /// One was: it is handled already, or is being handled.
    Duplicate,
}

/// Remembers the ids of webhooks (`X-Webhook-Id`), so that one that is delivered again is not
/// handled again.
///
/// Stream delivers a webhook again if it was not answered in time with a status of success; the
/// first delivery may have been handled nevertheless. [`RecentWebhooks`] remembers within one
/// process. For several, implement this trait over a store that they share, where `claim` must be
/// one atomic step, such as `SET key value NX EX 3600` of Redis.
///
/// A filter is no protection against someone who has caught a webhook and sends it again: the
/// signature does not cover the id.
///
/// ```
/// # async fn example() {
/// use stream_chat::webhook::{Claim, DuplicateFilter, RecentWebhooks};
///
/// let seen = RecentWebhooks::new();
/// let Ok(first) = seen.claim("8a2d").await;
/// let Ok(again) = seen.claim("8a2d").await;
/// assert_eq!((first, again), (Claim::New, Claim::Duplicate));
///
/// // Handling it failed: the next delivery is to be handled.
/// let Ok(()) = seen.release("8a2d").await;
/// let Ok(retried) = seen.claim("8a2d").await;
/// assert_eq!(retried, Claim::New);
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example());
/// ```
pub trait DuplicateFilter: MaybeSend + MaybeSync + 'static {
    /// Why the store could not be asked. To handle a webhook twice is mostly better than never.
    type Error;

    /// Remembers an id, and says whether it was remembered already.
    ///
    /// # Errors
    /// The store could not be asked.
    fn claim(&self, id: &str) -> impl Future<Output = Result<Claim, Self::Error>> + MaybeSend;

    /// Forgets an id, because handling its webhook has failed and the next delivery is to be
    /// handled.
    ///
    /// # Errors
    /// The store could not be asked.
    fn release(&self, id: &str) -> impl Future<Output = Result<(), Self::Error>> + MaybeSend;
}

impl<F: DuplicateFilter> DuplicateFilter for Arc<F> {
    type Error = F::Error;

    fn claim(&self, id: &str) -> impl Future<Output = Result<Claim, Self::Error>> + MaybeSend {
        F::claim(self, id)
    }

    fn release(&self, id: &str) -> impl Future<Output = Result<(), Self::Error>> + MaybeSend {
        F::release(self, id)
    }
}
