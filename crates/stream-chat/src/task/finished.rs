//! The result of a finished task.

use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde_json::Value;

use stream_http::{Error, Response};
use stream_models::tasks::GetTaskResponse;

/// How many entries a task was about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskCounts {
    /// Those for which the work succeeded.
    pub succeeded: u64,
    /// Those for which it did not.
    pub failed: u64,
}

/// A task that is done, with its result.
#[derive(Debug)]
pub struct FinishedTask(Response<GetTaskResponse>);

impl FinishedTask {
    pub(crate) const fn new(response: Response<GetTaskResponse>) -> Self {
        Self(response)
    }

    /// Returns the URL at which the result lies, such as that of an export.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.0.result.get("url").and_then(|url| url.as_str())
    }

    /// Returns for how many entries the work succeeded, and for how many it did not: of a deletion,
    /// a deactivation or a change of many channels. Other results count nothing.
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

    /// Returns the entries for which the work did not succeed, each by its ID with the reason, where
    /// the result names them.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        let failed = self.statuses().filter(|(_, status)| *status != "ok");
        failed.map(|(id, status)| {
            let entry = self.0.result.get(id);
            (id, entry.and_then(|entry| entry.get("error")?.as_str()).unwrap_or(status))
        })
    }

    /// What the result says of each entry, by its ID.
    fn statuses(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.0.result.iter();
        entries.filter_map(move |(id, entry)| Some((id.as_str(), entry.get("status")?.as_str()?)))
    }

    /// Reads the result as a type of yours.
    ///
    /// # Errors
    /// The result is not of that shape.
    pub fn result_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let value = Value::Object(self.0.result.clone());
        serde_json::from_value(value).map_err(|error| {
            let id = &self.0.task_id;
            Error::invalid_request(format!("the result of the task {id}: {error}")).caused_by(error)
        })
    }

    /// Returns the response that said that the task is done.
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
