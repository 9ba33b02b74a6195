use super::FinishedTask;
use crate::client::Client;
use std::time::Duration;
use stream_http::{CallOptions, Error};
use stream_models::tasks::GetTaskResponse;

const DEFAULT_INTERVAL: Duration = Duration::from_secs(1);
const DEFAULT_LIMIT: Duration = Duration::from_secs(60);
/// Within which one request for the state stays.
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(100);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(30);

/// A handle to work that the server does in the background, known by its ID.
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), Box<dyn std::error::Error>> {
/// for response in client.delete_users(["john"]).await? {
///     client.task(&response.task_id).wait().await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Task {
    client: Client,
    id: String,
    interval: Duration,
    limit: Duration,
}

impl Client {
    /// Returns a handle to work that the server does in the background, known by the `task_id` of a
    /// response. This sends no request.
    pub fn task(&self, task_id: impl Into<String>) -> Task {
        Task::new(self.clone(), task_id.into())
    }
}

/// The state in which [`Task::get`] found a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskOutcome {
    /// It is done.
    Completed,
    /// It failed, and will not be done.
    Failed,
    /// It is waiting or running.
    Pending,
}

impl TaskOutcome {
    /// Returns the state that a response tells.
    #[must_use]
    pub fn of(task: &GetTaskResponse) -> Self {
        match task.status.as_str() {
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            _ => Self::Pending,
        }
    }
}

impl Task {
    pub(crate) const fn new(client: Client, id: String) -> Self {
        Self { client, id, interval: DEFAULT_INTERVAL, limit: DEFAULT_LIMIT }
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the ID of the task.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How often [`Task::wait`] asks; every second by default.
    #[must_use]
    pub const fn every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How long [`Task::wait`] waits; 60 seconds by default.
    #[must_use]
    pub const fn at_most(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Asks until the task is done.
    ///
    /// A request that fails for a passing reason (no connection, a rate limit, an error of the
    /// server's) is part of the waiting: it is sent again at the next turn.
    ///
    /// # Errors
    /// The task failed ([`ErrorKind::TaskFailed`](crate::ErrorKind::TaskFailed)), was not done in
    /// time ([`ErrorKind::TaskTimeout`](crate::ErrorKind::TaskTimeout)) and goes on, or asking
    /// failed for good.
    pub async fn wait(&self) -> Result<FinishedTask, Error> {
        let clock = self.client.executor().clock();
        let start = clock.monotonic();
        loop {
            let left = self.limit.saturating_sub(clock.monotonic().saturating_sub(start));
            // The first request has its full time: without it nothing would be known.
            let timeout = left.clamp(SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
            let request = self.get().options(CallOptions::new().timeout(timeout));
            let state = match request.await {
                Ok(task) => match TaskOutcome::of(&task) {
                    TaskOutcome::Completed => return Ok(FinishedTask::new(task)),
                    TaskOutcome::Failed => return Err(self.failure(&task)),
                    TaskOutcome::Pending => Ok(task.status.clone()),
                },
                Err(error) if is_passing(&error) => Err(error),
                Err(error) => return Err(error),
            };
            let waited = clock.monotonic().saturating_sub(start);
            let left = self.limit.saturating_sub(waited);
            if left.is_zero() {
                return Err(self.timeout(waited, state));
            }
            clock.sleep(self.interval.min(left)).await;
        }
    }

    fn timeout(&self, waited: Duration, state: Result<String, Error>) -> Error {
        let (id, seconds) = (&self.id, waited.as_secs());
        match state {
            Ok(status) => Error::task_timeout(format!(
                "task {id} is {status} after {seconds} s; it goes on, ask again later"
            )),
            Err(error) => Error::task_timeout(format!(
                "task {id}: its state is not known after {seconds} s: {error}"
            ))
            .caused_by(error),
        }
    }

    fn failure(&self, task: &GetTaskResponse) -> Error {
        let reason = task
            .error
            .as_ref()
            .map(|error| format!("{}: {}", error.type_, error.description))
            .unwrap_or_else(|| "no reason given".to_owned());
        Error::task_failed(format!("task {} failed: {reason}", self.id))
    }
}

/// Whether another request may succeed.
fn is_passing(error: &Error) -> bool {
    error.is_transport() || error.is_timeout() || error.is_rate_limited() || error.is_server_error()
}
