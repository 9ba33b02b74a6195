//! Waiting for many tasks.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream::FuturesUnordered;

use super::{FailedTask, FinishedTask, Task};
use crate::client::Client;
use stream_http::Error;

/// The poll interval and the timeout of the tasks.
pub(super) struct Patience {
    pub(super) client: Client,
    pub(super) interval: Option<Duration>,
    pub(super) limit: Option<Duration>,
}

impl Patience {
    pub(super) async fn wait(&self, task_id: &str) -> Result<FinishedTask, Error> {
        let mut task = Task::new(self.client.clone(), task_id.to_owned()).just_started();
        if let Some(interval) = self.interval {
            task = task.every(interval);
        }
        if let Some(limit) = self.limit {
            task = task.at_most(limit);
        }
        task.wait().await
    }
}

/// Waits for all tasks, at most `at_once` concurrently, and returns those that are done and those
/// that are not, each in order. `ended` is called after each.
pub(super) async fn wait_all(
    patience: &Patience,
    ids: Vec<String>,
    at_once: usize,
    mut ended: impl FnMut(),
) -> (Vec<FinishedTask>, Vec<FailedTask>) {
    let mut ids = ids.into_iter().enumerate();
    let mut running = FuturesUnordered::new();
    let mut results = Vec::new();
    loop {
        let free = at_once.max(1).saturating_sub(running.len());
        for (index, id) in ids.by_ref().take(free) {
            running.push(async move {
                let result = patience.wait(&id).await;
                (index, id, result)
            });
        }
        match poll_fn(|context| Pin::new(&mut running).poll_next(context)).await {
            None => break,
            Some(result) => results.push(result),
        }
        ended();
    }
    results.sort_by_key(|(index, ..)| *index);
    let (mut finished, mut failed) = (Vec::new(), Vec::new());
    for (_, task_id, result) in results {
        match result {
            Ok(task) => finished.push(task),
            Err(error) => failed.push(FailedTask { task_id, error }),
        }
    }
    (finished, failed)
}
