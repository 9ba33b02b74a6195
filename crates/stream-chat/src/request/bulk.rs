use std::fmt;
use std::future::IntoFuture;
use std::ops::Deref;
use stream_http::{BoxFuture, CallOptions, Error, Executor, Response};
use stream_models::Operation;

/// A request with any number of entries, of which the server takes only so many at a time. Awaiting
/// it sends one request after another, in order; the first failure ends it.
///
/// Without entries nothing is sent. How many entries go into one request depends on the operation;
/// the method that returns the `Bulk` says it.
#[must_use = "nothing is sent until it is awaited"]
#[derive(Clone)]
pub struct Bulk<O> {
    executor: Executor,
    operations: Vec<O>,
    size: usize,
    options: CallOptions,
}

impl<O: Operation> Bulk<O> {
    /// Cuts `entries` into requests of at most `size`.
    pub(crate) fn new<T>(
        executor: &Executor,
        size: usize,
        entries: impl IntoIterator<Item = T>,
        make: impl Fn(Vec<T>) -> O,
    ) -> Self {
        let mut entries = entries.into_iter();
        let batches = std::iter::from_fn(|| {
            let batch: Vec<T> = entries.by_ref().take(size).collect();
            (!batch.is_empty()).then_some(batch)
        });
        Self {
            executor: executor.clone(),
            operations: batches.map(make).collect(),
            size,
            options: CallOptions::new(),
        }
    }

    /// Sets the timeout, retries, headers and so on of each request.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Changes each operation in any way that it allows.
    pub fn map(mut self, change: impl FnMut(O) -> O) -> Self {
        self.operations = self.operations.into_iter().map(change).collect();
        self
    }

    pub(crate) const fn executor(&self) -> &Executor {
        &self.executor
    }

    /// Changes each operation in place.
    pub(crate) fn each(mut self, change: impl FnMut(&mut O)) -> Self {
        self.operations.iter_mut().for_each(change);
        self
    }

    /// Changes the first operation alone.
    pub(crate) fn map_first(mut self, change: impl FnOnce(&mut O)) -> Self {
        if let Some(first) = self.operations.first_mut() {
            change(first);
        }
        self
    }

    /// Returns the operations as they would be sent now.
    #[must_use]
    pub fn operations(&self) -> &[O] {
        &self.operations
    }
}

impl<O: Operation + 'static> IntoFuture for Bulk<O> {
    type Output = Result<BulkResponse<O::Response>, BulkError<O::Response>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut done = Vec::with_capacity(self.operations.len());
            for operation in &self.operations {
                match self.executor.send_with(operation, &self.options).await {
                    Ok(response) => done.push(response),
                    Err(error) => {
                        let (calls, size) = (self.operations.len(), self.size);
                        return Err(BulkError { error, done, calls, size });
                    }
                }
            }
            Ok(BulkResponse(done))
        })
    }
}

impl<O: fmt::Debug> fmt::Debug for Bulk<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").field("operations", &self.operations).finish_non_exhaustive()
    }
}

/// The responses to the requests that a [`Bulk`] sent, in order.
#[derive(Debug)]
pub struct BulkResponse<T>(Vec<Response<T>>);

impl<T> Deref for BulkResponse<T> {
    type Target = [Response<T>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> IntoIterator for BulkResponse<T> {
    type Item = Response<T>;
    type IntoIter = std::vec::IntoIter<Response<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A [`Bulk`] that ended early. What was done stays done.
#[derive(Debug)]
#[non_exhaustive]
pub struct BulkError<T> {
    /// Why the request after the last of `done` failed.
    pub error: Error,
    /// The responses to the requests that succeeded, of `size` entries each.
    pub done: Vec<Response<T>>,
    /// How many requests there were to send.
    pub calls: usize,
    /// How many entries each request but the last has.
    pub size: usize,
}

impl<T> fmt::Display for BulkError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.calls == 1 {
            return fmt::Display::fmt(&self.error, f);
        }
        let (failed, calls, size) = (self.done.len() + 1, self.calls, self.size);
        write!(f, "call {failed} of {calls}, with up to {size} entries each: {}", self.error)
    }
}

impl<T: fmt::Debug> std::error::Error for BulkError<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// Forgets what was done.
impl<T> From<BulkError<T>> for Error {
    fn from(bulk: BulkError<T>) -> Self {
        bulk.error
    }
}
