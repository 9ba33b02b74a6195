//! Deduplication of webhooks.

mod lease;
mod recent;

pub use lease::{Claimed, Lease};
pub use recent::RecentWebhooks;

use std::fmt;

use stream_http::{BoxError, BoxFuture, MaybeSend, MaybeSync};

/// The state of an ID in a [`DuplicateFilter`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// It is new: the caller handles it, and now holds a lease on it.
    New(LeaseToken),
    /// Another caller holds a lease on it. The next delivery will show the result.
    InProgress,
    /// It has been handled.
    Done,
}

/// Distinguishes the leases on one ID: an expired lease does not affect the one that follows it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LeaseToken(Box<str>);

impl LeaseToken {
    /// Wraps a string that is unique among the leases on the ID, such as a random one.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into().into_boxed_str())
    }

    /// Returns the string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LeaseToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LeaseToken").field(&self.0).finish()
    }
}

/// Remembers which webhooks are in progress and which are done, by their ID (`X-Webhook-Id`).
///
/// Stream delivers a webhook again unless it receives a response with a success status in time; an
/// earlier delivery may nevertheless have been handled, or may be in progress. An ID has three
/// states:
///
/// | state | left by |
/// |---|---|
/// | new | [`claim`](Self::claim), which makes it in progress |
/// | in progress | [`confirm`](Self::confirm), which makes it done; [`release`](Self::release), [`abandon`](Self::abandon) and time, which make it new |
/// | done | time, which makes it new |
///
/// Consequently, an event whose handler fails, panics, is dropped or is lost with its machine is
/// handled at the next delivery. [`Lease`] ties a claim to a value that releases it on drop, and
/// [`WebhookEndpoint`](super::WebhookEndpoint) uses it.
///
/// [`RecentWebhooks`] covers one process. For several processes, implement this trait over a store
/// that they share:
///
/// - `claim` is one atomic step, such as `SET id token NX PX 10000` of Redis, so that only one of
///   many concurrent claims succeeds.
/// - A lease lasts longer than handlers take, but not as long as Stream continues to deliver, which
///   is about 15 seconds; 10 seconds are a good choice where a machine may crash with its leases.
///   IDs that are done are remembered for an hour.
/// - `confirm` and `release` change nothing if another lease has been given out since. Otherwise,
///   `confirm` marks the ID as done even if its lease has expired.
///
/// A filter does not protect against replay attacks: the signature does not cover the ID.
///
/// One over a store with an atomic step, here a map, without the expiry of leases and IDs:
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use stream_chat::transport::{BoxError, BoxFuture};
/// use stream_chat::webhook::{Claim, DuplicateFilter, LeaseToken};
///
/// #[derive(Default)]
/// struct Store {
///     /// The lease on each ID; `None` if it is done.
///     ids: Mutex<HashMap<String, Option<LeaseToken>>>,
/// }
///
/// impl DuplicateFilter for Store {
///     fn claim<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Claim, BoxError>> {
///         let mut ids = self.ids.lock().unwrap();
///         let claim = match ids.get(id) {
///             Some(None) => Claim::Done,
///             Some(Some(_)) => Claim::InProgress,
///             None => {
///                 let token = LeaseToken::new("in a real store, a random string");
///                 ids.insert(id.to_owned(), Some(token.clone()));
///                 Claim::New(token)
///             }
///         };
///         Box::pin(async move { Ok(claim) })
///     }
///
///     fn confirm<'a>(
///         &'a self,
///         id: &'a str,
///         token: &'a LeaseToken,
///     ) -> BoxFuture<'a, Result<(), BoxError>> {
///         let mut ids = self.ids.lock().unwrap();
///         // Not if another lease has been given out since.
///         if ids.get(id).is_none_or(|lease| lease.as_ref() == Some(token)) {
///             ids.insert(id.to_owned(), None);
///         }
///         Box::pin(async { Ok(()) })
///     }
///
///     fn release<'a>(
///         &'a self,
///         id: &'a str,
///         token: &'a LeaseToken,
///     ) -> BoxFuture<'a, Result<(), BoxError>> {
///         let mut ids = self.ids.lock().unwrap();
///         if ids.get(id).is_some_and(|lease| lease.as_ref() == Some(token)) {
///             ids.remove(id);
///         }
///         Box::pin(async { Ok(()) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let store = Store::default();
/// let Claim::New(token) = store.claim("1").await? else { panic!("it is new") };
/// assert_eq!(store.claim("1").await?, Claim::InProgress);
/// store.release("1", &token).await?;
/// assert!(matches!(store.claim("1").await?, Claim::New(_)));
/// store.confirm("1", &token).await?;
/// assert_eq!(store.claim("1").await?, Claim::Done);
/// # Ok(())
/// # }
/// ```
pub trait DuplicateFilter: MaybeSend + MaybeSync + 'static {
    /// Takes a lease on an ID if it is new. The future may be dropped at any time; a lease that it
    /// has already taken then expires.
    ///
    /// # Errors
    /// The store could not be accessed.
    fn claim<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Claim, BoxError>>;

    /// Marks an ID as done, because its webhook has been handled.
    ///
    /// # Errors
    /// The store could not be accessed.
    fn confirm<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Marks an ID as new, because handling its webhook has failed and the next delivery is to be
    /// handled.
    ///
    /// # Errors
    /// The store could not be accessed.
    fn release<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Marks an ID as new without waiting for it, because the holder of the lease was dropped or
    /// has panicked. It must not block; a store on the network spawns a task for it. The default
    /// implementation does nothing, and the lease expires.
    fn abandon(&self, id: &str, token: &LeaseToken) {
        let _ = (id, token);
    }
}
