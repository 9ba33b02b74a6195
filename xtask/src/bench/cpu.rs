//! The CPU time of child processes.

use std::time::Duration;

use anyhow::Result;

/// Returns the user and system time of all finished child processes and their children.
#[cfg(unix)]
pub(super) fn children() -> Result<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;

    let duration = |time: TimeVal| -> Result<Duration> {
        let seconds = Duration::from_secs(u64::try_from(time.tv_sec())?);
        Ok(seconds + Duration::from_micros(u64::try_from(time.tv_usec())?))
    };
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(duration(usage.user_time())? + duration(usage.system_time())?)
}

/// Other systems do not report the time of a child's children.
#[cfg(not(unix))]
pub(super) fn children() -> Result<Duration> {
    anyhow::bail!("the CPU time of child processes is measured on Unix only")
}
