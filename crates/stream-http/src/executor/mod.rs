//! Runs operations: policies around attempts, attempts around a transport.

mod activity;
mod attempt;
mod builder;
mod call;
mod core;
mod environment;
mod in_flight;

pub(crate) use self::core::CallState;
pub use builder::ExecutorBuilder;
pub use call::Call;

use self::core::Core;
use crate::error::Error;
use crate::request::{BaseUrl, CallOptions, PreparedRequest};
use crate::response::RawResponse;
use crate::runtime::Clock;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use stream_models::Operation;

/// Sends operations to the API. Clones share connections, limits and the retry budget; cloning is
/// cheap.
///
/// ```
/// use stream_http::Executor;
///
/// # #[cfg(all(feature = "reqwest", feature = "ring"))] {
/// let executor = Executor::builder()
///     .api_key("key")
///     .token("a.signed.token")
///     .build()?;
/// # }
/// # Ok::<(), stream_http::Error>(())
/// ```
#[derive(Clone)]
pub struct Executor {
    core: Arc<Core>,
}

impl Executor {
    /// Sets up an executor.
    pub fn builder() -> ExecutorBuilder {
        ExecutorBuilder::new()
    }

    /// Sends an operation.
    ///
    /// The future owns what it needs: it can be spawned. Dropping it cancels the call.
    ///
    /// # Errors
    /// See [`Error`]: its kind and predicates tell the stages and what to do apart.
    pub fn send<O: Operation>(&self, operation: &O) -> Call<O::Response> {
        self.send_with(operation, &CallOptions::new())
    }

    /// Sends an operation, with options for this call.
    ///
    /// # Errors
    /// As for [`Executor::send`].
    pub fn send_with<O: Operation>(
        &self,
        operation: &O,
        options: &CallOptions,
    ) -> Call<O::Response> {
        Call::new(self.core.clone(), PreparedRequest::from_operation(operation), options.clone())
    }

    /// Sends a prepared request, and returns the answer without decoding it.
    ///
    /// # Errors
    /// As for [`Executor::send`], except that nothing is decoded.
    pub fn execute(
        &self,
        request: PreparedRequest,
        options: &CallOptions,
    ) -> impl Future<Output = Result<RawResponse, Error>> + crate::MaybeSend + use<> {
        call::run(self.core.clone(), Ok(request), options.clone())
    }

    /// The clock of the policies, for whoever waits between calls.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.core.clock.clone()
    }

    /// Where the requests go.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.core.base_url
    }

    /// The key of the app.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.core.api_key
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").field("base_url", &self.core.base_url).finish_non_exhaustive()
    }
}
