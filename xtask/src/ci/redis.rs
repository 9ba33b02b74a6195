//! What several machines share through a Redis server, against a real one.

use super::Outcome;
use super::shell::Shell;
use anyhow::{Result, ensure};
use std::process::{Command, Stdio};

const INSTALL: &str = "apt-get install redis-server";

/// Runs the tests, which start servers of their own.
pub(crate) fn test(shell: &Shell) -> Result<()> {
    ensure!(is_installed("redis-server"), "redis-server is not installed: `{INSTALL}`");
    shell.cargo("test --locked -p stream-redis --features test-server --test server")
}

pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    // A machine that runs checks for everybody gets what they need; one of a person does not.
    if !is_installed("redis-server") && std::env::var_os("CI").is_some() {
        shell.announce(INSTALL);
        for arguments in ["update --quiet", "install --yes --quiet redis-server"] {
            let status = Command::new("apt-get")
                .args(arguments.split(' '))
                .env("DEBIAN_FRONTEND", "noninteractive")
                .stdout(Stdio::null())
                .status();
            // The tests say what is missing.
            if !status.is_ok_and(|status| status.success()) {
                break;
            }
        }
    } else if !is_installed("redis-server") {
        return Ok(Outcome::NotRun(format!("redis-server is not installed: `{INSTALL}`")));
    }
    test(shell)?;
    Ok(Outcome::Passed)
}

fn is_installed(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}
