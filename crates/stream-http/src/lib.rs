//! Runs operations of the Stream Chat API over any HTTP client.
//!
//! An [`Executor`] turns an [`Operation`](stream_models::Operation) into an HTTP request, sends it
//! through a [`Transport`], and decodes the response into the type that the operation names.
//! Policies run around each attempt: one deadline for the whole call, retries of requests that may
//! be repeated, limits on rate, size and requests in flight. A failure is an [`Error`] that says
//! what was attempted, what came back and what to do about it.
//!
//! # Features
//! | feature | what it adds | default |
//! |---|---|---|
//! | `hyper` | [`transport::hyper`], the default transport | yes |
//! | `ring` | the ring crypto provider in rustls | yes |
//! | `http2` | HTTP/2 in the transports that this crate sets up | yes |
//! | `gzip` | responses compressed with gzip; without it, the client does not offer gzip | yes |
//! | `media-types` | the media type of an upload, from its name or its first bytes; without it, the one that you set, else `application/octet-stream` | yes |
//! | `proxy` | proxies from the environment and set in code, in the transports that this crate sets up; without it, `HTTPS_PROXY` and the like are **not read** | yes |
//! | `aws-lc-rs` | the aws-lc-rs crypto provider in rustls, preferred over ring | |
//! | `reqwest` | a transport on your `reqwest::Client`; turns on no feature of reqwest | |
//! | `reqwest-rustls` | a reqwest client that is configured for you; turns on `rustls` and `http2` in reqwest, and `proxy` | |
//! | `tower` | any `tower::Service` as a transport | |
//! | `testing` | a scripted transport, and one that records and replays | |
//!
//! If rustls elsewhere in your program uses aws-lc-rs, which is its own default, choose `aws-lc-rs`
//! here too: with two providers compiled in, code that relies on rustls's default fails until the
//! process installs one.
//!
//! All features can be combined. Without the feature of a transport, give the executor your own
//! transport.
//!
//! This is an unofficial crate. It is not made or endorsed by Stream.

#![cfg_attr(docsrs, feature(doc_cfg))]

// The traits without the support of derives, of which there are none, under the usual name.
extern crate serde_core as serde;

mod auth;
mod body;
mod call;
mod error;
mod executor;
mod policy;
mod rate_limit;
mod redact;
mod request;
mod response;
mod runtime;
#[cfg(any(feature = "reqwest-rustls", feature = "hyper"))]
mod tls;
pub mod transport;

pub use auth::{AuthType, Token, TokenSource};
pub use body::{BodySource, RequestBody, ResponseBody};
pub use call::{Call, PreparedRequest};
pub use error::{
    ApiError, BoxError, Error, ErrorCode, ErrorKind, TransportError, TransportErrorKind,
};
pub use executor::{Executor, ExecutorBuilder};
pub use policy::{Attempt, Decision, GiveUp, Outcome, RateLimiter, RetryBudget, RetryPolicy};
pub use rate_limit::RateLimit;
pub use request::{BaseUrl, CallOptions, FileSource, Progress};
pub use response::{RawResponse, Response};
#[cfg(not(target_family = "wasm"))]
pub use runtime::TokioClock;
pub use runtime::{BoxFuture, Clock, MaybeSend, MaybeSync};
pub use stream_core::{ErrorClass, SdkError};
pub use stream_models::tolerant::DecodeFailure;
pub use transport::{SharedTransport, TimeoutSignal, Transport};

/// Rate limits that several processes count together: [`SharedLimits`](shared_limits::SharedLimits)
/// and its types.
pub mod shared_limits {
    pub use crate::policy::{
        Admission, AdmissionPhase, AdmissionRequest, KnownWindow, LimitReport, Permit, Settlement,
        SharedLimits,
    };
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
