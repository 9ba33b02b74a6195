//! Waiting for an import.

use std::time::Duration;

use super::ImportFailure;
use crate::Imports;
use crate::client::Client;
use crate::task::{Look, Step, Wait};
use stream_http::{CallOptions, Error, Response};
use stream_models::imports::ImportTask;

/// The poll interval and the timeout of an import, which takes longer than other tasks.
pub(super) const INTERVAL: Duration = Duration::from_secs(5);
pub(super) const LIMIT: Duration = Duration::from_secs(3600);

impl Imports {
    /// Waits until an import is done, and returns it. By default it polls every 5 seconds, for an
    /// hour at most; see [`Wait`].
    ///
    /// An import that failed is an error with an [`ImportFailure`] as its source.
    ///
    /// `GET /api/v2/imports/{id}` · [guide](crate::guide::large_jobs)
    pub fn wait(&self, id: impl Into<String>) -> Wait<Response<ImportTask>> {
        let wait = Wait::new(self.client().clone(), "import", id.into(), LOOK);
        wait.every(INTERVAL).at_most(LIMIT)
    }
}

const LOOK: Look<Response<ImportTask>> =
    |client, id, options| Box::pin(async move { look(&client, &id, options).await });

async fn look(
    client: &Client,
    id: &str,
    options: CallOptions,
) -> Result<Step<Response<ImportTask>>, Error> {
    let response = client.imports().get(id).options(options.keep_raw_body()).await?;
    let body = response.raw_body().cloned().unwrap_or_default();
    let import = response.map(|response| response.import_task);
    Ok(match Outcome::of(&import.state) {
        Outcome::Done => Step::Done(import),
        Outcome::Failed => Step::Failed(ImportFailure::new(import.into_inner(), &body).into()),
        Outcome::Pending => {
            let state = import.state.clone();
            Step::Pending(import, state)
        }
    })
}

/// The meaning of an import's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Pending,
    Done,
    Failed,
}

impl Outcome {
    /// Returns the meaning of a state. The schema lists no states; the known failures share a
    /// suffix.
    fn of(state: &str) -> Self {
        match state {
            "completed" => Self::Done,
            "canceled" | "cancelled" => Self::Failed,
            state if state.ends_with("failed") => Self::Failed,
            _ => Self::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn import_states_are_pending_done_or_failed() {
        for (state, outcome) in [
            ("uploaded", Outcome::Pending),
            ("waiting_for_confirmation", Outcome::Pending),
            ("", Outcome::Pending),
            ("completed", Outcome::Done),
            ("failed", Outcome::Failed),
            ("analyze_failed", Outcome::Failed),
            ("canceled", Outcome::Failed),
        ] {
            assert_eq!(Outcome::of(state), outcome, "{state}");
        }
    }
}
