//! Checks the minimum versions that the manifests state for dependencies.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Outcome;
use super::packages::target_directory;
use super::shell::Shell;
use crate::release::published;

/// The features that are compiled. The rest depends on C code that takes a minute to compile.
const FEATURES: &str = "stream-chat/default,stream-chat/axum,stream-chat/full,stream-chat/reqwest,\
     stream-chat/testing,stream-chat/tower,stream-chat/verify,\
     stream-models/chrono,stream-models/jiff,stream-models/time";

/// Compiles the published crates with the minimum versions of their dependencies, and runs the
/// tests of the transports, whose behavior in a fault depends on the version of the HTTP client.
pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    let metadata = shell.metadata()?;
    let folder = target_directory(&metadata)?.join("minimal");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let lock = folder.join("Cargo.lock");
    if lock.exists() {
        fs::remove_file(&lock)?;
    }
    let resolve = "generate-lockfile --quiet -Z direct-minimal-versions -Z lockfile-path";
    if let Err(error) = shell.cargo_with(resolve, |command| with_lock(command, &lock)) {
        // Without the registry, the versions cannot be known. Mirrors of it have no search.
        if shell.cargo("update --quiet --dry-run").is_err() {
            return Ok(Outcome::NotRun("the registry cannot be reached".into()));
        }
        bail!("{error:#}: a dependency requires a newer version than a manifest states");
    }
    let packages: Vec<_> =
        published(&metadata)?.iter().map(|package| format!("-p {}", package.name)).collect();
    for command in [
        format!("check {} --features {FEATURES}", packages.join(" ")),
        "test -p stream-http --lib --tests".to_owned(),
    ] {
        let command = format!("{command} --locked --quiet -Z lockfile-path");
        shell.cargo_with(&command, |command| with_lock(command, &lock))?;
    }
    Ok(Outcome::Passed)
}

/// Makes cargo use a lock file of its own, for which it has an unstable option.
fn with_lock(command: &mut Command, lock: &Path) {
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_RESOLVER_LOCKFILE_PATH", lock);
}
