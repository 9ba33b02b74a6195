//! The browser for tests of pages.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

/// The variable with the path of another browser.
const VARIABLE: &str = "CHROMIUM";
const PROGRAMS: &[&str] =
    &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const INSTALL: &str = "apt-get install --no-install-recommends chromium";

/// Returns the path of Chromium. On a machine for continuous integration, it is installed if it is
/// missing.
///
/// # Errors
/// Chromium is not installed; the error says how to install it.
pub(crate) fn find() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os(VARIABLE).map(PathBuf::from) {
        if program.is_file() {
            return Ok(program);
        }
        bail!("{VARIABLE} names {}, which is not a file", program.display());
    }
    if let Some(program) = installed() {
        return Ok(program);
    }
    if std::env::var_os("CI").is_some_and(|value| value == "true") {
        eprintln!("{INSTALL}");
        install();
    }
    match installed() {
        Some(program) => Ok(program),
        None => bail!("Chromium is not installed: `{INSTALL}`, or set {VARIABLE} to its path"),
    }
}

fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    PROGRAMS.iter().find_map(|program| {
        folders.iter().map(|folder| folder.join(program)).find(|file| Path::is_file(file))
    })
}

/// Installs the package of Debian. A failure shows in the next search.
fn install() {
    for arguments in ["update --quiet", "install --yes --quiet --no-install-recommends chromium"] {
        let status = Command::new("apt-get")
            .args(arguments.split(' '))
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(Stdio::null())
            .status();
        if !status.is_ok_and(|status| status.success()) {
            return;
        }
    }
}
