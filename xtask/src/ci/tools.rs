//! External programs that steps need.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use super::shell::Shell;

/// A program that a step needs.
pub(super) struct Tool {
    pub(super) program: &'static str,
    /// The command for a manual installation.
    pub(super) install: &'static str,
    /// The commands with which a CI machine installs it into the folder `{}`; empty if that takes
    /// too long for every run.
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
    /// Returns the path of the program. On a machine with `CI` in its environment, it is installed
    /// first.
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

/// Returns whether this is a CI machine, on which programs are installed automatically.
pub(super) fn on_shared_machine() -> bool {
    std::env::var_os("CI").is_some()
}

pub(super) fn is_installed(program: &Path) -> bool {
    let version =
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}
