//! Calls of this SDK, for the comparison with other SDKs.

use std::time::Duration;

use anyhow::{Context, Result};

use super::job::{Caller, Job};
use super::ours::Ours;
use super::server::Origin;
use crate::clock::cpu_time;

/// The HTTP client that our calls use.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Backend {
    /// hyper.
    Hyper,
    /// reqwest.
    Reqwest,
}

/// Returns the CPU time of a `SendMessage` to a server that speaks plain HTTP/1.1, with 64
/// concurrent calls.
///
/// # Errors
/// A call failed.
pub fn call(backend: Backend, url: &str, calls: u32) -> Result<Duration> {
    let provider = rustls::crypto::ring::default_provider().install_default();
    provider.ok().context("another crypto provider is installed")?;
    let origin = Origin { url: url.to_owned(), certificate: None };
    match backend {
        Backend::Hyper => measure(&Ours::on_hyper(&origin)?, calls),
        Backend::Reqwest => measure(&Ours::on_reqwest(&origin)?, calls),
    }
}

fn measure(caller: &impl Caller, calls: u32) -> Result<Duration> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let run = |calls: u32| runtime.block_on(Job::MessagesTogether.run(caller, calls.into()));
    // Opens the connections before measuring.
    run(calls.div_ceil(4))?;
    let before = cpu_time()?;
    run(calls)?;
    Ok(cpu_time()?.saturating_sub(before) / calls.max(1))
}
