//! Shared state in Redis for [Stream Chat](https://getstream.io/chat/) backends that run on several
//! machines.
//!
//! [`RedisWebhooks`] remembers which webhooks are being handled and which are done, for all
//! machines behind a load balancer and across restarts. [`RedisRateLimits`] keeps all processes of
//! one app within its rate limits. Tokens need no shared state: each process signs its own.
//!
//! This is an unofficial crate. It is not made or endorsed by Stream.

mod limits;
mod server;
mod webhooks;

pub use limits::RedisRateLimits;
pub use redis;
pub use webhooks::{DEFAULT_LEASE, DEFAULT_RETENTION, RedisWebhooks};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
