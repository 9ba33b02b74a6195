//! Waits until an import task is done.

use serde_json::Value;

use super::wait::{INTERVAL, LIMIT};
use crate::ImportTasks;
use crate::client::Client;
use crate::task::{Look, Step, Wait};
use stream_http::{CallOptions, Error, Response};
use stream_models::imports::GetImportV2TaskResponse;

impl ImportTasks {
    /// Waits until an import task is done, and returns it with its result. It asks every 5 seconds
    /// for an hour at most, unless it is told otherwise; see [`Wait`].
    ///
    /// What the numbers in `state` mean is not published: the task is done once it has a `result`,
    /// and failed if that holds an `error`. A task that was canceled may never have one: it is not
    /// done in time.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// let done = client.import_tasks().wait("task-id").await?;
    /// println!("{:?}", done.result);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `GET /api/v2/imports/v2/{id}` · [guide](crate::guide::large_jobs)
    pub fn wait(&self, id: impl Into<String>) -> Wait<Response<GetImportV2TaskResponse>> {
        let wait = Wait::new(self.client().clone(), "import task", id.into(), LOOK);
        wait.every(INTERVAL).at_most(LIMIT)
    }
}

const LOOK: Look<Response<GetImportV2TaskResponse>> =
    |client, id, options| Box::pin(async move { look(&client, &id, options).await });

async fn look(
    client: &Client,
    id: &str,
    options: CallOptions,
) -> Result<Step<Response<GetImportV2TaskResponse>>, Error> {
    let task = client.import_tasks().get(id).options(options).await?;
    if task.result.is_empty() {
        let state = format!("in state {}", task.state);
        return Ok(Step::Pending(task, state));
    }
    let errors = ["error", "errors"].iter().filter_map(|name| task.result.get(*name));
    let reason = errors.filter(|error| says_something(error)).map(|error| match error {
        Value::String(text) => text.clone(),
        error => error.to_string(),
    });
    Ok(match reason.reduce(|one, other| format!("{one}; {other}")) {
        Some(reason) => {
            Step::Failed(Error::task_failed(format!("import task {id} failed: {reason}")))
        }
        None => Step::Done(task),
    })
}

fn says_something(error: &Value) -> bool {
    match error {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(entries) => !entries.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}
