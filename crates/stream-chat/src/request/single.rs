//! A request that is sent when it is awaited.

use std::fmt;
use std::future::IntoFuture;

use stream_http::{Call, CallOptions, Error, Executor, Response};
use stream_models::Operation;

/// A request that is sent when it is awaited.
///
/// Each operation has setters for all of its fields; `body` changes the whole body, and
/// [`Request::map`] the whole operation. [`Request::options`] sets timeout, retries and headers.
/// Requests for lists have [`Request::pages`] and [`Request::items`], and those that start
/// background tasks [`Request::and_wait`].
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// let response = client.channel("messaging", "general").get().messages_limit(10).await?;
/// println!("{} messages, {:?}", response.messages.len(), response.rate_limit());
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until it is awaited"]
#[derive(Clone)]
pub struct Request<O> {
    pub(crate) executor: Executor,
    pub(crate) operation: O,
    pub(crate) options: CallOptions,
}

impl<O: Operation> Request<O> {
    pub(crate) fn new(executor: &Executor, operation: O) -> Self {
        Self { executor: executor.clone(), operation, options: CallOptions::new() }
    }

    /// Sets the timeout, retries, headers and other options of this request only, in place of those
    /// that an earlier call set. The progress callback of an upload is kept unless `options`
    /// replaces it.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options.or_progress_of(&self.options);
        self
    }

    /// Applies any change to the operation.
    pub fn map(mut self, change: impl FnOnce(O) -> O) -> Self {
        self.operation = change(self.operation);
        self
    }

    /// Returns the operation as it would be sent.
    #[must_use]
    pub const fn operation(&self) -> &O {
        &self.operation
    }
}

impl<O: Operation> IntoFuture for Request<O> {
    type Output = Result<Response<O::Response>, Error>;
    type IntoFuture = Call<O::Response>;

    fn into_future(self) -> Self::IntoFuture {
        self.executor.send_with(&self.operation, &self.options)
    }
}

impl<O: fmt::Debug> fmt::Debug for Request<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("operation", &self.operation).finish_non_exhaustive()
    }
}
