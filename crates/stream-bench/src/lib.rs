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

/// Reading JSON: ours, derived, and into `serde_json::Value`.
///
/// # Errors
/// Something could not be read, or the contestants do not read the same.
pub fn decode(effort: Effort) -> anyhow::Result<()> {
    decode::run(effort)
}

/// Minting and verifying a token against a bare HMAC.
///
/// # Errors
/// A token could not be made or was refused.
pub fn auth(effort: Effort) -> anyhow::Result<()> {
    auth::run(effort)
}

/// Verifying and reading a webhook against a bare HMAC and `serde_json::Value`.
///
/// # Errors
/// The webhook was refused or could not be read.
pub fn webhook(effort: Effort) -> anyhow::Result<()> {
    webhook::run(effort)
}

/// Returns the CPU time of calls on loopback against calls written by hand.
///
/// # Errors
/// The server could not be started, or a call failed.
#[cfg(feature = "http")]
pub fn http(effort: Effort) -> anyhow::Result<()> {
    http::run(effort)
}
