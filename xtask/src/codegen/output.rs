use super::emit::HEADER;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) type Files = BTreeMap<PathBuf, String>;

/// Writes the files and removes others that lie there. An unchanged file is not touched, so that
/// nothing is compiled again for it.
pub(super) fn write(folder: &Path, files: &Files) -> Result<()> {
    for (path, text) in files {
        let path = folder.join(path);
        if fs::read_to_string(&path).is_ok_and(|present| present == *text) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    for stray in strays(folder, files)? {
        fs::remove_file(&stray).with_context(|| stray.display().to_string())?;
    }
    Ok(())
}

/// Fails and names the files that are not what they should be.
pub(super) fn check(folder: &Path, files: &Files) -> Result<()> {
    let mut stale: Vec<String> = files
        .iter()
        .filter(|(path, text)| {
            fs::read_to_string(folder.join(path)).map_or(true, |present| present != **text)
        })
        .map(|(path, _)| path.display().to_string())
        .collect();
    for stray in strays(folder, files)? {
        stale.push(format!("{} (no longer generated)", stray.display()));
    }
    if stale.is_empty() {
        return Ok(());
    }
    bail!(
        "the generated code in {} is stale:\n  {}\nrun `cargo xtask codegen` and commit what it changes",
        folder.display(),
        stale.join("\n  ")
    )
}

/// Generated files in the folder that are not among `files`.
fn strays(folder: &Path, files: &Files) -> Result<Vec<PathBuf>> {
    let mut strays = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        if !current.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&current).with_context(|| current.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.strip_prefix(folder).is_ok_and(|relative| files.contains_key(relative))
                && is_generated(&path)
            {
                strays.push(path);
            }
        }
    }
    strays.sort();
    Ok(strays)
}

/// Whether a file is one of ours, by its first line.
fn is_generated(path: &Path) -> bool {
    let mark = HEADER.lines().next().unwrap_or_default();
    fs::read_to_string(path).is_ok_and(|text| text.starts_with(mark))
}
