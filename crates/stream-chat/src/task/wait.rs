//! Waiting for background tasks.

use std::fmt;
use std::time::Duration;

use crate::client::Client;
use stream_http::{BoxFuture, CallOptions, Error};

/// The result of one poll of a task.
pub(crate) enum Step<S> {
    /// It is waiting or running, with the server's name of the state.
    Pending(S, String),
    /// It is done.
    Done(S),
    /// It failed, and will not be retried.
    Failed(Error),
    /// It seems to have ended, which the next poll confirms if it finds the same.
    #[cfg(feature = "admin")]
    Settling(Settling<S>),
}

/// The apparent end of a task whose states are not documented.
#[cfg(feature = "admin")]
pub(crate) struct Settling<S> {
    pub(crate) state: S,
    /// The name of the state.
    pub(crate) word: String,
    /// The value that the next poll must find again.
    pub(crate) mark: String,
    /// The error, if the task failed.
    pub(crate) failure: Option<Error>,
}

/// Polls the task with an ID.
pub(crate) type Look<S> =
    fn(Client, String, CallOptions) -> BoxFuture<'static, Result<Step<S>, Error>>;

/// A wait for a background task: awaiting it polls until the task is done, and returns the final
/// state.
///
/// A poll that fails for a transient reason (no connection, a rate limit, a server error) does not
/// end the wait: it is repeated after the interval. After `and_wait`, so are the first five that do
/// not find the task, because it was started just before. Dropping the future only ends the wait;
/// the task continues.
///
/// # Errors
/// The task failed ([`ErrorKind::TaskFailed`](crate::ErrorKind::TaskFailed)), was not done in time
/// ([`ErrorKind::TaskTimeout`](crate::ErrorKind::TaskTimeout)) and continues, or polling failed
/// permanently.
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
    /// The name of the task in errors, such as `task`.
    pub(super) what: &'static str,
    pub(super) id: String,
    pub(super) look: Look<S>,
    pub(super) interval: Duration,
    pub(super) limit: Duration,
    /// Whether the task was started just before, so that the server may not find it yet.
    pub(super) was_started: bool,
}

impl<S> Wait<S> {
    pub(crate) const DEFAULT_INTERVAL: Duration = Duration::from_secs(1);
    pub(crate) const DEFAULT_LIMIT: Duration = Duration::from_secs(60);

    pub(crate) const fn new(client: Client, what: &'static str, id: String, look: Look<S>) -> Self {
        let (interval, limit) = (Self::DEFAULT_INTERVAL, Self::DEFAULT_LIMIT);
        Self { client, what, id, look, interval, limit, was_started: false }
    }

    /// States that the task was started just before.
    pub(crate) const fn just_started(mut self) -> Self {
        self.was_started = true;
        self
    }

    /// Sets the poll interval; every second by default.
    pub const fn every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets how long to wait; 60 seconds by default.
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
