//! Waiting for an import task.

use super::failure::ImportTaskFailure;
use super::wait::{INTERVAL, LIMIT};
use crate::ImportTasks;
use crate::client::Client;
use crate::task::{Look, Settling, Step, Wait};
use stream_http::{CallOptions, Error, Response};
use stream_models::imports::GetImportV2TaskResponse;

impl ImportTasks {
    /// Waits until an import task has ended, and returns it with its result. By default it polls
    /// every 5 seconds, for an hour at most; see [`Wait`].
    ///
    /// The meaning of the numbers in `state` is not published, so they are not used: the task has
    /// ended when it has a `result` that is unchanged in two consecutive polls. It failed if the
    /// result contains `error` or `errors`; the error then has an [`ImportTaskFailure`] as its
    /// source. A task that was canceled may never have a result, and is then not done in time.
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
    let state = client.import_tasks().get(id).options(options).await?;
    let word = format!("in state {}", state.state);
    if state.result.is_empty() {
        return Ok(Step::Pending(state, word));
    }
    let mark = format!("{} {:?} {:?}", state.state, state.updated_at, state.result);
    let failure = ImportTaskFailure::of_task(&state).map(Error::from);
    Ok(Step::Settling(Settling { state, word, mark, failure }))
}
