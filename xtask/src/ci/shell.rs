//! Runs the commands of the steps, and says which and when.

use anyhow::{Context, Result, ensure};
use std::process::Command;
use std::time::Instant;

/// Runs commands in the root of the workspace.
pub(super) struct Shell {
    started: Instant,
}

impl Shell {
    pub(super) const fn new(started: Instant) -> Self {
        Self { started }
    }

    /// Prints what begins now.
    pub(super) fn announce(&self, what: &str) {
        println!("\n== {what} (after {} s)", self.started.elapsed().as_secs());
    }

    /// Runs cargo with arguments that a space separates, and passes its output through.
    pub(super) fn cargo(&self, arguments: &str) -> Result<()> {
        self.cargo_with(arguments, |_| {})
    }

    /// Runs cargo in an environment of its own.
    pub(super) fn cargo_with(
        &self,
        arguments: &str,
        prepare: impl FnOnce(&mut Command),
    ) -> Result<()> {
        self.announce(&format!("cargo {arguments}"));
        let mut command = self.command(arguments);
        prepare(&mut command);
        let status = command.status().context("starting cargo")?;
        ensure!(status.success(), "`cargo {arguments}` failed: {status}");
        Ok(())
    }

    /// What cargo prints to its standard output.
    pub(super) fn cargo_output(&self, arguments: &str) -> Result<String> {
        let output = self.command(arguments).output().context("starting cargo")?;
        ensure!(
            output.status.success(),
            "`cargo {arguments}` failed: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(crate::cargo());
        command
            .current_dir(stream_spec::workspace_root())
            .args(arguments.split_whitespace())
            // Incremental files are of no use to a run that is thrown away.
            .env("CARGO_INCREMENTAL", "0");
        command
    }
}
