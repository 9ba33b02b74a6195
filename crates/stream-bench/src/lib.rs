//! Benchmarks of the workspace, each against a baseline that is measured in the same run.
//!
//! `docs/benchmarks.md` says what they measure and how to run them.

mod auth;
mod clock;
mod data;
mod decode;
mod derived;
#[cfg(feature = "http")]
mod http;
mod measure;
mod webhook;

#[cfg(feature = "http")]
pub use http::{Backend, Count, Job, Way, Who, allocations, call, repeat, serve};
pub use measure::Effort;

/// Compares decoding JSON into our models, derived models and `serde_json::Value`.
///
/// # Errors
/// A body could not be decoded, or the contestants decode different values.
pub fn decode(effort: Effort) -> anyhow::Result<()> {
    decode::run(effort)
}

/// Compares minting and verifying a token with a bare HMAC.
///
/// # Errors
/// A token could not be signed or was refused.
pub fn auth(effort: Effort) -> anyhow::Result<()> {
    auth::run(effort)
}

/// Compares verifying and decoding a webhook with a bare HMAC and `serde_json::Value`.
///
/// # Errors
/// The webhook was refused or could not be decoded.
pub fn webhook(effort: Effort) -> anyhow::Result<()> {
    webhook::run(effort)
}

/// Compares the CPU time of calls on loopback with that of calls written by hand.
///
/// # Errors
/// The server could not be started, or a call failed.
#[cfg(feature = "http")]
pub fn http(effort: Effort) -> anyhow::Result<()> {
    http::run(effort)
}
