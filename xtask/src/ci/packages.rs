//! Checks the packages as they would be published.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use serde::Deserialize;
use tar::Archive;

use super::Outcome;
use super::shell::Shell;
use crate::release::{Package, published};

/// The files that every package must contain besides its code.
const REQUIRED: &[&str] = &["README.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Packs the publishable crates and builds them outside the workspace, each package against the
/// others.
///
/// Cargo's own check unpacks into a cache of the user, where a later run with the same version
/// number finds outdated sources.
pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    let metadata = shell.metadata()?;
    let packages = published(&metadata)?;
    let target = target_directory(&metadata)?;
    let packed = target.join("package");
    let names: Vec<_> = packages.iter().map(|package| format!("-p {}", package.name)).collect();
    shell.cargo(&format!("package --locked --quiet --no-verify {}", names.join(" ")))?;
    let workspace = packed.join("unpacked");
    if workspace.exists() {
        fs::remove_dir_all(&workspace)?;
    }
    for package in &packages {
        unpack(&packed.join(format!("{}.crate", package.full_name())), &workspace)?;
    }
    shell.announce("each package holds its licenses and its README");
    for package in &packages {
        for required in REQUIRED {
            let found = workspace.join(package.full_name()).join(required).is_file();
            ensure!(found, "the package of {} holds no {required}", package.name);
        }
    }
    let manifest = workspace.join("Cargo.toml");
    fs::write(&manifest, workspace_manifest(&packages))?;
    fs::copy(stream_spec::workspace_root().join("Cargo.lock"), workspace.join("Cargo.lock"))?;
    shell.announce("each package compiles with the packages of the others");
    for package in &packages {
        shell.cargo_with(&format!("check --quiet -p {}", package.name), |command| {
            command.arg("--manifest-path").arg(&manifest).arg("--target-dir").arg(&target);
        })?;
    }
    Ok(Outcome::Passed)
}

/// Returns the target folder of the workspace.
pub(super) fn target_directory(metadata: &str) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let metadata: Metadata = serde_json::from_str(metadata)?;
    Ok(metadata.target_directory)
}

fn unpack(package: &Path, into: &Path) -> Result<()> {
    let file = File::open(package).with_context(|| format!("opening {}", package.display()))?;
    let mut archive = Archive::new(GzDecoder::new(file));
    // All files of a package have the same fixed time, so a change would look like an earlier
    // build.
    archive.set_preserve_mtime(false);
    archive.unpack(into).with_context(|| format!("unpacking {}", package.display()))
}

/// Returns the manifest of a workspace in which the unpacked packages find each other.
fn workspace_manifest(packages: &[Package]) -> String {
    let members: Vec<_> = packages.iter().map(Package::full_name).collect();
    let mut manifest =
        format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[patch.crates-io]\n");
    for (package, folder) in packages.iter().zip(&members) {
        manifest.push_str(&format!("{} = {{ path = {folder:?} }}\n", package.name));
    }
    manifest
}
