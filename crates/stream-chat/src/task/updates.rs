//! Polling of background tasks.

use std::fmt;
use std::future::IntoFuture;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use super::wait::{Step, Wait};
use stream_http::{BoxFuture, CallOptions, Error, MaybeSend};

/// The bounds of the timeout of one poll.
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(100);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The number of polls that may not find a task which was just started, before it counts as unknown.
const MAX_UNFOUND: u32 = 5;

/// A task that is being polled.
pub(super) struct Watching<S> {
    wait: Wait<S>,
    /// The start of the wait, on the monotonic clock.
    start: Option<Duration>,
    /// The result of the last poll: the state, or why it is not known.
    last: Result<String, Error>,
    /// The number of polls that may still not find it; 0 once it was found.
    may_be_unfound: u32,
    /// The mark of the last poll that looked like the end, if it did.
    #[cfg(feature = "admin")]
    mark: Option<String>,
}

impl<S> Watching<S> {
    pub(super) const fn new(wait: Wait<S>) -> Self {
        Self {
            may_be_unfound: if wait.was_started { MAX_UNFOUND } else { 0 },
            wait,
            start: None,
            last: Ok(String::new()),
            #[cfg(feature = "admin")]
            mark: None,
        }
    }

    /// Returns the next state, and the poller unless that was the last.
    pub(super) async fn next(mut self) -> (Option<Self>, Result<S, Error>) {
        let clock = self.wait.client.executor().clock();
        let mut is_first = self.start.is_none();
        let start = *self.start.get_or_insert_with(|| clock.monotonic());
        loop {
            let waited = clock.monotonic().saturating_sub(start);
            let left = self.wait.limit.saturating_sub(waited);
            if !is_first {
                if left.is_zero() {
                    let error = self.timeout(waited);
                    return (None, Err(error));
                }
                clock.sleep(self.wait.interval.min(left)).await;
            }
            is_first = false;
            let waited = clock.monotonic().saturating_sub(start);
            let left = self.wait.limit.saturating_sub(waited);
            // The first poll gets its full timeout; otherwise nothing would be known.
            let timeout = left.clamp(SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
            let options = CallOptions::new().timeout(timeout);
            match (self.wait.look)(self.wait.client.clone(), self.wait.id.clone(), options).await {
                Ok(Step::Pending(state, status)) => {
                    self.last = Ok(status);
                    self.may_be_unfound = 0;
                    #[cfg(feature = "admin")]
                    self.mark.take();
                    return (Some(self), Ok(state));
                }
                #[cfg(feature = "admin")]
                Ok(Step::Settling(found)) => {
                    if self.mark.as_ref() == Some(&found.mark) {
                        return (None, found.failure.map_or(Ok(found.state), Err));
                    }
                    self.last = Ok(found.word);
                    self.mark = Some(found.mark);
                    return (Some(self), Ok(found.state));
                }
                Ok(Step::Done(state)) => return (None, Ok(state)),
                Ok(Step::Failed(error)) => return (None, Err(error)),
                Err(error) if is_passing(&error) => self.last = Err(error),
                Err(error) if error.is_not_found() && self.may_be_unfound > 0 => {
                    self.may_be_unfound -= 1;
                    self.last = Err(error);
                }
                Err(error) => return (None, Err(error)),
            }
        }
    }

    fn timeout(self, waited: Duration) -> Error {
        let (what, id, seconds) = (self.wait.what, &self.wait.id, waited.as_secs());
        match self.last {
            Ok(status) => Error::task_timeout(format!(
                "{what} {id} is {status} after {seconds} s; it goes on, ask again later"
            )),
            Err(error) => Error::task_timeout(format!(
                "{what} {id}: its state is not known after {seconds} s: {error}"
            ))
            .caused_by(error),
        }
    }
}

/// Returns whether an error is transient, so that another request may succeed.
fn is_passing(error: &Error) -> bool {
    error.is_transport() || error.is_timeout() || error.is_rate_limited() || error.is_server_error()
}

type Turn<S> = BoxFuture<'static, (Option<Watching<S>>, Result<S, Error>)>;

/// The states of a background task, one per poll, the last of which says that the task is done. It
/// is also a [`Stream`].
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// let mut states = client.task("task-id").progress();
/// while let Some(task) = states.next().await? {
///     println!("{}, last changed at {}", task.status, task.updated_at);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is asked until `next` is awaited"]
pub struct Updates<S> {
    watching: Option<Watching<S>>,
    turn: Option<Turn<S>>,
}

impl<S> Updates<S> {
    pub(super) const fn new(wait: Wait<S>) -> Self {
        Self { watching: Some(Watching::new(wait)), turn: None }
    }
}

impl<S: MaybeSend + Unpin + 'static> Updates<S> {
    /// Waits for the next poll and returns its state, or `None` after the last.
    ///
    /// # Errors
    /// The same as [`Wait`]. After an error there are no further states.
    pub async fn next(&mut self) -> Result<Option<S>, Error> {
        poll_fn(|context| self.poll_state(context)).await.transpose()
    }

    fn poll_state(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<S, Error>>> {
        if let Some(watching) = self.watching.take() {
            self.turn = Some(Box::pin(watching.next()));
        }
        let Some(turn) = &mut self.turn else { return Poll::Ready(None) };
        let (watching, state) = ready!(turn.as_mut().poll(context));
        self.turn = None;
        self.watching = watching;
        Poll::Ready(Some(state))
    }
}

impl<S: MaybeSend + Unpin + 'static> Stream for Updates<S> {
    type Item = Result<S, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_state(context)
    }
}

impl<S> fmt::Debug for Updates<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Updates(..)")
    }
}

impl<S> Wait<S> {
    /// Returns the states of the task as a stream, which ends with the final one.
    pub fn progress(self) -> Updates<S> {
        Updates::new(self)
    }

    pub(crate) async fn finish(self) -> Result<S, Error> {
        let mut watching = Watching::new(self);
        loop {
            match watching.next().await {
                (Some(next), Ok(_)) => watching = next,
                (_, end) => return end,
            }
        }
    }
}

impl<S: MaybeSend + 'static> IntoFuture for Wait<S> {
    type Output = Result<S, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.finish())
    }
}
