//! Releases: a common version for all published crates, the changelog, the tag, and the order of
//! publishing.

mod changelog;
mod manifest;
mod packages;
mod version;

pub(crate) use packages::{Package, published};

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use version::Version;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The version to release, such as 0.2.0
    version: Version,
    /// Writes the manifests, the lock file and the changelog, commits and tags them; without it, only shows what would be done
    #[arg(long)]
    execute: bool,
}

/// A file with its text after the release.
struct Change {
    path: &'static str,
    text: String,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let root = stream_spec::workspace_root();
    let next = options.version;
    let tag = format!("v{next}");
    ensure!(
        output(&root, "git", &["tag", "--list", &tag])?.trim().is_empty(),
        "the tag {tag} is already there"
    );

    let manifest = read(&root, "Cargo.toml")?;
    let current = manifest::version(&manifest)?;
    ensure!(
        next >= current,
        "{next} is older than {current}, which the workspace has: expected the same version or a newer one"
    );
    let packages = published(&packages::metadata(&root)?)?;
    let api = api_version(&read(&root, "spec/version.yaml")?)?;
    let date = time::OffsetDateTime::now_utc().date().to_string();
    let changes = [
        Change {
            path: "Cargo.toml",
            text: manifest::with_version(&manifest, current, next, &packages)?,
        },
        Change {
            path: "CHANGELOG.md",
            text: changelog::release(&read(&root, "CHANGELOG.md")?, next, &date, &api)?,
        },
    ];

    println!("release {next} (the workspace has {current}), API {api}, dated {date}");
    println!("files: {}", changes.each_ref().map(|change| change.path).join(", "));
    println!("tag: {tag}");
    println!("order of publishing:");
    for package in &packages {
        println!("  {}", package.name);
    }
    if !options.execute {
        println!("nothing was written: `--execute` does it");
        return Ok(());
    }
    ensure!(
        output(&root, "git", &["status", "--porcelain"])?.trim().is_empty(),
        "the working tree has changes: commit them first"
    );
    for change in &changes {
        let path = root.join(change.path);
        fs::write(&path, &change.text).with_context(|| path.display().to_string())?;
    }
    // Each lock file gets the new version of the workspace's crates, and no newer dependencies. Examples and fuzz
    // targets that are workspaces of their own have lock files too.
    for manifest in manifests(&output(&root, "git", &["ls-files", "*Cargo.lock"])?) {
        let arguments = ["update", "--workspace", "--manifest-path", &manifest];
        // What a nested workspace alone depends on may not be in cargo's cache.
        output(&root, "cargo", &[&arguments[..], &["--offline"]].concat())
            .or_else(|_| output(&root, "cargo", &arguments))?;
    }
    output(&root, "git", &["commit", "--all", "--message", &format!("Release {next}")])?;
    output(&root, "git", &["tag", "--annotate", "--message", &format!("Release {next}"), &tag])?;
    println!("committed and tagged; what is left:");
    println!("  cargo xtask ci");
    println!("  git push origin HEAD {tag}");
    println!("  cargo publish --workspace --locked");
    Ok(())
}

/// Returns the manifests beside lock files, one a line.
fn manifests(locks: &str) -> Vec<String> {
    locks.lines().map(|lock| format!("{}.toml", lock.trim_end_matches(".lock"))).collect()
}

/// Returns the tag of the latest release, if there was one.
pub(crate) fn latest_tag() -> Result<Option<String>> {
    let root = stream_spec::workspace_root();
    let tags = output(&root, "git", &["tag", "--list", "v*", "--sort=-version:refname"])?;
    Ok(tags.lines().next().map(str::to_owned))
}

/// Returns the version of the API document that the models were generated from.
fn api_version(yaml: &str) -> Result<String> {
    let line = yaml.lines().find_map(|line| line.trim().strip_prefix("version:"));
    Ok(line.context("spec/version.yaml names no version")?.trim().to_owned())
}

fn read(root: &Path, path: &str) -> Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| path.to_owned())
}

fn output(root: &Path, program: &str, arguments: &[&str]) -> Result<String> {
    let program = if program == "cargo" { crate::cargo() } else { program.into() };
    let shown = format!("{} {}", program.display(), arguments.join(" "));
    let output = Command::new(program)
        .current_dir(root)
        .args(arguments)
        .output()
        .with_context(|| format!("starting `{shown}`"))?;
    if !output.status.success() {
        bail!("`{shown}` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lock_file_has_its_manifest_beside_it() {
        let locks = "Cargo.lock\nexamples/sqs-worker/Cargo.lock\n";
        assert_eq!(manifests(locks), ["Cargo.toml", "examples/sqs-worker/Cargo.toml"]);
    }
}
