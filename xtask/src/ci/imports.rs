//! Checks that imports are in three groups with a blank line between: the standard library, other
//! crates, this workspace.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::shell::Shell;
use super::{Outcome, sources};

/// The workspaces whose imports are checked.
const MANIFESTS: &[&str] = &["Cargo.toml", "examples/sqs-worker/Cargo.toml"];

/// The used parts of the output of `cargo metadata`.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    rename: Option<String>,
    /// The path of a package of the workspace.
    path: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Std,
    External,
    Workspace,
}

/// Checks the imports of all crates.
pub(super) fn check(shell: &Shell) -> Result<Outcome> {
    shell.announce("imports stand in three groups");
    let mut external = BTreeSet::new();
    for manifest in MANIFESTS {
        let arguments = format!("metadata --no-deps --format-version 1 --manifest-path {manifest}");
        let metadata: Metadata = serde_json::from_str(&shell.cargo_output(&arguments)?)?;
        let dependencies = metadata.packages.into_iter().flat_map(|package| package.dependencies);
        external.extend(
            dependencies
                .filter(|dependency| dependency.path.is_none())
                .map(|dependency| dependency.rename.unwrap_or(dependency.name).replace('-', "_")),
        );
    }
    let mut complaints = Vec::new();
    for source in sources::read(&["crates", "docs", "examples", "xtask"], &["generated"])? {
        let found = complaints_about(&source.text, &external);
        complaints.extend(found.map(|(line, what)| format!("{}:{line}: {what}", source.path)));
    }
    ensure!(complaints.is_empty(), "{}", complaints.join("\n"));
    Ok(Outcome::Passed)
}

/// An import that is not a re-export.
struct Import {
    first_line: usize,
    last_line: usize,
    indentation: usize,
    group: Group,
    is_nested: bool,
}

/// Returns the lines with a violation, counted from 1, with its description.
fn complaints_about(
    text: &str,
    external: &BTreeSet<String>,
) -> impl Iterator<Item = (usize, &'static str)> {
    let lines: Vec<&str> = text.lines().collect();
    let imports = imports(&lines, external);
    let mut found = Vec::new();
    for import in imports.iter().filter(|import| import.is_nested) {
        found.push((import.first_line + 1, "one `use` per module, without braces in braces"));
    }
    for (before, after) in imports.iter().zip(imports.iter().skip(1)) {
        let between = lines.get(before.last_line + 1..after.first_line).unwrap_or_default();
        let is_one_block = between.iter().all(|line| line.trim().is_empty() || is_aside(line));
        if before.indentation != after.indentation || !is_one_block {
            continue;
        }
        let is_apart = between.iter().any(|line| line.trim().is_empty());
        let complaint = if after.group < before.group {
            Some("std comes first, then other crates, then the crates of this workspace")
        } else if is_apart && after.group == before.group {
            Some("a blank line inside a group of imports")
        } else if !is_apart && after.group != before.group {
            Some("a blank line is missing between two groups of imports")
        } else {
            None
        };
        found.extend(complaint.map(|complaint| (after.first_line + 1, complaint)));
    }
    found.into_iter()
}

/// Returns whether the line is a comment or an attribute, which belongs to the import below it.
fn is_aside(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with("#[")
}

fn imports(lines: &[&str], external: &BTreeSet<String>) -> Vec<Import> {
    let mut imports = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in lines.iter().enumerate() {
        if open.is_none() && line.trim_start().starts_with("use ") {
            open = Some((number, String::new()));
        }
        let Some((first_line, statement)) = &mut open else { continue };
        statement.push_str(line.trim());
        if !line.ends_with(';') {
            continue;
        }
        let first = lines.get(*first_line).copied().unwrap_or_default();
        let path = statement.trim_start_matches("use ").trim_start_matches("::");
        // A sentence may begin with the same word.
        if path.chars().all(|one| one.is_alphanumeric() || " _:{},*#;".contains(one)) {
            let end = path.find(|one: char| !one.is_alphanumeric() && one != '_');
            let head = path.get(..end.unwrap_or(path.len())).unwrap_or(path);
            imports.push(Import {
                first_line: *first_line,
                last_line: number,
                indentation: first.len() - first.trim_start().len(),
                group: match head {
                    "std" | "core" | "alloc" => Group::Std,
                    head if external.contains(head) => Group::External,
                    _ => Group::Workspace,
                },
                is_nested: path.matches('{').count() > 1,
            });
        }
        open = None;
    }
    imports
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> Vec<(usize, &'static str)> {
        let external = BTreeSet::from(["serde".to_owned()]);
        complaints_about(text, &external).collect()
    }

    #[test]
    fn three_groups_are_as_they_should_be() {
        let text = "//! Docs.\n\nuse std::fmt;\nuse std::io::{\n    Read,\n    Write,\n};\n\n\
                    use serde::Serialize;\n\nuse crate::a::B;\n#[cfg(test)]\nuse stream_http::C;\n\n\
                    /// Docs that\n/// use nothing;\nfn f() {\n    use std::fmt::Write;\n}\n";
        assert_eq!(complaints(text), []);
    }

    #[test]
    fn a_group_in_the_wrong_place_is_named_by_its_line() {
        let found = complaints("use crate::a::B;\n\nuse std::fmt;\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, 3);
        assert!(found[0].1.starts_with("std comes first"), "{found:?}");
    }

    #[test]
    fn groups_are_separated_and_whole() {
        let missing = complaints("use std::fmt;\nuse serde::Serialize;\n");
        assert!(missing[0].1.contains("is missing"), "{missing:?}");
        let inside = complaints("use std::fmt;\n\nuse std::io;\n");
        assert!(inside[0].1.contains("inside a group"), "{inside:?}");
    }

    #[test]
    fn each_module_has_an_import_of_its_own() {
        let found = complaints("use std::{fmt, io::{Read, Write}};\n");
        assert!(found[0].1.contains("one `use` per module"), "{found:?}");
    }
}
