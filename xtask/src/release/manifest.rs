//! The root manifest, which contains the version of all crates.

use anyhow::{Context, Result, ensure};

use super::packages::Package;
use super::version::Version;

/// Returns the version of the workspace.
pub(super) fn version(manifest: &str) -> Result<Version> {
    let line = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.package]")
        .find_map(|line| line.strip_prefix("version = \""))
        .context("the root Cargo.toml has no version under [workspace.package]")?;
    line.trim_end_matches('"').parse()
}

/// Returns the manifest with another version of the workspace, and of its published crates among
/// the dependencies.
pub(super) fn with_version(
    manifest: &str,
    current: Version,
    next: Version,
    packages: &[Package],
) -> Result<String> {
    let mut lines: Vec<String> = manifest.lines().map(str::to_owned).collect();
    let old = format!("version = \"{current}\"");
    let new = format!("version = \"{next}\"");
    for line in &mut lines {
        let ours = packages.iter().any(|package| line.starts_with(&format!("{} = ", package.name)));
        if *line == old || ours && line.contains("path = ") {
            ensure!(line.contains(&old), "expected `{old}` in the root Cargo.toml, got `{line}`");
            *line = line.replace(&old, &new);
        }
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::super::packages::published;
    use super::*;

    const MANIFEST: &str = r#"[workspace.package]
version = "0.1.0"
edition = "2024"

[workspace.dependencies]
stream-auth = { path = "crates/stream-auth", version = "0.1.0", default-features = false }
stream-spec = { path = "crates/stream-spec" }
other = { version = "0.1.0" }
"#;

    fn packages() -> Vec<Package> {
        let package =
            r#"{"name": "stream-auth", "version": "0.1.0", "publish": null, "dependencies": []}"#;
        published(&format!(r#"{{"packages": [{package}]}}"#)).unwrap()
    }

    #[test]
    fn the_workspace_and_its_crates_get_the_version_and_nothing_else_does() {
        let current = version(MANIFEST).unwrap();
        let text = with_version(MANIFEST, current, "0.2.0".parse().unwrap(), &packages()).unwrap();
        let expected = MANIFEST
            .replace("\nversion = \"0.1.0\"\n", "\nversion = \"0.2.0\"\n")
            .replace("stream-auth\", version = \"0.1.0\"", "stream-auth\", version = \"0.2.0\"");
        assert_eq!(text, expected);
        assert_ne!(text, MANIFEST);
    }

    #[test]
    fn a_crate_that_was_left_behind_is_named() {
        let manifest = MANIFEST.replace("stream-auth\", version = \"0.1.0\"", "stream-auth\"");
        let current = version(&manifest).unwrap();
        let error = with_version(&manifest, current, "0.2.0".parse().unwrap(), &packages());
        assert!(error.unwrap_err().to_string().contains("stream-auth"));
    }
}
