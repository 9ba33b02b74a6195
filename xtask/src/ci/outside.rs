//! Checks by external programs: spelling, dependencies, and compatibility with the last release.

use std::path::Path;

use anyhow::Result;

use super::Outcome;
use super::shell::Shell;
use super::tools::{Found, Tool, is_installed};

const TYPOS: Tool = Tool {
    program: "typos",
    install: "pip install typos",
    commands: &["python3 -m venv {}/python", "{}/python/bin/pip install --quiet typos==1.52.0"],
    path: "python/bin/typos",
};

/// Checks the spelling by `typos.toml`.
pub(super) fn typos(shell: &Shell) -> Result<Outcome> {
    match TYPOS.find(shell)? {
        Found::At(program) => shell.run(&program.to_string_lossy())?,
        Found::Missing(reason) => return Ok(Outcome::NotRun(reason)),
    }
    Ok(Outcome::Passed)
}

/// Checks licenses, bans, duplicates and sources by `deny.toml`, and advisories if their database
/// is available.
pub(super) fn deny(shell: &Shell) -> Result<Outcome> {
    if !is_installed(Path::new("cargo-deny")) {
        return Ok(Outcome::NotRun(
            "`cargo install cargo-deny --locked` installs cargo-deny".into(),
        ));
    }
    shell.cargo("deny --all-features check bans licenses sources")?;
    if shell.cargo("deny fetch db").is_err() {
        return Ok(Outcome::NotRun(
            "bans, licenses and sources hold; the database of advisories cannot be reached".into(),
        ));
    }
    shell.cargo("deny --offline --all-features check advisories")?;
    Ok(Outcome::Passed)
}

/// Checks the compatibility of the published crates with the latest release.
pub(super) fn semver(shell: &Shell) -> Result<Outcome> {
    let Some(tag) = crate::release::latest_tag()? else {
        return Ok(Outcome::NotRun(
            "there is no release to compare with: no tag is called v*".into(),
        ));
    };
    if !is_installed(Path::new("cargo-semver-checks")) {
        return Ok(Outcome::NotRun(
            "`cargo install cargo-semver-checks --locked` installs cargo-semver-checks".into(),
        ));
    }
    let packages: Vec<_> = crate::release::published(&shell.metadata()?)?
        .into_iter()
        .map(|package| format!("-p {}", package.name))
        .collect();
    shell.cargo(&format!("semver-checks --baseline-rev {tag} {}", packages.join(" ")))?;
    Ok(Outcome::Passed)
}
