use super::core::Core;
use crate::error::Error;
use crate::request::{CallOptions, PreparedRequest};
use crate::response::{RawResponse, Response};
use crate::runtime::BoxFuture;
use serde::de::DeserializeOwned;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

type Raw = BoxFuture<'static, Result<RawResponse, Error>>;

/// A call in progress: a future of the answer. Nothing is sent before it is polled; dropping it
/// cancels the call.
#[must_use = "nothing is sent until the call is awaited"]
pub struct Call<T> {
    raw: Raw,
    answer: PhantomData<fn() -> T>,
}

impl<T> Call<T> {
    pub(super) fn new(
        core: Arc<Core>,
        request: Result<PreparedRequest, Error>,
        options: CallOptions,
    ) -> Self {
        Self { raw: run(core, request, options), answer: PhantomData }
    }
}

/// The part of a call that does not depend on the operation, compiled once.
pub(super) fn run(
    core: Arc<Core>,
    request: Result<PreparedRequest, Error>,
    options: CallOptions,
) -> Raw {
    Box::pin(async move { core.call(request?, options).await })
}

impl<T: DeserializeOwned> Future for Call<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = ready!(self.raw.as_mut().poll(context));
        Poll::Ready(answer.and_then(RawResponse::decode))
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Call(..)")
    }
}
