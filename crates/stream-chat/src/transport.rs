//! The HTTP layer: transports, the executor and its settings.
//!
//! [`Executor`] runs an operation over a [`Transport`] with policies around it: [`RetryPolicy`],
//! [`RateLimiter`], deadlines. A custom transport is one `impl` of [`Transport`]; those of the SDK
//! are modules here, each behind the feature of its name.
//!
//! This module reexports the whole crate `stream-http`.

#[cfg(not(target_family = "wasm"))]
pub use stream_http::TokioClock;
pub use stream_http::shared_limits;
pub use stream_http::transport::*;
pub use stream_http::{
    ApiError, Attempt, AuthType, BaseUrl, BodySource, BoxError, BoxFuture, Call, CallOptions,
    Clock, Decision, DecodeFailure, Error, ErrorClass, ErrorCode, ErrorKind, Executor,
    ExecutorBuilder, FileSource, GiveUp, MaybeSend, MaybeSync, Outcome, PreparedRequest, Progress,
    RateLimit, RateLimiter, RawResponse, RequestBody, Response, ResponseBody, RetryBudget,
    RetryPolicy, SdkError, Token, TokenSource,
};
