use super::{FinishedTask, Task};
use crate::client::Client;
use crate::request::{Bulk, Request};
use stream_http::Error;
use stream_models::Operation;

/// An operation that starts a [`Task`].
pub trait StartsTask: Operation + 'static {
    /// Returns the ID of the task that the response names. Some operations start one only if there
    /// is much to do.
    fn task_id(response: &Self::Response) -> Option<&str>;
}

impl<O: StartsTask> Bulk<O> {
    /// Sends the requests and waits until the tasks that they start are done, one after another,
    /// each as [`Task::wait`] does.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// for export in client.export_users(["john", "jane"]).and_wait().await? {
    ///     println!("{}", export.url().unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A request failed, a task failed, or it was not done in time. What was started goes on.
    pub async fn and_wait(self) -> Result<Vec<FinishedTask>, Error> {
        let client = Client::of(self.executor().clone());
        let mut finished = Vec::new();
        for response in self.await? {
            if let Some(id) = O::task_id(&response) {
                finished.push(Task::new(client.clone(), id.to_owned()).wait().await?);
            }
        }
        Ok(finished)
    }
}

impl<O: StartsTask> Request<O> {
    /// Sends the request and waits until the task that it starts is done, as [`Task::wait`] does.
    /// Returns `None` if it starts none.
    ///
    /// # Errors
    /// The request failed, the task failed, or it was not done in time. What was started goes on.
    pub async fn and_wait(self) -> Result<Option<FinishedTask>, Error> {
        let client = Client::of(self.executor.clone());
        let response = self.await?;
        match O::task_id(&response) {
            Some(id) => Task::new(client, id.to_owned()).wait().await.map(Some),
            None => Ok(None),
        }
    }
}
