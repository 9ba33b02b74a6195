//! Policy tests: methods that combine or specialize operations.

use crate::PolicyTests;
use crate::client::Client;
use crate::task::{Look, Step, Wait};
use stream_http::{CallOptions, Error, Response};
use stream_models::policy_tests::{PolicyTestRun, PolicyTestRunResponse};

impl PolicyTests {
    /// Waits until a run of a policy test is done, and returns it with the outcome of each row. By
    /// default it polls every second, for a minute at most; see [`Wait`].
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// let tests = client.moderation().policy_tests();
    /// let started = tests.start("set-id").await?;
    /// if let Some(run) = &started.run {
    ///     let done = tests.wait(&run.id).await?;
    ///     println!("{} rows", done.results.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `GET /api/v2/moderation/policy_tests/runs/{id}` · [guide](crate::guide::moderation)
    pub fn wait(&self, run_id: impl Into<String>) -> Wait<Response<PolicyTestRunResponse>> {
        Wait::new(self.client().clone(), "policy test run", run_id.into(), LOOK)
    }
}

const LOOK: Look<Response<PolicyTestRunResponse>> =
    |client, id, options| Box::pin(async move { look(&client, &id, options).await });

async fn look(
    client: &Client,
    id: &str,
    options: CallOptions,
) -> Result<Step<Response<PolicyTestRunResponse>>, Error> {
    let response = client.moderation().policy_tests().get_run(id).options(options).await?;
    let run = response.run.as_deref();
    let status = run.map_or("unknown", |run| &run.status).to_owned();
    let is_over = run.is_some_and(|run| run.completed_at.is_some());
    let has_failed = matches!(status.as_str(), "failed" | "canceled" | "cancelled")
        || (is_over && run.is_some_and(|run| run.error_message.is_some()));
    Ok(if has_failed {
        Step::Failed(failure(id, run))
    } else if is_over || status == "completed" {
        Step::Done(response)
    } else {
        Step::Pending(response, status)
    })
}

fn failure(id: &str, run: Option<&PolicyTestRun>) -> Error {
    let reason = run.and_then(|run| run.error_message.as_deref()).unwrap_or("no reason given");
    Error::task_failed(format!("policy test run {id} failed: {reason}"))
}
