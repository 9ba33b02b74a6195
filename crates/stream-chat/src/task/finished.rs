//! The result of a finished task.

use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde_json::Value;

use stream_http::{Error, Response};
use stream_models::tasks::GetTaskResponse;

/// The numbers of entries that a task processed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskCounts {
    /// The number of entries that succeeded.
    pub succeeded: u64,
    /// The number of entries that failed.
    pub failed: u64,
}

/// A task that is done, with its result.
#[derive(Debug)]
pub struct FinishedTask(Response<GetTaskResponse>);

impl FinishedTask {
    pub(crate) const fn new(response: Response<GetTaskResponse>) -> Self {
        Self(response)
    }

    /// Returns the URL of the result, such as that of an export.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.0.result.get("url").and_then(|url| url.as_str())
    }

    /// Returns the numbers of entries that succeeded and failed, for a deletion, a deactivation or
    /// a change of many channels. For other tasks, both are zero.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// for deletion in client.delete_users(["john", "jane"]).hard().and_wait().await? {
    ///     println!("{} deleted", deletion.counts().succeeded);
    ///     for (id, reason) in deletion.failures() {
    ///         println!("{id}: {reason}");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn counts(&self) -> TaskCounts {
        let counted = |name: &str| self.0.result.get(name).and_then(Value::as_u64);
        if let Some(succeeded) = counted("success_channels_count") {
            let failed = counted("failed_channels_count").unwrap_or_default();
            return TaskCounts { succeeded, failed };
        }
        let mut counts = TaskCounts::default();
        for (_, status) in self.statuses() {
            match status {
                "ok" => counts.succeeded += 1,
                _ => counts.failed += 1,
            }
        }
        counts
    }

    /// Returns the IDs of the entries that failed, each with the reason, if the result lists them.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        let failed = self.statuses().filter(|(_, status)| *status != "ok");
        failed.map(|(id, status)| {
            let entry = self.0.result.get(id);
            (id, entry.and_then(|entry| entry.get("error")?.as_str()).unwrap_or(status))
        })
    }

    /// Returns the status of each entry in the result, by its ID.
    fn statuses(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.0.result.iter();
        entries.filter_map(move |(id, entry)| Some((id.as_str(), entry.get("status")?.as_str()?)))
    }

    /// Decodes the result as a type of your own.
    ///
    /// # Errors
    /// The result cannot be decoded as a `T`.
    pub fn result_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let value = Value::Object(self.0.result.clone());
        serde_json::from_value(value).map_err(|error| {
            let id = &self.0.task_id;
            Error::invalid_request(format!("the result of the task {id}: {error}")).caused_by(error)
        })
    }

    /// Returns the response that reported the task as done.
    #[must_use]
    pub fn into_response(self) -> Response<GetTaskResponse> {
        self.0
    }
}

impl Deref for FinishedTask {
    type Target = GetTaskResponse;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
