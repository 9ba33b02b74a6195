//! Runs the tests of the SQS worker example against a substitute for SQS.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::shell::Shell;
use super::tools::is_installed;
use super::{Outcome, redis};

/// The substitute for SQS.
const MOTO: &str = "moto[server]==5.2.5";
const PYTHON: &str = "python3";
const MANIFEST: &str = "examples/sqs-worker/Cargo.toml";
/// The example is a separate workspace, with its target folder beside that of this one.
const TARGET: &str = "target/sqs-worker";

/// Runs the tests of the example, which start a Redis server and the substitute. The substitute is
/// installed in `target/`.
pub(crate) fn test(shell: &Shell) -> Result<()> {
    ensure!(is_installed(Path::new(PYTHON)), "{PYTHON} is not installed, with its module venv");
    redis::require()?;
    let moto = install(shell)?;
    shell.cargo(&format!("fmt --check --manifest-path {MANIFEST}"))?;
    // Clippy is not run, since it would compile the AWS SDK a second time. The build is not locked,
    // since the lock file becomes outdated when the workspace gets a new dependency.
    let flags = format!("--manifest-path {MANIFEST} --target-dir {TARGET}");
    shell.cargo_with(&format!("test {flags}"), |command| {
        command.env("MOTO_SERVER", moto).env("RUSTFLAGS", "-D warnings");
    })
}

pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    if !is_installed(Path::new(PYTHON)) {
        return Ok(Outcome::NotRun(format!("{PYTHON} is not installed")));
    }
    // The previous step installs it, if it may.
    if let Err(reason) = redis::require() {
        return Ok(Outcome::NotRun(reason.to_string()));
    }
    test(shell)?;
    Ok(Outcome::Passed)
}

fn install(shell: &Shell) -> Result<PathBuf> {
    // The path is relative to the root of the workspace, since the shell splits commands at spaces.
    const FOLDER: &str = "target/tools/moto";
    let program = stream_spec::workspace_root().join(FOLDER).join("bin/moto_server");
    if !program.exists() {
        shell.run(&format!("{PYTHON} -m venv {FOLDER}"))?;
        shell.run(&format!("{FOLDER}/bin/pip install --quiet {MOTO}"))?;
    }
    Ok(program)
}
