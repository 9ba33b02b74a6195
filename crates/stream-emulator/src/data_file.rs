//! The state in a file, so that it outlives the emulator.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fs, io};

use crate::lock::lock;
use crate::runtime::Shared;
use crate::state::World;

/// The interval at which the file is updated.
const INTERVAL: Duration = Duration::from_millis(500);

/// A file with the state of an emulator.
#[derive(Debug)]
pub(crate) struct DataFile {
    path: PathBuf,
    /// The number of changes in the file. A writer holds the lock, so that an older state does not
    /// replace a newer one.
    saved: Mutex<Option<u64>>,
}

impl DataFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, saved: Mutex::new(None) }
    }

    /// Reads the state; `None` if there is no file.
    pub(crate) fn load(&self) -> io::Result<Option<World>> {
        match fs::metadata(&self.path) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Err(io::Error::other("it is not a regular file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
        let bytes = fs::read(&self.path)?;
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    /// Writes the state if it has changed. A reader sees the old file or the new one, never a part.
    pub(crate) fn save(&self, shared: &Shared) -> io::Result<()> {
        let mut saved = lock(&self.saved);
        let (changes, bytes) = {
            let world = shared.world();
            let changes = shared.changes();
            if *saved == Some(changes) {
                return Ok(());
            }
            (changes, serde_json::to_vec(&*world)?)
        };
        write(&self.path, &bytes)?;
        *saved = Some(changes);
        Ok(())
    }

    /// Updates the file regularly. A write that fails is tried again.
    pub(crate) async fn keep(self: Arc<Self>, shared: Arc<Shared>) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            let (file, shared) = (Arc::clone(&self), Arc::clone(&shared));
            let _ = tokio::task::spawn_blocking(move || file.save(&shared)).await;
        }
    }
}

/// Returns the path of the temporary file. It is always the same, so that one that a killed process
/// has left is overwritten.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    path.with_file_name(name)
}

/// Writes a temporary file and renames it.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = beside(path);
    // It is created anew, since a link of that name could lead elsewhere.
    let _ = fs::remove_file(&beside);
    let written = fs::File::create_new(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let written = written.and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
