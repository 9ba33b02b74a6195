//! The stages of a call: [`prepare`] runs once; then, for each round of the [`retry_loop`], an
//! [`attempt`] is admitted and the [`exchange`] gets its response. [`stall`] detects attempts that
//! take too long, and [`trace`] reports what happens.

mod attempt;
mod exchange;
mod prepare;
mod retry_loop;
mod stall;
mod state;
mod trace;

pub use prepare::PreparedRequest;
pub(crate) use state::{Settings, Setup};
pub(crate) use trace::initialized;

use std::fmt;
use std::future::{poll_fn, ready};
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::request::CallOptions;
use crate::response::{RawResponse, Response};
use crate::runtime::BoxFuture;

/// Runs a request through the stages of a call. This part does not depend on the operation, so it
/// is compiled only once.
pub(crate) fn run(
    setup: Arc<Setup>,
    request: Result<PreparedRequest, Error>,
    options: CallOptions,
) -> BoxFuture<'static, Result<RawResponse, Error>> {
    // Prepared outside of the future, so that only the `CallState` is moved into it.
    let mut call = match request.and_then(|request| prepare::prepare(&setup, request, options)) {
        Ok(call) => call,
        Err(error) => return Box::pin(ready(Err(error))),
    };
    Box::pin(async move {
        call.begin(&*setup.clock);
        let span = trace::span(&call);
        // As `instrument` does, but without moving the future, which is large.
        let mut attempts = pin!(retry_loop::run(&setup, &call));
        let result = poll_fn(|context| span.in_scope(|| attempts.as_mut().poll(context))).await;
        trace::finish(&span, &call, &result);
        result.map_err(|error| call.describe(error))
    })
}

/// A call in progress: a future of the response. It sends nothing before it is polled; dropping it
/// cancels the call.
#[must_use = "nothing is sent until the call is awaited"]
pub struct Call<T> {
    raw: BoxFuture<'static, Result<RawResponse, Error>>,
    response: PhantomData<fn() -> T>,
}

impl<T> Call<T> {
    pub(crate) fn new(
        setup: Arc<Setup>,
        request: Result<PreparedRequest, Error>,
        options: CallOptions,
    ) -> Self {
        Self { raw: run(setup, request, options), response: PhantomData }
    }
}

impl<T: DeserializeOwned + 'static> Future for Call<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(self.raw.as_mut().poll(context)) {
            Ok(raw) => raw.into_response(trace::skipped),
            Err(error) => Err(error),
        })
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Call(..)")
    }
}
