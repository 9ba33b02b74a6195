//! The CPU time of the process.

use std::time::Duration;

use anyhow::Result;

/// Returns the CPU time of this process, user and system, in all its threads.
#[cfg(unix)]
pub(crate) fn cpu_time() -> Result<Duration> {
    use nix::time::{ClockId, clock_gettime};

    Ok(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.into())
}

/// Fails, because other systems measure CPU time too coarsely.
#[cfg(not(unix))]
pub(crate) fn cpu_time() -> Result<Duration> {
    anyhow::bail!("CPU time is measured on Unix only")
}
