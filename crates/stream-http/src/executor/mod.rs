//! The executor, which sends operations.

mod builder;
mod environment;

pub use builder::ExecutorBuilder;

use std::fmt;
use std::sync::Arc;

use crate::call::{self, Call, PreparedRequest, Setup};
use crate::error::Error;
use crate::request::{BaseUrl, CallOptions};
use crate::response::RawResponse;
use crate::runtime::{Clock, MaybeSend};
use stream_models::Operation;

/// Sends operations to the API. Clones share connections, limits and the retry budget; cloning is
/// cheap.
///
/// ```
/// use stream_http::Executor;
///
/// # #[cfg(all(feature = "hyper", feature = "ring"))] {
/// let executor = Executor::builder()
///     .api_key("key")
///     .token("a.signed.token")
///     .build()?;
/// # }
/// # Ok::<(), stream_http::Error>(())
/// ```
#[derive(Clone)]
pub struct Executor {
    setup: Arc<Setup>,
    /// The options of the calls that do not set their own.
    options: CallOptions,
}

impl Executor {
    /// Returns a builder of an executor.
    pub fn builder() -> ExecutorBuilder {
        ExecutorBuilder::new()
    }

    /// Returns an executor whose calls have `options` where they set none of their own. It shares
    /// connections, limits and the retry budget with this one, whose own options apply to what
    /// `options` leaves open.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { setup: self.setup.clone(), options: options.or(&self.options) }
    }

    /// Sends an operation.
    ///
    /// The future owns everything that it needs, so it can be spawned. Dropping it cancels the
    /// call.
    ///
    /// # Errors
    /// See [`Error`]: its kind and predicates say at which stage the call failed and what to do.
    pub fn send<O: Operation>(&self, operation: &O) -> Call<O::Response> {
        self.begin(operation, CallOptions::new())
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
        self.begin(operation, options.clone())
    }

    fn begin<O: Operation>(&self, operation: &O, options: CallOptions) -> Call<O::Response> {
        let prepared = PreparedRequest::from_operation(operation);
        #[cfg(feature = "testing")]
        let prepared = match self.setup.skipped_waits {
            Some(_) => prepared.map(|prepared| prepared.capture(operation)),
            None => prepared,
        };
        Call::new(self.setup.clone(), prepared, options.or(&self.options))
    }

    /// Sends a prepared request, and returns the response without decoding it.
    ///
    /// # Errors
    /// As for [`Executor::send`], except that nothing is decoded.
    pub fn execute(
        &self,
        request: PreparedRequest,
        options: &CallOptions,
    ) -> impl Future<Output = Result<RawResponse, Error>> + MaybeSend + use<> {
        call::run(self.setup.clone(), Ok(request), options.clone().or(&self.options))
    }

    /// Returns the maximum number of requests in flight; see
    /// [`ExecutorBuilder::max_in_flight`].
    #[must_use]
    pub fn max_in_flight(&self) -> usize {
        self.setup.max_in_flight
    }

    /// Returns the clock for code that waits between calls. Under a `Script`, such a wait ends at
    /// once.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        #[cfg(feature = "testing")]
        if let Some(clock) = &self.setup.skipped_waits {
            return clock.clone();
        }
        self.setup.clock.clone()
    }

    /// Returns the base URL.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.setup.base_url
    }

    /// Returns the key of the app.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.setup.api_key
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").field("base_url", &self.setup.base_url).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use crate::body::{RequestBody, ResponseBody};
    use crate::transport::{Transport, TransportError};
    use stream_models::{Method, OperationInfo};

    struct Silent;

    impl Transport for Silent {
        async fn send(
            &self,
            _: http::Request<RequestBody>,
        ) -> Result<http::Response<ResponseBody>, TransportError> {
            std::future::pending().await
        }
    }

    /// Allocators keep blocks of up to 1032 bytes (glibc) at hand; a larger one takes them over a
    /// thousand instructions.
    #[test]
    fn a_call_is_a_small_block() {
        let executor =
            Executor::builder().api_key("key").token("token").transport(Silent).build().unwrap();
        let info = OperationInfo::new("GetApp", Method::Get, "/api/v2/app");
        let request = PreparedRequest::new(info, info.path);
        let call = call::run(executor.setup.clone(), Ok(request), CallOptions::new());
        // Scripts keep a reference to the operation.
        let kept = if cfg!(feature = "testing") { size_of::<Arc<dyn std::any::Any>>() } else { 0 };
        let size = size_of_val(&*call) - kept;
        assert!(size <= 1032, "{size}");
    }
}
