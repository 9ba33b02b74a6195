use super::{FinishedTask, Task};
use crate::client::Client;
use crate::request::{Bulk, Request};
use std::future::IntoFuture;
use std::time::Duration;
use stream_http::{BoxFuture, Error};
use stream_models::Operation;

/// An operation that starts a [`Task`].
pub trait StartsTask: Operation + 'static {
    /// Returns the ID of the task that the response names. Some operations start one only if there
    /// is much to do.
    fn task_id(response: &Self::Response) -> Option<&str>;
}

/// Requests that start tasks, awaited until the tasks are done; see [`Bulk::and_wait`] and
/// [`Request::and_wait`].
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

    /// Asks this often whether a task is done; every second by default.
    pub fn every(mut self, interval: Duration) -> Self {
        self.interval = Some(interval);
        self
    }

    /// Waits this long for each task; 60 s by default.
    pub fn at_most(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

/// How the tasks are awaited, once the requests are on their way.
struct Patience {
    client: Client,
    interval: Option<Duration>,
    limit: Option<Duration>,
}

impl Patience {
    async fn wait(&self, task_id: &str) -> Result<FinishedTask, Error> {
        let mut task = Task::new(self.client.clone(), task_id.to_owned());
        if let Some(interval) = self.interval {
            task = task.every(interval);
        }
        if let Some(limit) = self.limit {
            task = task.at_most(limit);
        }
        task.wait().await
    }
}

impl<O: StartsTask> Bulk<O> {
    /// Sends the requests and waits until the tasks that they start are done, one after another,
    /// each as [`Task::wait`] does. Returns the tasks, in order.
    ///
    /// ```no_run
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
    /// A request failed, a task failed, or it was not done in time. What was started goes on.
    pub const fn and_wait(self) -> AndWait<Self> {
        AndWait::new(self)
    }
}

impl<O: StartsTask> Request<O> {
    /// Sends the request and waits until the task that it starts is done, as [`Task::wait`] does.
    /// Returns `None` if it starts none.
    ///
    /// # Errors
    /// The request failed, the task failed, or it was not done in time. What was started goes on.
    pub const fn and_wait(self) -> AndWait<Self> {
        AndWait::new(self)
    }
}

impl<O: StartsTask> IntoFuture for AndWait<Bulk<O>> {
    type Output = Result<Vec<FinishedTask>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { requests, interval, limit } = self;
        let patience =
            Patience { client: Client::of(requests.executor().clone()), interval, limit };
        Box::pin(async move {
            let mut finished = Vec::new();
            for response in requests.await? {
                if let Some(id) = O::task_id(&response) {
                    finished.push(patience.wait(id).await?);
                }
            }
            Ok(finished)
        })
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
