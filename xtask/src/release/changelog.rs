//! The changelog of a release.

use anyhow::{Context, Result, ensure};

use super::version::Version;

const UNRELEASED: &str = "## Unreleased";

/// Returns the changelog with the unreleased changes moved to a section for a version.
pub(super) fn release(changelog: &str, version: Version, date: &str, api: &str) -> Result<String> {
    let (before, rest) = changelog
        .split_once(&format!("\n{UNRELEASED}\n"))
        .with_context(|| format!("CHANGELOG.md has no heading `{UNRELEASED}`"))?;
    let changes = rest.split("\n## ").next().unwrap_or_default();
    ensure!(
        changes.lines().any(|line| line.trim_start().starts_with(['-', '*'])),
        "CHANGELOG.md lists no change under `{UNRELEASED}`: write what this release changes"
    );
    ensure!(!changelog.contains(&format!("\n## {version} ")), "CHANGELOG.md already has {version}");
    let rest = without_introduction(rest);
    Ok(format!("{before}\n{UNRELEASED}\n\n## {version} - {date}\nAPI version {api}.\n{rest}"))
}

/// Returns the changes without the text before the first group or entry, which is about what is not released yet.
fn without_introduction(rest: &str) -> String {
    let lines = rest.lines().skip_while(|line| !line.starts_with(['#', '-', '*']));
    lines.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn released(changelog: &str) -> Result<String> {
        release(changelog, "0.2.0".parse()?, "2030-01-02", "v240.0.0")
    }

    #[test]
    fn what_is_unreleased_gets_its_version() {
        let changelog = "# Changelog\n\n## Unreleased\nNothing is released yet.\n\n### Added\n- a thing\n\n## 0.1.0 - 2029-01-01\n- the first\n";
        let text = released(changelog).unwrap();
        assert_eq!(
            text,
            "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2030-01-02\nAPI version v240.0.0.\n### Added\n- a thing\n\n\
             ## 0.1.0 - 2029-01-01\n- the first\n"
        );
        // A version can be released only once.
        let again = text.replace("## Unreleased\n", "## Unreleased\n- more\n");
        assert!(released(&again).unwrap_err().to_string().contains("already has 0.2.0"));
    }

    #[test]
    fn a_release_without_changes_is_refused() {
        let changelog = "# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2029-01-01\n- the first\n";
        let error = released(changelog).unwrap_err().to_string();
        assert!(error.contains("lists no change"), "{error}");
        let error = released("# Changelog\n").unwrap_err().to_string();
        assert!(error.contains("has no heading"), "{error}");
    }

    #[test]
    fn the_changelog_of_the_workspace_can_be_released() {
        let path = stream_spec::workspace_root().join("CHANGELOG.md");
        let text = released(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(text.contains("\n## 0.2.0 - 2030-01-02\nAPI version v240.0.0.\n### Added\n"));
        assert!(!text.contains("Nothing has been published"), "{text}");
    }
}
