//! Programs that steps need beside cargo.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use super::shell::Shell;

/// A program that a step needs.
pub(super) struct Tool {
    pub(super) program: &'static str,
    /// The command with which a person installs it.
    pub(super) install: &'static str,
    /// How a machine that runs the checks for everybody installs it into a folder, which stands for
    /// `{}`; none if that takes too long for every run.
    pub(super) commands: &'static [&'static str],
    /// The path of the program in that folder.
    pub(super) path: &'static str,
}

pub(super) enum Found {
    At(PathBuf),
    /// The text says how to install it.
    Missing(String),
}

impl Tool {
    /// Returns where the program is, and installs it first on a machine with `CI` in its
    /// environment.
    pub(super) fn find(&self, shell: &Shell) -> Result<Found> {
        if is_installed(Path::new(self.program)) {
            return Ok(Found::At(self.program.into()));
        }
        let folder = stream_spec::workspace_root().join("target/tools");
        let path = folder.join(self.path);
        if is_installed(&path) {
            return Ok(Found::At(path));
        }
        if !on_shared_machine() || self.commands.is_empty() {
            return Ok(Found::Missing(format!("`{}` installs {}", self.install, self.program)));
        }
        let folder = folder.to_string_lossy();
        for command in self.commands {
            shell.run(&command.replace("{}", &folder))?;
        }
        Ok(Found::At(path))
    }
}

/// Returns whether this machine runs checks for everybody and so gets what they need; one of a
/// person does not.
pub(super) fn on_shared_machine() -> bool {
    std::env::var_os("CI").is_some()
}

pub(super) fn is_installed(program: &Path) -> bool {
    let version =
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}
