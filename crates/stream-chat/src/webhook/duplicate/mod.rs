//! Handling a webhook once, however often it is delivered.

mod lease;
mod recent;

pub use lease::{Claimed, Lease};
pub use recent::RecentWebhooks;

use std::fmt;

use stream_http::{BoxError, BoxFuture, MaybeSend, MaybeSync};

/// What a [`DuplicateFilter`] knows of an id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// Nobody has it: it is for the caller to handle, who holds a lease on it now.
    New(LeaseToken),
    /// Somebody holds a lease on it. The next delivery will show what became of it.
    InProgress,
    /// It has been handled.
    Done,
}

/// Tells one lease from another on the same id: a lease that expired has no say about the one that
/// came after it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LeaseToken(Box<str>);

impl LeaseToken {
    /// Wraps a text that no other lease on the same id has, such as a random one.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into().into_boxed_str())
    }

    /// Returns the text.
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

/// Remembers which webhooks are being handled and which have been, by their ID (`X-Webhook-Id`).
///
/// Stream delivers a webhook again unless it gets a response with a success status in time; the
/// first delivery may have been handled nevertheless, or may be in progress. An id has three states:
///
/// | state | left by |
/// |---|---|
/// | new | [`claim`](Self::claim), which makes it in progress |
/// | in progress | [`confirm`](Self::confirm), which makes it done; [`release`](Self::release), [`abandon`](Self::abandon) and time, which make it new |
/// | done | time, which makes it new |
///
/// So an event whose handler fails, panics, is dropped or dies with its machine is handled at the
/// next delivery. [`Lease`] ties a claim to a value that releases it when it is dropped, and
/// [`WebhookEndpoint`](super::WebhookEndpoint) does all of it.
///
/// [`RecentWebhooks`] remembers within one process. For several, implement this trait over a store
/// that they share:
///
/// - `claim` is one atomic step, such as `SET id token NX PX 10000` of Redis, so that one of many
///   that claim at once gets it.
/// - A lease lasts longer than handlers take and shorter than Stream goes on to deliver, which is
///   about 15 seconds; 10 are a good choice where a machine may die with its leases. What is done
///   is remembered for an hour.
/// - `confirm` and `release` change nothing if another lease has been given out since. If none has,
///   `confirm` makes the id done, also when its lease has expired.
///
/// A filter is not a protection against someone who has caught a webhook and sends it again: the
/// signature does not cover the id.
pub trait DuplicateFilter: MaybeSend + MaybeSync + 'static {
    /// Takes a lease on an id if it is new. The future may be dropped at any time; a lease that it
    /// has taken then expires.
    ///
    /// # Errors
    /// The store could not be asked.
    fn claim<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Claim, BoxError>>;

    /// Makes an id done, because its webhook has been handled.
    ///
    /// # Errors
    /// The store could not be asked.
    fn confirm<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Makes an id new, because handling its webhook has failed and the next delivery is to be
    /// handled.
    ///
    /// # Errors
    /// The store could not be asked.
    fn release<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Makes an id new without waiting for it, because whoever held the lease was dropped or has
    /// panicked. It must not block; a store on the network leaves it to a task of its own. By
    /// default nothing happens, and the lease expires.
    fn abandon(&self, id: &str, token: &LeaseToken) {
        let _ = (id, token);
    }
}
