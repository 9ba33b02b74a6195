//! Waits until work in the background is done.

use std::fmt;
use std::time::Duration;

use crate::client::Client;
use stream_http::{BoxFuture, CallOptions, Error};

/// What one look at work on the server found: where it stands.
pub(crate) enum Step<S> {
    /// It is waiting or running; with the word that the server has for it.
    Pending(S, String),
    /// It is done.
    Done(S),
    /// It failed, and will not be done.
    Failed(Error),
    /// It seems to have ended. It has, if the next look finds the same.
    #[cfg(feature = "admin")]
    Settling(Settling<S>),
}

/// What looks like the end of work whose states are not known.
#[cfg(feature = "admin")]
pub(crate) struct Settling<S> {
    pub(crate) state: S,
    /// The word for the state.
    pub(crate) word: String,
    /// What the next look must find again.
    pub(crate) mark: String,
    /// Why the work failed, if it did.
    pub(crate) failure: Option<Error>,
}

/// Asks where the work with an ID stands.
pub(crate) type Look<S> =
    fn(Client, String, CallOptions) -> BoxFuture<'static, Result<Step<S>, Error>>;

/// Work on the server that is waited for: awaited, it asks until the work is done, and returns the
/// last state.
///
/// A request that fails for a passing reason (no connection, a rate limit, an error of the
/// server's) is part of the waiting: it is sent again at the next turn. Dropping the future ends the
/// waiting alone; the work goes on.
///
/// # Errors
/// The work failed ([`ErrorKind::TaskFailed`](crate::ErrorKind::TaskFailed)), was not done in time
/// ([`ErrorKind::TaskTimeout`](crate::ErrorKind::TaskTimeout)) and goes on, or asking failed for
/// good.
///
/// ```no_run
/// # #[cfg(feature = "admin")]
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// use std::time::Duration;
///
/// let import = client.imports().wait("import-id").at_most(Duration::from_secs(7200)).await?;
/// println!("{} bytes imported", import.size.unwrap_or_default());
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is asked until it is awaited"]
pub struct Wait<S> {
    pub(super) client: Client,
    /// What errors call the work, such as `task`.
    pub(super) what: &'static str,
    pub(super) id: String,
    pub(super) look: Look<S>,
    pub(super) interval: Duration,
    pub(super) limit: Duration,
}

impl<S> Wait<S> {
    pub(crate) const DEFAULT_INTERVAL: Duration = Duration::from_secs(1);
    pub(crate) const DEFAULT_LIMIT: Duration = Duration::from_secs(60);

    pub(crate) const fn new(client: Client, what: &'static str, id: String, look: Look<S>) -> Self {
        let (interval, limit) = (Self::DEFAULT_INTERVAL, Self::DEFAULT_LIMIT);
        Self { client, what, id, look, interval, limit }
    }

    /// Asks this often; every second by default.
    pub const fn every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Waits this long; 60 seconds by default.
    pub const fn at_most(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }
}

impl<S> Clone for Wait<S> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), id: self.id.clone(), ..*self }
    }
}

impl<S> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("what", &self.what)
            .field("id", &self.id)
            .field("interval", &self.interval)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
