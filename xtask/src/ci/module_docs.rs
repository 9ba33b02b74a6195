//! Checks that every module begins with its documentation.

use anyhow::{Result, ensure};

use super::shell::Shell;
use super::{Outcome, sources};

/// Checks every Rust file, generated ones included.
pub(super) fn check(shell: &Shell) -> Result<Outcome> {
    shell.announce("every module begins with `//!` and a sentence");
    let sources = sources::read(&["crates", "docs", "examples", "fuzz", "xtask"], &[])?;
    let undocumented: Vec<String> = sources
        .into_iter()
        .filter(|source| !begins_with_docs(&source.text))
        .map(|source| source.path)
        .collect();
    ensure!(
        undocumented.is_empty(),
        "these modules do not begin with `//!` and a sentence:\n{}",
        undocumented.join("\n")
    );
    Ok(Outcome::Passed)
}

/// Returns whether the documentation comes before any item. Comments and inner attributes may stand
/// above it, and the documentation may be a file that is included.
fn begins_with_docs(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .find(|line| {
            let is_comment = line.starts_with("//") && !line.starts_with("//!");
            let is_attribute = line.starts_with("#![") && !line.starts_with("#![doc = ");
            !is_comment && !is_attribute
        })
        .is_some_and(|line| match line.strip_prefix("//!") {
            Some(sentence) => !sentence.trim().is_empty(),
            None => line.starts_with("#![doc = "),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_may_stand_below_comments_and_attributes() {
        for text in [
            "//! A sentence.\n\nuse std::fmt;\n",
            "// @generated\n\n//! A sentence.\n",
            "#![cfg(test)]\n//! A sentence.\n",
            "// A comment.\n#![doc = include_str!(\"README.md\")]\n",
        ] {
            assert!(begins_with_docs(text), "{text}");
        }
    }

    #[test]
    fn a_module_without_a_sentence_is_found() {
        for text in [
            "",
            "use std::fmt;\n\n//! Too late.\n",
            "//!\n",
            "/// The documentation of an item.\nstruct A;\n",
            "#![allow(dead_code)]\n\nfn f() {}\n",
        ] {
            assert!(!begins_with_docs(text), "{text}");
        }
    }
}
