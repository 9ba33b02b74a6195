//! Remembers generated code that was found to be up to date, so that rustfmt runs only after a
//! change.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::Files;

/// The maximum number of stored results, enough for several branches.
const MAX_RESULTS: usize = 16;

/// A digest of the unformatted files and of those on the disk.
pub(super) struct Comparison(String);

impl Comparison {
    pub(super) fn of(folder: &Path, files: &Files) -> Self {
        let mut hasher = DefaultHasher::new();
        for (path, text) in files {
            let path = folder.join(path);
            (&path, text, fs::read(&path).ok()).hash(&mut hasher);
        }
        Self(format!("{:016x}", hasher.finish()))
    }

    /// Returns whether these files were found to agree before.
    pub(super) fn is_remembered(&self) -> bool {
        remembered().lines().any(|line| line == self.0)
    }

    /// Stores that they agree. A failure is harmless.
    pub(super) fn remember(&self) {
        let present = remembered();
        let others = present.lines().filter(|line| *line != self.0).take(MAX_RESULTS - 1);
        let lines: Vec<&str> = std::iter::once(self.0.as_str()).chain(others).collect();
        if let Some(file) = file() {
            let _ = fs::write(file, lines.join("\n"));
        }
    }
}

fn remembered() -> String {
    file().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default()
}

/// The file is beside this program in the target folder, since another compiler has other digests
/// and another rustfmt, and builds another program.
fn file() -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.with_extension("checked"))
}
