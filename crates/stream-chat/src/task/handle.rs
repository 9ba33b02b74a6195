//! The handle to a task.

use std::time::Duration;

use super::wait::{Step, Wait};
use super::{FinishedTask, Updates};
use crate::client::Client;
use stream_http::{CallOptions, Error, Response};
use stream_models::tasks::GetTaskResponse;

/// A handle to a background task of the server, identified by its ID.
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
    wait: Wait<Response<GetTaskResponse>>,
}

/// # Handles
impl Client {
    /// Returns a handle to a background task of the server, identified by the `task_id` of a
    /// response. This sends no request.
    pub fn task(&self, task_id: impl Into<String>) -> Task {
        Task::new(self.clone(), task_id.into())
    }
}

/// The state of a task, as [`Task::get`] returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskOutcome {
    /// It is done.
    Completed,
    /// It failed, and will not be retried.
    Failed,
    /// It is waiting or running.
    Pending,
}

impl TaskOutcome {
    /// Returns the state in a response.
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
    pub(crate) fn new(client: Client, id: String) -> Self {
        let wait = Wait::new(client, "task", id, |client, id, options| {
            Box::pin(async move { look(&client, &id, options).await })
        });
        Self { wait }
    }

    /// States that the task was started just before.
    pub(super) fn just_started(mut self) -> Self {
        self.wait = self.wait.just_started();
        self
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.wait.client
    }

    /// Returns the ID of the task.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.wait.id
    }

    /// Sets the poll interval of [`Task::wait`]; every second by default.
    #[must_use]
    pub fn every(mut self, interval: Duration) -> Self {
        self.wait = self.wait.every(interval);
        self
    }

    /// Sets how long [`Task::wait`] waits; 60 seconds by default.
    #[must_use]
    pub fn at_most(mut self, limit: Duration) -> Self {
        self.wait = self.wait.at_most(limit);
        self
    }

    /// Polls until the task is done; see [`Wait`].
    ///
    /// # Errors
    /// The task failed ([`ErrorKind::TaskFailed`](crate::ErrorKind::TaskFailed)), was not done in
    /// time ([`ErrorKind::TaskTimeout`](crate::ErrorKind::TaskTimeout)) and continues, or polling
    /// failed permanently.
    pub async fn wait(&self) -> Result<FinishedTask, Error> {
        self.wait.clone().finish().await.map(FinishedTask::new)
    }

    /// Returns the states of the task as a stream, one per poll, the last of which says that the
    /// task is done.
    pub fn progress(&self) -> Updates<Response<GetTaskResponse>> {
        self.wait.clone().progress()
    }
}

async fn look(
    client: &Client,
    id: &str,
    options: CallOptions,
) -> Result<Step<Response<GetTaskResponse>>, Error> {
    let task = client.task(id).get().options(options).await?;
    Ok(match TaskOutcome::of(&task) {
        TaskOutcome::Completed => Step::Done(task),
        TaskOutcome::Failed => Step::Failed(failure(id, &task)),
        TaskOutcome::Pending => {
            let status = task.status.clone();
            Step::Pending(task, status)
        }
    })
}

fn failure(id: &str, task: &GetTaskResponse) -> Error {
    let reason = task
        .error
        .as_ref()
        .map(|error| format!("{}: {}", error.type_, error.description))
        .unwrap_or_else(|| "no reason given".to_owned());
    Error::task_failed(format!("task {id} failed: {reason}"))
}
