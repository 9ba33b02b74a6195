//! The outcome of several tasks.

use std::fmt;

use super::FinishedTask;
use crate::bulk::{BulkError, BulkReport};
use stream_http::{Error, ErrorKind};

/// The outcome of requests that start tasks, and of the tasks.
#[non_exhaustive]
pub struct TasksReport<'a, T, R> {
    /// The tasks that are done, in order.
    pub finished: Vec<FinishedTask>,
    /// The tasks that failed, that were not done in time, or whose state could not be polled.
    pub failed: Vec<FailedTask>,
    /// The outcome of the requests.
    pub requests: BulkReport<'a, T, R>,
}

/// A task that is not known to be done.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedTask {
    /// The ID of the task, which [`Client::task`](crate::Client::task) accepts.
    pub task_id: String,
    /// The reason why it is not known to be done.
    pub error: Error,
}

impl FailedTask {
    /// Returns whether the task may still be running.
    #[must_use]
    pub fn may_go_on(&self) -> bool {
        self.error.kind() != ErrorKind::TaskFailed
    }
}

fn unfinished(failed: &[FailedTask]) -> impl Iterator<Item = &str> {
    failed.iter().filter(|task| task.may_go_on()).map(|task| &*task.task_id)
}

impl<T, R> TasksReport<'_, T, R> {
    /// Returns the IDs of the tasks that may still be running.
    pub fn unfinished(&self) -> impl Iterator<Item = &str> {
        unfinished(&self.failed)
    }

    fn settle(self) -> Result<Vec<FinishedTask>, TasksError<T, R>> {
        let Self { finished, failed, requests } = self;
        match requests.settle() {
            Ok(_) if failed.is_empty() => Ok(finished),
            Ok(_) => Err(TasksError { finished, failed, requests: None }),
            Err(error) => {
                let requests = Some(Box::new(error));
                Err(TasksError { finished, failed, requests })
            }
        }
    }
}

impl<T, R> TasksReport<'_, T, R>
where
    T: Send + Sync + 'static,
    R: Send + Sync + 'static,
{
    /// Returns the tasks if all requests succeeded and all tasks are done.
    ///
    /// # Errors
    /// A request or a task failed, or a task was not done in time; [`TasksError::of`] returns the
    /// details.
    pub fn into_result(self) -> Result<Vec<FinishedTask>, Error> {
        self.settle().map_err(Error::from)
    }
}

impl<T, R> fmt::Debug for TasksReport<'_, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TasksReport")
            .field("finished", &self.finished.len())
            .field("failed", &self.failed)
            .field("requests", &self.requests)
            .finish()
    }
}

/// The error of requests or tasks that did not all succeed.
///
/// The [`Error`] from awaiting [`Bulk::and_wait`](crate::Bulk::and_wait) wraps it.
#[non_exhaustive]
pub struct TasksError<T, R> {
    /// The tasks that are done, in order.
    pub finished: Vec<FinishedTask>,
    /// The tasks that failed, that were not done in time, or whose state could not be polled.
    pub failed: Vec<FailedTask>,
    /// The outcome of the requests, unless all succeeded.
    pub requests: Option<Box<BulkError<T, R>>>,
}

impl<T, R> TasksError<T, R> {
    /// Returns the IDs of the tasks that may still be running.
    pub fn unfinished(&self) -> impl Iterator<Item = &str> {
        unfinished(&self.failed)
    }

    /// Returns the error of the first failed request, or else of the first failed task; `None` if
    /// they were moved out.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        let of_requests = self.requests.as_ref().and_then(|requests| requests.error());
        of_requests.or_else(|| self.failed.first().map(|task| &task.error))
    }

    fn error_mut(&mut self) -> Option<&mut Error> {
        let of_requests = self.requests.as_mut().and_then(|requests| requests.error_mut());
        of_requests.or_else(|| self.failed.first_mut().map(|task| &mut task.error))
    }
}

impl<T: 'static, R: 'static> TasksError<T, R> {
    /// Returns the `TasksError` that an error from awaiting `and_wait` wraps.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.downcast_ref()
    }

    /// Extracts the `TasksError` that an error from awaiting `and_wait` wraps.
    ///
    /// # Errors
    /// Any other error is returned unchanged.
    pub fn take(error: Error) -> Result<Self, Error> {
        error.downcast()
    }
}

impl<T, R> fmt::Display for TasksError<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alone = self.finished.is_empty() && self.failed.len() <= 1;
        match (&self.requests, self.failed.first()) {
            (Some(requests), None) if alone => fmt::Display::fmt(requests, f),
            (None, Some(task)) if alone => fmt::Display::fmt(&task.error, f),
            (requests, task) => {
                let (finished, failed) = (self.finished.len(), self.failed.len());
                write!(f, "{finished} tasks are done, {failed} are not")?;
                if let Some(requests) = requests {
                    write!(f, "; {requests}")?;
                }
                task.map_or(Ok(()), |task| write!(f, "; {}", task.error))
            }
        }
    }
}

impl<T, R> fmt::Debug for TasksError<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TasksError")
            .field("finished", &self.finished.len())
            .field("failed", &self.failed)
            .field("requests", &self.requests)
            .finish()
    }
}

/// The source is that of [`TasksError::error`], whose own text is part of this one.
impl<T, R> std::error::Error for TasksError<T, R> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error()?.source()
    }
}

/// Takes the properties of the whole from the first failed request or task. [`TasksError::of`] and
/// [`TasksError::take`] recover the original.
impl<T, R> From<TasksError<T, R>> for Error
where
    T: Send + Sync + 'static,
    R: Send + Sync + 'static,
{
    fn from(tasks: TasksError<T, R>) -> Self {
        crate::bulk::wrap(tasks, TasksError::error_mut)
    }
}
