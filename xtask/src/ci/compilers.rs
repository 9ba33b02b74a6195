//! Other compilers and targets.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Outcome;
use super::shell::Shell;

const WASM: &str = "wasm32-unknown-unknown";

/// The packages and features that are compiled to WebAssembly, for use with the user's own
/// transport.
const ON_WASM: &[&str] = &[
    "stream-models --features full",
    "stream-auth",
    "stream-http --no-default-features",
    "stream-chat --no-default-features --features full,webhooks",
];

pub(super) fn wasm(shell: &Shell) -> Result<Outcome> {
    let folder = shell.output("rustc", &["--print", "target-libdir", "--target", WASM])?;
    if !Path::new(folder.trim()).is_dir() {
        return Ok(Outcome::NotRun(format!("`rustup target add {WASM}` installs what it needs")));
    }
    for flags in ON_WASM {
        shell.cargo(&format!("check --locked --target {WASM} -p {flags}"))?;
    }
    Ok(Outcome::Passed)
}

/// Checks the crates with the minimum supported compiler.
pub(super) fn msrv(shell: &Shell) -> Result<Outcome> {
    let metadata: Value = serde_json::from_str(&shell.metadata()?)?;
    let promised = metadata
        .pointer("/packages/0/rust_version")
        .and_then(Value::as_str)
        .context("the packages have no `rust-version`")?;
    // `rustc 1.95.0 (...)`
    let active = shell.output("rustc", &["--version"])?;
    let active = active.split_whitespace().nth(1).unwrap_or_default();
    if is_release_of(active, promised) {
        shell
            .announce(&format!("the other steps compile with {active}, which is the promised one"));
        return Ok(Outcome::Passed);
    }
    let installed = shell.output("rustup", &["toolchain", "list"]).unwrap_or_default();
    let toolchain =
        installed.lines().filter_map(|line| line.split_whitespace().next()).find(|name| {
            name.split('-').next().is_some_and(|version| is_release_of(version, promised))
        });
    let Some(toolchain) = toolchain else {
        return Ok(Outcome::NotRun(format!(
            "`rustup toolchain install {promised} --profile minimal` installs the compiler"
        )));
    };
    shell
        .run(&format!("rustup run {toolchain} cargo check --locked --workspace --all-features"))?;
    Ok(Outcome::Passed)
}

/// Returns whether a version such as `1.95.0` is a release of `1.95`.
fn is_release_of(version: &str, promised: &str) -> bool {
    version == promised || version.strip_prefix(promised).is_some_and(|rest| rest.starts_with('.'))
}

/// Checks that the fuzz targets, which are a separate workspace, compile.
pub(super) fn fuzz(shell: &Shell) -> Result<Outcome> {
    // Running them needs the flags and the compiler of cargo-fuzz, but compiling does not.
    if !Command::new("c++").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return Ok(Outcome::NotRun("libFuzzer needs a C++ compiler: `apt-get install g++`".into()));
    }
    // It is not locked, since its lock file becomes outdated when the workspace gets a new
    // dependency.
    shell.cargo("check --manifest-path fuzz/Cargo.toml --bins")?;
    Ok(Outcome::Passed)
}

#[cfg(test)]
mod tests {
    use super::is_release_of;

    #[test]
    fn a_version_is_told_from_one_that_begins_alike() {
        assert!(is_release_of("1.95.0", "1.95"));
        assert!(is_release_of("1.95", "1.95"));
        assert!(!is_release_of("1.950.0", "1.95"));
        assert!(!is_release_of("1.96.0", "1.95"));
    }
}
