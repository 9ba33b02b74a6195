//! WebAssembly in browsers and workers, with a transport of the user's own.

use super::Outcome;
use super::shell::Shell;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

const CHECKED: &[&str] = &[
    "stream-models --features full",
    "stream-auth",
    "stream-http --no-default-features",
    "stream-chat --no-default-features --features full,webhooks",
];

pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    let libraries = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .context("starting rustc")?;
    let folder = String::from_utf8(libraries.stdout)?;
    if !Path::new(folder.trim()).is_dir() {
        return Ok(Outcome::NotRun(format!("`rustup target add {TARGET}` installs what it needs")));
    }
    for flags in CHECKED {
        shell.cargo(&format!("check --locked --target {TARGET} -p {flags}"))?;
    }
    Ok(Outcome::Passed)
}
