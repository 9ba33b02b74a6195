use std::fmt;
use std::future::{Future, IntoFuture};
use std::ops::Deref;
use std::pin::Pin;
use stream_http::{CallOptions, Error, Executor, Response};
use stream_models::Operation;

/// How many entries the server takes in one call.
pub(crate) const MOST_ENTRIES: usize = 100;

/// Entries of any number, of which the server takes 100 a call. Awaiting it sends one call after
/// another, in order; the first failure ends it.
///
/// Without entries nothing is sent.
#[must_use = "nothing is sent until it is awaited"]
#[derive(Clone)]
pub struct Bulk<O> {
    executor: Executor,
    operations: Vec<O>,
    options: CallOptions,
}

impl<O: Operation> Bulk<O> {
    /// Cuts `entries` into calls of at most 100.
    pub(crate) fn new<T>(
        executor: &Executor,
        entries: impl IntoIterator<Item = T>,
        make: impl Fn(Vec<T>) -> O,
    ) -> Self {
        let mut entries = entries.into_iter();
        let chunks = std::iter::from_fn(|| {
            let chunk: Vec<T> = entries.by_ref().take(MOST_ENTRIES).collect();
            (!chunk.is_empty()).then_some(chunk)
        });
        Self {
            executor: executor.clone(),
            operations: chunks.map(make).collect(),
            options: CallOptions::new(),
        }
    }

    /// Time-outs, retries, headers and so on of each call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Changes each operation in any way that it allows.
    pub fn map(mut self, change: impl FnMut(O) -> O) -> Self {
        self.operations = self.operations.into_iter().map(change).collect();
        self
    }

    /// Changes the first operation alone.
    pub(crate) fn map_first(mut self, change: impl FnOnce(&mut O)) -> Self {
        if let Some(first) = self.operations.first_mut() {
            change(first);
        }
        self
    }

    /// The calls that would be made now.
    #[must_use]
    pub fn operations(&self) -> &[O] {
        &self.operations
    }
}

impl<O: Operation + 'static> IntoFuture for Bulk<O> {
    type Output = Result<BulkResponse<O::Response>, BulkError<O::Response>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut done = Vec::with_capacity(self.operations.len());
            for operation in &self.operations {
                match self.executor.send_with(operation, &self.options).await {
                    Ok(response) => done.push(response),
                    Err(error) => {
                        let calls = self.operations.len();
                        return Err(BulkError { error, done, calls });
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

/// The answers to the calls that a [`Bulk`] made, in order.
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
    /// Why the call after the last of `done` failed.
    pub error: Error,
    /// The answers to the calls that succeeded, of 100 entries each.
    pub done: Vec<Response<T>>,
    /// How many calls there were to make.
    pub calls: usize,
}

impl<T> fmt::Display for BulkError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.calls == 1 {
            return fmt::Display::fmt(&self.error, f);
        }
        let (failed, calls) = (self.done.len() + 1, self.calls);
        write!(
            f,
            "call {failed} of {calls}, with up to {MOST_ENTRIES} entries each: {}",
            self.error
        )
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
