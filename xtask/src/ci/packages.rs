//! What would be published.

use anyhow::{Result, ensure};

use super::Outcome;
use super::shell::Shell;
use crate::release::published;

/// The files that every package contains besides its code.
const REQUIRED: &[&str] = &["README.md", "LICENSE-MIT", "LICENSE-APACHE"];

pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    let packages = published(&shell.metadata()?)?;
    let names: Vec<_> = packages.iter().map(|package| format!("-p {}", package.name)).collect();
    // Builds each from its package, against the packages of the others.
    shell.cargo(&format!("package --locked --quiet {}", names.join(" ")))?;
    shell.announce("each package holds its licenses and its README");
    for package in &packages {
        let name = &package.name;
        let files = shell.cargo_output(&format!("package --locked --quiet --list -p {name}"))?;
        for required in REQUIRED {
            let found = files.lines().any(|file| file == *required);
            ensure!(found, "the package of {name} holds no {required}");
        }
    }
    Ok(Outcome::Passed)
}
