//! Runs the tests against a real Redis server.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use super::Outcome;
use super::shell::Shell;
use super::tools::{is_installed, on_shared_machine};

const SERVER: &str = "redis-server";
const INSTALL: &str = "apt-get install redis-server";

/// Fails if Redis is not installed.
pub(super) fn require() -> Result<()> {
    ensure!(is_installed(Path::new(SERVER)), "{SERVER} is not installed: `{INSTALL}`");
    Ok(())
}

/// Runs the tests, which start their own servers.
pub(crate) fn test(shell: &Shell) -> Result<()> {
    require()?;
    shell.cargo("test --locked -p stream-redis --features test-server --test server")
}

pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    let installed = is_installed(Path::new(SERVER));
    if !installed && on_shared_machine() {
        shell.announce(INSTALL);
        for arguments in ["update --quiet", "install --yes --quiet redis-server"] {
            let status = Command::new("apt-get")
                .args(arguments.split(' '))
                .env("DEBIAN_FRONTEND", "noninteractive")
                .stdout(Stdio::null())
                .status();
            // The tests report what is missing.
            if !status.is_ok_and(|status| status.success()) {
                break;
            }
        }
    } else if !installed {
        return Ok(Outcome::NotRun(format!("{SERVER} is not installed: `{INSTALL}`")));
    }
    test(shell)?;
    Ok(Outcome::Passed)
}
