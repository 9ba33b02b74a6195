//! Prepares programs of other languages in the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// The oldest supported Node, as major version.
const OLDEST_NODE: u32 = 20;

/// Returns a folder in the target folder, and creates it if it is missing.
pub(crate) fn folder(name: &str) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| stream_spec::workspace_root().join("target"), PathBuf::from);
    let folder = target.join(name);
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    // Processes run in other folders, so the path must be absolute.
    std::path::absolute(&folder).with_context(|| format!("locating {}", folder.display()))
}

/// Builds the program of a package of this workspace, and returns its path.
pub(crate) fn build(package: &str) -> Result<PathBuf> {
    build_with(package, &[])
}

/// Builds the program of a package with a feature and with optimizations, and returns its path.
pub(crate) fn build_release(package: &str, feature: &str) -> Result<PathBuf> {
    build_with(package, &["--release", "--features", feature])
}

fn build_with(package: &str, flags: &[&str]) -> Result<PathBuf> {
    let output = Command::new(crate::cargo())
        .current_dir(stream_spec::workspace_root())
        .args(["build", "--quiet", "--package", package, "--bin", package])
        .args(flags)
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .context("starting cargo")?;
    ensure!(output.status.success(), "{package} does not build");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .with_context(|| format!("cargo named no executable of {package}"))
}

/// Returns a description of what is missing for Node and npm, in parts.
pub(crate) fn missing_of_node() -> Vec<String> {
    let mut missing = Vec::new();
    if version("node", &["--version"]).is_none_or(|(major, _)| major < OLDEST_NODE) {
        missing.push(format!("Node {OLDEST_NODE} or newer (`node`)"));
    }
    if version(npm(), &["--version"]).is_none() {
        missing.push("npm (`npm`)".to_owned());
    }
    missing
}

/// Installs the Node packages in `package-lock.json` of a folder.
pub(crate) fn install_node_packages(folder: &Path) -> Result<()> {
    let mut command = Command::new(npm());
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]);
    succeed(command.current_dir(folder))
}

/// Runs an installation, unless its lock file has not changed since the last one.
pub(crate) fn once_for(lock: &Path, install: impl FnOnce() -> Result<()>) -> Result<()> {
    let wanted = read(lock)?;
    let stamp = lock.with_file_name("installed.txt");
    if stamp.exists() && read(&stamp)? == wanted {
        return Ok(());
    }
    install()?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Returns the major and minor version that a command prints, if it runs.
pub(crate) fn version(program: &str, arguments: &[&str]) -> Option<(u32, u32)> {
    let output = Command::new(program).args(arguments).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Runs a command.
///
/// # Errors
/// It cannot be started, or fails.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("starting {program}"))?;
    if !status.success() {
        bail!("{program} failed: {status}");
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

/// Removes a folder if it is there.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

/// Copies a folder over another one.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("copying to {}", target.display()))?;
        }
    }
    Ok(())
}
