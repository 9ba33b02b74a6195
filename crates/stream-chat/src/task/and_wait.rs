//! Requests that are awaited together with the tasks that they start.

use std::future::IntoFuture;
use std::time::Duration;

use super::wait_all::{Patience, wait_all};
use super::{FinishedTask, TasksReport};
use crate::bulk::{BatchResult, Bulk, BulkReport};
use crate::client::Client;
use crate::request::Request;
use stream_http::{BoxFuture, Error, MaybeSend};
use stream_models::Operation;

/// An operation that starts a [`Task`](super::Task).
pub trait StartsTask: Operation + 'static {
    /// Returns the ID of the task in the response. Some operations start a task only for large
    /// amounts of work.
    fn task_id(response: &Self::Response) -> Option<&str>;
}

/// Requests that start tasks, which are awaited until the tasks are done; see [`Bulk::and_wait`]
/// and [`Request::and_wait`].
#[must_use = "nothing is sent until it is awaited"]
#[derive(Debug, Clone)]
pub struct AndWait<R> {
    requests: R,
    interval: Option<Duration>,
    limit: Option<Duration>,
}

impl<R> AndWait<R> {
    const fn new(requests: R) -> Self {
        Self { requests, interval: None, limit: None }
    }

    /// Sets the poll interval; every second by default.
    pub fn every(mut self, interval: Duration) -> Self {
        self.interval = Some(interval);
        self
    }

    /// Sets how long to wait for each task; 60 seconds by default.
    pub fn at_most(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, O, T> Bulk<'a, O, T>
where
    O: StartsTask,
    T: Clone + MaybeSend + 'a,
{
    /// Sends the requests and waits until the tasks that they start are done, like
    /// [`Task::wait`](super::Task::wait), as many concurrently as batches are in flight. Returns
    /// the tasks, in order.
    ///
    /// The progress includes the tasks, and [`Bulk::handle`] reports their IDs, even after the
    /// `Bulk` was dropped.
    ///
    /// ```no_run
    /// # #[cfg(feature = "admin")]
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use std::time::Duration;
    ///
    /// let hour = Duration::from_secs(3600);
    /// for export in client.export_users(["john", "jane"]).and_wait().at_most(hour).await? {
    ///     println!("{:?}", export.url());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A request failed, a task failed, or it was not done in time. All tasks that were started are
    /// awaited nevertheless; the error wraps a [`TasksError`](super::TasksError) with what is known
    /// about each.
    pub const fn and_wait(self) -> AndWait<Self> {
        AndWait::new(self)
    }
}

impl<O: StartsTask> Request<O> {
    /// Sends the request and waits until the task that it starts is done, like
    /// [`Task::wait`](super::Task::wait). Returns `None` if it starts no task.
    ///
    /// # Errors
    /// The request failed, the task failed, or it was not done in time. A task that was started
    /// continues.
    pub const fn and_wait(self) -> AndWait<Self> {
        AndWait::new(self)
    }
}

impl<'a, O, T> AndWait<Bulk<'a, O, T>>
where
    O: StartsTask,
    T: Clone + MaybeSend + 'a,
{
    /// Sends everything, waits for all tasks and returns the outcome of both, whether or not
    /// something failed.
    ///
    /// ```
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// let report = client.delete_users(["john", "jane"]).and_wait().report().await;
    /// for task in report.unfinished() {
    ///     println!("{task} goes on");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn report(self) -> BoxFuture<'a, TasksReport<'a, T, O::Response>> {
        let Self { requests, interval, limit } = self;
        Box::pin(async move {
            let client = Client::of(requests.executor().clone());
            let (at_once, discards_responses) = (requests.at_once(), requests.discards_responses);
            let mut outcomes = requests.outcomes();
            let mut report = BulkReport::new(discards_responses);
            let mut ids = Vec::new();
            while let Some(outcome) = outcomes.next().await {
                if let BatchResult::Done(response) = &outcome.result
                    && let Some(id) = O::task_id(response)
                {
                    outcomes.handle().task_started(id);
                    ids.push((outcome.first, id.to_owned()));
                }
                report.add(outcome);
            }
            ids.sort();
            let ids = ids.into_iter().map(|(_, id)| id).collect();
            let patience = Patience { client, interval, limit };
            let (finished, failed) = wait_all(&patience, ids, at_once, || {
                outcomes.handle().task_finished();
                outcomes.tell();
            })
            .await;
            TasksReport { finished, failed, requests: report.end(outcomes.into_unsent()) }
        })
    }
}

impl<'a, O, T> IntoFuture for AndWait<Bulk<'a, O, T>>
where
    O: StartsTask<Response: Sync>,
    T: Clone + Send + Sync + 'static,
{
    type Output = Result<Vec<FinishedTask>, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let report = self.report();
        Box::pin(async move { report.await.into_result() })
    }
}

impl<O: StartsTask> IntoFuture for AndWait<Request<O>> {
    type Output = Result<Option<FinishedTask>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { requests, interval, limit } = self;
        let patience = Patience { client: Client::of(requests.executor.clone()), interval, limit };
        Box::pin(async move {
            let response = requests.await?;
            match O::task_id(&response) {
                Some(id) => patience.wait(id).await.map(Some),
                None => Ok(None),
            }
        })
    }
}
