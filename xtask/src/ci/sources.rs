//! The Rust files of the repository, for the checks that read them as text.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Folders of files that are built, or that tests compare with.
const SKIPPED: &[&str] = &["golden", "target"];

/// One Rust file.
pub(super) struct Source {
    /// The path, relative to the root of the repository.
    pub(super) path: String,
    pub(super) text: String,
}

/// Reads every Rust file below the folders, except below folders whose name is in `skipped`.
pub(super) fn read(folders: &[&str], skipped: &[&str]) -> Result<Vec<Source>> {
    let root = stream_spec::workspace_root();
    let mut sources = Vec::new();
    for folder in folders {
        visit(&root, &root.join(folder), skipped, &mut sources)?;
    }
    Ok(sources)
}

fn visit(root: &Path, folder: &Path, skipped: &[&str], sources: &mut Vec<Source>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !SKIPPED.contains(&name) && !skipped.contains(&name) && !name.starts_with('.') {
                visit(root, &path, skipped, sources)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let path = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            sources.push(Source { path, text });
        }
    }
    Ok(())
}
