//! What would be published.

use super::Outcome;
use super::shell::Shell;
use anyhow::{Result, ensure};

/// The published crates, in the order in which they depend on each other.
const PUBLISHED: &[&str] = &[
    "stream-models",
    "stream-core",
    "stream-auth",
    "stream-http",
    "stream-emulator",
    "stream-chat",
    "stream-redis",
];

/// What every package holds beside its code.
const REQUIRED: &[&str] = &["README.md", "LICENSE-MIT", "LICENSE-APACHE"];

pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    let names: Vec<_> = PUBLISHED.iter().map(|name| format!("-p {name}")).collect();
    // Builds each from its package, against the packages of the others.
    shell.cargo(&format!("package --locked --quiet {}", names.join(" ")))?;
    shell.announce("each package holds its licenses and its README");
    for name in PUBLISHED {
        let files = shell.cargo_output(&format!("package --locked --quiet --list -p {name}"))?;
        for required in REQUIRED {
            let found = files.lines().any(|file| file == *required);
            ensure!(found, "the package of {name} holds no {required}");
        }
    }
    Ok(Outcome::Passed)
}
