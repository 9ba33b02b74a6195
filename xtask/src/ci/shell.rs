//! Runs the commands of the steps, and prints them with the time.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

/// Runs commands in the root of the workspace.
pub(super) struct Shell {
    started: Instant,
}

impl Shell {
    pub(super) const fn new(started: Instant) -> Self {
        Self { started }
    }

    /// Prints the start of a step.
    pub(super) fn announce(&self, what: &str) {
        println!("\n== {what} (after {} s)", self.started.elapsed().as_secs());
    }

    /// Runs cargo with arguments that a space separates, and passes its output through.
    pub(super) fn cargo(&self, arguments: &str) -> Result<()> {
        self.cargo_with(arguments, |_| {})
    }

    /// Runs cargo with additional environment variables.
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

    /// Returns what cargo prints to its standard output.
    pub(super) fn cargo_output(&self, arguments: &str) -> Result<String> {
        output(&mut self.command(arguments), &format!("cargo {arguments}"))
    }

    /// Returns what a program prints to its standard output.
    pub(super) fn output(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(program);
        command.current_dir(stream_spec::workspace_root()).args(arguments);
        output(&mut command, &format!("{program} {}", arguments.join(" ")))
    }

    /// Returns what `cargo metadata` says about the packages of the workspace.
    pub(super) fn metadata(&self) -> Result<String> {
        self.cargo_output("metadata --no-deps --format-version 1")
    }

    /// Runs a program with arguments that a space separates, and passes its output through.
    pub(super) fn run(&self, command: &str) -> Result<()> {
        self.announce(command);
        let mut words = command.split_whitespace();
        let program = words.next().context("a command without a program")?;
        let status = Command::new(program)
            .current_dir(stream_spec::workspace_root())
            .args(words)
            .status()
            .with_context(|| format!("starting `{program}`"))?;
        ensure!(status.success(), "`{command}` failed: {status}");
        Ok(())
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(crate::cargo());
        command
            .current_dir(stream_spec::workspace_root())
            .args(arguments.split_whitespace())
            // Incremental files are useless for a single run.
            .env("CARGO_INCREMENTAL", "0");
        command
    }
}

fn output(command: &mut Command, shown: &str) -> Result<String> {
    let output = command.output().with_context(|| format!("starting `{shown}`"))?;
    ensure!(
        output.status.success(),
        "`{shown}` failed: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}
