//! Work that the server does in the background.

use crate::client::Client;
use std::time::Duration;
use stream_http::{Error, Response};
use stream_models::tasks::GetTaskResponse;

const INTERVAL: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(60);

/// Work that the server does in the background, known by its id. Making it sends nothing.
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), Box<dyn std::error::Error>> {
/// for answer in client.delete_users(["john"]).await? {
///     client.task(&answer.task_id).wait().await?;
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
    /// Work that the server does in the background, known by the `task_id` of an answer. Nothing is
    /// sent.
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
    /// The outcome that an answer tells.
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
        Self { client, id, interval: INTERVAL, limit: LIMIT }
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// The id of the task.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Asks this often in [`Task::wait`]; every second by default.
    #[must_use]
    pub const fn every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Waits this long in [`Task::wait`]; 60 s by default.
    #[must_use]
    pub const fn at_most(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Asks until the task is done.
    ///
    /// # Errors
    /// The task failed or was not done in time, both of the kind
    /// [`TaskFailed`](crate::ErrorKind::TaskFailed): what was not done in time goes on, and
    /// [`Task::get`] with [`TaskOutcome::of`] tells the two apart. Or asking failed.
    pub async fn wait(&self) -> Result<Response<GetTaskResponse>, Error> {
        let clock = self.client.executor().clock();
        let start = clock.monotonic();
        loop {
            let task = self.get().await?;
            match TaskOutcome::of(&task) {
                TaskOutcome::Completed => return Ok(task),
                TaskOutcome::Failed => return Err(self.failure(&task)),
                TaskOutcome::Pending => {}
            }
            let waited = clock.monotonic().saturating_sub(start);
            if waited + self.interval > self.limit {
                let (id, status) = (&self.id, &task.status);
                return Err(Error::task_failed(format!(
                    "task {id} is {status} after {} s; it goes on, ask again later",
                    waited.as_secs()
                )));
            }
            clock.sleep(self.interval).await;
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
