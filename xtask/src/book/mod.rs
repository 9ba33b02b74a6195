//! The guide. Its chapters are in `crates/stream-chat/docs`, so that the published documentation
//! contains them, too.

mod links;
mod preprocessor;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

pub(crate) use preprocessor::{Options as PreprocessorOptions, run as preprocess};

const CHAPTERS: &str = "crates/stream-chat/docs";

/// Checks the links of the repository's Markdown files, and the places of the chapters.
pub(crate) fn check(root: &Path) -> Result<()> {
    let broken = links::broken(root)?;
    ensure!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
    check_chapters(root)
}

/// Checks that each chapter is in the table of contents, in the crate's documentation and among the doc tests.
fn check_chapters(root: &Path) -> Result<()> {
    let folder = root.join(CHAPTERS);
    let mut chapters = BTreeSet::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") && !matches!(&*name, "README.md" | "SUMMARY.md") {
            chapters.insert(name);
        }
    }
    let places = [
        "crates/stream-chat/docs/SUMMARY.md",
        "crates/stream-chat/src/guide/mod.rs",
        "crates/stream-chat/src/guide/links.md",
        "docs/src/lib.rs",
    ];
    for place in places {
        let text = fs::read_to_string(root.join(place)).with_context(|| place.to_owned())?;
        for chapter in &chapters {
            ensure!(text.contains(chapter.as_str()), "{place} leaves out the chapter {chapter}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_guide_is_whole() {
        super::check(&stream_spec::workspace_root()).unwrap();
    }
}
